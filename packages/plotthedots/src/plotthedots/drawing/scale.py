"""From numbers to places on paper, and to words on an axis."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotthedots.arrays import Floats

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS: Final = 5
_FLAT: Final = 1e-10
_AIR: Final = 0.06  # of the height, kept free above and below


@dataclass(frozen=True)
class Unit:
    """How numbers are written: "%" shows proportions (0.95) as percentages (95%)."""

    suffix: str

    @property
    def factor(self) -> float:
        """What a value is multiplied by before it is written."""
        return 100.0 if self.suffix == "%" else 1.0

    def write(self, value: float, decimals: int) -> str:
        """Write a value with thousands commas and a real minus sign.

        >>> Unit("%").write(0.9512, 1), Unit("").write(-12345.6, 0)
        ('95.1%', '−12,346')
        """
        text = f"{value * self.factor:,.{decimals}f}{self.suffix}"
        return text.replace("-", "−", 1) if text.startswith("-") else text

    def scale(self, ticks: Sequence[float], decimals: int) -> list[str]:
        """Write the ticks of an axis; a unit that is a word stands at the top tick only.

        >>> Unit(" days").scale((5.0, 10.0), 0)
        ['5', '10 days']
        """
        bare = Unit("") if len(self.suffix) > 1 else self
        return [(self if tick == ticks[-1] else bare).write(tick, decimals) for tick in ticks]

    def brief(self, value: float) -> str:
        """Write a value with three or four meaningful digits, which is all a reader can use.

        >>> Unit("%").brief(0.9512), Unit("").brief(4.6923), Unit("").brief(16688.0)
        ('95.1%', '4.69', '16,688')
        """
        shown = abs(value * self.factor)
        if self.suffix == "%" or shown >= 10:
            return self.write(value, 0 if shown >= 1000 or float(shown).is_integer() else 1)
        if 0 < shown < 0.01:
            return f"{value * self.factor:.2g}{self.suffix}".replace("-", "−", 1)
        return self.write(value, 0 if float(shown).is_integer() else 2)


@dataclass(frozen=True)
class Axis:
    """The vertical axis: its ends, its ticks, and where they are drawn (top and bottom in user units)."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int
    top: float
    bottom: float

    def place(self, value: float) -> float:
        """Return the height at which a value is drawn."""
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)

    def places(self, values: Floats) -> list[float]:
        """Return the heights of many values at once."""
        scale = (self.bottom - self.top) / (self.high - self.low)
        heights: list[float] = (self.bottom - (values - self.low) * scale).tolist()
        return heights


def span(values: Floats, lines: Sequence[Floats], targets: Sequence[Floats], proportion: bool) -> tuple[float, float]:
    """Return the lowest and highest number to show, with some air.

    Where no value is negative the axis stops at nought, even if a limit lies below: nobody
    can fall minus two times. Proportions stop at one for the same reason. A target is always shown.
    """
    shown = np.concatenate([values, *lines, *targets])
    shown = shown[np.isfinite(shown)]
    if shown.size == 0:
        return 0.0, 1.0
    low, high = float(shown.min()), float(shown.max())
    # A level series, or one that differs in its tenth digit only, lies in the middle of its axis.
    flat = high - low <= max(_FLAT, abs(high) * _FLAT, abs(low) * _FLAT)
    air = max(abs(high) * 0.1, 0.05 if proportion else 0.5) if flat else (high - low) * _AIR
    must = np.concatenate([values, *targets])
    must = must[np.isfinite(must)]
    low = max(low - air, 0.0) if must.size and must.min() >= 0 else low - air
    high = min(high + air, 1.0) if proportion and must.size and must.max() <= 1 else high + air
    return low, high


def nice(low: float, high: float, unit: Unit, about: int = _TICKS) -> tuple[tuple[float, ...], int]:
    """Return round numbers between low and high, and the decimals needed to write them.

    >>> nice(0.61, 0.97, Unit("%"))
    ((0.7, 0.8, 0.9), 0)
    """
    width = (high - low) * unit.factor
    if not isfinite(width) or width <= 0:
        return (), 0
    rough = width / about
    power = 10.0 ** floor(log10(rough))
    step = next(each * power for each in _STEPS if each * power >= rough * 0.999)
    decimals = max(0, -floor(log10(step) + 1e-9)) + (1 if round(step / power, 6) == 2.5 else 0)
    decimals = decimals if step < 10 else 0
    first = int(np.ceil(low * unit.factor / step - 1e-9))
    last = int(np.floor(high * unit.factor / step + 1e-9))
    return tuple(round(each * step, 10) / unit.factor for each in range(first, last + 1)), decimals
