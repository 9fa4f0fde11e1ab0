from __future__ import annotations

from django.urls import path

from espalier.site.views import admin

urlpatterns = [path("admin-tools/", admin.admin_tools, name="admin-tools")]
