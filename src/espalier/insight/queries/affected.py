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
    """Count reports and board pages of these places; they stay with the place that wrote them."""
    del viewer, on
    with connection.cursor() as cursor:
        cursor.execute("SELECT reports, board_pages FROM insight_affected(%s)", [list(unit_ids)])
        reports, boards = cursor.fetchone()
    return (Affected("report", "reports", reports, "They stay with the place."), Affected("board page", "board pages", boards))
