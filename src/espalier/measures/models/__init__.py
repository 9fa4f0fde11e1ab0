"""Tables of this room."""

from espalier.measures.models.figures import Measure, Point, PointVersion, Series
from espalier.measures.models.posted import Posted

__all__ = ["Measure", "Point", "PointVersion", "Posted", "Series"]
