"""What of this room hangs on places that are to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.common.affected import Affected, Counting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from espalier.access.viewer import Viewer


def affected(*, viewer: Viewer, unit_ids: Collection[int], on: date | None) -> Counting:
    """Count the projects and ideas of these places; they stay with the place, and belong to whichever organisation it does."""
    del viewer, on
    return Counting(
        "ARRAY[projects_affected(%s), projects_ideas_affected(%s), projects_team_affected(%s)]",
        (list(unit_ids), list(unit_ids), list(unit_ids)),
        (
            Affected("project", "projects", "They go with the place."),
            Affected("idea of its people", "ideas of its people", "They go with the place."),
            Affected("thing its team keeps for itself", "things its team keeps for itself", "They go with the place."),
        ),
    )
