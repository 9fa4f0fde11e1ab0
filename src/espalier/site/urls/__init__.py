"""The addresses of this room, each part in a file of its own."""

from __future__ import annotations

from espalier.site.urls import admin, pages

app_name = "site"
urlpatterns = [
    *pages.urlpatterns,
    # -- sign-on
    # -- audit
    # -- home
    # -- rights
    # -- roles
    *admin.urlpatterns,
]
