"""Series and figures in a fixed order, a page at a time: for programs that walk through all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery

from espalier.measures.models import Point, Series
from espalier.measures.queries.splitting import small_ones
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Which:
    """What is asked for; None asks for all. unit_id is one unit, inside is everything that ever lay below one."""

    measure_id: int | None = None
    unit_id: int | None = None
    inside: int | None = None
    stratum: str | None = None


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One series: whose, of what, whether anybody may see it, and from when until when it has figures."""

    pk: int
    measure_id: int
    unit_id: int
    stratum: str
    owner_id: int | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class PointRow:
    """One figure and whose it is."""

    series_id: int
    measure_id: int
    unit_id: int
    stratum: str
    period_on: date
    numerator: float | None
    denominator: float | None
    value: float | None


def list_series(*, viewer: Viewer, which: Which, after: int = 0, limit: int) -> tuple[SeriesRow, ...]:
    """Return series in the order in which they were made, from after one on."""
    found = _series(viewer, which).filter(pk__gt=after).order_by("pk")
    days = Point.objects.filter(series_id=OuterRef("pk"))
    first = Subquery(days.order_by("period_on").values("period_on")[:1])
    last = Subquery(days.order_by("-period_on").values("period_on")[:1])
    rows = found.annotate(first=first, last=last).values_list("pk", "measure_id", "unit_id", "stratum", "owner_id", "first", "last")
    return tuple(SeriesRow(*row) for row in rows[:limit])


def list_points(
    *, viewer: Viewer, which: Which, since: date | None, until: date | None, after: tuple[int, date] | None = None, limit: int
) -> tuple[PointRow, ...]:
    """Return figures by series and period, from after one on. The order is that of their index, so a page costs a page.

    What is added while somebody walks through either lies ahead and is met, or behind and is not: nothing that was
    there is met twice or left out. Of a figure of a group that is too small to be shown only the period is said.
    """
    points = Point.objects.filter(series__in=_series(viewer, which).values("pk"))
    if since:
        points = points.filter(period_on__gte=since)
    if until:
        points = points.filter(period_on__lte=until)
    if after:
        series, day = after
        points = points.filter(series_id__gte=series).filter(Q(series_id__gt=series) | Q(period_on__gt=day))
    names = ("series_id", "series__measure_id", "series__unit_id", "series__stratum", "period_on", "numerator", "denominator", "value")
    rows = [PointRow(*row) for row in points.order_by("series_id", "period_on").values_list(*names)[:limit]]
    small = small_ones(viewer=viewer, points=rows)
    return tuple(
        replace(one, numerator=None, denominator=None, value=None) if (one.series_id, one.period_on) in small else one for one in rows
    )


def _series(viewer: Viewer, which: Which) -> QuerySet[Series, Any]:
    asked = {"measure_id": which.measure_id, "unit_id": which.unit_id, "stratum": which.stratum}
    found = Series.objects.filter(**{name: value for name, value in asked.items() if value is not None})
    if which.inside is not None:
        found = found.filter(unit_id__in=organisations.below(viewer=viewer, unit_id=which.inside))
    return found
