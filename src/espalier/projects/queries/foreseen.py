"""When predictions were written, and which came too late to be one: read from what was changed.

Only its team reads what was changed in a project. For all others the project keeps which predictions came too late,
along with the facts its score rests on, so that everybody is told the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, DateTimeField, OuterRef, Subquery, When
from django.utils import timezone

from espalier.projects.models import Edit
from espalier.projects.rules.cycles import FORESEEN
from espalier.projects.rules.predictions import in_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

LATE = "late"  # under which name a project keeps the tests whose prediction came too late


def written_at() -> Case:
    """Give when each test's prediction was written or last changed, as far as the viewer may read that."""
    rows = Edit.objects.filter(
        project_id=OuterRef("project_id"), kind="cycle", object_id=OuterRef("pk"), after__has_any_keys=list(FORESEEN)
    ).order_by("-at")
    return Case(When(typed=False, then=Subquery(rows.values("at")[:1])), output_field=DateTimeField())


def came_late(*, written: datetime | None, ends_on: date | None, decided_on: date | None) -> bool:
    """Say whether a prediction was written when its test was over."""
    written_on = timezone.localdate(written) if written else None
    return not in_time(written_on=written_on, ends_on=ends_on, decided_on=decided_on)


def kept_late(weighed: Mapping[str, Any] | None) -> frozenset[int]:
    """Return the tests of which a project keeps that their prediction came too late."""
    return frozenset((weighed or {}).get(LATE, ()))
