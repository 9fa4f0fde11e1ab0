"""What a picture of boxes may look like: levels, order, and where a box may go. Pure; the database only keeps what this says."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DRIVERS, FISHBONE, PROCESS, PARETO = "drivers", "fishbone", "process", "pareto"
# What a box is at each level below the top; a picture ends where its list ends.
LEVELS = {
    DRIVERS: ("aim", "primary", "secondary", "idea"),
    FISHBONE: ("aim", "cause", "cause", "cause"),
    PROCESS: ("step",),
    PARETO: ("count",),
}
ONE_TOP = frozenset({DRIVERS, FISHBONE})  # everything in them hangs on one box, which neither moves nor goes
MOST_BOXES, LONGEST_WORDS, MOST_AMOUNT = 200, 300, 1_000_000.0
UP, DOWN, IN, OUT = "up", "down", "in", "out"
NARROWEST = 1e-6  # two ranks nearer than this leave no room between them


class UnableToDraw(UnableTo):
    """A picture cannot be what somebody asked for; it stays as it was."""

    code = "diagram"


@dataclass(frozen=True, slots=True)
class Box:
    """One box as it stands."""

    pk: int
    parent: int | None
    kind: str
    words: str
    rank: float = 0.0
    amount: float | None = None
    waits: float | None = None
    state: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Branch:
    """A box and what hangs on it, in order."""

    box: Box
    depth: int
    below: tuple[Branch, ...] = ()

    def walk(self) -> Iterator[Branch]:
        """Yield this branch and all below it, from top to bottom as they are read."""
        yield self
        for one in self.below:
            yield from one.walk()

    @property
    def height(self) -> int:
        """How many levels hang below."""
        return max((1 + one.height for one in self.below), default=0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a box: under which box, and after which of its siblings (None: before all of them)."""

    parent: int | None
    after: int | None


def ordered(boxes: Iterable[Box]) -> list[Box]:
    """Sort siblings; equal ranks fall back on the number, so that there is always one order and the same for everybody."""
    return sorted(boxes, key=lambda box: (box.rank, box.pk))


def tree(boxes: Iterable[Box]) -> tuple[Branch, ...]:
    """Build the picture's tree. Every box stands in it exactly once.

    A box whose parent is not among them stands at the top: words that somebody wrote are never left out.
    """
    known = {box.pk: box for box in boxes}
    under: dict[int | None, list[Box]] = {}
    for box in known.values():
        under.setdefault(box.parent if box.parent in known else None, []).append(box)
    seen: set[int] = set()

    def branch(box: Box, depth: int) -> Branch:
        seen.add(box.pk)
        below = [one for one in ordered(under.get(box.pk, ())) if one.pk not in seen]
        return Branch(box, depth, tuple(branch(one, depth + 1) for one in below if one.pk not in seen))

    tops = [branch(box, 0) for box in ordered(under.get(None, ()))]
    tops += [branch(box, 0) for box in ordered(known.values()) if box.pk not in seen]
    return tuple(tops)


def find(branches: tuple[Branch, ...], pk: int) -> Branch:
    """Return the branch of a box."""
    for top in branches:
        for one in top.walk():
            if one.box.pk == pk:
                return one
    raise UnableToDraw("That box is not there any more.", to_do="Look at what stands there now.", code="gone")


def kind_at(diagram: str, depth: int) -> str:
    """Return what a box is at a level; a level too deep is refused."""
    levels = LEVELS[diagram]
    if depth >= len(levels):
        last = "a change idea" if diagram == DRIVERS else "the last level"
        raise UnableToDraw(f"Nothing can hang below {last}.", to_do="Put it beside, not below.", code="too-deep")
    return levels[depth]


def siblings(branches: tuple[Branch, ...], parent: int | None) -> tuple[Branch, ...]:
    """Return what stands under a box, or at the top."""
    return branches if parent is None else find(branches, parent).below


def target(diagram: str, branches: tuple[Branch, ...], pk: int, how: str) -> Spot:
    """Say where a step up, down, in or out leads; at the end of the way the reason why it does not lead on."""
    box = find(branches, pk).box
    beside = siblings(branches, box.parent)
    at = next(i for i, one in enumerate(beside) if one.box.pk == pk)
    if how == UP and at > 0:
        return Spot(box.parent, beside[at - 2].box.pk if at > 1 else None)
    if how == DOWN and at + 1 < len(beside):
        return Spot(box.parent, beside[at + 1].box.pk)
    if how == IN and at > 0:
        above = beside[at - 1]
        return Spot(above.box.pk, above.below[-1].box.pk if above.below else None)
    if how == OUT and box.parent is not None:
        above_box = find(branches, box.parent).box
        if not (diagram in ONE_TOP and above_box.parent is None):
            return Spot(above_box.parent, above_box.pk)
    raise UnableToDraw(_NO_FURTHER.get(how, "We do not know that direction."), to_do="It stays where it is.", code="no-further")


_NO_FURTHER = {
    UP: "It is the first one here already.",
    DOWN: "It is the last one here already.",
    IN: "There is no box above it to hang it on.",
    OUT: "It hangs on the first box already.",
}


