"""The addresses of this room, each part in a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.organisations.urls import people, roles

if TYPE_CHECKING:
    from django.urls import URLPattern

app_name = "organisations"
urlpatterns: list[URLPattern] = [
    # -- units
    # -- people
    *people.urlpatterns,
    *roles.urlpatterns,
]
