"""Files that wait for their person's word: which table, which column is what, or yes to what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.common.todo import MOST, Asking, Due, day_of, gather
from espalier.imports.kinds import kind_of
from espalier.imports.models import Upload
from espalier.imports.states import OPEN, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from typing import Any

    from espalier.access.viewer import Viewer

_SAYS = {State.READ: ("say what is in its columns", "Say what is what"), State.CHECKED: ("look at what would change", "Look, and say yes")}


def asking(*, viewer: Viewer, at: datetime) -> tuple[Asking, ...]:
    """Ask for the viewer's own files that wait, newest first. No file name stands in it: people write names into them."""
    del at
    if viewer.is_visitor:
        return ()
    rows = Upload.objects.filter(account_id=viewer.account_id or 0, state__in=OPEN).order_by("-at")
    return (Asking.of(rows.values("pk", "kind", "state", "at")[:MOST], _tell),)


def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return the viewer's own files that wait."""
    return gather({"imports": asking(viewer=viewer, at=at)})["imports"]


def _tell(rows: Sequence[dict[str, Any]]) -> Iterator[Due]:
    for row in rows:
        waits, do = _SAYS[State(row["state"])]
        what = f"Your file of {kind_of(row['kind']).name.lower()}: {waits}"
        yield Due(what, do=do, href=f"/imports/{row['pk']}/", since_on=day_of(row["at"]))
