"""Many charts at once: which flags are still believable when a wall of charts is read together.

Of a thousand steady charts about twenty are flagged at their last point by chance. Reading them all, one finds
twenty "signals" that are none. The false-discovery-rate view keeps only so many flags that no more than a tenth, say, of those
kept are expected to be chance.
Source: Benjamini and Hochberg (1995), JRSS B 57, 289; valid too where charts move together (Benjamini and Yekutieli
2001, Annals of Statistics 29, 1165).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.codes import Variation
from plotthedots.dependence import lag1
from plotthedots.errors import PlanError
from plotthedots.quantiles import normal_tail

if TYPE_CHECKING:
    import numpy.typing as npt

    from plotthedots.arrays import Bits, Floats, Ints
    from plotthedots.result import Result

_MOST: Final = 300.0  # a probability below 1e-300 is as good as nought, and has no logarithm
_RUN: Final = math.log10(2)
_log_factorial: Final = np.array([math.lgamma(each + 1) / math.log(10) for each in range(200)])


@dataclass(frozen=True, eq=False)
class Discoveries:
    """Hold what remains of the flags of a wall.

    p: per series, how probable so strong a signal at the last point is though nothing changed (1 where no rule is broken
    there, NaN without data). q: the smallest rate at which the series would be kept. found: kept at this rate.
    lean: the lag-one correlation assumed.
    """

    p: Floats
    q: Floats
    found: Bits
    rate: float
    lean: float

    @property
    def tested(self) -> int:
        """How many series have data, and so were tested."""
        return int((~np.isnan(self.p)).sum())

    @property
    def flagged(self) -> int:
        """How many were flagged at their last point before this view."""
        return int((self.p < 1).sum())


def discoveries(result: Result, rate: float = 0.1, *, lean: float | None = None) -> Discoveries:
    """Return which flagged series stay flagged when at most `rate` of those kept may be chance.

    A flag is weighed by the strongest of four things at the last observed point: how many sigma away, the second
    furthest of the last three, the length of its run on one side, and of its trend. How often steady series of
    the same length, which lean as much on their last value, show so much comes from a shipped table
    (`tools/simulate_evidence.py`); a series of another kind than normal is weighed as if it were.

    lean: the lag-one correlation to assume for all; by default the median of `lag1(batch)`, within 0 and 0.8.
    Nothing in the result changes: flags and icons stay what the rules say.

    >>> from plotthedots import Batch, Plan, evaluate
    >>> steady = [4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 4, 3, 5, 4]
    >>> wall = evaluate(Batch.of([steady] * 40 + [[*steady, 40]]), Plan(improvement="down"))
    >>> kept = discoveries(wall, lean=0.0)
    >>> kept.flagged, np.flatnonzero(kept.found).tolist()
    (1, [40])
    """
    if not 0 < rate < 1:
        message = f"rate is {rate}. Give the share of flags kept that may be chance: between 0 and 1, 0.1 is usual."
        raise PlanError("rate", message)
    assumed = _assumed(result, lean)
    scores = evidence(result)
    seen = result.last >= 0
    flagged = (result.variation != Variation.COMMON) & seen
    p = np.where(seen, 1.0, np.nan)
    if flagged.any():
        observed = _observed(result)
        limits = bool(np.isfinite(result.piece_spread).any())
        p[flagged] = _chance(scores[flagged], observed[flagged], assumed, limits=limits)
    q = _adjusted(p)
    return Discoveries(p, q, np.asarray(flagged & (q <= rate), dtype=np.bool_), rate, assumed)


def evidence(result: Result) -> Floats:
    """Return how strongly each series speaks at its last observed point: minus the log10 of a nominal probability.

    Only the order of these numbers matters; `discoveries` turns them into probabilities.
    """
    out = np.zeros(result.batch.series)
    seen = np.flatnonzero(result.last >= 0)
    if seen.size == 0:
        return out
    at = result.offsets[:-1][seen] + result.last[seen]
    first = result.pieces.starts[np.searchsorted(result.pieces.starts, at, side="right") - 1]
    values, centre = result.values, result.centre
    # Clipped at nought or one, a limit says nothing about the spread; the wider side does.
    sigma = np.fmax(result.upper[at] - centre[at], centre[at] - result.lower[at]) / 3
    away = values[at] - centre[at]
    side = np.sign(away)
    strongest = np.maximum(_tail(_ratio(np.abs(away), sigma)), _pair(values, centre, sigma, side, at, first))
    sides = np.sign(values - centre)
    strongest = np.maximum(strongest, (_going(sides, at, first) - 1) * _RUN)
    steps = np.sign(np.diff(values, prepend=np.nan))
    rising = _going(steps, at, first + 1)
    trend = np.where(rising > 0, _log_factorial[np.minimum(rising + 1, _log_factorial.size - 1)] - _RUN, 0.0)
    out[seen] = np.clip(np.nan_to_num(np.maximum(strongest, trend)), 0, _MOST)
    return out


def _pair(values: Floats, centre: Floats, sigma: Floats, side: Floats, at: Ints, first: Ints) -> Floats:
    """Return the evidence of the second furthest of the last three points on the last one's side."""
    own = _ratio(np.abs(values[at] - centre[at]), sigma)
    others = np.zeros(at.size)
    for back in (1, 2):
        place = np.maximum(at - back, 0)
        away = _ratio((values[place] - centre[place]) * side, sigma)
        others = np.fmax(others, np.where(at - back >= first, away, 0.0))
    tail = normal_tail(np.minimum(own, others))
    return np.where((own > 0) & (others > 0), -np.log10(np.maximum(6 * tail * tail, 10**-_MOST)), 0.0)


