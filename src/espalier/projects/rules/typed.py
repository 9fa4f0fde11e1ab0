"""What a register says of projects and tests, in our words. It is kept as it was typed and never taken for what was seen here. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from espalier.common.errors import UnableTo
from espalier.common.identifying import BIRTH, HOSPITAL_NUMBER, NHS_NUMBER, kinds, said
from espalier.common.names import alike
from espalier.projects.rules.evidence import HIGHEST, LOWEST, STEP
from espalier.projects.rules.standing import OVER

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TITLE, MOST_AIM, MOST_PREDICTION, MOST_TEXT = 200, 300, 500, 4_000
_SCORE = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)(?![0-9.,])")
_FIRST_WORDS = re.compile(r"[\s.,:;()–—-]+")
SURE = frozenset({NHS_NUMBER, BIRTH, HOSPITAL_NUMBER})  # never in a project; what only looks like a person is for somebody to look at


class UnableToReadTyped(UnableTo):
    """A cell of a register cannot be used."""

    code = "typed"


class TypedProject(NamedTuple):
    """A project as its register has it. said_… is the register's own text, beside what it means here."""

    register: int  # the organisation whose register it is
    system: str
    number: str
    title: str
    aim: str
    unit_id: int
    leader_said: str
    leader: int | None  # an account
    starts_on: date | None
    ends_on: date | None
    state_said: str
    state: str
    method_said: str
    method: str
    score: float | None
    score_on: date | None
    programme: str
    open_to: str


class TypedTest(NamedTuple):
    """A test of change as its register has it."""

    project_id: int
    system: str
    number: str
    title: str
    plan: str
    prediction: str
    predicted: float | None
    result: float | None
    happened: str
    learned: str
    act: str
    decision: str
    starts_on: date
    ends_on: date | None


def score_of(text: str) -> float | None:
    """Read a progress score, alone or before its name. No score is None; what is off the scale is refused.

    >>> score_of("2.5"), score_of("3 – Modest improvement"), score_of("")
    (2.5, 3.0, None)
    """
    if not text.strip():
        return None
    found = _SCORE.match(text)
    score = float(found[1].replace(",", ".")) if found else 0.0
    if not LOWEST <= score <= HIGHEST or score % STEP:
        raise UnableToReadTyped("Progress goes from 0.5 to 5 in steps of a half", to_do="Write it like 2.5, or leave it empty.")
    return score


def state_of(text: str, words: Mapping[str, str]) -> str:
    """Return how a project stands, by the register's word; without a word it is being planned."""
    if not alike(text):
        return "planning"
    if (known := words.get(alike(text))) is None:
        to_do = "Write planning, active, sustaining, completed or on hold."
        raise UnableToReadTyped("We do not know this word for how a project stands", to_do=to_do)
    return known


def decision_of(text: str, words: Mapping[str, str]) -> str:
    """Return the decision a text begins with; "" where it says none.

    >>> decision_of("Adapt: try it at night", {"adapt": "adapt"}), decision_of("Talk to the matron", {"adapt": "adapt"})
    ('adapt', '')
    """
    said_ = [word for word in _FIRST_WORDS.split(text.casefold()) if word]
    longest = max((len(word.split()) for word in words), default=0)
    return next((words[begun] for many in range(longest, 0, -1) if (begun := " ".join(said_[:many])) in words), "")


def shortened(text: str, most: int) -> str:
    """Return as many whole words of a text as there is room for.

    >>> shortened("fewer falls at night", 14)
    'fewer falls …'
    """
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0].rstrip(' ,;:')} …"


def mark_of(*, system: str, number: str, otherwise: str) -> str:
    """Return what tells a row from the others of its register, so that the same file loaded twice changes nothing.

    >>> mark_of(system="Life QI", number=" 12 ", otherwise="x"), mark_of(system="", number="", otherwise="7 Fewer  Falls")
    ('n:life qi:12', 't::7 fewer falls')
    """
    kind, rest = ("n", alike(number)) if alike(number) else ("t", alike(otherwise))
    return f"{kind}:{alike(system)}:{rest}"[:300]


def of_patients(text: str) -> tuple[str, bool]:
    """Say what in a text points at a patient, and whether that is sure enough to refuse it; "" where nothing does."""
    found = kinds(text)
    sure = tuple(one for one in found if one in SURE)
    return said(sure or found), bool(sure)


# ---- what it comes to in a project ----------------------------------------------------------------------------------

COLUMNS = ("unit_id", "title", "aim_what", "state", "method", "open_to", "ended_on", "aim_by", "why_stopped")


def columns_of(one: TypedProject) -> dict[str, Any]:
    """Return the columns of a project that a register fills: COLUMNS, no more and no fewer."""
    over = one.state in OVER
    return {
        "unit_id": one.unit_id, "title": one.title, "aim_what": shortened(one.aim, MOST_AIM), "state": one.state, "method": one.method,
        "open_to": one.open_to, "ended_on": one.ends_on if over else None, "aim_by": None if over else one.ends_on,
        "why_stopped": why_stopped(one),
    }  # fmt: skip


def why_stopped(one: TypedProject) -> str:
    """Return why a project stands as it does, where the register says no more than a word."""
    return f"The register says: {one.state_said}"[:300] if one.state == "stopped" else ""


def stored(one: TypedProject | TypedTest) -> dict[str, Any]:
    """Return what a register says as JSON can hold it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in one._asdict().items()}


def typed_project(words: Mapping[str, Any]) -> TypedProject:
    """Return what stored gave of a project."""
    return TypedProject(**_read(words))


def typed_test(words: Mapping[str, Any]) -> TypedTest:
    """Return what stored gave of a test."""
    return TypedTest(**_read(words))


def _read(words: Mapping[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name.endswith("_on") and value else value for name, value in words.items()}


def columns_of_test(one: TypedTest) -> dict[str, Any]:
    """Return the columns of a test that a register fills. What was decided there was decided when the test ended."""
    return {
        "title": one.title, "prediction": shortened(one.prediction, MOST_PREDICTION), "predicted": one.predicted, "result": one.result,
        "happened": one.happened, "learned": one.learned, "decision": one.decision,
        "decided_on": (one.ends_on or one.starts_on) if one.decision else None, "starts_on": one.starts_on, "ends_on": one.ends_on,
    }  # fmt: skip





def differing(old: Mapping[str, Any], new: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what a newer file changes, and what it would have changed had nobody changed it here since: that stays.

    >>> differing({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 1}, {"a": 1, "b": 7, "c": 9})
    ({'a': 2}, ('b',))
    """
    changed = {name: value for name, value in new.items() if value != old.get(name)}
    stays = tuple(name for name in changed if now[name] not in (old.get(name), changed[name]))
    return {name: value for name, value in changed.items() if name not in stays}, stays
