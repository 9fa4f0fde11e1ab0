"""The words of stories, and a story as a file: the same document for PDF and slides, made by the room exports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate

from espalier.exports.shapes import Document, Figure, Heading, Table, Words
from espalier.projects.presenters.diagrams import says
from espalier.projects.rules.diagram_svg import laid_out, svg
from espalier.projects.rules.diagrams import DRIVERS, tree
from espalier.projects.rules.stories import BY_KEY, GAINED, LEARNED, NO, PARTLY, SAID_BY, SECTIONS, WORKED, YES, by_place
from espalier.ui.filters import and_list, day, figure, period, plural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from espalier.exports.shapes import Block, Picture
    from espalier.projects.queries.stories import EditionFacts, Elsewhere, OriginFacts, StoryPage
    from espalier.projects.queries.stories_told import Change, Told, Try
    from espalier.projects.rules.diagrams import Branch

__all__ = ["BY_KEY", "SAID_BY", "SECTIONS", "WORKED"]
CAME = {"adopt": ("adopted", "green"), "adapt": ("adapted", "green"), "abandon": ("given up", "grey")}
WORKED_COLOURS = {"yes": "green", "partly": "yellow", "no": "grey", "early": "white"}
SAID = {
    "public": "Everybody can read it now.", "refused": "Thank you. Nobody else will read it.", "answer": "Thank you. Your yes counts.",
    "stays": "Thank you. Nobody else will read it as it is now."
    " The edition from before stays public until you or the team withdraw it, below.",
    "ask": "We ask your partners. It waits for their yes.",
    "withdraw": "Withdrawn. Only those who may read the project see the story now.",
}  # fmt: skip
LATE = " This was written after the test ended: it does not count as expected."
FILES = ("pdf", "pptx")


def came(change: Change) -> tuple[str, str]:
    """Say what came of a change, with the colour of its tag."""
    if change.runs:
        return "being tested", "blue"
    return CAME.get(change.decision, ("tried", "white"))


def when(one: Try) -> str:
    """Say when a test was."""
    return f"{day(one.starts_on)} to {day(one.ends_on)}" if one.ends_on else f"since {day(one.starts_on)}"


def result(one: Try) -> str:
    """Say what was expected and what the measure said; "" where no number was expected and none came."""
    expected, found = _expected(one), _value(one, one.found) if one.found is not None else ""
    if expected and found:
        if one.state == "running":  # what is not over is not judged
            return f"We expected {expected}. So far it is {found}."
        held = "" if one.held is None else " As expected." if one.held else " Not as expected."
        return f"We expected {expected}. It was {found}.{LATE if one.late else held}"
    if found:
        return f"{'So far' if one.state == 'running' else 'It was'} {found}."
    return f"We expected {expected}. There is no figure of these days." if expected else ""


def _expected(one: Try) -> str:
    if one.point is not None:
        return _value(one, one.point)
    if one.low is not None and one.high is not None:
        return f"between {_value(one, one.low)} and {_value(one, one.high)}"
    if one.high is not None:
        return f"at most {_value(one, one.high)}"
    return f"at least {_value(one, one.low)}" if one.low is not None else ""


def _value(one: Try, amount: float | None) -> str:
    decimals = one.decimals if one.measured_in != "count" or amount is None or amount == int(amount) else 1
    return figure(amount, one.measured_in, decimals)


def tops(story: Told) -> tuple[Branch, ...]:
    """The driver diagram of a story as a tree."""
    return tree(story.boxes)


def drawn(story: Told) -> str:
    """The driver diagram of a story as SVG; "" where it has none, or only its aim."""
    branches = tops(story)
    if len(story.boxes) < 2 or not branches:
        return ""
    return svg(laid_out(DRIVERS, branches), title="Driver diagram", says=says(DRIVERS, branches), name="drivers")


def shown(story: Told) -> SafeString:
    """The driver diagram for a page."""
    return mark_safe(drawn(story))  # noqa: S308  every word was escaped


def chart(picture: Picture) -> SafeString:
    """The chart for a page."""
    return mark_safe(picture.svg)  # noqa: S308  drawn by us; every word was escaped


def newest(picture: Picture) -> list[list[str]]:
    """The newest figures of the chart, newest first."""
    rows = [one for one in picture.points if one.value is not None][-12:]
    return [[period(one.on, picture.grain), figure(one.value, picture.measured_in, picture.decimals)] for one in reversed(rows)]


def took_up(several: Iterable[Elsewhere]) -> str:
    """Say how many took a story up, each place once."""
    return seen_elsewhere(by_place(several))


def seen_elsewhere(worked: Collection[str]) -> str:
    """Say in one sentence how many took a story up, and for how many it worked. worked: what each says (rules/stories.py WORKED)."""
    if not worked:
        return ""
    parts = {YES: "it worked for", PARTLY: "in part for", NO: "not for"}
    told = {words: sum(one == code for one in worked) for code, words in parts.items()}
    how = ", ".join(f"{words} {many}" for words, many in told.items() if many)
    return f"{plural(len(worked), 'other team')} took this up: {how or 'it is early days'}."


def came_from(origin: OriginFacts) -> list[str]:
    """Say where a project came from, in a line or two."""
    return [one for one in (f"You took this up from: {origin.title}, {origin.place}.", origin.change) if one]


def as_answered(origin: OriginFacts) -> dict[str, str]:
    """Return what stands in the form of how it went."""
    return {"worked": origin.worked, "why": origin.why, "altered": origin.altered, "named": "yes" if origin.named else "no"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of how a story became public, or did not."""

    words: str
    on: date


