"""What of this room hangs on places that are to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.common.affected import Affected, Counting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from espalier.access.viewer import Viewer


def affected(*, viewer: Viewer, unit_ids: Collection[int], on: date | None) -> Counting:
    """Count reports and board pages of these places; they stay with the place that wrote them."""
    del viewer, on
    return Counting(
        "(SELECT ARRAY[reports, board_pages] FROM insight_affected(%s))",
        (list(unit_ids),),
        (
            Affected("report", "reports", "They stay with the place."),
            Affected("board page", "board pages"),
        ),
    )
