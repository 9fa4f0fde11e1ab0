"""Many series of different lengths, as one flat array and the places where each begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from plotthedots.days import checked_days
from plotthedots.errors import BatchError

if TYPE_CHECKING:
    from collections.abc import Sequence, Sized

    from plotthedots.arrays import Days, Floats, Ints


@dataclass(frozen=True, eq=False)
class Batch:
    """Hold a ragged set of series: flat values, offsets, and denominators where there are any.

    Series `i` is `values[offsets[i]:offsets[i + 1]]`; NaN is a missing point. With denominators
    the values are numerators and what is plotted is their ratio, on every kind of chart.
    Why flat: a million short series as Python objects cost more than all the arithmetic.

    For xbar and s charts a point stands for a subgroup: values are the means of the subgroups, sizes how many were
    measured, deviations their standard deviations. `Batch.of_subgroups` works the three out; who has only
    the summaries gives them here.

    Shapes: values float64 (points,), offsets int64 (series + 1,), all others as values; dates are days.
    Errors: `BatchError` when offsets do not fit, a value is infinite, a denominator is
    missing, negative or infinite beside an observed value, or dates do not rise within a series.

    >>> batch = Batch([4, 5, float("nan"), 7, 8], [0, 3, 5])
    >>> batch.series, batch.lengths.tolist()
    (2, [3, 2])
    """

    values: Floats
    offsets: Ints
    denominators: Floats | None = None
    sizes: Floats | None = None
    deviations: Floats | None = None
    dates: Days | None = None

    def __init__(
        self,
        values: npt.ArrayLike,
        offsets: npt.ArrayLike,
        denominators: npt.ArrayLike | None = None,
        *,
        sizes: npt.ArrayLike | None = None,
        deviations: npt.ArrayLike | None = None,
        dates: npt.ArrayLike | None = None,
    ) -> None:
        """Take anything array-like; float64 and int64 arrays are kept without a copy."""
        flat = _flat_floats(values, "values")
        object.__setattr__(self, "values", flat)
        object.__setattr__(self, "offsets", _checked_offsets(offsets, flat.size))
        self._check_infinite(flat, "value")
        for name, given in (("denominators", denominators), ("sizes", sizes), ("deviations", deviations)):
            object.__setattr__(self, name, None if given is None else self._beside(given, name))
        object.__setattr__(self, "dates", None if dates is None else checked_days(dates, self.offsets))
        if self.denominators is not None:
            self._check_denominators(self.denominators)

    @classmethod
    def of(
        cls,
        series: Sequence[npt.ArrayLike],
        denominators: Sequence[npt.ArrayLike] | None = None,
        dates: Sequence[npt.ArrayLike] | None = None,
    ) -> Batch:
        """Build a batch from a list of series, for when there are few of them.

        >>> Batch.of([[1, 2, 3], [4, None]]).offsets.tolist()
        [0, 3, 5]
        """
        parts = [_flat_floats(one, "values") for one in series]
        below = None
        if denominators is not None:
            below = _joined([_flat_floats(one, "denominators") for one in denominators])
        days = None if dates is None else np.concatenate([np.asarray(one, dtype="datetime64[D]") for one in dates])
        return cls(_joined(parts), _offsets_of(parts), below, dates=days)

    @classmethod
    def of_subgroups(cls, series: Sequence[Sequence[npt.ArrayLike]]) -> Batch:
        """Build a batch for xbar and s charts from the single measurements: series, then points, then measurements.

        A missing measurement makes its subgroup smaller; a subgroup without any is a missing point. One
        measurement alone has no deviation (NaN), so its point gets no limits.

        >>> batch = Batch.of_subgroups([[[1, 2, 3], [4, 6, None]]])
        >>> batch.values.tolist(), batch.sizes.tolist(), batch.deviations.round(3).tolist()
        ([2.0, 5.0], [3.0, 2.0], [1.0, 1.414])
        """
        groups = [[_flat_floats(group, "measurements") for group in one] for one in series]
        offsets = _offsets_of(groups)
        seen = [group[~np.isnan(group)] for one in groups for group in one]
        means = [group.mean() if group.size else np.nan for group in seen]
        spreads = [group.std(ddof=1) if group.size > 1 else np.nan for group in seen]
        return cls(means, offsets, sizes=[group.size for group in seen], deviations=spreads)

    @property
    def series(self) -> int:
        """How many series there are."""
        return self.offsets.size - 1

    @property
    def lengths(self) -> Ints:
        """How many points each series has, missing ones included."""
        return np.diff(self.offsets)

    def plotted(self) -> Floats:
        """Return what the chart shows: the values, or values over denominators.

        A zero denominator gives a missing point, never infinity: nothing was at risk, so
        nothing was observed.
        """
        if self.denominators is None:
            return self.values
        ratio = np.full_like(self.values, np.nan)
        np.divide(self.values, self.denominators, out=ratio, where=self.denominators != 0)
        return ratio

    def where(self, position: int) -> str:
        """Name a flat position as people count: "point 3 of series 0" (both from 0)."""
        owner = int(np.searchsorted(self.offsets, position, side="right")) - 1
        return f"point {position - int(self.offsets[owner])} of series {owner}"

    def _check_infinite(self, numbers: Floats, kind: str) -> None:
        # A finite sum proves that nothing is infinite, and is the cheapest possible pass.
        with np.errstate(invalid="ignore", over="ignore"):
            if np.isfinite(numbers.sum()):
                return
        bad = np.flatnonzero(np.isinf(numbers))
        if bad.size:
            message = f"The {kind} at {self.where(int(bad[0]))} is infinite. Use NaN for a point that is missing."
            raise BatchError("infinite", message)

    def _beside(self, given: npt.ArrayLike, name: str) -> Floats:
        """Return an array that stands beside the values, one entry for each."""
        flat = _flat_floats(given, name)
        if flat.size != self.values.size:
            message = f"There are {self.values.size} values but {flat.size} {name}. Give one for each value."
            raise BatchError(f"{name}-size", message)
        self._check_infinite(flat, name[:-1])
        if name != "denominators" and (flat < 0).any():
            at = int(np.flatnonzero(flat < 0)[0])
            message = f"The {name[:-1]} at {self.where(at)} is negative. Give zero or more."
            raise BatchError(f"{name[:-1]}-negative", message)
        return flat

    def _check_denominators(self, below: Floats) -> None:
        missing = np.flatnonzero(np.isnan(below) & ~np.isnan(self.values))
        if missing.size:
            message = (
                f"The denominator at {self.where(int(missing[0]))} is missing but its value is not"
                f" ({missing.size} such points). Give the denominator, or make the value NaN too."
            )
            raise BatchError("denominator-missing", message)
        negative = np.flatnonzero(below < 0)
        if negative.size:
            message = (
                f"The denominator at {self.where(int(negative[0]))} is negative."
                " A denominator counts what was at risk: zero or more."
            )
            raise BatchError("denominator-negative", message)


def _offsets_of(parts: Sequence[Sized]) -> Ints:
    return np.cumsum([0, *map(len, parts)])


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.empty(0)


def _flat_floats(numbers: npt.ArrayLike, name: str) -> Floats:
    try:
        flat = np.ascontiguousarray(numbers, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = f"The {name} are not all numbers ({error}). Use floats, with NaN or None for missing points."
        raise BatchError("not-numbers", message) from error
    if flat.ndim != 1:
        message = f"The {name} have {flat.ndim} dimensions. Give one flat array and offsets, or use Batch.of([...])."
        raise BatchError("not-flat", message)
    return flat


def _checked_offsets(offsets: npt.ArrayLike, size: int) -> Ints:
    places = np.asarray(offsets)
    if places.ndim != 1 or places.size == 0 or places.dtype.kind not in "iu":
        message = "Offsets must be a flat array of whole numbers: where each series begins, then the number of values."
        raise BatchError("offsets-kind", message)
    places = places.astype(np.int64, copy=False)
    if places[0] != 0 or places[-1] != size:
        message = (
            f"Offsets run from {places[0]} to {places[-1]} but there are {size} values."
            f" They must start at 0 and end at {size}."
        )
        raise BatchError("offsets-ends", message)
    back = np.flatnonzero(places[1:] < places[:-1])
    if back.size:
        first = int(back[0])
        message = (
            f"Offsets go backwards at series {first} ({places[first]} then {places[first + 1]})."
            " Sort the values by series and give each series' first position in order."
        )
        raise BatchError("offsets-order", message)
    return places
