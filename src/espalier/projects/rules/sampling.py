"""How many to look at, and how to choose them, when nobody has time to look at all. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.96  # 19 times out of 20
MARGIN = 0.10  # ten points either way: enough to steer by, month after month
ALL_OF = 30  # so few that leaving some out saves nobody much time


@dataclass(frozen=True, slots=True)
class Sample:
    """How many of how many, and every how manyth of them.

    every is 1 where more than half are looked at: then every so manyth is left out instead (leave; 0 means none is).
    """

    size: int
    among: int
    every: int
    leave: int = 0

    @property
    def all_of_them(self) -> bool:
        """Whether nothing is left out."""
        return self.size == self.among


def sample(among: int, *, margin: float = MARGIN, share: float = 0.5) -> Sample:
    """Return how many to look at for a share that is right within a margin 19 times out of 20, and how to walk through them.

    n0 = z² p (1 - p) / margin², then n = n0 / (1 + (n0 - 1) / N) for a small whole of N: Cochran, Sampling Techniques
    (3rd edition, 1977), equations 4.1 and 4.2. p = 0.5 asks for the most, so nobody needs to guess. Every so manyth is
    a systematic sample (Cochran, chapter 8): begin at a random one of the first k and take every k-th, so that days,
    nights and weekends all come in. k is rounded down: you may stop when you have enough. Where that would be every one, walk
    through those to leave out in the same way: every j-th, j rounded up, so that enough are left wherever you begin. Of 30 or
    fewer all are taken, and of more never fewer than these 30: a longer list must not ask for less.

    >>> sample(200)
    Sample(size=66, among=200, every=3, leave=0)
    >>> sample(40), sample(80)
    (Sample(size=30, among=40, every=1, leave=4), Sample(size=44, among=80, every=1, leave=3))
    """
    if among <= ALL_OF:
        return Sample(max(among, 0), max(among, 0), 1)
    first = Z * Z * share * (1 - share) / (margin * margin)
    size = max(ALL_OF, min(among, math.ceil(first / (1 + (first - 1) / among))))
    every = among // size
    return Sample(size, among, every, math.ceil(among / (among - size)) if every == 1 and size < among else 0)
