"""Leaving and backups, for those who look after an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from espalier.site.presenters.leaving import backup_words
from espalier.site.queries.leaving import leaving_page
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def leaving(request: Asked) -> HttpResponse:
    """What leaving means here, how it is done, and when the last backup was made."""
    page = leaving_page(viewer=request.viewer, at=request.at)
    if not page.decision:
        raise PermissionDenied(page.decision.reason)
    crumbs = (Crumb("Admin tools", "/admin-tools/"),)
    context = {"title": "Leaving and backups", "page": page, "backup": backup_words(page), "breadcrumbs": crumbs}
    return render(request, "site/leaving.html", context)