def _ratio(above: Floats, sigma: Floats) -> Floats:
    """Return how many sigma, nought where there are no limits (a run chart) or nothing varies."""
    return np.nan_to_num(np.divide(above, sigma, out=np.zeros_like(above), where=sigma > 0))


def _tail(z: Floats) -> Floats:
    return -np.log10(np.maximum(2 * normal_tail(z), 10**-_MOST))


def _going(signs: Floats, at: Ints, first: Ints) -> Ints:
    """Return how many equal signs in a row end at each place, not counting any before `first`; noughts end all."""
    place = np.arange(signs.size)
    changed = np.ones(signs.size, dtype=np.bool_)
    changed[1:] = ~(signs[1:] == signs[:-1])  # a missing value equals nothing
    begun = np.maximum.accumulate(np.where(changed, place, 0))
    length = at - np.maximum(begun[at], first) + 1
    return np.where(np.abs(signs[at]) == 1, np.maximum(length, 0), 0)


def _observed(result: Result) -> Ints:
    counts = np.add.reduceat(~np.isnan(np.append(result.values, np.nan)), result.offsets[:-1], dtype=np.int64)
    return np.where(result.batch.lengths > 0, counts, 0)


def _assumed(result: Result, lean: float | None) -> float:
    if lean is not None:
        return float(np.clip(lean, 0.0, 0.8))
    each = lag1(result.batch)
    known = each[~np.isnan(each)]
    return float(np.clip(np.median(known), 0.0, 0.8)) if known.size else 0.0


def _adjusted(p: Floats) -> Floats:
    """Return Benjamini and Hochberg's adjusted probabilities: p times tests over rank, made to rise."""
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    raw = p[order] * order.size / np.arange(1, order.size + 1)
    out = np.full(p.size, np.nan)
    out[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return out


def _chance(scores: Floats, lengths: npt.ArrayLike, lean: float, *, limits: bool) -> Floats:
    """Return how often steady series show at least this score, between the lines of the table and beyond its end."""
    sizes, leans, tails, table = _tables()["limits" if limits else "median"]
    points = np.clip(np.asarray(lengths, dtype=np.float64), sizes[0], sizes[-1])
    row = np.minimum(np.searchsorted(sizes, points, side="right") - 1, sizes.size - 2)
    up = (points - sizes[row]) / (sizes[row + 1] - sizes[row])
    column = min(int(np.searchsorted(leans, lean, side="right")) - 1, leans.size - 2)
    right = (lean - leans[column]) / (leans[column + 1] - leans[column])
    lines = table[:, column] * (1 - right) + table[:, column + 1] * right
    lines = lines[row] * (1 - up)[:, None] + lines[row + 1] * up[:, None]
    return np.array([_read(score, line, tails) for score, line in zip(scores.tolist(), lines, strict=True)])


def _read(score: float, line: Floats, tails: Floats) -> float:
    """Return the tail probability of a score; beyond the table its last tenfold step goes on."""
    logs = np.log10(tails)
    if score > line[-1]:
        slope = (logs[-1] - logs[-4]) / max(line[-1] - line[-4], 1e-9)
        return float(10 ** max(logs[-1] + (score - line[-1]) * slope, -_MOST))
    # A score that ties with others takes the largest probability: never say more than is known.
    place = int(np.searchsorted(line, score, side="left"))
    if place == 0:
        return 1.0
    share = (score - line[place - 1]) / (line[place] - line[place - 1]) if line[place] > line[place - 1] else 0.0
    return float(10 ** (logs[place - 1] * (1 - share) + logs[place] * share))


@lru_cache(maxsize=1)
def _tables() -> dict[str, tuple[Floats, Floats, Floats, Floats]]:
    """Read the shipped table: one line per kind, length and lag-one value, one column per tail probability."""
    lines = files("plotthedots").joinpath("evidence.csv").read_text(encoding="utf-8").splitlines()
    tails = np.array([float(word) for word in lines[0].split(",")[3:]])
    rows = [line.split(",") for line in lines[1:]]
    tables = {}
    for name in dict.fromkeys(row[0] for row in rows):
        mine = np.array([[float(word) for word in row[1:]] for row in rows if row[0] == name])
        sizes, leans = np.unique(mine[:, 0]), np.unique(mine[:, 1])
        tables[name] = (sizes, leans, tails, mine[:, 2:].reshape(sizes.size, leans.size, tails.size))
    return tables
