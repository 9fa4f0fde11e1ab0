"""Files that made-up Kim has loaded: one that waits with two slips in it, one to be mapped, one that changed nothing."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import NotFoundHere
from espalier.imports import actions, queries
from espalier.imports.mapping import Layout

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

WITH_SLIPS, TO_MAP, STORED = (uuid.uuid5(uuid.NAMESPACE_URL, f"espalier-demonstration-file-{number}") for number in (1, 2, 3))
HEAD = "Team,Month,Checks done right,Checks\n"
SLIPS = (
    "DEMO-WARD-7,April 2015,52,60\nDEMO-WARD-12,April 2015,55,60\nDEMO-NURSES,April 2015,61,40\n"
    "Ward 77,April 2015,50,60\nDEMO-WARD-7,May 2015,54,60\n"
)
MORE = "DEMO-WARD-7,April 2014,54,x\nDEMO-WARD-7,May 2014,54,60\n"
COLUMNS = Layout(
    {"place": "Team", "period": "Month", "numerator": "Checks done right", "denominator": "Checks"}, {"measure": "team-hand-hygiene"}
)  # fmt: skip
ODD = "Whose;When;So many\nWard 7;03/04/2015;4\nWard 12;03/04/2015;6\n"


def give(*, at: datetime) -> None:
    """Give the files that are not there yet."""
    kim = viewer_of(get_user_model().objects.filter(username="demo-analyst").first())
    with acting_as(kim):
        _keep(kim, at, WITH_SLIPS, "hand-hygiene-spring.csv", HEAD + SLIPS, COLUMNS)
        _keep(kim, at, TO_MAP, "falls-from-the-ward-book.csv", ODD, None)
        if _keep(kim, at, STORED, "hand-hygiene-once-more.csv", HEAD + MORE, COLUMNS):
            _stored_and_taken_back(kim, at)


def _keep(kim: Viewer, at: datetime, pk: uuid.UUID, name: str, text: str, layout: Layout | None) -> bool:
    try:
        queries.file(viewer=kim, pk=pk)
    except NotFoundHere:
        content = text.encode()
        actions.keep_file(actor=kim, at=at, kind="figures", name=name, content=[content], size=len(content), pk=pk)
        if layout and queries.file(viewer=kim, pk=pk).step == "columns":
            actions.choose_columns(actor=kim, at=at, pk=pk, layout=layout)
        return True
    return False


def _stored_and_taken_back(kim: Viewer, at: datetime) -> None:
    seen = queries.file(viewer=kim, pk=STORED).seen
    actions.agree(actor=kim, at=at, pk=STORED, seen=seen, take_good=True, remove=False)
    actions.take_back(actor=kim, at=at, pk=STORED)
