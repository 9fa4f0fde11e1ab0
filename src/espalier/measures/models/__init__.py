"""Tables of this room."""

from espalier.measures.models.definitions import MeasureUse, MeasureVersion
from espalier.measures.models.figures import Measure, Point, PointVersion, Series

__all__ = ["Measure", "MeasureUse", "MeasureVersion", "Point", "PointVersion", "Series"]
