"""Taps at the bedside: each stored once however often it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.projects.actions.measuring import changing
from espalier.projects.models import Counted, Tally
from espalier.projects.queries.measuring import one_counted

if TYPE_CHECKING:
    import uuid
    from datetime import date, datetime

    from espalier.access.viewer import Viewer

# What each button adds: to the number counted, and to how many were looked at.
TAPS = {"one": (1, 0), "back": (-1, 0), "yes": (1, 1), "no": (0, 1), "yes-back": (-1, -1), "no-back": (0, -1)}
SHARES = frozenset({"yes", "no", "yes-back", "no-back"})
LATEST_DAYS = 31  # a tap made off-line may come late, with the day it was made


@transaction.atomic
def tap(*, actor: Viewer, at: datetime, project: int, counted: int, key: uuid.UUID, button: str, on: date | None = None) -> bool:
    """Store one tap and say whether it was new: one sent twice, by a phone that lost its line, counts once.

    Nothing can be taken back below nothing. A tap of another day (made off-line) is stored under the day it was made.
    """
    found = changing(actor=actor, project=project)
    what = one_counted(viewer=actor, project=found, pk=counted)
    is_share = what.definition.measured_in == "percent"
    if button not in TAPS or (button in SHARES) != is_share or not what.can_be_tallied:
        raise UnableTo("This is not counted that way.", to_do="Open the counter again from the project's measures.", code="tap")
    today = timezone.localdate(at)
    day = on or today
    if not 0 <= (today - day).days <= LATEST_DAYS:
        raise UnableTo("That day cannot be counted now.", to_do="Put the figure in on the chart's own page.", code="day")
    Counted.objects.select_for_update().get(pk=counted)  # two taps at once: the second waits, so nothing goes below nothing
    if Tally.objects.filter(pk=key).exists():
        return False
    top, out_of = TAPS[button]
    if (top < 0 or out_of < 0) and not _enough(counted, day, top, out_of):
        raise UnableTo("There is nothing to take back.", to_do="Nothing was counted that day.", code="nothing")
    Tally.objects.create(pk=key, project_id=project, counted_id=counted, on=day, top=top, out_of=out_of, account_id=actor.account_id, at=at)
    record(actor=actor, verb="tally", object_kind="counted", object_id=str(counted), at=at, detail={"project": project, "day": str(day)})
    return True


def _enough(counted: int, day: date, top: int, out_of: int) -> bool:
    sums = Tally.objects.filter(counted_id=counted, on=day).aggregate(tops=Sum("top"), outs=Sum("out_of"))
    tops, outs = (sums["tops"] or 0) + top, (sums["outs"] or 0) + out_of
    return tops >= 0 and outs >= 0 and (out_of == 0 or tops <= outs)
