"""From facts to the words of the pages about people's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.ui.filters import day, number

if TYPE_CHECKING:
    from espalier.site.queries import RetentionPage


def retention_rows(page: RetentionPage) -> list[list[str]]:
    """Say of each schedule how long, since when, why, on whose word, and what it has removed."""
    return [
        [
            one.schedule.what, one.schedule.how_long, one.schedule.counted_from, one.schedule.why,
            one.schedule.source if one.schedule.verified else f"{one.schedule.source} (not checked)",
            f"{number(one.removed)}, last on {day(timezone.localdate(one.last))}" if one.last else "Nothing yet",
        ]
        for one in page.lines
    ]  # fmt: skip
