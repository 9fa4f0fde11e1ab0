"""The slow twin of every chart: formulas read off the textbook page, one series at a time, in forty decimal digits.

It shares nothing with the package. A phase is a list of points; lines come back as functions of the point and the sigmas.
"""

from __future__ import annotations

import itertools
from decimal import Decimal, getcontext
from fractions import Fraction
from math import lgamma

getcontext().prec = 40
D = Decimal
PI = D("3.141592653589793238462643383279502884197169399")


def exact(number):
    """Return a fraction (or int) as a decimal."""
    number = Fraction(number)
    return D(number.numerator) / D(number.denominator)


def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / len(numbers) if numbers else None


def median(numbers):
    ordered = sorted(numbers)
    n = len(ordered)
    return None if n == 0 else (ordered[(n - 1) // 2] + ordered[n // 2]) / 2


def neighbours(points, use):
    """Return the pairs of neighbours that both set the limits."""
    return [(a, b) for a, b in itertools.pairwise(range(len(points))) if use[a] and use[b]]


def screened_mean(ranges, screen, most):
    """Return the mean of the ranges, screened as asked; None where there is none."""
    average = mean(ranges)
    if average is None or screen == "off":
        return average
    kept = [r for r in ranges if r < D(most) * average]
    if screen == "always":
        return mean(kept)
    return mean(kept) if kept and sum(kept) > 0 else average


def c4(n):
    if n < 2:
        return None
    return (D(2) / (n - 1)).sqrt() * (D(lgamma(n / 2)) - D(lgamma((n - 1) / 2))).exp()


class Lines:
    """Centre and limits of one phase. Everything may be None: not known."""

    def __init__(self, chart, y, weights, deviations, use, options):
        self.chart, self.y, self.n, self.s, self.use, self.o = chart, y, weights, deviations, use, options
        self.used = [i for i in range(len(y)) if use[i]]
        self.centre = self.spread = None
        getattr(self, f"make_{chart}")()

    def values(self):
        return [self.y[i] for i in self.used]

    def settle(self, own, usual="mean"):
        if self.o.get("mean") is not None:
            return self.o["mean"]
        return median(self.values()) if (self.o.get("centre") or usual) == "median" else own

    def ranges(self, numbers):
        return [abs(numbers[b] - numbers[a]) for a, b in neighbours(self.y, self.use)]

    def amr(self, numbers, most="3.267"):
        return screened_mean(self.ranges(numbers), self.o["screen"], most)

    def share(self):
        below = sum(self.n[i] for i in self.used)
        return sum(self.y[i] * self.n[i] for i in self.used) / below if self.used and below else None

    def make_xmr(self):
        self.centre = self.settle(mean(self.values()))
        amr = self.amr(self.y)
        per = D("2.66") if self.o["constant"] == "rounded" else 3 / D("1.128")
        self.spread = None if amr is None else per * amr / 3
        if self.o.get("sigma") is not None:
            self.spread = self.o["sigma"]

    def make_run(self):
        self.centre = self.settle(mean(self.values()), "median")

    def make_mr(self):
        average = mean(self.values())
        if self.o.get("mean") is not None:
            average = self.o["mean"]
        self.centre, self.spread = self.settle(average), average

    def make_c(self):
        self.centre = self.settle(mean(self.values()))
        self.spread = None if self.centre is None else self.centre.sqrt()

    def make_g(self):
        m = mean(self.values())
        usual = median(self.values())
        if self.o.get("mean") is not None:
            m = self.o["mean"]
            usual = D("0.693") * m
        self.centre, self.spread = (m if self.o.get("centre") == "mean" else usual), m

    def make_t(self):
        flat = [None if v is None else v ** (1 / D("3.6")) for v in self.y]
        known = self.o.get("mean")
        inner = Lines("xmr", flat, None, None, self.use, {**self.o, "mean": None if known is None else known ** (1 / D("3.6"))})
        self.inner = inner
        self.centre = None if inner.centre is None else inner.centre ** D("3.6")
        self.spread = inner.spread

    def make_p(self):
        self.centre = self.settle(self.share())
        self.spread = None if self.centre is None else (self.centre * (1 - self.centre)).sqrt()

    def make_u(self):
        self.centre = self.settle(self.share())
        self.spread = None if self.centre is None else self.centre.sqrt()

    def widen(self):
        if self.spread is None:
            return
        one = self.spread
        z = [
            None if v is None or not n else (D(0) if one == 0 else (v - self.centre) * n.sqrt() / one)
            for v, n in zip(self.y, self.n, strict=True)
        ]
        amr = self.amr(z)
        self.spread = None if amr is None else one * amr / D("1.128")

    def make_pp(self):
        self.make_p()
        self.widen()

    def make_up(self):
        self.make_u()
        self.widen()

    def make_ip(self):
        self.centre = self.settle(self.share())
        steps = [
            (PI / 2).sqrt() * abs(self.y[b] - self.y[a]) / (1 / self.n[a] + 1 / self.n[b]).sqrt()
            for a, b in neighbours(self.y, self.use)
        ]
        self.spread = screened_mean(steps, self.o["screen"], "3.2665")
        if self.o.get("sigma") is not None:
            self.spread = self.o["sigma"]

    def within(self):
        known = [i for i in self.used if self.s[i] is not None]
        if len({self.n[i] for i in self.used}) == 1:
            return mean(self.s[i] for i in known)
        freedom = sum(self.n[i] - 1 for i in known)
        return (sum((self.n[i] - 1) * self.s[i] ** 2 for i in known) / freedom).sqrt() if freedom else None

    def make_xbar(self):
        self.centre = self.settle(self.share())
        self.spread = self.within() if self.o.get("sigma") is None else self.o["sigma"]

    def make_s(self):
        own = self.within() if self.o.get("mean") is None else self.o["mean"]
        self.centre, self.spread = self.settle(own), own

    def at(self, i, sigmas):  # noqa: PLR0911  one line a chart
        """Return lower and upper line at a point."""
        c, w = self.centre, self.spread
        if c is None or w is None or self.chart == "run":
            return None, None
        if self.chart == "xmr":
            return c - sigmas * w, c + sigmas * w
        if self.chart == "t":
            return tuple(max(line, D(0)) ** D("3.6") for line in self.inner.at(i, sigmas))
        if self.chart == "mr":
            return D(0), w * D("3.267") * sigmas / 3
        if self.chart == "c":
            return max(c - sigmas * w, D(0)), c + sigmas * w
        if self.chart == "g":
            width = sigmas * (w * (w + 1)).sqrt()
            return max(w - width, D(0)), w + width
        return self.by_size(i, sigmas)

    def by_size(self, i, sigmas):
        c, w, n = self.centre, self.spread, self.n[i]
        if not n:
            return None, None
        if self.chart in ("xbar", "s"):
            short = c4(int(n))
            if short is None:
                return None, None
            if self.chart == "s":
                away = sigmas * (1 - short**2).sqrt() / short
                return max(w * (1 - away), D(0)), w * (1 + away)
            width = sigmas * w / (short * n.sqrt())
        else:
            width = sigmas * w / n.sqrt()
        lower, upper = c - width, c + width
        if self.chart in ("p", "pp"):
            return max(lower, D(0)), min(upper, D(1))
        return (max(lower, D(0)) if self.chart in ("u", "up") else lower), upper
