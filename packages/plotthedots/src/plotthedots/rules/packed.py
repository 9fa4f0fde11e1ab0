"""Eight series to a byte: yes-or-no answers packed along the series, and turned into one byte of flags per point.

Rules are ANDs and ORs; on packed answers each of them costs an eighth. Time still runs down the rows, so a run is still
an AND of two slices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotthedots.arrays import Bits, FlagBits
    from plotthedots.codes import Flag

Packed = npt.NDArray[np.uint8]
# Turning an 8 by 8 square of bits round, in three swaps of ever larger squares.
# Source: Warren, Hacker's Delight, 7-3.
_SWAPS: Final = tuple(
    (np.uint64(step), np.uint64(mask))
    for step, mask in ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0))
)
_BYTE: Final = 8


def pack(bits: Bits) -> Packed:
    """Pack each row: series 0 is the lowest bit of the first byte; what is left over of the last byte is unset.

    >>> pack(np.array([[True, False, True]])).tolist()
    [[5]]
    """
    return np.packbits(bits, axis=1, bitorder="little")


def unpack(packed: Packed, series: int) -> Bits:
    """Undo `pack`."""
    bits: Bits = np.unpackbits(packed, axis=1, bitorder="little", count=series).view(np.bool_)
    return bits


def flags_of(found: Mapping[Flag, Packed], rows: int, series: int) -> FlagBits:
    """Put each answer in its own bit of its point; bytes where those suffice, as for most rule sets they do.

    >>> from plotthedots.codes import Flag
    >>> flags_of({Flag.OUTSIDE_LOW: pack(np.array([[False, True]]))}, 1, 2).tolist()
    [[0, 2]]
    """
    low = _gathered({_place(flag): bits for flag, bits in found.items() if _place(flag) < _BYTE}, rows, series)
    high = {_place(flag) - _BYTE: bits for flag, bits in found.items() if _place(flag) >= _BYTE}
    if not high:
        return low
    wide = _gathered(high, rows, series).astype(np.uint16)
    wide <<= np.uint16(_BYTE)
    wide |= low
    return wide


def _place(flag: Flag) -> int:
    return int(flag).bit_length() - 1


def _gathered(found: Mapping[int, Packed], rows: int, series: int) -> Packed:
    """Lay the eight answers of eight series side by side as one number, and turn that square of bits round."""
    squares = np.empty((rows, -(-series // _BYTE), _BYTE), dtype=np.uint8)
    for place in range(_BYTE):
        squares[:, :, place] = found.get(place, 0)
    numbers = squares.view("<u8")
    spare = np.empty_like(numbers)
    for step, mask in _SWAPS:
        np.right_shift(numbers, step, out=spare)
        spare ^= numbers
        spare &= mask
        numbers ^= spare
        spare <<= step
        numbers ^= spare
    return squares.reshape(rows, -1)[:, :series]
