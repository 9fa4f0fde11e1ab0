"""Words and drawings of the pages of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from espalier.projects.rules import diagrams as rules
from espalier.projects.rules.diagram_shapes import STATES
from espalier.projects.rules.diagram_svg import laid_out, svg
from espalier.projects.rules.diagrams import DRIVERS, FISHBONE, PARETO, PROCESS, Box, Branch, Spot, UnableToDraw
from espalier.ui.filters import day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from espalier.projects.forms.diagrams import Asked, Opened
    from espalier.projects.queries import DiagramFacts, ProjectFacts
    from espalier.projects.rules.diagram_library import Ready

KINDS = {
    "aim": "Aim", "primary": "Main driver", "secondary": "What moves it", "idea": "Change idea", "cause": "Cause", "step": "Step",
    "count": "Reason",
}  # fmt: skip
ADD = {
    "primary": "Add a main driver", "secondary": "Add what moves it", "idea": "Add a change idea", "cause": "Add a cause",
    "step": "Add a step", "count": "Add a reason",
}  # fmt: skip
COLOURS = {"new": "white", "testing": "blue", "adopted": "green", "adapted": "green", "abandoned": "grey"}
ABOUT = {
    DRIVERS: "From the aim to what must go right for it, and on to changes you can try.",
    FISHBONE: "What may cause a problem, in groups. Use it before you choose what to change.",
    PROCESS: "Each step, how long it takes and how long people wait after it.",
    PARETO: "Which few reasons make up most of it.",
}
NEW = {
    FISHBONE: ("Fishbone", "The problem", "For example: Patients fall on the way to the toilet at night"),
    PROCESS: ("Process map", "", ""),
    PARETO: ("Pareto chart", "", ""),
}
AMOUNTS = {PROCESS: ("Minutes it takes", "Minutes until the next step begins"), PARETO: ("How often", "")}
MOVES = ((rules.UP, "Move up"), (rules.DOWN, "Move down"), (rules.IN, "One level in"), (rules.OUT, "One level out"))
SAID = {
    "save": "Saved.", "add": "Added.", "up": "Moved.", "down": "Moved.", "in": "Moved.", "out": "Moved.", "move": "Moved.",
    "remove": "Removed. You can undo it.", "undo": "Undone.", "begin": "Begun.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel:
    """A box that stands open: what it says, where it can go, and what may be added."""

    box: Box
    typed: Box
    kind: str
    sign: str
    moves: tuple[tuple[str, str], ...]
    removable: bool
    below: int
    add: str  # words of the button that adds below; "" at the last level
    last: int | None  # its last box, after which a new one comes
    states: tuple[tuple[str, str], ...]
    theirs: bool = False  # somebody else changed it meanwhile: typed is ours, box is theirs
    amount: str = ""  # its numbers, as they stand or as they were typed
    waits: str = ""
    under: str = ""  # words of a box below it that could not be added


@dataclass(frozen=True, slots=True)
class Adding:
    """A place where a new box is typed."""

    beside: int | None  # the box after or below which it is shown
    where: str
    spot: Spot
    label: str
    words: str = ""
    amount: str = ""
    waits: str = ""
    out: int | None = None  # the box to be typed after, one level out
    inner: int | None = None  # and the one to be typed below, one level in


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with everything its page says."""

    facts: DiagramFacts
    heading: str
    svg: SafeString
    says: str
    amounts: tuple[str, str]
    panel: Panel | None
    adding: Adding | None
    count: int
    totals: str
    few: str

    @property
    def tops(self) -> tuple[Branch, ...]:
        """Its boxes as a tree."""
        return self.facts.tops


def shown(facts: DiagramFacts, opened: Opened, *, asked: Asked | None = None, now: Box | None = None) -> Shown:
    """Gather what the page of a picture shows; asked is a change that did not come about, now the box somebody changed meanwhile."""
    tops, kind = facts.tops, facts.line.kind
    return Shown(
        facts, facts.line.name, mark_safe(drawn(facts)), says(kind, tops), AMOUNTS.get(kind, ("", "")),  # noqa: S308  every word was escaped
        _panel(facts, tops, opened, asked, now), _adding(facts, tops, opened, asked), len(facts.boxes), *sums(kind, tops),
    )  # fmt: skip


