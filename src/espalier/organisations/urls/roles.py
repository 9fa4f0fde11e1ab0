from __future__ import annotations

from django.urls import path

from espalier.organisations.views import roles

urlpatterns = [
    path("admin-tools/roles/", roles.matrix, name="roles"),
    path("units/<str:code>/access/", roles.access, name="access"),
]
