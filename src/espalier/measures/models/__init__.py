"""Tables of this room."""

from espalier.measures.models.figures import Measure, Point, PointVersion, Series
from espalier.measures.models.marks import Mark, MarkVersion

__all__ = ["Mark", "MarkVersion", "Measure", "Point", "PointVersion", "Series"]
