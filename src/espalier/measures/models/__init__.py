"""Tables of this room."""

from espalier.measures.models.figures import Measure, Point, PointVersion, Series
from espalier.measures.models.following import Digest, Follow, LastLook, SavedView

__all__ = ["Digest", "Follow", "LastLook", "Measure", "Point", "PointVersion", "SavedView", "Series"]
