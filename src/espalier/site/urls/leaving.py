from __future__ import annotations

from django.urls import path

from espalier.site.views import leaving

urlpatterns = [path("admin-tools/leaving/", leaving.leaving, name="leaving")]
