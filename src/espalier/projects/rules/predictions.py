"""Whether a prediction held, how far off it was, and what a team can learn from its predictions together. Pure.

The rules, each with where it comes from:

- A prediction is written down in numbers before the test, and compared after it: Langley and others, The Improvement
  Guide (2nd edition, 2009), chapter 7, on the Model for Improvement; NHS England, Plan, Do, Study, Act cycles (2022).
- The result is the mean of the figures of the test, as the middle line of an XmR chart is the mean of its figures:
  Wheeler, Understanding Variation (2nd edition, 2000); NHS England, Making Data Count (2019).
- What a measure moves by anyway is the mean moving range divided by 1.128 (d2 for pairs): Wheeler and Chambers,
  Understanding Statistical Process Control (3rd edition, 2010), table A.1. From twelve figures on, as on every chart here.
- How far off: the distance in those steps, so that predictions of falls and of percentages can stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

D2 = 1.128  # mean range of two figures, in standard deviations
ENOUGH = 12  # figures from which on anything is said of what is usual
LOOKED_BACK = 24  # the newest so many before a test say what was usual then
MOST_LEAN = 3  # misses from which on a team may be told that it leans

How = Literal["mean", "last"]
Better = Literal["up", "down", "none"]
Lean = Literal["", "too-much", "too-little"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a chart, with the first and the last day that it is about."""

    first: date
    last: date
    value: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """A number, or a range. low or high alone is open on the other side: "at most 5" has no low."""

    point: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def said(self) -> bool:
        """Whether anything was predicted."""
        return self.point is not None or self.low is not None or self.high is not None

    def beyond(self, value: float) -> float:
        """Return how far a value lies from the prediction: 0 inside the range, above it positive, below it negative.

        >>> Prediction(low=4, high=6).beyond(7), Prediction(high=5).beyond(3), Prediction(point=5).beyond(4)
        (1, 0.0, -1)
        """
        if self.point is not None:
            return value - self.point
        if self.high is not None and value > self.high:
            return value - self.high
        if self.low is not None and value < self.low:
            return value - self.low
        return 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """What the measure said during the test, and from which of its figures."""

    value: float
    how: How
    days: tuple[date, ...]  # the first day of each period that counts


@dataclass(frozen=True, slots=True)
class Usual:
    """What the measure did before the test: its mean, and by how much it moves anyway (None: too few figures to say)."""

    mean: float
    step: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """How a prediction did. held is None where a single number was predicted and nobody can say yet how close is close."""

    held: bool | None
    off: float  # in units of the measure; 0 inside a range
    steps: float | None  # the same in what the measure moves by anyway
    direction: bool | None  # whether it moved the way that was predicted; None where no way was predicted
    missed: Lean  # too-much: hoped for more than came


def result_of(figures: Sequence[Figure], *, since: date, until: date) -> Result | None:
    """Return the result of a test from the figures of its days: the mean of those that lie in it by half or more.

    A test shorter than half a period has none: then the last period it reached into stands for it, and the page says
    so. No figure at all is no result, never 0.
    """
    days = [(one, (min(one.last, until) - max(one.first, since)).days + 1) for one in figures]
    inside = [one for one, shared in days if 2 * shared >= (one.last - one.first).days + 1]
    if inside:
        return Result(sum(one.value for one in inside) / len(inside), "mean", tuple(one.first for one in inside))
    touched = [one for one, shared in days if shared > 0]
    return Result(touched[-1].value, "last", (touched[-1].first,)) if touched else None


def usual_before(figures: Sequence[Figure], *, since: date) -> Usual | None:
    """Return what was usual before a test: only figures that were complete before it began."""
    before = [one.value for one in figures if one.last < since][-LOOKED_BACK:]
    if not before:
        return None
    ranges = [abs(after - first) for first, after in pairwise(before)]
    step = sum(ranges) / len(ranges) / D2 if len(before) >= ENOUGH else None
    newest = before[-ENOUGH:]
    return Usual(sum(newest) / len(newest), step or None)


def score(prediction: Prediction, result: Result | None, usual: Usual | None, *, better: Better) -> Score | None:
    """Compare prediction and result. A range holds when the result is in it; a number, when it is within one usual step."""
    if result is None or not prediction.said:
        return None
    step = usual.step if usual else None
    off = prediction.beyond(result.value)
    steps = abs(off) / step if step else None
    return Score(_held(prediction, off, steps), off, steps, _direction(prediction, result, usual), _missed(prediction, off, steps, better))


def _held(prediction: Prediction, off: float, steps: float | None) -> bool | None:
    if off == 0:
        return True
    if prediction.point is None:
        return False
    return None if steps is None else steps <= 1


def _missed(prediction: Prediction, off: float, steps: float | None, better: Better) -> Lean:
    """Say on which side a prediction missed: too much was hoped for when the result is worse than what was predicted."""
    if _held(prediction, off, steps) is not False or better == "none":
        return ""
    worse = off < 0 if better == "up" else off > 0
    return "too-much" if worse else "too-little"


def _direction(prediction: Prediction, result: Result, usual: Usual | None) -> bool | None:
    """Say whether the measure moved the way it was predicted to, seen from its mean before the test."""
    if usual is None or (meant := -prediction.beyond(usual.mean)) == 0:
        return None  # the prediction is that nothing changes
    return (result.value - usual.mean) * meant > 0


def impossible(prediction: Prediction, *, measured_in: str) -> Literal["", "below", "above"]:
    """Say whether a measure can never be what is predicted: less than nothing, or more than all.

    >>> impossible(Prediction(point=-1), measured_in="count"), impossible(Prediction(low=90, high=101), measured_in="percent")
    ('below', 'above')
    """
    numbers = [one for one in (prediction.point, prediction.low, prediction.high) if one is not None]
    if measured_in in {"count", "rate", "percent"} and any(one < 0 for one in numbers):
        return "below"
    return "above" if measured_in == "percent" and any(one > 100 for one in numbers) else ""


def in_time(*, written_on: date | None, ends_on: date | None, decided_on: date | None) -> bool:
    """Say whether a prediction was written, or last changed, before its test was over: only then is it one.

    A test without a last day was over when it was decided. Where nothing says when it was written, nobody is doubted.

    >>> from datetime import date
    >>> in_time(written_on=date(2026, 4, 1), ends_on=date(2026, 3, 31), decided_on=None)
    False
    """
    over = ends_on or decided_on
    return written_on is None or over is None or written_on <= over


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a team's predictions did, taken together. Those that cannot be judged yet are not in it."""

    judged: int
    held: int
    too_much: int
    too_little: int
    leans: Lean

    @property
    def missed(self) -> int:
        """Predictions that did not hold."""
        return self.judged - self.held


def calibration(scores: Iterable[Score | None]) -> Calibration:
    """Count a team's predictions, and say whether they lean to one side: three misses at least, two thirds of them alike.

    Fewer than three misses on one side are what chance alone does every other time, so nothing is said of them.
    """
    known = [one for one in scores if one is not None and one.held is not None]
    much, little = (sum(one.missed == side for one in known) for side in ("too-much", "too-little"))
    missed = sum(not one.held for one in known)
    leans: Lean = ""
    if missed >= MOST_LEAN and max(much, little) * 3 >= missed * 2:
        leans = "too-much" if much > little else "too-little"
    return Calibration(len(known), len(known) - missed, much, little, leans)
