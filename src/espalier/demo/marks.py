"""What the made-up ward's leader said of her charts: a new baseline with its reason, a change tried and a note."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from espalier.access.door import acting_as
from espalier.common.periods import add_months
from espalier.measures import actions as measures
from espalier.measures import queries
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import date, datetime

LEADER, WARD = "demo-leader", "DEMO-WARD-7"
# The numbers are fixed, so that making the demonstration again finds what is there, also what somebody has ended since.
MARKS = (
    # measure, number, kind, from which of the demonstration's months, words
    (
        "team-hand-hygiene", uuid.UUID("6f1d8a0e-0000-4000-8000-000000000001"), "rebase", 22,
        "Gel at every bed and at both doors; checked by two people on every shift.",
    ),
    (
        "team-falls", uuid.UUID("6f1d8a0e-0000-4000-8000-000000000002"), "tried", 23,
        "Somebody looks in on every patient once an hour.",
    ),
    ("team-falls", uuid.UUID("6f1d8a0e-0000-4000-8000-000000000003"), "note", 9, "Ten extra beds open all month."),
)  # fmt: skip


def make(*, at: datetime, first: date) -> None:
    """Put the marks that were never there, as the ward's leader: row-level security lets nobody else."""
    leader = organisations.viewer_for(get_user_model().objects.get(username=LEADER))
    with acting_as(leader):
        unit = organisations.unit(viewer=leader, code=WARD)
        for measure, pk, kind, month, words in MARKS:
            what = queries.definition(viewer=leader, code=measure)
            seen = queries.work_on(viewer=leader, definition=what, unit=unit).seen
            known = True if kind == "rebase" else None
            draft = measures.Draft(pk=pk, kind=kind, starts_on=add_months(first, month), words=words, cause_known=known)
            measures.place_mark(actor=leader, at=at, definition=what, unit=unit, draft=draft, seen=seen)
