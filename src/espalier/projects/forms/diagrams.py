"""What somebody wants done with a picture, read from what their browser sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.commas import without_commas
from espalier.projects.rules.diagrams import DOWN, IN, OUT, UP, Spot, UnableToDraw

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS = (UP, DOWN, IN, OUT)
LONGEST_NUMBER = 18
BELOW, AFTER, END = "below", "after", "end"


@dataclass(frozen=True, slots=True)
class Asked:
    """One change. words, amount, waits and state are as typed; seen is what stood on the page."""

    do: str
    box: int | None
    seen: str
    words: str
    amount: str
    waits: str
    state: str
    spot: Spot
    project: int | None
    kind: str
    title: str

    @property
    def version(self) -> int:
        """The version of the box that stood on the page; 0, which no box has, where none was sent."""
        return int(self.seen) if re.fullmatch(r"\d{1,9}", self.seen) else 0


@dataclass(frozen=True, slots=True)
class Opened:
    """What of a picture stands open for changes: a box, and where a new one is to be typed."""

    box: int | None = None
    add: str = ""


def asked(posted: Mapping[str, str]) -> Asked:
    """Read a change."""
    got = {name: posted.get(name, "") for name in ("do", "seen", "words", "amount", "waits", "state", "kind", "title")}
    return Asked(
        box=whole(posted, "box"), spot=Spot(whole(posted, "parent"), whole(posted, "after")), project=whole(posted, "project"), **got
    )


def opened(address: Mapping[str, str]) -> Opened:
    """Read which box an address opens."""
    add = address.get("add", "")
    return Opened(whole(address, "box"), add if add in {BELOW, AFTER, END} else "")


def whole(given: Mapping[str, str], name: str) -> int | None:
    """Return a number of an address or a form; anything else is none."""
    text = given.get(name, "")
    return int(text) if re.fullmatch(rf"[0-9]{{1,{LONGEST_NUMBER}}}", text) else None


def number(typed: str, *, what: str) -> float | None:
    """Return a number as somebody typed it; nothing typed is none."""
    text = without_commas(typed.replace(" ", ""))
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise UnableToDraw(f"{what} must be a number, like 12.", to_do="Write digits only.", code="number") from None
