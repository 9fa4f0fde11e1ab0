"""What is due from somebody in this room, gathered for the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.organisations.queries.emergencies import due_emergencies

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.common.todo import Due


def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return what the viewer is to do, the most pressing first."""
    return due_emergencies(viewer=viewer, at=at)[:20]
