"""The addresses of this room, each part in a file of its own."""

from __future__ import annotations

from espalier.organisations.urls import changing, connections, people, roles, scim

app_name = "organisations"
urlpatterns = [
    *scim.urlpatterns,
    *connections.urlpatterns,
    *roles.urlpatterns,
    *changing.urlpatterns,
    *people.urlpatterns,
]
