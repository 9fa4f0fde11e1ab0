"""From judged phases to one icon for each series, and one assurance for each of its targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from plotthedots.charts import CHARTS
from plotthedots.codes import Variation
from plotthedots.icons import assurance, variation
from plotthedots.targets import resolve

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, Codes, Floats, Ints, Signs
    from plotthedots.targets import Target
    from plotthedots.work import Work


@dataclass(frozen=True)
class Icons:
    """The arrays that are filled in, a stretch of series at a time; judged is the last point that counts, -1 if none."""

    work: Work
    judged: Ints
    late: Bits
    directions: Signs
    targets: tuple[Target, ...]
    variation: Codes
    goals: dict[str, Floats]
    assurances: dict[str, Codes]
    counts: dict[str, Ints]

    @classmethod
    def of(cls, work: Work, judged: Ints, late: Bits) -> Icons:
        """Make room for the answers."""
        series, targets = work.batch.series, resolve(work.plan.target, work.batch)
        return cls(
            work=work,
            judged=judged,
            late=late,
            directions=work.plan.directions(series),
            targets=targets,
            variation=np.zeros(series, dtype=np.uint8),
            goals={each.name: np.full(series, np.nan) for each in targets},
            assurances={each.name: np.zeros(series, dtype=np.uint8) for each in targets},
            counts={name: np.zeros(series, dtype=np.int64) for name in work.counts},
        )

    def judge(self, part: slice) -> None:
        """Fill in some series."""
        work, at = self.work, self.judged[part]
        seen = at >= 0
        if not seen.any():
            return
        at = np.maximum(at, 0)
        # The phase of the last judged point; a later one in which nothing is observed yet says nothing.
        now: slice | Ints = part
        if not work.pieces.plain:
            now = np.maximum(np.searchsorted(work.pieces.starts, at, side="right") - 1, 0)
        settings = work.plan.settings
        kinds = variation(work.said[now], self.directions[part], trend_first=settings.trend_first)
        if settings.late == "common":
            kinds[self.late[part]] = Variation.COMMON
        self.variation[part] = kinds * seen
        for each in self.targets:
            goal = each.at(at, part)
            self.goals[each.name][part] = np.where(seen, goal, np.nan)
            if not np.isnan(goal).all():
                self.assurances[each.name][part] = self._assured(now, at, goal, part) * seen
        for name, counted in work.counts.items():
            self.counts[name][part] = counted[now] * seen

    def _assured(self, now: slice | Ints, at: Ints, goal: Floats, part: slice) -> Codes:
        work = self.work
        chart = CHARTS[work.plan.chart]
        weights = chart.weights(work.batch)
        lower, upper = chart.limits(work.centre[now], work.spread[now], None if weights is None else weights[at], 3)
        inclusive = work.plan.settings.target_on_limit == "met"
        return assurance(lower, upper, goal, self.directions[part], inclusive=inclusive)
