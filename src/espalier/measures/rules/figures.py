"""One figure of one measure at one unit, and what the figures of many units come to together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from espalier.imports.tables import FileProblem

# How a value is made of its numerator and denominator; a count has no denominator.
MULTIPLIER = {"percent": 100.0, "rate": 1000.0, "score": 1.0, "days": 1.0}
COUNT = "count"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one unit reported for one period. Only a published rate has a value without numerator and denominator."""

    unit: str
    measure: str
    period_on: date
    numerator: float | None
    denominator: float | None
    value: float | None
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a published file says. With a problem in it nothing may be stored, however many figures were read.

    `names` holds names of units that the file gives, for units nobody knows yet.
    """

    figures: tuple[Figure, ...]
    problems: tuple[FileProblem, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RolledUp:
    """Figures of many units as one, and how many of those expected are in it."""

    numerator: float | None
    denominator: float | None
    value: float | None
    reported: int
    expected: int


def value_of(measured_in: str, numerator: float, denominator: float | None) -> float | None:
    """Work out the value of a figure; None where nobody was there to be counted.

    >>> value_of("percent", 95, 100)
    95.0
    >>> value_of("rate", 3, 600)
    5.0
    >>> value_of("percent", 0, 0) is None
    True
    """
    if measured_in == COUNT:
        return float(numerator)
    if measured_in not in MULTIPLIER:
        known = ", ".join(sorted({*MULTIPLIER, COUNT}))
        what = f"A measure cannot be measured in {measured_in!r}."
        raise UnableTo(what, to_do=f"Use one of: {known}.", code="measured-in")
    return MULTIPLIER[measured_in] * numerator / denominator if denominator else None


def roll_up(rule: str, measured_in: str, figures: Iterable[Figure], expected: Collection[str]) -> RolledUp:
    """Add up one period's figures of one measure: numerators and denominators, never averages of percentages.

    With the rule "none" there is no sum: a percentage without its counts cannot be added up. With the rule "mean" the
    smallest place weighs as much as the largest, which is right only where the question is about places and not about
    people. Units that were not expected are left out.
    """
    wanted = set(expected)
    counted = [f for f in figures if f.unit in wanted and (f.value if rule == "mean" else f.numerator) is not None]
    reported = len({f.unit for f in counted})
    if len(counted) != reported:
        raise UnableTo("A unit has two figures for one period.", to_do="Keep one of them.", code="twice")
    if rule == "mean" and counted:
        mean = sum(f.value for f in counted if f.value is not None) / len(counted)
        return RolledUp(None, None, mean, reported, len(wanted))
    if rule != "sum" or not counted:
        return RolledUp(None, None, None, reported, len(wanted))
    numerator = sum(f.numerator for f in counted if f.numerator is not None)
    with_denominator = [f.denominator for f in counted if f.denominator is not None]
    denominator = sum(with_denominator) if with_denominator else None
    return RolledUp(numerator, denominator, value_of(measured_in, numerator, denominator), reported, len(wanted))
