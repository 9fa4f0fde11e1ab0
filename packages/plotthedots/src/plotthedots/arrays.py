"""Names for the array types, and the sums that every chart needs."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
FlagArray = npt.NDArray[np.uint16]
FlagBits = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
Codes = npt.NDArray[np.uint8]
Signs = npt.NDArray[np.int8]
Days = npt.NDArray[np.datetime64]

# Above this many rows a plain running sum loses digits; below it, summing down the
# columns of a block is several times faster than turning the block round.
_LONG: Final = 4096
_BYTE_MAX: Final = 255


def column_sums(block: Floats) -> Floats:
    """Sum each column; long columns are summed pairwise, so ten million points stay exact to 1e-12."""
    if block.shape[0] > _LONG:
        return np.asarray(np.ascontiguousarray(block.T).sum(axis=1), dtype=np.float64)
    return np.asarray(np.add.reduce(block, axis=0), dtype=np.float64)


def column_counts(bits: Bits) -> Floats:
    """Count the set bits of each column, as floats because every use divides by them."""
    small = bits.shape[0] <= _BYTE_MAX  # bytes add 8 times faster and cannot overflow here
    dtype = np.uint8 if small else np.int64
    return np.asarray(np.add.reduce(bits.view(np.uint8), axis=0, dtype=dtype), dtype=np.float64)


def divide(top: Floats, bottom: Floats) -> Floats:
    """Divide, with 0/0 as "not known" (NaN) and no warning: nothing to average is an answer here."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(top / bottom, dtype=np.float64)


def mark(bits: FlagArray, where: Bits, bit: int) -> None:
    """Set one bit where asked; in one place because numpy will not take a Python flag as it is."""
    if where.any():
        bits[where] |= np.uint16(bit)
