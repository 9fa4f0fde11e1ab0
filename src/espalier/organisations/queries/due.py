"""What is due from somebody in this room, gathered for the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.organisations.queries import complaints, emergencies, joining, people_due

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.common.todo import Due

MOST = 20


def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return what the viewer is to do, the most pressing first: somebody waits for access, then for an answer, then records."""
    if not viewer.grants:
        return ()
    asked = (emergencies.due_emergencies, complaints.due, joining.joining_due, people_due.due)
    return tuple(one for each in asked for one in each(viewer=viewer, at=at))[:MOST]
