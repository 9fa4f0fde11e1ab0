from __future__ import annotations

from django.urls import path

from espalier.organisations.views import connections

urlpatterns = [
    path("admin-tools/connections/", connections.connections, name="connections"),
    path("admin-tools/connections/<int:pk>/stop/", connections.disconnect, name="connection-stop"),
    path("admin-tools/connections/groups/<uuid:pk>/", connections.group, name="connection-group"),
]
