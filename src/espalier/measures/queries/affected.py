"""What of this room hangs on places that are to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from espalier.common.affected import Affected

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from espalier.access.viewer import Viewer


def affected(*, viewer: Viewer, unit_ids: Collection[int], on: date | None) -> tuple[Affected, ...]:
    """Count charts with figures, and measures made for these places. All of them, at any time: figures have no last day."""
    del viewer, on
    with connection.cursor() as cursor:
        cursor.execute("SELECT series, made_for FROM measures_affected(%s)", [list(unit_ids)])
        series, made_for = cursor.fetchone()
    return (
        Affected("chart with figures", "charts with figures", series, "Figures stay where they were counted on each day."),
        Affected("measure of its own", "measures of its own", made_for),
    )
