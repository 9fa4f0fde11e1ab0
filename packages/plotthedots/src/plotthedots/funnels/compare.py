"""Comparing units at one time: which differ from the target by more than their size explains?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from plotthedots.errors import BatchError, PlanError, choices
from plotthedots.funnels.dispersion import dispersion, kept, winsorised
from plotthedots.funnels.kinds import KINDS, LIMITS, SCALES, Kind, Limits, chi_squared, exact
from plotthedots.quantiles import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from plotthedots.arrays import Floats, Signs

Dispersion = Literal["none", "additive", "multiplicative"]
Extremes = Literal["winsorise", "truncate", "keep"]
LEVELS: Final = (0.95, 0.998)
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "kind": KINDS,
    "limits": LIMITS,
    "dispersion": ("none", "additive", "multiplicative"),
    "extremes": ("winsorise", "truncate", "keep"),
}
# FunnelPlotR writes the two normal quantiles with seven digits; to the letter means with these.
_SEVEN_DIGITS: Final = {0.95: 1.959964, 0.998: 3.090232}


@dataclass(frozen=True, eq=False)
class Funnel:
    """Hold a comparison of units.

    Per unit: values (NaN where nothing was at risk), lower and upper (levels, units), and beyond: 0 inside all
    limits, 1 above the first level's, 2 above the second's too; -1 and -2 below.
    For all: target, phi (1: chance alone explains the spread) and tau2 (spread between units, on the scale of the
    limits). Both are always estimated, and used only if `dispersion` says so.
    """

    numerators: Floats
    denominators: Floats
    values: Floats
    lower: Floats
    upper: Floats
    beyond: Signs
    target: float
    phi: float
    tau2: float
    kind: Kind
    limits: Limits
    dispersion: Dispersion
    levels: tuple[float, ...]

    @property
    def units(self) -> int:
        """How many units are compared, those without data included."""
        return self.values.size

    @property
    def overdispersed(self) -> bool:
        """Whether units spread by more than chance: phi is two standard errors or more above 1.

        Then limits without adjustment are too narrow and most units outside them are not unusual.
        """
        units = int((~np.isnan(self.values)).sum())
        return bool(units > 1 and self.phi > 1 + 2 * np.sqrt(2 / units))

    def limits_at(self, denominators: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return lower and upper limits (levels, sizes) for units of any size, to draw the funnel itself."""
        sizes = np.asarray(denominators, dtype=np.float64)
        lines = [self._level(sizes, level) for level in self.levels]
        return np.stack([low for low, _ in lines]), np.stack([high for _, high in lines])

    def _level(self, sizes: Floats, level: float) -> tuple[Floats, Floats]:
        out = np.full((2, sizes.size), np.nan)
        some = sizes > 0
        if not some.any():
            return out[0], out[1]
        tail = (1 - level) / 2
        adjusted = self._adjusted
        if self.limits == "exact":
            out[:, some] = exact(self.kind, self.target, sizes[some], tail)
        elif self.limits == "funnelplotr" and self.kind == "ratios" and not adjusted:
            out[:, some] = chi_squared(self.target, sizes[some], tail)
        else:
            out[:, some] = self._on_scale(sizes[some], tail, level)
        return out[0], out[1]

    @property
    def _adjusted(self) -> bool:
        if self.dispersion == "additive":
            return self.tau2 > 0
        return self.dispersion == "multiplicative" and self.phi > 1

    def _on_scale(self, sizes: Floats, tail: float, level: float) -> tuple[Floats, Floats]:
        scale = SCALES[self.kind, self.limits]
        errors = scale.error(self.target, sizes)
        if self.dispersion == "additive":
            errors = np.sqrt(errors**2 + self.tau2)
        elif self.dispersion == "multiplicative":
            errors = errors * np.sqrt(self.phi if self.phi > 1 else 1.0)
        z = _SEVEN_DIGITS.get(level) if self.limits == "funnelplotr" else None
        z = normal_quantile(1 - tail) if z is None else z
        centre = scale.to(np.asarray(self.target, dtype=np.float64))
        return scale.back(centre - z * errors), scale.back(centre + z * errors)


