"""What is compared, and on which scale: proportions, rates and ratios, and four kinds of limits for each.

A scale is where a unit's distance from the target is measured in standard errors, and where
over-dispersion is added: the plain scale, the arcsine or square root (which make the spread the same everywhere),
or the logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from plotthedots.quantiles import binomial_quantile, gamma_quantile, poisson_quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotthedots.arrays import Floats

Kind = Literal["proportions", "rates", "ratios"]
Limits = Literal["exact", "normal", "transformed", "funnelplotr"]
KINDS: Final = ("proportions", "rates", "ratios")
LIMITS: Final = ("exact", "normal", "transformed", "funnelplotr")


@dataclass(frozen=True)
class Scale:
    """One scale of measurement.

    to and back change values to the scale and back (back keeps to what is possible); error gives the
    standard error on the scale by target and denominators; score, where it differs, the value and error of each
    unit by numerators and denominators.
    """

    to: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    error: Callable[[float, Floats], Floats]
    score: Callable[[Floats, Floats], tuple[Floats, Floats]] | None = None


def _log(values: Floats) -> Floats:
    with np.errstate(divide="ignore"):  # nought events: minus infinity, which trimming takes care of
        return np.log(values)


def _half(target: float, below: Floats) -> Floats:
    """Return the error of an arcsine or a square root: it depends on the size alone."""
    del target
    return 1 / (2 * np.sqrt(below))


def _ratio_of_counts(above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """Return log ratio and error of two counts that both vary, half a case added to each."""
    error = np.sqrt(above / (above + 0.5) ** 2 + below / (below + 0.5) ** 2)
    return np.log((above + 0.5) / (below + 0.5)), error


def _sine(angle: Floats) -> Floats:
    return np.sin(np.clip(angle, 0.0, np.pi / 2)) ** 2


_PLAIN_SHARE: Final = Scale(lambda x: x, lambda x: np.clip(x, 0.0, 1.0), lambda target, n: np.sqrt(target * (1 - target) / n))
_PLAIN_RATE: Final = Scale(lambda x: x, lambda x: np.maximum(x, 0.0), lambda target, n: np.sqrt(target / n))
_ARCSINE: Final = Scale(lambda x: np.arcsin(np.sqrt(x)), _sine, _half)
_ROOT: Final = Scale(np.sqrt, lambda x: np.maximum(x, 0.0) ** 2, _half)
_LOG_RATIO: Final = Scale(_log, np.exp, lambda _, n: 1 / np.sqrt(n))
_LOG_COUNTS: Final = Scale(_log, np.exp, _half, _ratio_of_counts)

SCALES: Final[dict[tuple[str, str], Scale]] = {
    ("proportions", "exact"): _PLAIN_SHARE,
    ("proportions", "normal"): _PLAIN_SHARE,
    ("proportions", "transformed"): _ARCSINE,
    ("proportions", "funnelplotr"): _ARCSINE,
    ("rates", "exact"): _PLAIN_RATE,
    ("rates", "normal"): _PLAIN_RATE,
    ("rates", "transformed"): _ROOT,
    ("rates", "funnelplotr"): _LOG_COUNTS,
    ("ratios", "exact"): _PLAIN_RATE,
    ("ratios", "normal"): _PLAIN_RATE,
    ("ratios", "transformed"): _ROOT,
    ("ratios", "funnelplotr"): _LOG_RATIO,
}


def exact(kind: str, target: float, below: Floats, tail: float) -> tuple[Floats, Floats]:
    """Return limits that leave `tail` on either side by the binomial or Poisson distribution, interpolated.

    Source: Spiegelhalter (2005), Statistics in Medicine 24, 1185, appendix A.1.
    """
    if target == 0 or (kind == "proportions" and target == 1):
        level = np.full(below.shape, float(target))
        return level, level
    if kind == "proportions":
        return (
            binomial_quantile(below, target, tail) / below,
            binomial_quantile(below, target, 1 - tail) / below,
        )
    return (
        poisson_quantile(target * below, tail) / below,
        poisson_quantile(target * below, 1 - tail) / below,
    )


def chi_squared(target: float, below: Floats, tail: float) -> tuple[Floats, Floats]:
    """Return the exact confidence limits of a count equal to its expectation, over that expectation.

    What the summary hospital-level mortality indicator and FunnelPlotR draw for standardised ratios; a little
    wider than `exact`, because it asks which means could give this count and not which counts this mean gives.
    """
    lower = target * gamma_quantile(below, tail) / below
    return lower, target * gamma_quantile(below + 1, 1 - tail) / below
