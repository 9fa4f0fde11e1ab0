"""From plans and past changes to words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.organisations.rules import ADD, CLOSE, MERGE, MOVE, RENAME, REOPEN, SPLIT
from espalier.ui.filters import and_list, day, moment, plural

if TYPE_CHECKING:
    from datetime import date

    from espalier.common.affected import Affected
    from espalier.organisations.queries import ChangingPage, Done, Effects, Happened, Plan, UnitFacts

# What can be done, in the order of pages: code, words of the link, what it is for.
OFFERED = (
    (ADD, "Add a team or other place in it", "A new ward, team, division or other part."),
    (RENAME, "Rename it", "The old name is remembered, with its days."),
    (MOVE, "Move it", "It becomes part of another place. Its people and figures go with it."),
    (MERGE, "Merge it into another place", "Two become one. The past of both stays readable."),
    (SPLIT, "Split it", "New places come out of it."),
    (CLOSE, "Close it", "It ends on a day. Nothing is deleted."),
    (REOPEN, "Open it again", "It closed, and begins again on a day."),
)
BUTTONS = {
    ADD: "Add it", RENAME: "Rename it", MOVE: "Move it", MERGE: "Merge them", SPLIT: "Split it", CLOSE: "Close it", REOPEN: "Open it again",
}  # fmt: skip
DID = {
    ADD: "Added", RENAME: "Renamed", MOVE: "Moved", MERGE: "Merged", SPLIT: "Split", CLOSE: "Closed", REOPEN: "Opened again",
}  # fmt: skip
DAY = timedelta(days=1)


def offered(page: ChangingPage) -> list[tuple[str, str, str]]:
    """Return what can be done to a place: a closed one is only opened again, the top of a tree stays, the lowest holds nothing."""
    if page.is_closed:
        return [(f"{page.href}{what}/", words, about) for what, words, about in OFFERED if what == REOPEN]
    alone = {ADD, RENAME}
    if not page.may_above:
        return [(f"{page.href}{what}/", words, about) for what, words, about in OFFERED if what in alone]
    return [
        (f"{page.href}{what}/", words, about) for what, words, about in OFFERED
        if what != REOPEN and (page.up or what in alone) and not (what == ADD and page.is_lowest)
    ]


def title(what: str, unit: UnitFacts) -> str:
    """Return the heading of a form."""
    words = {
        ADD: f"Add a place in {unit.name}", RENAME: f"Rename {unit.name}", MOVE: f"Move {unit.name}",
        MERGE: f"Merge {unit.name} into another place",
        SPLIT: f"Split {unit.name}", CLOSE: f"Close {unit.name}",
        REOPEN: f"Open {unit.name} again",
    }  # fmt: skip
    return words[what]


def will_happen(plan: Plan, effects: Effects, today: date) -> list[str]:
    """Say in plain words what a plan does, before it is done."""
    wish, lines = plan.wish, list(_first(plan))
    if wish.on < today:
        lines.append("That day has gone by: sums from then on are made again.")
    elif wish.on > today:
        lines.append("Until then nothing changes.")
    return [*lines, *_inside(plan, effects), *_people(plan, effects)]


def _first(plan: Plan) -> list[str]:
    wish = plan.wish
    name, other, was = wish.unit.name, wish.other.name if wish.other else "", plan.parent.name if plan.parent else "nothing"
    new = and_list([one.name for one in plan.new])
    said = {
        ADD: [f"{wish.name} is added in {name}.", f"Its code is {plan.new[0].code}." if plan.new else ""],
        RENAME: [f"{name} is called {wish.name}.", "Its earlier name stays in its history."],
        MOVE: [f"{name} is part of {other}. Until then it is part of {was}."],
        MERGE: [f"{name} closes on {day(wish.on - DAY)}, and {other} takes over from it."],
        SPLIT: [f"New: {new}, in {was}.", f"{name} closes on {day(wish.on - DAY)}." if wish.ends else f"{name} goes on."],
        CLOSE: [f"{name} is open for the last time on {day(wish.on - DAY)}."],
        REOPEN: [f"{name} is open again, as part of {other}."],
    }
    renamed = [f"{other} is called {wish.name}."] if wish.what == MERGE and plan.names_after else []
    return [*filter(None, said[wish.what]), *renamed]


def _inside(plan: Plan, effects: Effects) -> list[str]:
    """What becomes of what lies in the place."""
    wish = plan.wish
    if effects.number and wish.what in {MERGE, SPLIT, CLOSE}:
        closing = effects.number if wish.inside == "close" else 0
        names = and_list([one.name for one in effects.places]) + (" and others" if effects.number > len(effects.places) else "")
        does = "closes with it" if closing == 1 else "close with it" if closing else "goes over" if effects.number == 1 else "go over"
        return [f"{plural(effects.number, 'place')} in it {does}: {names}."]
    if effects.below and wish.what in {MOVE, RENAME}:
        return [f"{plural(effects.below, 'place')} in it {'stays' if effects.below == 1 else 'stay'} in it."]
    return []


def _people(plan: Plan, effects: Effects) -> list[str]:
    """What becomes of people, and of everything else that hangs on the place."""
    wish = plan.wish
    becomes = {
        MERGE: f"Posts and roles go on at {wish.other.name if wish.other else ''}.", CLOSE: "Posts and roles here end on that day.",
        SPLIT: f"Posts and roles go on at {plan.new[0].name if plan.new else ''}." if wish.ends else "Posts and roles stay.",
        MOVE: "Posts and roles go with it.",
    }  # fmt: skip
    said = [(one, one.becomes or (becomes.get(wish.what, "") if one.one.startswith("person") else "")) for one in effects.hangs]
    return [f"{counted(one)}. {then}".strip() for one, then in said]


def counted(one: Affected) -> str:
    """Write a number and what it counts."""
    return plural(one.number, one.one, one.many)


def did(one: Done) -> str:
    """Say what was done, in one line."""
    said = one.said
    words = {
        ADD: f"Added {and_list(said.get('names', []))} in {said.get('place')}",
        RENAME: f"Renamed {said.get('place')} to {said.get('name')}",
        MOVE: f"Moved {said.get('place')} from {said.get('was')} to {said.get('other')}",
        MERGE: f"Merged {said.get('place')} into {said.get('other')}",
        SPLIT: f"Split {said.get('place')}: {and_list(said.get('names', []))}",
        CLOSE: f"Closed {said.get('place')}", REOPEN: f"Opened {said.get('place')} again in {said.get('other')}",
    }  # fmt: skip
    return f"{words[one.what]}, {'last day ' + day(one.on - DAY) if one.what == CLOSE else 'from ' + day(one.on)}"


def done_when(one: Done) -> str:
    """Say when it was done and by whom, and whether it was undone."""
    words = f"Done {moment(timezone.localtime(one.at))}{f' by {one.by}' if one.by else ''}"
    return f"{words}. Undone {moment(timezone.localtime(one.undone_at))}" if one.undone_at else words


def happened(one: Happened) -> str:
    """Say what happened, without the name of the other place, which is a link."""
    words = {
        "opened": f"Opened as {one.name}", "closed": "Last day", "named": f"Renamed from {one.was} to {one.name}", "joined": "Part of",
        "took-over": "Took over from", "went-on": "Its work went on at", "came": "Came in:", "left": "Left:",
    }  # fmt: skip
    return words[one.what]


def happened_when(one: Happened, today: date) -> str:
    """Say the day; a day to come is said to be one."""
    if one.on is None:
        return "From the start, as far as we know"
    return f"{day(one.on)}{' (to come)' if one.on > today else ''}"
