"""Over-dispersion: units differ by more than chance even when nobody is unusual.

Large hospitals make limits so narrow that nearly all lie outside; then the limits are wrong, not the hospitals.
Two remedies: phi stretches the limits by one factor, tau-squared adds a spread between units.
Source: Spiegelhalter (2005), Statistics in Medicine 24, 1185; Spiegelhalter et al. (2012), JRSS A 175, 1; DerSimonian and
Laird (1986), Controlled Clinical Trials 7, 177.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from plotthedots.arrays import Bits, Floats


def winsorised(scores: Floats, trim: float) -> Floats:
    """Pull the most extreme scores in to the quantile at `trim` on either side.

    The few units that really are unusual must not widen the limits by which they are judged.

    >>> winsorised(np.array([-50.0, -1.0, 0.0, 1.0, 2.0, 60.0]), 0.2).tolist()
    [-1.0, -1.0, 0.0, 1.0, 2.0, 2.0]
    """
    low, high = np.quantile(scores, [trim, 1 - trim])
    return np.clip(scores, low, high)


def kept(scores: Floats, trim: float) -> Bits:
    """Return which scores stay when the share `trim` at either end is left out, ties ranked by their average.

    >>> kept(np.arange(10.0), 0.1).sum().item()
    8
    """
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(scores.size)
    ranks[order] = np.arange(1, scores.size + 1)
    _, owner, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.bincount(owner, weights=ranks) / counts)[owner]
    groups = 1 / trim
    group = np.floor(ranks * groups / (scores.size + 1))
    return np.asarray((group > 0) & (group < groups - 1), dtype=np.bool_)


def dispersion(scores: Floats, errors: Floats) -> tuple[float, float]:
    """Return phi (1: chance alone) and tau-squared (0: no spread between units) from trimmed scores.

    phi is the mean squared score. tau-squared is what must be added to each squared error so that phi would be 1.
    """
    units = scores.size
    if units < 2:
        return float("nan"), 0.0
    phi = float((scores**2).sum() / units)
    weights = 1 / errors**2
    left = weights.sum() - (weights**2).sum() / weights.sum()
    surplus = units * phi - (units - 1)
    return phi, float(surplus / left) if surplus > 0 and left > 0 else 0.0