def history(page: StoryPage) -> tuple[Step, ...]:
    """Say what was asked, answered and withdrawn, newest first, each with its day."""
    names = {one.account_id: one.name for one in page.project.members}
    steps: list[Step] = []
    for edition in page.editions:
        steps += [Step(words, on) for words, on in _told(edition, names)]
    return tuple(steps)


def _told(edition: EditionFacts, names: dict[int, str]) -> list[tuple[str, date]]:
    found = []
    if edition.ended_at:
        over = {"withdrawn": "It was withdrawn", "refused": "It was not made public", "replaced": "A newer edition took its place"}
        found.append((f"{over[edition.state]}.", edition.ended_at))
    if edition.public_at:
        found.append(("Everybody could read it.", edition.public_at))
    for answer in reversed(edition.answers):
        who = names.get(answer.account_id) or "A partner"
        found.append((f"{who} said {answer.says}.", answer.at))
    found.append(("It was asked whether everybody may read it.", edition.asked_at))
    # A no that took a yes back came after everybody could read it; what happened in one moment stays in the order above.
    return [(words, localdate(at)) for words, at in sorted(found, key=lambda one: one[1], reverse=True)]


WHERE = {
    "title": "The name of the project", "place": "The place", "aim": "The aim", "aim_what": "The aim", "voices": "In their words",
    "changes": "What we tried", "boxes": "The driver diagram", "picture": "The chart",
} | {one.key: one.title for one in SECTIONS}  # fmt: skip


def placed(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Say in words in which part of a story each text stands."""
    return [(WHERE[part], text) for part, text in texts]


def document(story: Told, *, made_on: date) -> Document:
    """A story as a file: what stands on its page, in the same order."""
    return Document(story.title, story.place, made_on, introduction=_introduction(story), blocks=tuple(_blocks(story)))


def _introduction(story: Told) -> str:
    return "\n\n".join(filter(None, [f"Our aim: {story.aim}" if story.aim else "", story.why]))


def _blocks(story: Told) -> list[Block]:
    blocks: list[Block] = []
    if story.picture:
        blocks.append(replace(story.picture, words=_marks(story)))
    if story.changes:
        rows = tuple((change.words, came(change)[0], _how(change)) for change in story.changes)
        blocks.append(Table("What we tried, and what came of it", ("Change", "It was", "How it went"), rows))
    for key in (LEARNED, GAINED):
        if words := getattr(story, key):
            blocks += [Heading(BY_KEY[key].title), Words(words)]
    if story.voices:
        said = "\n\n".join(f"“{one.words}” – {SAID_BY.get(one.said_by, 'somebody')}" for one in story.voices)
        blocks += [Heading("In their words"), Words(said)]
    if drawing := drawn(story):
        blocks.append(Figure("How we think it works", drawing, _as_list(story)))
    return blocks


def _marks(story: Told) -> str:
    """Say what the marks on the chart stand for: T1, T3 …"""
    named = [f"{and_list(f'T{one.number}' for one in change.tries)}: {change.words.rstrip('.')}." for change in story.changes]
    return " ".join(named)


def _how(change: Change) -> str:
    """Say how the last test of a change went that has something to say; a slide is no place for all of them."""
    many = f"{plural(len(change.tries), 'test')}. " if len(change.tries) > 1 else ""
    last = next((one for one in reversed(change.tries) if one.learned or one.decision), change.tries[-1])
    return f"{many}{' '.join(filter(None, [result(last), last.learned]))}".strip()


def _as_list(story: Told) -> str:
    """Every word of the diagram, for whoever cannot see it."""
    return "Driver diagram. " + " ".join(
        f"{'–' * one.depth} {one.box.words.rstrip('.')}." for top in tops(story) for one in top.walk()
    ).strip()