def drawn(facts: DiagramFacts) -> str:
    """Return the picture as SVG."""
    tops = facts.tops
    return svg(laid_out(facts.line.kind, tops), title=facts.line.name, says=says(facts.line.kind, tops))


def drawn_ready(ready: Ready) -> SafeString:
    """Return a diagram of the library as SVG."""
    tops = ready.tops
    return mark_safe(svg(laid_out(DRIVERS, tops), title=ready.name, says=says(DRIVERS, tops)))  # noqa: S308  every word was escaped


def says(kind: str, tops: tuple[Branch, ...]) -> str:
    """Return what a picture shows in a sentence or two; the list beside it has every word."""
    if not tops:
        return "Nothing in it yet."
    if kind in rules.ONE_TOP:
        names = "; ".join(one.box.words for one in tops[0].below) or "none yet"
        first, then = ("Aim", "Main drivers") if kind == DRIVERS else ("Problem", "Groups of causes")
        return f"{first}: {tops[0].box.words}. {then}: {names}. The list has all {sum(1 for top in tops for _ in top.walk())} boxes."
    totals, few = sums(kind, tops)
    return totals or few or "; ".join(top.box.words for top in tops)


def sums(kind: str, tops: tuple[Branch, ...]) -> tuple[str, str]:
    """Return what a process map and a Pareto chart come to, each "" where there is nothing to add up."""
    if kind == PROCESS:
        total = rules.times(top.box for top in tops)
        if total.share is None:
            return "", ""
        parts = (f"Start to end: {rules.as_text(total.total)}", f"work {rules.as_text(total.work)}")
        waits = f"waiting {rules.as_text(total.waiting)}" if total.waiting else "no waiting"
        return f"{', '.join(parts)}, {waits}. Somebody works on it in {total.share:.0%} of the time.", ""
    if kind == PARETO:
        bars = rules.pareto(top.box for top in tops)
        some = rules.few(bars)
        reasons = "1 reason makes" if some == 1 else f"{some} reasons make"
        return "", f"{reasons} up {bars[some - 1].cumulative:.0%} of it." if some else ""
    return "", ""


def _panel(facts: DiagramFacts, tops: tuple[Branch, ...], opened: Opened, asked: Asked | None, now: Box | None) -> Panel | None:
    number = opened.box
    branch = next((one for top in tops for one in top.walk() if one.box.pk == number), None)
    if branch is None or opened.add:
        return None
    box, kind = branch.box, facts.line.kind
    typed = box if asked is None or asked.do != "save" else Box(box.pk, box.parent, box.kind, asked.words, state=asked.state or box.state)
    fixed = branch.depth == 0 and kind in rules.ONE_TOP
    levels = rules.LEVELS[kind]
    deeper = levels[branch.depth + 1] if branch.depth + 1 < len(levels) else ""
    return Panel(
        box, typed, kind_name(kind, branch), rules.sign_of(branch), () if fixed else _moves(kind, tops, box.pk), not fixed,
        sum(1 for _ in branch.walk()) - 1, _add_words(kind, branch.depth + 1) if deeper else "",
        branch.below[-1].box.pk if branch.below else None, tuple(STATES.items()) if box.kind == "idea" else (), now is not None,
        *_numbers(box, asked), asked.words if asked and asked.do == "add" else "",
    )  # fmt: skip


def _numbers(box: Box, asked: Asked | None) -> tuple[str, str]:
    """Return the numbers of a box as they were typed, or as they stand."""
    if asked and asked.do == "save":
        return asked.amount, asked.waits
    return tuple("" if one is None else f"{one:.12g}" for one in (box.amount, box.waits))  # type: ignore[return-value]  # two of them


def _moves(kind: str, tops: tuple[Branch, ...], pk: int) -> tuple[tuple[str, str], ...]:
    """Return the steps that lead somewhere: a button that only says no is no help."""
    found = []
    for how, words in MOVES:
        try:
            rules.moved(kind, tops, pk, rules.target(kind, tops, pk, how))
        except UnableToDraw:
            continue
        found.append((how, words))
    return tuple(found)


