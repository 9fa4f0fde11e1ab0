"""Tables of this room."""

from espalier.measures.models.figures import Measure, Point, PointVersion, Series
from espalier.measures.models.sums import SumCoverage, SumDue

__all__ = ["Measure", "Point", "PointVersion", "Series", "SumCoverage", "SumDue"]
