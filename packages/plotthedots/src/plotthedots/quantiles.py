"""Tail probabilities and quantiles of the binomial, Poisson, gamma and F distributions, in plain numpy.

Here because the package needs numpy and nothing else. Every tail is its largest term times a sum of ratios, and the
largest term comes from Loader's saddle-point form, so that a trust with a million patients is as exact (1e-12)
as a ward with ten; through factorials it would lose six digits.

Sources: Loader (2000), Fast and accurate computation of binomial probabilities. Spiegelhalter (2005), Statistics in
Medicine 24, 1185, appendix A.1: quantiles of counts that do not jump.

>>> binomial_quantile(np.array([10.0]), 0.5, 0.975).round(6).item()  # between 7 and 8
7.675556
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.arrays import Bits, Floats

_CHUNK: Final = 64
_ENOUGH: Final = 1e-17  # of the sum so far: further terms change no digit
_MANY_CHUNKS: Final = 4000
_STEPS: Final = 10_000  # an honest start needs two or three
_NEWTON: Final = 60
# Stirling's series for log n!, enough for 1e-16 from 15 on (Abramowitz and Stegun 6.1.41).
_STIRLING: Final = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_SMALL: Final = 15.0
_log_gamma = np.frompyfunc(math.lgamma, 1, 1)


def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile.

    >>> round(normal_quantile(0.975), 12)
    1.95996398454
    """
    return NormalDist().inv_cdf(probability)


def normal_tail(z: Floats) -> Floats:
    """Return the probability above z; exact far out too, where 1 minus the rest would be nought.

    >>> round(normal_tail(np.array([3.0])).item(), 10)
    0.001349898
    """
    return np.asarray(_erfc(np.asarray(z, dtype=np.float64) / math.sqrt(2)), dtype=np.float64) / 2


_erfc = np.frompyfunc(math.erfc, 1, 1)


def poisson_density(count: Floats, mean: Floats) -> Floats:
    """Return mean^count e^-mean / count!, for whole and other counts from nought on."""
    safe = np.where(count > 0, count, 1.0)
    log = -_stirling_error(safe) - _deviance(safe, mean)
    return np.where(count > 0, np.exp(log) / np.sqrt(2 * np.pi * safe), np.exp(-mean))


def binomial_density(count: Floats, size: Floats, chance: float) -> Floats:
    """Return the probability of so many out of size."""
    inside = (count > 0) & (count < size)
    some = np.where(inside, count, 1.0)
    rest = np.where(inside, size - count, 1.0)
    both = np.where(inside, size, 2.0)
    log = _stirling_error(both) - _stirling_error(some) - _stirling_error(rest)
    log = log - _deviance(some, both * chance) - _deviance(rest, both * (1 - chance))
    middle = np.exp(log) * np.sqrt(both / (2 * np.pi * some * rest))
    none = np.exp(size * math.log1p(-chance))
    every = np.exp(size * math.log(chance))
    return np.where(inside, middle, np.where(count == 0, none, np.where(count == size, every, 0.0)))


def poisson_quantile(mean: Floats, probability: float) -> Floats:
    """Return the interpolated quantile of a count with these means; never below nought.

    >>> poisson_quantile(np.array([4.0]), 0.5).round(6).item()
    3.340538
    """
    counted = _Counted(
        mean,
        np.full(mean.shape, np.inf),
        lambda count: poisson_density(count, mean),
        lambda count, step: (count - step + 1) / mean[..., None],
        lambda count, step: mean[..., None] / (count + step),
    )
    return _interpolated(counted, _cornish_fisher(mean, np.sqrt(mean), 1 / np.sqrt(mean), probability), probability)


def binomial_quantile(size: Floats, chance: float, probability: float) -> Floats:
    """Return the interpolated quantile of a count out of these sizes; between nought and size."""
    spread = np.sqrt(size * chance * (1 - chance))
    start = _cornish_fisher(size * chance, spread, (1 - 2 * chance) / spread, probability)
    odds = chance / (1 - chance)
    sizes = size[..., None]
    counted = _Counted(
        size * chance,
        np.floor(size),
        lambda count: binomial_density(count, size, chance),
        lambda count, step: (count - step + 1) / (sizes - count + step) / odds,
        lambda count, step: (sizes - count - step + 1) / (count + step) * odds,
    )
    return _interpolated(counted, start, probability)


def gamma_quantile(shape: Floats, probability: float) -> Floats:
    """Return the quantile of a gamma distribution with scale 1; half of a chi-squared one with twice the shape.

    >>> round(2 * gamma_quantile(np.array([2.5]), 0.95).item(), 6)  # chi-squared, 5 degrees
    11.070498
    """
    # Wilson and Hilferty: the cube root of a gamma is nearly normal.
    ninth = 1 / (9 * shape)
    start = shape * (1 - ninth + normal_quantile(probability) * np.sqrt(ninth)) ** 3
    small = np.exp((np.log(probability) + np.asarray(_log_gamma(shape + 1), dtype=np.float64)) / shape)
    x = np.where((start > 0) & (shape > 0.5), start, np.minimum(small, shape + 1))
    for _ in range(_NEWTON):
        off = gamma_below(shape, x) - probability
        slope = poisson_density(shape, x) * shape / x
        step = off / slope
        # Halley's third order: two rounds usually suffice.
        step /= np.maximum(1 - step * ((shape - 1) / x - 1) / 2, 0.5)
        x = np.maximum(x - step, x / 10)
        if (np.abs(step) <= 1e-15 * x).all():
            break
    return x


