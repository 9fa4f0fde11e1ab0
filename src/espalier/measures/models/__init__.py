"""Tables of this room."""

from espalier.measures.models.figures import Measure, Point, PointVersion, Series

__all__ = ["Measure", "Point", "PointVersion", "Series"]
