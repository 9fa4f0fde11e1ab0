"""What somebody wants done with a picture, read from what their browser sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms

from espalier.common.commas import without_commas
from espalier.projects.rules.diagrams import DOWN, IN, OUT, UP, Spot, UnableToDraw, tidied
from espalier.ui.not_a_person import TICK, NotAPerson

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS = (UP, DOWN, IN, OUT)
LONGEST_NUMBER = 18
BELOW, AFTER, END = "below", "after", "end"
# The places of a picture's page where words are typed: what the id of such a field begins with.
BOX, UNDER, NEW = "", "below-", "new-"


@dataclass(frozen=True, slots=True)
class Asked:
    """One change. words, amount, waits and state are as typed; seen is what stood on the page; beside, whether it came from there."""

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
    beside: str = ""
    ticked: str = ""

    @property
    def place(self) -> str:
        """Where on the page of a picture its words were typed."""
        if self.do != "add":
            return BOX
        return NEW if self.beside or self.box is None else UNDER

    @property
    def add(self) -> str:
        """Where the new box was to be typed, so that what was refused is shown there again."""
        if self.do != "add" or not self.beside:
            return ""
        return BELOW if self.spot.parent == self.box else AFTER

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
    got = {name: posted.get(name, "") for name in ("do", "seen", "words", "amount", "waits", "state", "kind", "title", "beside")}
    spot = Spot(whole(posted, "parent"), whole(posted, "after"))
    return Asked(box=whole(posted, "box"), spot=spot, project=whole(posted, "project"), ticked=posted.get(TICK, ""), **got)


class BoxWords(NotAPerson, forms.Form):
    """The words of a picture, looked at as they would be kept. Where they are missing or too long is said by whoever keeps them."""

    title = forms.CharField(required=False, label="What it is about")
    words = forms.CharField(required=False, label="")  # each place of a page calls it otherwise


def looked_at(asked: Asked, *, ids: str = "%s", called: str = "") -> BoxWords:
    """Look at the words that were sent; ids and called say how the page names the fields they were typed in."""
    looks = BoxWords({"title": tidied(asked.title), "words": tidied(asked.words), TICK: asked.ticked}, auto_id=ids)
    looks.fields["words"].label = called
    return looks


def places(sent: BoxWords | None = None, at: str = "") -> dict[str, BoxWords]:
    """Return for each place of a picture's page what looks at its words: with what was sent there, or with nothing."""
    empty = {place: BoxWords(auto_id=f"{place}%s") for place in (BOX, UNDER, NEW)}
    return empty if sent is None else empty | {at: sent}


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
