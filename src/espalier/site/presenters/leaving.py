"""The words about backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.ui.filters import moment, plural

if TYPE_CHECKING:
    from espalier.site.queries.leaving import LeavingPage

MILLION = 1_000_000


def backup_words(page: LeavingPage) -> str:
    """Say when the last backup was made, and how big it is."""
    if page.last is None:
        return "No backup has been made yet."
    size = max(0.1, page.last.size / MILLION)
    took = plural(max(1, page.last.seconds), "second")
    return f"The last backup was made on {moment(timezone.localtime(page.last.at))}: {page.last.rows:,} rows, {size:,.1f} MB, in {took}."
