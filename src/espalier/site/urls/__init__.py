"""The addresses of this room, each part in a file of its own."""

from __future__ import annotations

from espalier.site.urls import admin, audit, drafts, home, installing, leaving, letters, pages, rights, signing

app_name = "site"
urlpatterns = [
    *pages.urlpatterns,
    *admin.urlpatterns,
    *rights.urlpatterns,
    *leaving.urlpatterns,
    *drafts.urlpatterns,
    *signing.urlpatterns,
    *audit.urlpatterns,
    *home.urlpatterns,
    *letters.urlpatterns,
    # -- part 5: ideas
    *installing.urlpatterns,
]
