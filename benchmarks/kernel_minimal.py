"""The least anyone could do: limits and the four rules, eight series to a byte, and nothing else.

No missing points, no phases, no icons, no warnings, no flags per point: what is left is a floor. The kernel does all of
that and is measured against it.
"""

from __future__ import annotations

import numpy as np

BLOCK = 4000
SIDES = 2  # high, low


def judge(values):
    """Return centre, width and packed flags of equally long series (series, points), four rules by two sides.

    Flags: (rule, side, point, series / 8) for each block of 4,000: outside, two of three, shift, trend.
    """
    centres, widths, flags = [], [], []
    room = np.empty((8, values.shape[1], BLOCK), dtype=bool)
    for first in range(0, len(values), BLOCK):
        centre, width, found = block(values[first : first + BLOCK], room)
        centres.append(centre)
        widths.append(width)
        flags.append(found)
    return np.concatenate(centres), np.concatenate(widths), flags


def block(values, room):
    """Judge one block."""
    x = np.ascontiguousarray(values.T)
    points, series = x.shape
    centre = np.add.reduce(x, axis=0) / points
    step = x[1:] - x[:-1]
    bits = room[:, :, :series]
    np.greater(step, 0, out=bits[6, :-1])
    np.less(step, 0, out=bits[7, :-1])
    np.abs(step, out=step)
    mean = np.add.reduce(step, axis=0) / (points - 1)
    keep = step < 3.267 * mean
    step *= keep
    count = np.add.reduce(keep.view(np.uint8), axis=0)
    width = 2.66 * np.add.reduce(step, axis=0) / count
    two = width * (2 / 3)
    np.greater(x, centre, out=bits[0])
    np.less(x, centre, out=bits[1])
    np.greater(x, centre + width, out=bits[2])
    np.less(x, centre - width, out=bits[3])
    np.greater(x, centre + two, out=bits[4])
    np.less(x, centre - two, out=bits[5])
    bits[6:, -1] = False
    packed = np.packbits(bits, axis=2).reshape(4, SIDES, points, -1)
    return centre, width, rules(packed, points)


def rules(packed, points):
    """Find the four rules on bits."""
    side, outside, beyond, step = packed
    found = np.zeros_like(packed)
    found[0] = outside
    one, two, three = beyond[:, :-2], beyond[:, 1:-1], beyond[:, 2:]
    windows = (one & two) | (three & (one | two))
    windows &= side[:, :-2] & side[:, 1:-1] & side[:, 2:]
    found[1] = spread(windows, 3, points) & beyond
    found[2] = spread(starts(side, 7), 7, points)
    found[3] = spread(starts(step[:, :-1], 6), 7, points)
    return found


def starts(bits, length):
    """Return where so many set points in a row begin."""
    have = 1
    while have < length:
        more = min(have, length - have)
        bits = bits[:, :-more] & bits[:, more:]
        have += more
    return bits


def spread(begin, length, points):
    """Return the points of those runs."""
    out = np.zeros((begin.shape[0], points, begin.shape[2]), dtype=np.uint8)
    out[:, : begin.shape[1]] = begin
    have = 1
    while have < length:
        more = min(have, length - have)
        out[:, more:] |= out[:, :-more]
        have += more
    return out


def unpacked(flags, series):
    """Return the flags as the kernel writes them: one number per point, series after series."""
    out = []
    for found in flags:
        some = min(BLOCK, series - sum(len(each) for each in out))
        bits = np.unpackbits(found, axis=3, count=some)  # (rule, side, point, series)
        order = (0, 1, 2, 3)  # outside, two of three, shift, trend: the bits of plotthedots.Flag, high before low
        number = sum(bits[rule, side].astype(np.uint16) << (2 * rule + side) for rule in order for side in range(SIDES))
        out.append(number.T)
    return np.concatenate(out)