def moved(diagram: str, branches: tuple[Branch, ...], pk: int, spot: Spot) -> dict[int, str]:
    """Return what each box of a branch would be at another place; a place that cannot be is refused with the reason."""
    branch = find(branches, pk)
    if diagram in ONE_TOP and (branch.depth == 0 or spot.parent is None):
        raise UnableToDraw("The first box stays: everything else hangs on it.", to_do="Change its words instead.", code="top")
    if spot.parent is not None and any(one.box.pk == spot.parent for one in branch.walk()):
        raise UnableToDraw("A box cannot hang on itself, or on one of its own.", to_do="Choose another place.", code="cycle")
    depth = 0 if spot.parent is None else find(branches, spot.parent).depth + 1
    return {one.box.pk: kind_at(diagram, depth + one.depth - branch.depth) for one in branch.walk()}


def rank_between(before: float | None, after: float | None) -> float | None:
    """Return a rank between two others (None: there is no other on that side); None where there is no room left."""
    if before is None or after is None:
        return 1.0 if before is None and after is None else (after or 0.0) - 1 if before is None else before + 1
    middle = (before + after) / 2
    return middle if after - before > NARROWEST and before < middle < after else None


def ranked(beside: tuple[Branch, ...], after: int | None, *, but: int | None = None) -> tuple[float, dict[int, float]]:
    """Return the rank of a box put after another, and new ranks for its siblings where there was no room left.

    After a box that is not there (any more) means at the end: nothing is refused only because a neighbour went.
    """
    row = [one.box for one in beside if one.box.pk != but]
    at = next((i + 1 for i, box in enumerate(row) if box.pk == after), len(row)) if after is not None else 0
    rank = rank_between(row[at - 1].rank if at > 0 else None, row[at].rank if at < len(row) else None)
    if rank is not None and _apart(row):
        return rank, {}
    return float(at + 1), {box.pk: float(i + 1 if i < at else i + 2) for i, box in enumerate(row)}


def _apart(row: list[Box]) -> bool:
    return all(one.rank < other.rank for one, other in pairwise(row))


def sign_of(branch: Branch) -> str:
    """Return a short sign that changes with anything in a branch: whoever removes it has seen all that goes."""
    facts = sorted((one.box.pk, one.box.version) for one in branch.walk())
    return f"{zlib.crc32(repr(facts).encode()):08x}"


def tidied(words: str) -> str:
    """Return words as they are kept: in one line, without what nobody can see."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())


def checked_words(words: str) -> str:
    """Return words fit for a box: tidy, there, and not too many."""
    tidy = tidied(words)
    if not tidy:
        raise UnableToDraw("A box needs words.", to_do="Write what it is, in a few words.", code="words")
    if len(tidy) > LONGEST_WORDS:
        what = f"That is {len(tidy)} characters. A box holds {LONGEST_WORDS}."
        raise UnableToDraw(what, to_do="Say it shorter, or make two boxes of it.", code="words")
    return tidy


def checked_amount(value: float | None, *, what: str) -> float | None:
    """Return a number of minutes, or how often, that can be drawn."""
    if value is None:
        return None
    if not math.isfinite(value) or value < 0 or value > MOST_AMOUNT:
        raise UnableToDraw(f"{what} must be between 0 and {MOST_AMOUNT:,.0f}.", to_do="Check the number.", code="amount")
    return float(value)


def with_room(count: int, more: int = 1) -> None:
    """Refuse more boxes than a picture can hold and still be read."""
    if count + more > MOST_BOXES:
        what = f"A picture holds {MOST_BOXES} boxes, and this one has {count}."
        raise UnableToDraw(what, to_do="Remove some, or begin a second picture.", code="full")


@dataclass(frozen=True, slots=True)
class Times:
    """How long a process takes, in minutes. share is None where nothing takes time yet."""

    work: float
    waiting: float

    @property
    def total(self) -> float:
        """From the first step to the end of the last."""
        return self.work + self.waiting

    @property
    def share(self) -> float | None:
        """The part of the time in which somebody works on it."""
        return self.work / self.total if self.total else None


def times(steps: Iterable[Box]) -> Times:
    """Add up a process. What is waited after the last step is not part of it: nothing comes after."""
    row = ordered(steps)
    return Times(sum(one.amount or 0.0 for one in row), sum(one.waits or 0.0 for one in row[:-1]))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a Pareto chart: its part of all, and all up to and with it."""

    box: Box
    share: float
    cumulative: float


def pareto(counts: Iterable[Box]) -> tuple[Bar, ...]:
    """Sort counts, most often first (equal ones as they were put in), with what they come to together."""
    row = sorted(ordered(counts), key=lambda box: -(box.amount or 0.0))
    total = sum(box.amount or 0.0 for box in row)
    bars, so_far = [], 0.0
    for box in row:
        so_far += box.amount or 0.0
        bars.append(Bar(box, (box.amount or 0.0) / total if total else 0.0, min(so_far / total, 1.0) if total else 0.0))
    return tuple(bars)


def few(bars: tuple[Bar, ...], *, most: float = 0.8) -> int:
    """How many of the bars make up most of it."""
    return next((i for i, bar in enumerate(bars, start=1) if bar.cumulative >= most - 1e-9), 0)


def as_text(minutes: float) -> str:
    """Write minutes as people say them.

    >>> as_text(45), as_text(150), as_text(2940), as_text(0.5)
    ('45 min', '2 h 30 min', '2 days 1 h', '0.5 min')
    """
    if minutes < 60:
        return f"{minutes:.1f}".removesuffix(".0") + " min"
    whole = round(minutes)
    days, rest = divmod(whole, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (0 if days else left, "min")]
    return " ".join(f"{number} {name}" for number, name in parts if number)