def funnel(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    *,
    kind: Kind,
    limits: Limits = "exact",
    dispersion: Dispersion = "none",
    target: float | None = None,
    levels: Sequence[float] = LEVELS,
    trim: float = 0.1,
    extremes: Extremes = "winsorise",
) -> Funnel:
    """Compare units, such as trusts in one year, by limits that follow their size.

    kind: "proportions" (cases out of people), "rates" (events per person, bed-day …) or "ratios" (observed over
        expected, whose target is 1).
    limits: "exact" (binomial or Poisson), "normal" (target plus and minus z standard errors), "transformed" (arcsine
        or square root; best with over-dispersion) or "funnelplotr" (FunnelPlotR 0.6.0 to the letter).
    dispersion: "none", "additive" (a spread between units, tau2) or "multiplicative" (errors times the root of phi).
    target: by default all cases over all denominators; 1 for ratios.
    levels: shares of chance variation inside the limits, widest last; 95 % and 99.8 % are two and three sigma.
    trim, extremes: before dispersion is estimated, that share of units at either end is pulled in ("winsorise"),
        left out ("truncate", as for mortality indicators) or kept.

    A unit without denominator has no value and no limits. Errors: `BatchError`, `PlanError`.

    >>> one = funnel([8, 20, 34, 0], [100, 100, 100, 0], kind="proportions", target=0.2)
    >>> one.beyond.tolist(), one.lower[0].round(4).tolist()
    ([-2, 0, 2, 0], [0.1197, 0.1197, 0.1197, nan])
    """
    _check_words({"kind": kind, "limits": limits, "dispersion": dispersion, "extremes": extremes})
    above, below = _checked(numerators, denominators, kind)
    some = (below > 0) & ~np.isnan(above)
    values = np.full(above.size, np.nan)
    np.divide(above, below, out=values, where=some)
    aim = _target(target, above[some], below[some], kind)
    phi, tau2 = _spread(above[some], below[some], aim, (kind, limits), (_trimmed(trim), extremes))
    out = Funnel(
        numerators=above,
        denominators=below,
        values=values,
        lower=np.empty(0),
        upper=np.empty(0),
        beyond=np.empty(0, dtype=np.int8),
        target=aim,
        phi=phi,
        tau2=tau2,
        kind=kind,
        limits=limits,
        dispersion=dispersion,
        levels=_levels(levels),
    )
    lower, upper = out.limits_at(np.where(some, below, np.nan))
    high, low = values > _above(upper), values < _below(lower)
    beyond = (high.sum(axis=0) - low.sum(axis=0)).astype(np.int8)
    return replace(out, lower=lower, upper=upper, beyond=beyond)


def _check_words(given: dict[str, str]) -> None:
    for name, word in given.items():
        if word not in _CHOICES[name]:
            message = f"There is no {name} called {word!r}. {choices(word, _CHOICES[name])}"
            raise PlanError(f"funnel-{name}", message)
    if given["limits"] == "exact" and given["dispersion"] != "none":
        message = (
            "Exact limits know only chance, so over-dispersion cannot be added to them."
            " Use limits='transformed' (or 'normal') with dispersion, or dispersion='none'."
        )
        raise PlanError("funnel-exact", message)


def _above(limit: Floats) -> Floats:
    """Return the limit and a last digit more: a value on a limit is not beyond it, however it was rounded."""
    return limit * (1 + 2.0**-44)


def _below(limit: Floats) -> Floats:
    return limit * (1 - 2.0**-44)


def _checked(numerators: npt.ArrayLike, denominators: npt.ArrayLike, kind: Kind) -> tuple[Floats, Floats]:
    above, below = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    if above.ndim != 1 or above.shape != below.shape:
        message = f"There are {above.size} numerators and {below.size} denominators. Give one of each for every unit, flat."
        raise BatchError("funnel-size", message)
    wrong = {
        "infinite": np.isinf(above) | np.isinf(below),
        "negative": (above < 0) | (below < 0),
        "not a proportion (more cases than people)": (above > below) & (kind == "proportions"),
    }
    for word, where in wrong.items():
        if where.any():
            at = int(np.flatnonzero(where)[0])
            message = f"Unit {at} counts {above[at]:g} out of {below[at]:g}, which is {word}. Use NaN where it is missing."
            raise BatchError("funnel-values", message)
    return above, below


def _target(target: float | None, above: Floats, below: Floats, kind: Kind) -> float:
    if target is not None:
        if not 0 <= target < np.inf or (kind == "proportions" and target > 1):
            message = f"The target is {target}, but {kind} are nought or more{' and at most 1' * (kind == 'proportions')}."
            raise PlanError("funnel-target", message)
        return float(target)
    if kind == "ratios":
        return 1.0
    return float(above.sum() / below.sum()) if below.size else float("nan")


def _trimmed(trim: float) -> float:
    if not 0 < trim < 0.5:
        message = f"trim is {trim}. Give the share of units at each end that is extreme: 0.1 is usual, below 0.5."
        raise PlanError("funnel-trim", message)
    return trim


def _levels(levels: Sequence[float]) -> tuple[float, ...]:
    out = tuple(float(level) for level in levels)
    if not out or list(out) != sorted(set(out)) or not 0 < out[0] <= out[-1] <= 0.9999:
        message = f"levels are {levels!r}. Give shares inside the limits, growing, such as (0.95, 0.998); at most 0.9999."
        raise PlanError("funnel-levels", message)
    return out


def _spread(above: Floats, below: Floats, target: float, how: tuple[Kind, Limits], trimming: tuple[float, Extremes]) -> tuple[float, float]:
    """Return phi and tau-squared of the units with data."""
    scale = SCALES[how]
    # Without units, or with a target of nought or one, there is no chance variation to compare with.
    if below.size == 0 or target == 0 or (how[0] == "proportions" and target == 1):
        return float("nan"), 0.0
    places, errors = scale.to(above / below), scale.error(target, below)
    if scale.score is not None:
        places, errors = scale.score(above, below)
    away = places - scale.to(np.asarray(target, dtype=np.float64))
    scores = away / errors
    trim, extremes = trimming
    if extremes == "winsorise":
        return dispersion(winsorised(scores, trim), errors)
    if extremes == "truncate":
        stay = kept(scores, trim)
        return dispersion(scores[stay], errors[stay])
    return dispersion(scores, errors)
