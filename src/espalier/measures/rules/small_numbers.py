"""Which figures of groups are too small to be shown. A simple threshold for now; releases have a stronger guard of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALLEST = 11
Counts = tuple[float | None, float | None]


def not_shown(groups: Sequence[Counts], measured_in: str) -> tuple[bool, ...]:
    """Say of each group's (numerator, denominator) whether it must not be shown; None and None is no figure at all.

    Fewer than eleven counted, or fewer than eleven to count from, are not shown; of a percentage neither is the rest.
    Whoever knows everybody's figure can take the shown groups from it, so what is left over must be large enough
    too: the next smallest group goes with it until more than one is left out and together they are no small group.
    """
    hidden = [_small(group, measured_in) for group in groups]
    while any(hidden) and not all(_gone(group) or out for group, out in zip(groups, hidden, strict=True)):
        left_out = [group for group, out in zip(groups, hidden, strict=True) if out]
        if len(left_out) > 1 and not _small(_sum(left_out), measured_in):
            break
        shown = [index for index, out in enumerate(hidden) if not out and not _gone(groups[index])]
        hidden[min(shown, key=lambda index: _size(groups[index]))] = True
    return tuple(hidden)


def _gone(group: Counts) -> bool:
    return group[0] is None and group[1] is None


def _small(group: Counts, measured_in: str) -> bool:
    top, below = group
    if measured_in in {"score", "days"}:
        top = below  # the number above the line is a sum of answers or days: how many people is below it
    if top is None:
        return below is not None and below < SMALLEST
    if top < SMALLEST or (below is not None and below < SMALLEST):
        return True
    return measured_in == "percent" and below is not None and below - top < SMALLEST


def _sum(groups: Sequence[Counts]) -> Counts:
    tops, belows = ([number for number in side if number is not None] for side in zip(*groups, strict=True))
    return sum(tops) if tops else None, sum(belows) if belows else None


def _size(group: Counts) -> float:
    top, below = group
    return below if below is not None else top or 0.0
