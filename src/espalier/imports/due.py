"""Files that wait for their person's word: which table, which column is what, or yes to what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.common.todo import Due
from espalier.imports.kinds import kind_of
from espalier.imports.models import Upload
from espalier.imports.states import OPEN, State

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

MOST = 20
_SAYS = {State.READ: ("say what is in its columns", "Say what is what"), State.CHECKED: ("look at what would change", "Look, and say yes")}


def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return the viewer's own files that wait, newest first. No file name stands in it: people write names into them."""
    del at
    if viewer.is_visitor:
        return ()
    rows = Upload.objects.filter(account_id=viewer.account_id or 0, state__in=OPEN).order_by("-at")
    return tuple(
        Due(
            f"Your file of {kind_of(kind).name.lower()}: {_SAYS[State(state)][0]}", do=_SAYS[State(state)][1], href=f"/imports/{pk}/",
            since_on=timezone.localdate(given),
        )
        for pk, kind, state, given in rows.values_list("pk", "kind", "state", "at")[:MOST]
    )  # fmt: skip
