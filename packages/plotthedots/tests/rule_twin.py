"""The slow twin of every rule set, and of what surrounds it: phases, baselines, excluded and missing points, icons."""

from __future__ import annotations

import itertools
from decimal import Decimal
from functools import lru_cache
from math import comb

import chart_twin
from ptd_twin import binomial_five_percent, windows

NAMES = ["OUTSIDE", "TWO", "SHIFT", "TREND", "CROSSINGS", "FOUR"]
BIT = {(name, sign): 1 << (2 * k + (sign < 0)) for k, name in enumerate(NAMES) for sign in (1, -1)}
HUGGING, AVOIDING, ALTERNATING, MANY = (1 << k for k in range(12, 16))
SETS = {
    "mdc": {},
    "nhs-r": {"count_outside": False, "screen": "always", "trend_first": True, "inclusive": False, "late": True},
    "anhoej": {"apply": {"longest-run", "crossings"}, "on_centre": "skip"},
    "ihi-run": {"apply": {"shift", "trend", "runs"}, "shift": 6, "trend": 5, "ties": "skip", "on_centre": "skip"},
    "western-electric": {"apply": {"outside", "two-of-three", "four-of-five", "shift"}, "shift": 8, "two_of_three": "any-side"},
    "nelson": {
        "apply": {"outside", "shift", "trend", "alternating", "two-of-three", "four-of-five", "hugging", "avoiding"},
        "shift": 9,
        "trend": 6,
        "two_of_three": "any-side",
    },
}
DEFAULT = {
    "apply": {"outside", "two-of-three", "shift", "trend"},
    "shift": 7,
    "trend": 7,
    "two_of_three": "same-side",
    "count_outside": True,
    "ties": "break",
    "on_centre": "break",
    "missing": "break",
    "screen": "once",
    "constant": "rounded",
    "centre": None,
    "trend_first": False,
    "inclusive": True,
    "late": False,
}
NEAR = Decimal("1e-25")


def beyond(a, b):
    """Whether a is above b, by more than the last digits of the arithmetic."""
    return a - b > NEAR * (abs(a) + abs(b) + 1)


class Judge:
    """One phase with its lines: which points break which rule."""

    def __init__(self, y, lines, options):
        self.y, self.lines, self.o = y, lines, options
        self.n = len(y)
        self.flags = [0] * self.n

    def side(self, i):
        if self.y[i] is None or self.lines.centre is None:
            return 0
        return beyond(self.y[i], self.lines.centre) - beyond(self.lines.centre, self.y[i])

    def past(self, i, sign, sigmas):
        lower, upper = self.lines.at(i, sigmas)
        line = upper if sign > 0 else lower
        if self.y[i] is None or line is None:
            return False
        return beyond(self.y[i], line) if sign > 0 else beyond(line, self.y[i])

    def mark(self, points, bit):
        for i in points:
            self.flags[i] |= bit

    def run(self, points, length, good, bit):
        """Mark every stretch of so many of these points in a row that are good."""
        for w in windows(len(points), length):
            chosen = [points[k] for k in w]
            if all(good(i) for i in chosen):
                self.mark(chosen, bit)

    def judge(self):
        rules, points = self.o["apply"], list(range(self.n))
        for sign in (1, -1):
            if "outside" in rules:
                self.mark([i for i in points if self.past(i, sign, 3)], BIT["OUTSIDE", sign])
            if "two-of-three" in rules and self.o["two_of_three"] != "off":
                self.two_of_three(sign)
            if "four-of-five" in rules:
                self.some_of(5, 4, lambda i, sign=sign: self.past(i, sign, 1), BIT["FOUR", sign])
            if "shift" in rules:
                kept = [i for i in points if self.o["on_centre"] == "break" or self.y[i] is None or self.side(i)]
                self.run(kept, self.o["shift"], lambda i, sign=sign: self.side(i) == sign, BIT["SHIFT", sign])
            if "trend" in rules:
                self.trend(sign)
        if "alternating" in rules:
            self.alternating()
        known = self.lines.spread is not None and self.lines.spread > 0
        if "hugging" in rules and known:
            near = lambda i: self.y[i] is not None and not self.past(i, 1, 1) and not self.past(i, -1, 1)  # noqa: E731
            self.run(points, 15, near, HUGGING)
        if "avoiding" in rules:
            self.run(points, 8, lambda i: self.past(i, 1, 1) or self.past(i, -1, 1), AVOIDING)
        return self.whole()

    def some_of(self, size, enough, far, bit, also=lambda _: True):
        for w in windows(self.n, size):
            found = [i for i in w if far(i)]
            if len(found) >= enough and also(w):
                self.mark(found, bit)

    def two_of_three(self, sign):
        def far(i):
            return self.past(i, sign, 2) and (self.o["count_outside"] or not self.past(i, sign, 3))

        def together(w):
            return self.o["two_of_three"] == "any-side" or all(self.side(i) == sign for i in w)

        self.some_of(3, 2, far, BIT["TWO", sign], together)

    def trend(self, sign):
        kept = list(range(self.n))
        if self.o["ties"] == "skip":
            kept = [i for i in kept if i == 0 or self.y[i] is None or self.y[i] != self.y[i - 1]]
        for w in windows(len(kept), self.o["trend"]):
            values = [self.y[kept[k]] for k in w]
            if None not in values and all(sign * (b - a) > 0 for a, b in itertools.pairwise(values)):
                self.mark([kept[k] for k in w], BIT["TREND", sign])

    def alternating(self):
        for w in windows(self.n, 14):
            values = [self.y[i] for i in w]
            if None in values:
                continue
            steps = [b - a for a, b in itertools.pairwise(values)]
            if all(a * b < 0 for a, b in itertools.pairwise(steps)):
                self.mark(w, ALTERNATING)

    def whole(self):
        """Apply the rules about all runs; return the point whose flags speak for the phase, and the counts."""
        useful = [i for i in range(self.n) if self.side(i)]
        rules, n = self.o["apply"], len(useful)
        if not rules & {"longest-run", "crossings", "runs"}:
            return None, None
        if n == 0:
            return None, (0, 0, 0)
        runs = [list(group) for _, group in itertools.groupby(useful, key=self.side)]
        longest, last = max(map(len, runs)), useful[-1]
        if "longest-run" in rules:
            for run in runs:
                if len(run) > round(float(Decimal(n).ln() / Decimal(2).ln())) + 3:
                    self.mark(run, BIT["SHIFT", self.side(run[0])])
        fewest, most = usual_runs(n)
        if ("crossings" in rules and len(runs) - 1 < binomial_five_percent(n - 1)) or ("runs" in rules and len(runs) < fewest):
            self.flags[last] |= BIT["CROSSINGS", self.side(last)]
        if "runs" in rules and len(runs) > most:
            self.flags[last] |= MANY
        return last, (n, longest, len(runs) - 1)


