"""A drawn chart as dots: the very same drawing, for where SVG is not welcome."""

from __future__ import annotations

SCALE = 2.0  # sharp on today's screens and in print at half a page's width


def png(svg: str, *, scale: float = SCALE) -> bytes:
    """Turn a drawing into PNG on white: on a dark slide, grey words on nothing could not be read."""
    import vl_convert

    head, end, rest = svg.partition(">")
    return bytes(vl_convert.svg_to_png(f'{head}{end}<rect width="100%" height="100%" fill="#fff"/>{rest}', scale=scale))
