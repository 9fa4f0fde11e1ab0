"""Measures, series and figures for programs."""

from espalier.measures.api import points, reading
from espalier.measures.api.points import NotAcceptable
from espalier.measures.api.shapes import router

__all__ = ["NotAcceptable", "points", "reading", "router"]
