"""Words of a project's own pages: how it stands, who is in it, who reads it, what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import Resolver404, resolve

from espalier.projects.queries import aim_in
from espalier.projects.rules.aims import plain, sentence
from espalier.projects.rules.evidence import besides
from espalier.projects.rules.standing import NEXT
from espalier.ui.filters import and_list, day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.projects.queries import Lately, Overview, ProjectFacts
    from espalier.projects.rules.evidence import Facts

STATES = {
    "planning": ("planning", "grey"), "active": ("being tested", "blue"), "sustaining": ("made to stay", "green"),
    "finished": ("finished", "aqua-green"), "stopped": ("stopped", "yellow"),
}  # fmt: skip
MOVES = {
    ("planning", "active"): "We have begun to test", ("active", "sustaining"): "It works: we make it stay",
    ("sustaining", "active"): "We test again", ("finished", "active"): "Start again", ("stopped", "active"): "Start again",
    ("active", "finished"): "We have finished", ("sustaining", "finished"): "We have finished",
}  # fmt: skip
OPEN_TO = {
    "team": ("Its team only", "Nobody else can see that the project exists. A good way to begin."),
    "organisation": (
        "Everybody who works in the organisation", "And those it shares projects with. They read all of it; only the team changes it.",
    ),
    "everybody": ("Everybody", "Also people who have not signed in. Names of the team are shown to colleagues only."),
}  # fmt: skip
READ_BY = {"team": "its team", "organisation": "its organisation", "everybody": "everybody"}
ROLES = {
    "leader": ("leads it", "Says who takes part, who reads it and how it stands."),
    "member": ("member", "Changes everything in it."),
    "partner": ("patient or carer partner", "Takes part as somebody who knows care from the other side. Changes everything in it."),
    "coach": ("coach", "Helps the team. Can do all that the leader can."),
    "sponsor": ("sponsor", "Reads it and clears the way. Changes nothing."),
}  # fmt: skip
PARTS = {
    "title": "name", "aim_what": "what it is about", "aim_from": "from", "aim_to": "to", "aim_unit": "of what", "aim_by": "by when",
    "aim_for": "for whom", "patient_would": "whether a patient would choose the measure", "method": "way of working",
}  # fmt: skip
KINDS = {
    "node": "the driver diagram", "diagram": "a diagram", "cycle": "a test of change", "counted": "what is measured", "task": "a task",
    "project": "the project", "typed": "what the old register says", "value": "what it is worth",
    "story": "the story", "voice": "a voice in the story", "origin": "where it came from", "partner": "what a partner is asked",
    "because": "what changed because of a partner", "patientview": "what a partner says of a measure", "month": "the figures of a month",
    "coach-request": "a request to a coach", "coach-note": "a note of the coach", "remark": "a remark in the conversation",
    "edition": "the public story",
}  # fmt: skip
DONE = {
    "add": "added", "change": "changed", "remove": "took away", "undo": "took back a change of", "begin": "began", "decide": "decided",
    "figures": "put in the first figures of", "tally": "put counts into", "send": "sent", "save": "stored", "pull-back": "took back",
    "ask": "sent", "agree": "agreed to", "decline": "declined", "withdraw": "took back", "stop": "ended",
}  # fmt: skip

OF_STORIES = {
    "ask": "asked whether everybody may read the story", "answer": "answered whether everybody may read the story",
    "publish": "made the story public", "withdraw": "withdrew the story", "adopt": "took it up from another team",
}  # fmt: skip
FIELDS = {"what": "aim_what", "start": "aim_from", "goal": "aim_to", "unit": "aim_unit", "by": "aim_by-day", "for_whom": "aim_for"}


def state_choices() -> list[tuple[str, str]]:
    """How projects stand, to choose from."""
    return [(code, words) for code, (words, _) in STATES.items()]


def role_choices() -> list[tuple[str, str]]:
    """Parts in a project, to choose from."""
    return [(code, words) for code, (words, _) in ROLES.items()]


def open_choices() -> list[tuple[str, str, str]]:
    """Who may read a project, to choose from, with what it means."""
    return [(code, *words) for code, words in OPEN_TO.items()]


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of a project."""

    text: str
    href: str
    current: bool


TABS = (("Overview", ""), ("Driver diagram", "diagram/"), ("Tests of change", "tests/"), ("Measures", "measures/"),
        ("Value", "value/"), ("Team", "team/"), ("Story", "story/"), ("Conversation", "talk/"))  # fmt: skip


def tabs(project: ProjectFacts, path: str) -> tuple[Tab, ...]:
    """Return the parts of a project that are served here; a tab is drawn only to what opens."""
    there = [(text, f"{project.href}{end}") for text, end in TABS if project.my_role or end != "talk/"]  # its people talk among themselves
    best = max((href for _, href in there if path.startswith(href)), key=len, default="")
    return tuple(Tab(text, href, href == best) for text, href in there if opens(href))


def opens(path: str) -> bool:
    """Whether a page of this address is served."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def aim(project: ProjectFacts) -> str:
    """Say a project's aim in one sentence."""
    return sentence(aim_in(project))


def moves(project: ProjectFacts) -> tuple[tuple[str, str], ...]:
    """Return what may be done with the state of a project, but stopping, with the words of the button."""
    return tuple((to, MOVES[project.state, to]) for to in NEXT.get(project.state, ()) if (project.state, to) in MOVES)


