"""A slow twin of the funnel in plain Python: whole sums of probabilities, no array, no cleverness."""

from __future__ import annotations

from fractions import Fraction
from math import asin, comb, exp, lgamma, log, pi, sin, sqrt
from statistics import NormalDist, quantiles


def count_quantile(chances, probability):
    """The interpolated quantile of a count, given the probabilities of 0, 1, 2 …"""
    total = 0.0
    for count, chance in enumerate(chances):
        total += chance
        if total >= probability:
            return max(count - (total - probability) / chance, 0.0)
    return float(len(chances) - 1)


def binomial_chances(size, chance):
    exact = Fraction(chance)
    return [float(comb(size, k) * exact**k * (1 - exact) ** (size - k)) for k in range(size + 1)]


def poisson_chances(mean):
    most = int(mean + 20 * sqrt(mean) + 30)
    return [exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(most)]


def limits(kind, way, target, size, level, *, extra=0.0, stretch=1.0):
    """Lower and upper limit of one unit."""
    tail = (1 - level) / 2
    z = NormalDist().inv_cdf(1 - tail)
    if way == "exact":
        chances = binomial_chances(int(size), target) if kind == "proportions" else poisson_chances(target * size)
        return tuple(count_quantile(chances, p) / size for p in (tail, 1 - tail))
    if way == "normal":
        variance = target * (1 - target) / size if kind == "proportions" else target / size
        width = z * sqrt(variance * stretch + extra)
        top = 1.0 if kind == "proportions" else float("inf")
        return max(target - width, 0.0), min(target + width, top)
    width = z * sqrt(stretch / (4 * size) + extra)
    if kind == "proportions":
        middle = asin(sqrt(target))
        return sin(max(middle - width, 0.0)) ** 2, sin(min(middle + width, pi / 2)) ** 2
    return max(sqrt(target) - width, 0.0) ** 2, (sqrt(target) + width) ** 2


def spread(kind, way, target, above, below, trim):
    """phi and tau-squared after pulling in the extremes."""
    scores, errors = [], []
    for a, b in zip(above, below, strict=True):
        if way == "normal":
            variance = target * (1 - target) / b if kind == "proportions" else target / b
            error, place, aim = sqrt(variance), a / b, target
        elif kind == "proportions":
            error, place, aim = 1 / (2 * sqrt(b)), asin(sqrt(a / b)), asin(sqrt(target))
        else:
            error, place, aim = 1 / (2 * sqrt(b)), sqrt(a / b), sqrt(target)
        scores.append((place - aim) / error)
        errors.append(error)
    cut = round(1 / trim)
    marks = quantiles(scores, n=cut, method="inclusive")
    scores = [min(max(score, marks[0]), marks[-1]) for score in scores]
    n = len(scores)
    phi = sum(score**2 for score in scores) / n
    weights = [1 / error**2 for error in errors]
    left = sum(weights) - sum(w * w for w in weights) / sum(weights)
    surplus = n * phi - (n - 1)
    return phi, surplus / left if surplus > 0 and left > 0 else 0.0