@lru_cache
def usual_runs(n):
    """Return the fewest and most runs that are not in either 2.5 % tail, by counting arrangements one run at a time."""
    if n < 10:
        return 0, n
    up, down = n // 2, n - n // 2
    ways = dict.fromkeys(range(1, n + 1), 0)
    for r in ways:
        for first in (0, 1):  # who begins
            sizes = ((r + 1) // 2, r // 2) if first == 0 else (r // 2, (r + 1) // 2)
            ways[r] += compositions(up, sizes[0]) * compositions(down, sizes[1])
    total = comb(n, up)
    low = next(r for r in range(1, n + 1) if sum(ways[k] for k in range(1, r + 1)) * 40 > total)
    high = next(r for r in range(n, 0, -1) if sum(ways[k] for k in range(r, n + 1)) * 40 > total)
    return low, high


def compositions(total, parts):
    """Return in how many ways a number is a sum of so many numbers of one or more."""
    if parts == 0:
        return int(total == 0)
    return comb(total - 1, parts - 1)


def judge(chart, y, *, weights=None, deviations=None, starts=(), baseline=None, exclude=(), options=None):
    """Return flags, centre, lower and upper line of each point, and flags, lines and point that make the icon."""
    o = {**DEFAULT, **SETS[(options or {}).get("rules", "mdc")], **(options or {})}
    n = len(y)
    out = {"flags": [0] * n, "centre": [None] * n, "lower": [None] * n, "upper": [None] * n, "said": 0, "judged": None}
    edges = sorted({0, *(s for s in starts if s < n), n})
    for a, b in itertools.pairwise(edges):
        inside = list(range(a, b))
        kept = [i for i in inside if i not in exclude and not (o["missing"] == "skip" and y[i] is None)]
        here = [y[i] for i in kept]
        sizes = None if weights is None else [weights[i] for i in kept]
        spread = None if deviations is None else [deviations[i] for i in kept]
        use = [y[i] is not None and (not baseline or i - a < baseline) for i in kept]
        lines = chart_twin.Lines(chart, here, sizes, spread, use, o)
        phase = Judge(here, lines, o)
        last, counts = phase.judge()
        for k, i in enumerate(kept):
            out["flags"][i] = phase.flags[k]
        for i in inside:
            draw_lines(out, lines, i, weights)
        seen = [k for k, i in enumerate(kept) if y[i] is not None]
        if seen:
            out["judged"] = kept[seen[-1]]
            out["said"] = phase.flags[seen[-1]] | (phase.flags[last] if last is not None else 0)
            out["counts"] = counts

    return out


def draw_lines(out, lines, i, weights):
    lines.n = weights  # lines are drawn at every point, judged or not
    out["centre"][i] = lines.centre
    out["lower"][i], out["upper"][i] = lines.at(i, 3)


LEVEL = ["OUTSIDE", "TWO", "SHIFT", "CROSSINGS", "FOUR"]


def kind(flags, better, trend_first):
    """Return the code of `Variation`: 1 common, 2 better, 3 worse, 4 high, 5 low, 6 special without a side."""
    if not flags:
        return 1
    order = [["OUTSIDE"], ["TREND"], LEVEL] if trend_first else [LEVEL, ["TREND"]]
    for names in order:
        for sign in (1, -1):
            if any(flags & BIT[name, sign] for name in names):
                return {1: {1: 2, -1: 3, 0: 4}, -1: {1: 3, -1: 2, 0: 5}}[sign][better]
    return 6


def assured(lower, upper, target, better, inclusive):
    """Return the code of `Assurance`: 0 none, 1 pass, 2 fail, 3 either."""
    if None in (lower, upper, target) or better == 0:
        return 0
    if better < 0:
        lower, upper, target = -upper, -lower, -target
    if beyond(target, upper):
        return 2
    clear = not beyond(target, lower) if inclusive else beyond(lower, target)
    return 1 if clear else 3
