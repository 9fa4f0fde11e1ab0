"""Cutting series into phases, and phases into blocks that fit the processor's cache.

No rule looks across the border of a phase and no phase shares its limits, so to the engine a phase
is simply a shorter series: a *piece*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import numpy.typing as npt

from plotthedots.errors import PlanError

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, FlagArray, FlagBits, Ints
    from plotthedots.batch import Batch
    from plotthedots.plan import Rebase

Kind = TypeVar("Kind", np.float64, np.bool_)
# Two megabytes of float64 a block: near enough to the processor from the first sum to the last flag, and large
# enough that calling numpy costs little beside what it does. Measured: whole-batch passes are six times slower.
_CELLS: Final = 1 << 18
# Fewer pieces of equal length than this are padded up to a common length, at most an eighth longer.
_ENOUGH: Final = 64


@dataclass(frozen=True)
class Pieces:
    """Where each phase starts in the flat values, its length, and which series owns it.

    `plain` says that piece i is the whole of series i, so that no joining is needed.
    """

    starts: Ints
    lengths: Ints
    owner: Ints
    plain: bool


def cut(batch: Batch, rebase: Rebase) -> Pieces:
    """Cut every series where a new phase starts; series without points have no piece."""
    filled = batch.lengths > 0
    starts = batch.offsets[:-1][filled]
    marks = positions(batch, rebase, "rebase", "at which new phases start")
    if marks.size == 0:
        owner = np.flatnonzero(filled)
        return Pieces(starts, batch.lengths[filled], owner, plain=bool(filled.all()))
    starts = np.union1d(starts, marks)
    lengths = np.diff(np.append(starts, batch.values.size))
    # The last series that begins at or before a start is the one with points there.
    owner = np.searchsorted(batch.offsets, starts, side="right") - 1
    return Pieces(starts, lengths, owner, plain=False)


def positions(batch: Batch, given: Rebase, name: str, what: str) -> Ints:
    """Return the flat positions of points given for all series or by series, without those beyond a series' end."""
    if isinstance(given, Mapping):
        unknown = [key for key in given if not 0 <= key < batch.series]
        if unknown:
            message = f"{name} names series {unknown[0]}, but the batch has series 0 to {batch.series - 1}."
            raise PlanError(f"{name}-series", message)
        which = np.repeat(list(given), [len(points) for points in given.values()]).astype(np.int64)
        points = np.array([point for each in given.values() for point in each])
    else:
        each = np.asarray(given)
        which = np.repeat(np.arange(batch.series), each.size)
        points = np.tile(each, batch.series)
    if points.size == 0:
        return np.empty(0, dtype=np.int64)
    if points.dtype.kind not in "iu" or (points < 0).any():
        message = f"{name} is {given!r}. Give the points, counted from 0, {what}."
        raise PlanError(f"{name}-points", message)
    inside = points < batch.lengths[which]
    return np.asarray(batch.offsets[which[inside]] + points[inside], dtype=np.int64)


def blocks(lengths: Ints) -> Iterator[Ints]:
    """Yield groups of pieces of equal or nearly equal length, each about a cache in size."""
    order = np.argsort(lengths, kind="stable")
    ordered = lengths[order]
    first = 0
    while first < ordered.size:
        shortest = int(ordered[first])
        end = int(np.searchsorted(ordered, shortest, side="right"))
        longest = shortest
        if end - first < _ENOUGH:
            longest += shortest // 8
            end = int(np.searchsorted(ordered, longest, side="right"))
        end = min(end, first + max(1, _CELLS // longest))
        yield order[first:end]
        first = end


@dataclass(frozen=True)
class Window:
    """Where the cells of a block lie in the flat arrays, time down the rows.

    Equal pieces that lie side by side are a plain reshape; others go through an index, with
    missing points beyond the end of the shorter ones. A missing last point changes no limit and
    breaks no rule, so padding is invisible.
    """

    starts: Ints
    lengths: Ints
    rows: int
    side_by_side: bool

    @classmethod
    def of(cls, starts: Ints, lengths: Ints) -> Window:
        """Describe the block of these pieces."""
        rows = int(lengths.max())
        equal = int(lengths.min()) == rows
        span = int(starts[-1] - starts[0])
        return cls(starts, lengths, rows, equal and span == rows * (starts.size - 1))

    def load(self, flat: npt.NDArray[Kind], beyond: float) -> npt.NDArray[Kind]:
        """Copy the block out of the flat array, `beyond` filling the ends of shorter pieces."""
        if self.side_by_side:
            first = int(self.starts[0])
            block = flat[first : first + self.rows * self.starts.size]
            return np.ascontiguousarray(block.reshape(-1, self.rows).T)
        index, inside = self._index()
        return np.where(inside, flat[np.where(inside, index, 0)], np.asarray(beyond, dtype=flat.dtype))

    def store(self, flat: FlagArray, block: FlagBits) -> None:
        """Write the block's flags back to where its points came from."""
        if self.side_by_side:
            first = int(self.starts[0])
            flat[first : first + self.rows * self.starts.size].reshape(-1, self.rows)[:] = block.T
            return
        index, inside = self._index()
        flat[index[inside]] = block[inside]

    def _index(self) -> tuple[Ints, Bits]:
        step = np.arange(self.rows)[:, None]
        return self.starts + step, step < self.lengths
