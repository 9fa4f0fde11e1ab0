"""Turn the framework into what its pages show: words, anchors and the picture.

The picture shows no data, so it is drawn here and not by the chart engine. It repeats the outline below it and adds
nothing; on a small screen the page leaves it out.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from espalier.framework.rules import Kind
from espalier.ui.filters import period

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from espalier.framework.rules import Edition, Entry, Fact, Line, Source, WorksHere

# What one line of each kind is called on pages; {n} is the number in its code.
NAMES = {
    Kind.AIM: "Aim",
    Kind.GAP: "Gap {n}",
    Kind.CAPABILITY: "Capability {n}",
    Kind.CONDITION: "Condition {n}",
    Kind.ACTION: "Action {n}",
    Kind.PLEDGE: "Promise {n} of the national bodies",
    Kind.LEVEL: "Who acts",
    Kind.TERM: "Word",
    Kind.INDICATION: "How we would look for progress",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How sure we are of a wording: "checked", "unchecked" or "ours", with the words that say so."""

    code: str
    short: str
    words: str


CHECKED = Mark("checked", "wording checked", "We checked this wording in the source named here.")
UNCHECKED = Mark("unchecked", "wording not checked", "We have not been able to check this wording.")
GUESS = Mark("unchecked", "wording not checked", "We have not been able to check this wording, and it may be far off.")
OURS = Mark("ours", "our own reading", "This is our own reading. It is not part of the framework.")


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the framework as a page shows it."""

    code: str
    name: str
    title: str
    help: str
    text: str
    who: str
    note: str
    mark: Mark
    sources: tuple[Source, ...]
    href: str
    line: Line | None = None
    below: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text in the picture."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the picture; a broken frame, and not a colour, tells that a wording was not checked."""

    x: int
    y: int
    width: int
    height: int
    lines: tuple[Words, ...]
    checked: bool

    @property
    def middle(self) -> int:
        """Where arrows meet the box."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Picture:
    """The aim, what it needs, and what brings that about, as boxes and arrows."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrameworkPage:
    """Everything on /framework/."""

    title: str
    full_title: str
    origin: str
    status: str
    mark: Mark
    sources: tuple[Source, ...]
    aim: Shown
    capabilities: tuple[Shown, ...]
    conditions: tuple[Shown, ...]
    asks: tuple[Line, ...]
    working: int
    others: tuple[tuple[str, tuple[Shown, ...]], ...]
    about: tuple[tuple[Fact, Mark], ...]
    unknown: tuple[str, ...]
    picture: Picture


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Everything on the page of one line."""

    shown: Shown
    parent: Shown | None
    actions: tuple[Shown, ...]
    indications: tuple[Shown, ...]
    before: Shown | None
    after: Shown | None


def framework_page(edition: Edition, works: WorksHere) -> FrameworkPage:
    """Build the page of the whole framework."""
    conditions = tuple(
        replace(_shown(c, works), below=_all(edition.of_kind(Kind.ACTION, under=c.code), works)) for c in edition.of_kind(Kind.CONDITION)
    )
    aim = _shown(edition.of_kind(Kind.AIM)[0], works)
    return FrameworkPage(
        title=edition.short_title,
        full_title=edition.title,
        origin=f"{edition.author}. Published by {edition.publisher}, {_month(edition.published)}.",
        status=edition.status,
        mark=CHECKED if edition.verified else UNCHECKED,
        sources=edition.sources,
        aim=aim,
        capabilities=_all(edition.of_kind(Kind.CAPABILITY), works),
        conditions=conditions,
        asks=works.asks,
        working=sum(line.works for line in works.asks),
        others=tuple((heading, _all(edition.of_kind(kind), works)) for heading, kind in OTHER_PARTS),
        about=tuple((fact, CHECKED if fact.verified else UNCHECKED) for fact in edition.about),
        unknown=edition.unknown,
        picture=draw(aim, conditions),
    )


OTHER_PARTS = (
    ("The gaps it wants to close", Kind.GAP),
    ("Promises of the national bodies", Kind.PLEDGE),
    ("Who acts where", Kind.LEVEL),
    ("How we would look for progress", Kind.INDICATION),
    ("Words", Kind.TERM),
)


def entry_page(edition: Edition, works: WorksHere, entry: Entry) -> EntryPage:
    """Build the page of one line, with its neighbours of the same kind."""
    same = edition.of_kind(entry.kind)
    place = same.index(entry)
    parent = edition.entry(entry.under) if entry.under else None
    return EntryPage(
        shown=_shown(entry, works),
        parent=_shown(parent, works) if parent else None,
        actions=_all(edition.of_kind(Kind.ACTION, under=entry.code), works),
        indications=_all(edition.of_kind(Kind.INDICATION, under=entry.code), works),
        before=_shown(same[place - 1], works) if place else None,
        after=_shown(same[place + 1], works) if place + 1 < len(same) else None,
    )


def _month(published: str) -> str:
    year, month = published.split("-")
    return period(date(int(year), int(month), 1))


def _all(entries: Iterable[Entry], works: WorksHere) -> tuple[Shown, ...]:
    return tuple(_shown(entry, works) for entry in entries)


def _shown(entry: Entry, works: WorksHere) -> Shown:
    return Shown(
        code=entry.code,
        name=NAMES[entry.kind].format(n=entry.code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
        title=entry.title,
        help=entry.help,
        text=entry.text,
        who=entry.who,
        note=entry.note,
        mark=_mark(entry),
        sources=entry.sources,
        href=reverse("framework:entry", args=[entry.code]),
        line=works.by_code.get(entry.code),
    )


def _mark(entry: Entry) -> Mark:
    if entry.ours:
        return OURS
    if entry.verified:
        return CHECKED
    return GUESS if entry.confidence == "low" else UNCHECKED


# ---- The picture: aim <- conditions <- actions -------------------------------------------------------
# Sizes are in the picture's own measure; it is as wide as a page's column, so 16 is the size of small print there.

WIDTH, LINE, PAD, GAP, GROUP_GAP = 960, 20, 10, 8, 14
LETTER = 8.2  # a wide average for 16-size letters: a line that is a little short looks better than one that spills
AIM_COLUMN, CONDITION_COLUMN, ACTION_COLUMN = (0, 180), (220, 280), (540, 420)  # left edge, width


def draw(aim: Shown, conditions: Sequence[Shown]) -> Picture:
    """Lay the picture out from right to left: actions stack up, each condition stands beside the middle of its own.

    A condition taller than its actions pushes the next group down, so boxes never overlap whatever the titles are.
    """
    boxes: list[Box] = []
    middles: list[tuple[Box, list[Box]]] = []
    top = 0
    for condition in conditions:
        own = _box(condition, CONDITION_COLUMN, 0)
        actions = _stack(condition.below, top)
        height = max(own.height, actions[-1].y + actions[-1].height - top if actions else 0)
        placed = _box(condition, CONDITION_COLUMN, top + (height - own.height) // 2)
        boxes += [placed, *actions]
        middles.append((placed, actions))
        top += height + GROUP_GAP
    height = max(top - GROUP_GAP, 0)
    goal = _box(aim, AIM_COLUMN, 0)
    goal = _box(aim, AIM_COLUMN, max((height - goal.height) // 2, 0))
    arrows = [_arrow(condition, goal) for condition, _ in middles]
    arrows += [_arrow(action, condition) for condition, actions in middles for action in actions]
    return Picture(width=WIDTH, height=max(height, goal.height), boxes=(goal, *boxes), arrows=tuple(arrows))


def _stack(shown: Iterable[Shown], top: int) -> list[Box]:
    boxes: list[Box] = []
    for one in shown:
        boxes.append(_box(one, ACTION_COLUMN, top))
        top += boxes[-1].height + GAP
    return boxes


def _box(shown: Shown, column: tuple[int, int], y: int) -> Box:
    x, width = column
    texts = textwrap.wrap(shown.title, width=int((width - 2 * PAD) / LETTER))
    # 5 below the middle of a line is where letters of this size stand.
    lines = tuple(Words(x + PAD, y + PAD + LINE * i + LINE // 2 + 5, text) for i, text in enumerate(texts))
    return Box(x, y, width, LINE * len(texts) + 2 * PAD, lines, checked=shown.mark is CHECKED)


def _arrow(start: Box, end: Box) -> str:
    """A line with one bend from the left of one box to the right of another, with its point drawn into the path."""
    x1, y1, x2, y2 = start.x, start.middle, end.x + end.width, end.middle
    bend = (x1 + x2) // 2
    return f"M{x1} {y1}H{bend}V{y2}H{x2 + 1}m7 -5l-7 5l7 5"
