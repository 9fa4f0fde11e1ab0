"""What people read when a call cannot work: what happened, where, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class PlotTheDotsError(ValueError):
    """Base of every error raised here; `code` is stable, the words may improve."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the words, so programs never have to read the words."""
        super().__init__(message)
        self.code = code


class BatchError(PlotTheDotsError):
    """The numbers handed in do not make series."""


class PlanError(PlotTheDotsError):
    """The plan asks for something that does not exist or does not fit the batch."""


class DrawError(PlotTheDotsError):
    """The chart asked for cannot be drawn."""


def choices(word: object, known: Iterable[str]) -> str:
    """Say which words are known, with the nearest first when one is near: "Did you mean …?"."""
    from difflib import get_close_matches

    names = sorted(known)
    near = get_close_matches(str(word).lower(), names, n=1, cutoff=0.5)
    guess = f"Did you mean {near[0]!r}? " if near else ""
    return f"{guess}Known: {', '.join(map(repr, names))}."
