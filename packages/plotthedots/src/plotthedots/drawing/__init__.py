"""Charts and icons as SVG."""

from __future__ import annotations

from plotthedots.drawing.draw import draw
from plotthedots.drawing.icons import icon
from plotthedots.drawing.theme import CSS

__all__ = ["CSS", "draw", "icon"]
