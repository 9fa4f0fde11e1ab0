"""What a report or a board page holds, and how one change alters it.

A paper is changed one piece at a time and kept whole as a new version, so history and undo are the same thing: an earlier
version. A piece has a key that never changes, so moving or removing one never hits another that somebody else moved.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_CHARTS = 40  # of one paper; more is no longer read, and the page would no longer be quick
MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chart of a paper, with the words under it; gap is the row of a board page it stands in."""

    key: str
    measure: str
    unit: str
    words: str = ""
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Concern:
    """What worries the board: who owns it, what they are doing, by when (a day like 2026-05-31, or nothing)."""

    key: str
    what: str
    who: str = ""
    doing: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided last time, and what became of it."""

    key: str
    what: str
    on: str = ""
    became: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """Words a named person stands by, as they were on the day they were signed."""

    words: str
    name: str
    on: str


@dataclass(frozen=True, slots=True)
class Content:
    """The whole of a paper."""

    title: str
    for_whom: str = ""
    introduction: str = ""
    charts: tuple[Chosen, ...] = ()
    question: str = ""
    concerns: tuple[Concern, ...] = ()
    decisions: tuple[Decided, ...] = ()
    signed: Signed | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what is done, to which piece, and the new facts of it."""

    do: str
    key: str = ""
    facts: Mapping[str, str] | None = None

    def get(self, name: str) -> str:
        """Return one of the new facts, '' where it is not given."""
        return (self.facts or {}).get(name, "")


class UnableToChange(UnableTo):
    """The change makes no sense for this paper."""

    code = "change"


def changed(content: Content, change: Change, *, new_key: str) -> Content:
    """Return the paper after one change. Taking away what is already gone changes nothing."""
    if change.do not in _CHANGES:
        raise UnableToChange("We do not know this change.", to_do="Go back and use a button of the page.")
    return _CHANGES[change.do](content, change, new_key)


def _about(content: Content, change: Change, _: str) -> Content:
    title = change.get("title").strip()
    if not title:
        raise UnableToChange("A report needs a title.", to_do="Enter a title.")
    return replace(content, title=title, for_whom=change.get("for_whom").strip(), introduction=change.get("introduction").strip())


def _add_chart(content: Content, change: Change, key: str) -> Content:
    one = Chosen(key, change.get("measure"), change.get("unit"), change.get("words"), change.get("gap"))
    if any((held.measure, held.unit) == (one.measure, one.unit) for held in content.charts):
        raise UnableToChange("That chart is already here.", to_do="Choose another one.")
    if len(content.charts) >= MOST_CHARTS:
        raise UnableToChange(
            f"There are {MOST_CHARTS} charts here already, which is as many as anybody reads.", to_do="Take one out first."
        )
    return replace(content, charts=(*content.charts, one))


def _remove_chart(content: Content, change: Change, _: str) -> Content:
    return replace(content, charts=tuple(one for one in content.charts if one.key != change.key))


def _move_chart(content: Content, change: Change, _: str) -> Content:
    """Swap a chart with the one before or after it; at the end of the list it stays."""
    charts = list(content.charts)
    at = next((place for place, one in enumerate(charts) if one.key == change.key), None)
    step = -1 if change.get("way") == "up" else 1
    # On a board page a chart moves within its own row.
    others = [] if at is None else [place for place, one in enumerate(charts) if one.gap == charts[at].gap and (place - at) * step > 0]
    if at is not None and others:
        to = min(others, key=lambda place: abs(place - at))
        charts[at], charts[to] = charts[to], charts[at]
    return replace(content, charts=tuple(charts))


def _chart_words(content: Content, change: Change, _: str) -> Content:
    words = change.get("words").strip()
    return replace(content, charts=tuple(replace(one, words=words) if one.key == change.key else one for one in content.charts))


def _question(content: Content, change: Change, _: str) -> Content:
    return replace(content, question=change.get("words").strip())


def _sign(content: Content, change: Change, _: str) -> Content:
    words = change.get("words").strip()
    return replace(content, signed=Signed(words, change.get("name"), change.get("on")) if words else None)


def _concern(content: Content, change: Change, key: str) -> Content:
    one = Concern(change.key or key, *(change.get(name).strip() for name in ("what", "who", "doing", "by")))
    return replace(content, concerns=_with(content.concerns, one))


def _decision(content: Content, change: Change, key: str) -> Content:
    one = Decided(change.key or key, *(change.get(name).strip() for name in ("what", "on", "became")))
    return replace(content, decisions=_with(content.decisions, one))


def _remove_line(content: Content, change: Change, _: str) -> Content:
    return replace(
        content,
        concerns=tuple(one for one in content.concerns if one.key != change.key),
        decisions=tuple(one for one in content.decisions if one.key != change.key),
    )


def _with(lines: tuple[Any, ...], one: Any) -> tuple[Any, ...]:
    if not one.what:
        raise UnableToChange("A line needs words.", to_do="Say what it is about.")
    if one.key in {held.key for held in lines}:
        return tuple(one if held.key == one.key else held for held in lines)
    if len(lines) >= MOST_LINES:
        raise UnableToChange(f"There are {MOST_LINES} lines here already.", to_do="Take out what is done first.")
    return (*lines, one)


_CHANGES: dict[str, Callable[[Content, Change, str], Content]] = {
    "about": _about, "add-chart": _add_chart, "remove-chart": _remove_chart, "move-chart": _move_chart, "chart-words": _chart_words,
    "question": _question, "sign": _sign, "concern": _concern, "decision": _decision, "remove-line": _remove_line,
}  # fmt: skip
# Changes that write over words: they are refused where somebody else has changed the same words meanwhile.
_OVERWRITES = frozenset({"about", "chart-words", "question", "sign", "concern", "decision"})
_SAID = {
    "about": "title and introduction changed", "add-chart": "a chart added", "remove-chart": "a chart taken out",
    "move-chart": "charts put in order",
    "chart-words": "words under a chart changed", "question": "the question changed", "sign": "words signed",
    "concern": "a concern changed",
    "decision": "a decision changed", "remove-line": "a line taken out",
}  # fmt: skip


def said(change: Change) -> str:
    """Say a change in a few words, for the list of what was done."""
    return _SAID[change.do]


def piece(content: Content, change: Change) -> tuple[str, ...]:
    """Return the words a change would write over, so that two people never overwrite each other unseen; () for other changes."""
    if change.do not in _OVERWRITES:
        return ()
    if change.do == "about":
        return (content.title, content.for_whom, content.introduction)
    if change.do == "question":
        return (content.question,)
    if change.do == "sign":
        return (content.signed.words, content.signed.name) if content.signed else ()
    lines: list[Chosen | Concern | Decided] = [*content.charts, *content.concerns, *content.decisions]
    found = next((one for one in lines if one.key == change.key and change.key), None)
    return () if found is None else tuple(str(value) for name, value in asdict(found).items() if name not in {"key", "gap"})


def content_to(content: Content) -> dict[str, Any]:
    """Turn a paper into what JSON holds."""
    return asdict(content)


def content_from(facts: Mapping[str, Any]) -> Content:
    """Turn kept JSON back into a paper."""
    return Content(
        title=facts["title"], for_whom=facts["for_whom"], introduction=facts["introduction"], question=facts["question"],
        charts=tuple(Chosen(**one) for one in facts["charts"]), concerns=tuple(Concern(**one) for one in facts["concerns"]),
        decisions=tuple(Decided(**one) for one in facts["decisions"]), signed=Signed(**facts["signed"]) if facts["signed"] else None,
    )  # fmt: skip
