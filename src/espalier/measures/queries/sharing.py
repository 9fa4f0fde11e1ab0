"""What a unit keeps that it could share, and what a stored sum is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.measures.models import Measure, Series, SumCoverage
from espalier.measures.queries.definitions import Definition, definitions
from espalier.measures.rules import SHARED, scope_of
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import date

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class SumFacts:
    """How many of those that keep a measure are in a stored sum for one period, and about which share of what they counted."""

    on: date
    reported: int
    expected: int
    share: float | None


def kept_measures(*, viewer: Viewer, unit_id: int) -> tuple[tuple[Definition, ...], tuple[Definition, ...]]:
    """Return the shared measures that are kept at a unit or below it, and the open ones, as far as this viewer may see."""
    inside = organisations.below(viewer=viewer, unit_id=unit_id)
    kept = Series.objects.filter(unit_id__in=inside, stratum="", made_by="figures", measure_id__in=Measure.objects.values("pk"))
    owned = {(pk, owner is None) for pk, owner in kept.values_list("measure_id", "owner_id").distinct()}
    known = definitions(viewer=viewer)
    shared = tuple(one for one in known if (one.pk, False) in owned and scope_of(one.words) == SHARED)
    return shared, tuple(one for one in known if (one.pk, True) in owned)


def sum_facts(*, viewer: Viewer, measure_id: int, unit_id: int, on: date) -> SumFacts | None:
    """Return what stands beside a stored sum for a period; None where the figures at the unit are no stored sum."""
    del viewer
    sums = Series.objects.filter(measure_id=measure_id, unit_id=unit_id, stratum="", made_by="sum").values("pk")
    row = SumCoverage.objects.filter(series_id__in=sums, period_on=on).values_list("period_on", "reported", "expected", "share").first()
    return SumFacts(*row) if row else None