@dataclass(frozen=True, slots=True)
class Next:
    """The one next step of a project."""

    title: str
    words: str
    do: str
    href: str


def next_step(project: ProjectFacts, found: Overview) -> Next | None:
    """Return the one thing to do now: the first that is missing for the next step of progress, with the page that does it."""
    if not project.may_change or project.state in {"finished", "stopped"}:
        return None
    codes = [ask.code for ask in found.evidence.score.asks]
    if found.evidence.facts.measures == 0 and opens(f"{project.href}measures/choose/"):
        words = "Then every change you try shows on a chart. Take one that is there, or make your own."
        return Next("Choose or make what you measure", words, "Choose what you measure", f"{project.href}measures/choose/")
    for code, (title, do, end) in STEPS.items():
        if code in codes and opens(f"{project.href}{end}"):
            asked = next(ask for ask in found.evidence.score.asks if ask.code == code)
            return Next(title, asked.to_do, do, f"{project.href}{end}")
    return None


STEPS = {
    "aim": ("Say how much better", "Finish the aim", "aim/"),
    "team": ("Find somebody to do it with", "Find your team", "team/"),
    "planning": ("Collect change ideas", "Open the driver diagram", "diagram/"),
    "test-planned": ("Plan a first small test", "Plan a test", "tests/"),
    "test-run": ("Run your first test", "Open the tests", "tests/"),
    "figures": ("Put in figures", "Open the measures", "measures/"),
    "studied": ("Finish a test", "Open the tests", "tests/"),
    "predicted": ("Write down what you expect", "Open the tests", "tests/"),
    "moving": ("Go on testing", "Open the tests", "tests/"),
    "better": ("Go on testing", "Open the tests", "tests/"),
    "twice": ("Test another change", "Open the tests", "tests/"),
    "half-year": ("Keep watching", "Open the measures", "measures/"),
    "no-harm": ("Look at what became worse", "Open the measures", "measures/"),
    "partner": ("Ask a patient or carer to take part", "Open the team", "team/"),
    "year": ("Keep watching", "Open the measures", "measures/"),
    "adopted": ("Make it how things are done", "Open the tests", "tests/"),
    "reached": ("Reach the aim", "Open the measures", "measures/"),
    "shared": ("Let others learn from it", "Say who may read it", "team/"),
}


def further(facts: Facts, which: str = "") -> str:
    """Say what the record has of higher steps already, so that a step below does not read as if it were not seen."""
    if not (found := besides(facts, which)):
        return ""
    return f"Of higher steps the record shows already: {and_list(found)}. They count as soon as what stands below is there."


def change(one: Lately) -> str:
    """Say in a few words what was changed, without the name of who did it."""
    if one.kind == "member":
        return _of_people(one)
    if one.kind == "project":
        return _of_project(one)
    if one.kind == "place":
        return _of_places(one)
    if one.kind in {"edition", "origin"} and one.what in OF_STORIES:
        return OF_STORIES[one.what]
    return f"{DONE.get(one.what, 'changed')} {KINDS.get(one.kind, 'something')}"


def _of_people(one: Lately) -> str:
    role = ROLES.get(str(one.after.get("role", "")), ("", ""))[0]
    if one.what == "add":
        return f"gave somebody another part: {role}" if one.before else f"took somebody into the team: {role}"
    return {"leave": "ended somebody’s part, or left", "hand-over": "handed over the lead"}.get(one.what, "took back a change of the team")


def _of_places(one: Lately) -> str:
    if one.what == "undo":
        return "took back a change of its places"
    said = {"add": "named another place", "remove": "took away a place"}[one.what]
    return f"{said}: {(one.after or one.before).get('name', '')}"


def _of_project(one: Lately) -> str:
    if one.what == "change":
        several = [PARTS.get(name, name) for name in PARTS if name in one.after]
        return f"changed the aim: {', '.join(several)}"
    if one.what == "move":
        return f"said that it is {STATES.get(str(one.after.get('state')), ('', ''))[0]}"
    if one.what == "share":
        return f"opened it to: {OPEN_TO.get(str(one.after.get('open_to')), ('', ''))[0].lower()}"
    others = {
        "join": "joined a programme", "leave": "left a programme", "begin": "began the project", "say": "said how far the team is",
        "undo": "took back the change before",
    }  # fmt: skip
    return others.get(one.what, "changed it")


@dataclass(frozen=True, slots=True)
class Beside:
    """One part of an aim as it stands now and as somebody typed it."""

    part: str
    now: str
    typed: str


def beside(now: Mapping[str, Any], typed: Mapping[str, Any]) -> tuple[Beside, ...]:
    """Return the parts of an aim that stand otherwise than somebody typed them."""
    return tuple(
        Beside(PARTS[name], _said(now[name]), _said(typed[name])) for name in PARTS if name in typed and now.get(name) != typed[name]
    )


def typed(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of an aim as they stand in its form: numbers as people write them."""
    return {name: f"{value:.10g}" if isinstance(value, float) else value for name, value in words.items()}


def _said(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, float):
        return plain(value)
    return str(value) if value not in (None, "") else "nothing"
