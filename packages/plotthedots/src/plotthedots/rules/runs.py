"""Runs as shifts and ANDs over whole blocks.

Time runs down the rows and series along the columns, so "this point and the next" of a thousand
series is one AND of two slices, at any length and without seams, and whether answers are packed or not. Doubling (1, 2, 4, then the rest)
finds a run of seven in three ANDs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import TypeVar

    from plotthedots.arrays import Bits, Ints
    from plotthedots.rules.packed import Packed

    Answers = TypeVar("Answers", Bits, Packed)


def starts_of_runs(bits: Answers, length: int) -> Answers:
    """Return where `length` set rows in a row begin: one row for each place such a run fits.

    >>> starts_of_runs(np.array([[True], [True], [True], [False]]), 2)[:, 0].tolist()
    [True, True, False]
    """
    if bits.shape[0] < length:
        return bits[:0]
    found, have = bits, 1
    while have < length:
        step = min(have, length - have)
        found = found[:-step] & found[step:]
        have += step
    return found


def spread(starts: Answers, length: int, rows: int) -> Answers:
    """Return all `rows` with the `length` rows from each start set: the points of those runs.

    >>> spread(np.array([[False], [True], [False]]), 2, 4)[:, 0].tolist()
    [False, True, True, False]
    """
    marks = np.zeros((rows, starts.shape[1]), dtype=starts.dtype)
    if starts.shape[0] == 0:
        return marks
    marks[: starts.shape[0]] = starts
    have = 1
    while have < length:
        step = min(have, length - have)
        marks[step:] |= marks[:-step]  # numpy reads all of an overlapping right side before it writes
        have += step
    return marks


def in_run(bits: Answers, length: int) -> Answers:
    """Return which rows lie in a run of at least `length` set rows."""
    return spread(starts_of_runs(bits, length), length, bits.shape[0])


def without(bits: Bits, keep: Bits) -> tuple[Bits, Ints]:
    """Close the gaps: move the rows to keep to the top of each column, in order; also return where each came from.

    What is left over at the bottom is unset, so it ends every run.
    """
    order = np.argsort(~keep, axis=0, kind="stable")
    return np.take_along_axis(bits & keep, order, axis=0), order


def put_back(bits: Bits, order: Ints) -> Bits:
    """Return rows to where `without` took them from."""
    out = np.zeros_like(bits)
    np.put_along_axis(out, order, bits, axis=0)
    return out
