"""What is due from those who keep staff records: numbers, never names, for the same words go into letters."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone

from espalier.access.deciding import visible
from espalier.common.periods import add_months
from espalier.common.todo import Due
from espalier.organisations.models import Assignment, Grant, Unit
from espalier.organisations.queries.people_staffing import RECORDS

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return what waits for a keeper of staff records: posts that end this month, posts without a manager, roles left behind."""
    places = list(visible(viewer=viewer, do=RECORDS))
    if not places:
        return ()
    today = timezone.localdate(at)
    month_end = add_months(today.replace(day=1), 1)
    held = Assignment.objects.filter(Q(until=None) | Q(until__gt=today), unit_id__in=places, since__lte=today)
    ending = Count("pk", filter=Q(until__lte=month_end))
    unmanaged = Count("pk", filter=Q(manager=None))
    counts = held.aggregate(ending=ending, unmanaged=unmanaged, all=Count("pk"))
    left = Grant.objects.filter(Q(until=None) | Q(until__gt=today), unit_id__in=places, since__lte=today, person__is_partner=False)
    behind = left.exclude(person_id__in=held.values("person_id")).values("person_id").distinct().count()
    top = Unit.objects.filter(pk__in=places).order_by("kind__rank", "name").values_list("code", "name").first() or ("", "")
    href = f"/units/{top[0]}/people/"
    lines = (
        (counts["ending"], "post ends this month", "posts end this month", "Look", month_end - timedelta(days=1)),
        (behind, "person holds a role and no post", "people hold a role and no post", "Look", None),
        # Where no post has a manager nobody keeps managers here: that is no slip.
        (counts["unmanaged"] if counts["unmanaged"] < counts["all"] else 0, "post has no manager", "posts have no manager", "Look", None),
    )
    return tuple(
        Due(f"{count:,} {one if count == 1 else many}", do=do, href=href, place=top[1], due_on=day)
        for count, one, many, do, day in lines if count
    )  # fmt: skip
