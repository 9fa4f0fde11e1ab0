"""A made-up measure split into groups, so that a visitor sees a gap, and figures too small to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from espalier.common.periods import add_months
from espalier.measures import actions as measures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

MEASURE, UNIT, MONTHS, SEED = "team-missed-appointments", "DEMO-TRUST", 24, 20210630
# group, appointments a month, how many in a hundred nobody came to at first, and after the text messages of month 14
DEPRIVATION = (
    ("fifth-1", 420, 16, 12), ("fifth-2", 380, 13, 11), ("fifth-3", 340, 11, 10), ("fifth-4", 360, 9, 9), ("fifth-5", 420, 7, 7),
    ("not-known", 130, 12, 12),
)  # fmt: skip
TURN = 14


def figures(first: date) -> Iterator[measures.Figure]:
    """Draw each group's figures of each month; everybody's is their sum."""
    chance = np.random.default_rng(SEED)
    for month in range(MONTHS):
        day, everybody, booked = add_months(first, month), 0.0, 0.0
        for group, many, before, after in DEPRIVATION:
            missed = float(chance.binomial(many, (after if month >= TURN else before) / 100))
            everybody, booked = everybody + missed, booked + many
            yield _figure(day, missed, float(many), f"deprivation:{group}")
        yield _figure(day, everybody, booked, "")


def _figure(day: date, missed: float, booked: float, stratum: str) -> measures.Figure:
    return measures.Figure(
        unit=UNIT, measure=MEASURE, period_on=day, numerator=missed, denominator=booked,
        value=measures.value_of("percent", missed, booked), stratum=stratum,
    )  # fmt: skip
