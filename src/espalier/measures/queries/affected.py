"""What of this room hangs on places that are to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.common.affected import Affected, Counting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from espalier.access.viewer import Viewer


def affected(*, viewer: Viewer, unit_ids: Collection[int], on: date | None) -> Counting:
    """Count charts with figures, and measures made for these places. All of them, at any time: figures have no last day."""
    del viewer, on
    return Counting(
        "(SELECT ARRAY[series, made_for] FROM measures_affected(%s))",
        (list(unit_ids),),
        (
            Affected("chart with figures", "charts with figures", "Figures stay where they were counted on each day."),
            Affected("measure of its own", "measures of its own"),
        ),
    )
