"""Tables of this room."""

from espalier.measures.models.definitions import MeasureUse, MeasureVersion
from espalier.measures.models.figures import Measure, Point, PointVersion, Series
from espalier.measures.models.following import Digest, Follow, LastLook, SavedView
from espalier.measures.models.marks import Mark, MarkVersion
from espalier.measures.models.posted import Posted
from espalier.measures.models.sums import SumCoverage, SumDue

__all__ = [
    "Digest",
    "Follow",
    "LastLook",
    "Mark",
    "MarkVersion",
    "Measure",
    "MeasureUse",
    "MeasureVersion",
    "Point",
    "PointVersion",
    "Posted",
    "SavedView",
    "Series",
    "SumCoverage",
    "SumDue",
]