def _add_words(kind: str, depth: int) -> str:
    return "Add a group of causes" if kind == FISHBONE and depth == 1 else ADD[rules.LEVELS[kind][depth]]


def kind_name(kind: str, branch: Branch) -> str:
    """Return what a box is, in words."""
    if kind == FISHBONE:
        return ("The problem", "Group of causes")[branch.depth] if branch.depth < 2 else "Cause"
    return KINDS[branch.box.kind]


def _adding(facts: DiagramFacts, tops: tuple[Branch, ...], opened: Opened, asked: Asked | None) -> Adding | None:
    kind = facts.line.kind
    flat = kind not in rules.ONE_TOP
    typed = (asked.words, asked.amount, asked.waits) if asked and asked.do == "add" else ("", "", "")
    if flat and not (opened.add == "after" and opened.box):
        spot = Spot(None, tops[-1].box.pk if tops else None)
        return Adding(None, "end", spot, _add_words(kind, 0), *typed)
    branch = next((one for top in tops for one in top.walk() if one.box.pk == opened.box), None)
    if branch is None or not opened.add:
        return None
    above, depth = (branch.box.pk, branch.depth + 1) if opened.add == "below" else (branch.box.parent, branch.depth)
    if depth >= len(rules.LEVELS[kind]) or (depth == 0 and not flat):
        return None
    last = branch.below[-1].box.pk if branch.below else None
    spot = Spot(above, last if opened.add == "below" else branch.box.pk)
    out = above if above is not None and depth > 1 else None
    inner = spot.after if depth + 1 < len(rules.LEVELS[kind]) else None
    return Adding(branch.box.pk, opened.add, spot, _add_words(kind, depth), *typed, out=out, inner=inner)


def aim_words(project: ProjectFacts) -> str:
    """Return a project's aim as one sentence for the first box; "" where it has none yet."""
    if not project.aim_what:
        return ""
    unit = f" {project.aim_unit}" if project.aim_unit else ""
    parts = [project.aim_what[:1].upper() + project.aim_what[1:]]
    if project.aim_from is not None and project.aim_to is not None:
        parts.append(f"from {project.aim_from:g} to {project.aim_to:g}{unit}")
    parts += [f"by {day(project.aim_by)}"] if project.aim_by else []
    parts += [f"for {project.aim_for}"] if project.aim_for else []
    return f"{parts[0]}: {' '.join(parts[1:])}"[:300] if len(parts) > 1 else parts[0]


HEAD = ("Level", "What it is", "Words", "State")
HEAD_WITH = {PROCESS: ("Minutes it takes", "Minutes waited after"), PARETO: ("How often", "All so far, per cent")}


def outline(facts: DiagramFacts) -> tuple[tuple[str, ...], list[list[object]]]:
    """Return the boxes as a table: reading order, level by number, what each is and says, and its numbers where it has some."""
    kind = facts.line.kind
    if kind == PARETO:
        bars = rules.pareto(facts.boxes)
        rows: list[list[object]] = [[1, KINDS["count"], b.box.words, "", b.box.amount, round(b.cumulative * 100, 1)] for b in bars]
    else:
        rows = [_row(kind, one) for top in facts.tops for one in top.walk()]
    return HEAD + HEAD_WITH.get(kind, ()), rows


def _row(kind: str, one: Branch) -> list[object]:
    state = STATES.get(one.box.state, "") if one.box.kind == "idea" else ""
    row: list[object] = [one.depth + 1, kind_name(kind, one), one.box.words, state]
    return [*row, one.box.amount, one.box.waits] if kind == PROCESS else row


def lines_of(facts: DiagramFacts) -> Iterable[tuple[int, str, str]]:
    """Yield the boxes for a printed list: level, what it is, and the words."""
    for row in outline(facts)[1]:
        extra = [str(cell) for cell in row[3:] if cell not in {"", None}]
        yield int(str(row[0])), str(row[1]), " · ".join([str(row[2]), *extra])
