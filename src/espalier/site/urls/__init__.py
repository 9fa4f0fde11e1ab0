"""The addresses of this room, each part in a file of its own."""

from __future__ import annotations

from espalier.site.urls import admin, pages, signing

app_name = "site"
urlpatterns = [
    *pages.urlpatterns,
    *signing.urlpatterns,
    # -- audit
    # -- home
    # -- rights
    # -- roles
    *admin.urlpatterns,
]
