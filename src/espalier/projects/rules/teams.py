"""The one next step of a team: the first thing that waits, and why it comes before the others."""

from __future__ import annotations

from dataclasses import dataclass, field

HINDRANCE_MOVES = {
    "open": ("working", "better", "not-now"),
    "working": ("open", "better", "not-now"),
    "better": ("open", "working"),
    "not-now": ("open", "working"),
}
NEEDS_REASON = frozenset({"not-now", "not-kept"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody: what it is called, and the page that does it."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What is known of a team when its next step is chosen. Each holds the thing that has waited longest, or none."""

    href: str  # the team's page
    code: str  # its place
    projects: int = 0
    result: Waiting | None = None  # a test that is over, without a result
    figure: Waiting | None = None  # a figure that is missing, which the viewer may put in
    overdue: Waiting | None = None  # a promise whose day has passed
    nobodys: Waiting | None = None  # a hindrance that nobody works on
    unmeasured: Waiting | None = None  # a project without a measure
    untested: Waiting | None = None  # a project in which nothing is being tried
    hindrances: int = 0
    has_joy: bool = True
    may_choose_measures: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class TeamStep:
    """One thing to do now, why it is the next, and the page that does it."""

    code: str
    title: str
    why: str
    do: str
    href: str


def next_step(facts: TeamFacts) -> TeamStep:
    """Return the one next step of a team; there is always one.

    Nothing can be learned before something is tried, so a first project comes first. Then what is lost by waiting: people
    forget what happened in a test, figures become hard to find, and promises nobody speaks of are worse than broken ones.

    >>> next_step(TeamFacts("/units/W7/", "W7")).do
    'Begin a project'
    """
    return _first_project(facts) or _waiting(facts) or _to_begin(facts) or _good_to_do(facts)


def _first_project(facts: TeamFacts) -> TeamStep | None:
    if facts.projects:
        return None
    why = "Your team has no project yet. One thing you want to make better is enough, and nobody needs to be asked first."
    return TeamStep("begin", "Begin your first project", why, "Begin a project", f"/projects/new/?place={facts.code}")


def _waiting(facts: TeamFacts) -> TeamStep | None:
    """What is lost by waiting, the most fleeting first."""
    if one := facts.result:
        why = "This test is over. Write down what happened while people still remember it."
        return TeamStep("result", f"Say what happened: {one.name}", why, "Write it down", one.href)
    if one := facts.figure:
        why = "A chart with a gap hides what changed. The numbers are easiest to find now."
        return TeamStep("figure", f"Put in a figure: {one.name}", why, "Put it in", one.href)
    if one := facts.overdue:
        why = "The day has passed. Kept or not kept, with the reason: both are good to know."
        return TeamStep("promise", f"Say what became of it: {one.name}", why, "Say what became of it", one.href)
    return None


def _to_begin(facts: TeamFacts) -> TeamStep | None:
    """What somebody has yet to take in hand."""
    if one := facts.nobodys:
        why = "Nobody works on this yet. Take it on, or say why not now: silence is worse than a no."
        return TeamStep("hindrance", f"Take this on: {one.name}", why, "Take it on, or say why not now", one.href)
    if one := facts.unmeasured:
        why = "Without a number nobody can tell whether it got better."
        return TeamStep("measure", f"Choose what to measure: {one.name}", why, "Choose what you measure", one.href)
    if one := facts.untested:
        why = "Nothing is being tried in it at the moment. One patient, one shift, one day is enough."
        return TeamStep("test", f"Plan a small test: {one.name}", why, "Plan a test", one.href)
    return None


def _good_to_do(facts: TeamFacts) -> TeamStep:
    """What is worth doing when nothing waits."""
    if not facts.has_joy and facts.may_choose_measures:
        why = "Care is good where work is good. One question a month shows how people here are."
        href = f"/measures/library/?unit={facts.code}"
        return TeamStep("joy", "Ask how people are at work", why, "Choose a measure of joy", href)
    if not facts.hindrances:
        why = "Nobody has named anything yet. The small things are often the quickest to put right."
        return TeamStep("ask", "Ask what gets in the way of a good day", why, "Name one thing", f"{facts.href}#in-the-way")
    why = "Nothing waits for you here. Whoever helped you this week may like to hear it."
    return TeamStep("thanks", "Say thank you", why, "Write a thank-you note", f"/projects/teams/{facts.code}/thanks/")


def may_become(state: str, wanted: str) -> bool:
    """Whether a hindrance may go from one state to another.

    >>> may_become("better", "not-now"), may_become("not-now", "working")
    (False, True)
    """
    return wanted in HINDRANCE_MOVES.get(state, ())