def gamma_below(shape: Floats, x: Floats) -> Floats:
    """Return the probability below x of a gamma distribution with scale 1."""
    return poisson_density(shape, x) * _ratio_sum(lambda step: x[..., None] / (shape[..., None] + step), x.shape)


def f_tail(f: Floats, above: Floats, below: Floats) -> Floats:
    """Return the probability that an F ratio with these degrees of freedom exceeds f.

    >>> f_tail(np.array([4.0]), np.array([2.0]), np.array([10.0])).round(6).item()
    0.052922
    """
    x = below / (below + above * np.where(np.isfinite(f), f, 0.0))
    a, b = below / 2, above / 2
    turn = x > (a + 1) / (a + b + 2)  # sum from the side on which the ratios fall quickly
    p, q = np.where(turn, b, a), np.where(turn, a, b)
    y = np.where(turn, 1 - x, x)
    log = np.asarray(_log_gamma(p + q) - _log_gamma(p + 1) - _log_gamma(q), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.exp(log + p * np.log(y) + q * np.log1p(-y))
        first = np.where(y <= 0, 0.0, first)
    total = first * _ratio_sum(lambda k: (p + q)[..., None] + k - 1, y.shape, lambda k: p[..., None] + k, y)
    return np.where(np.isnan(f), np.nan, np.clip(np.where(turn, 1 - total, total), 0, 1))


def _ratio_sum(
    above: Callable[[Floats], Floats],
    shape: tuple[int, ...],
    below: Callable[[Floats], Floats] | None = None,
    times: Floats | None = None,
) -> Floats:
    """Return 1 + r1 + r1 r2 + …, with r(k) = above(k) / below(k) times `times`, until no digit changes."""
    total, carry = np.ones(shape), np.ones(shape)
    for chunk in range(_MANY_CHUNKS):
        step = np.arange(1, _CHUNK + 1, dtype=np.float64) + chunk * _CHUNK
        ratio = above(step)
        if below is not None:
            ratio = ratio / below(step)
        if times is not None:
            ratio = ratio * times[..., None]
        terms = carry[..., None] * np.cumprod(np.maximum(ratio, 0.0), axis=-1)
        total = total + terms.sum(axis=-1)
        carry = terms[..., -1]
        if not (carry > _ENOUGH * total).any():
            break
    return total


@dataclass(frozen=True)
class _Counted:
    """A distribution of whole numbers: its means, largest values and probabilities, and the ratio of each
    probability to its neighbour's, so many steps down or up from a count.
    """

    mean: Floats
    most: Floats
    density: Callable[[Floats], Floats]
    down: Callable[[Floats, Floats], Floats]
    up: Callable[[Floats, Floats], Floats]


def _interpolated(counted: _Counted, start: Floats, probability: float) -> Floats:
    """Return r - (P(R <= r) - p) / P(R = r), r being the least count whose cumulative probability reaches p."""
    most, density = counted.most, counted.density
    count = first = np.clip(np.floor(start), 0, most)
    at = density(count)
    lower = at * _ratio_sum(lambda step: counted.down(first[..., None], step), first.shape)
    upper = at * (_ratio_sum(lambda step: counted.up(first[..., None], step), first.shape) - 1)
    below = np.where(count <= counted.mean, lower, 1 - upper)
    for _ in range(_STEPS):
        low: Bits = (below < probability) & (count < most)
        high: Bits = (below - at >= probability) & (count > 0) & ~low
        if not (low | high).any():
            break
        below = np.where(high, below - at, below)
        count = count + low - high
        at = density(count)
        below = np.where(low, below + at, below)
    return np.clip(count - (below - probability) / at, 0, most)


def _cornish_fisher(mean: Floats, spread: Floats, skew: Floats, probability: float) -> Floats:
    z = normal_quantile(probability)
    return mean + spread * (z + skew * (z * z - 1) / 6)


def _stirling_error(n: Floats) -> Floats:
    """Return log n! minus Stirling's formula for it."""
    large = np.maximum(n, _SMALL)
    square = 1 / (large * large)
    series = np.zeros_like(large)
    for term in reversed(_STIRLING):
        series = series * square + term
    series = series / large
    if (n >= _SMALL).all():
        return series
    small = np.where(n < _SMALL, n, 1.0)
    exact = np.asarray(_log_gamma(small + 1), dtype=np.float64)
    exact = exact - (small + 0.5) * np.log(small) + small - 0.5 * math.log(2 * math.pi)
    return np.where(n < _SMALL, exact, series)


def _deviance(x: Floats, mean: Floats) -> Floats:
    """Return x log(x / mean) + mean - x, without losing digits where x is close to the mean."""
    v = (x - mean) / (x + mean)
    total = (x - mean) * v
    term = 2 * x * v
    square = v * v
    for odd in range(3, 41, 2):
        term = term * square
        total = total + term / odd
    with np.errstate(divide="ignore"):
        far = x * np.log(x / mean) + mean - x
    return np.where(np.abs(v) < 0.1, total, far)
