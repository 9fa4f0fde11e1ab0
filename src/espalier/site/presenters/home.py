"""From facts to the words of somebody's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.ui.filters import and_list, day, number, plural
from espalier.ui.signs import VARIATION

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.common.todo import Due
    from espalier.measures.queries import AtPlace, Changed, Changes
    from espalier.organisations.queries import MyPlace, SharedWithMe
    from espalier.site.queries import Home, HomePlace

NOON, EVENING, A_WEEK = 12, 18, 7
COUNTED = 2000  # so far people are counted on this page
ENOUGH = 3  # places that share before a sum of theirs is shown
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def greeting(name: str, at: datetime) -> str:
    """Greet somebody by the name they go by, at their time of day.

    >>> from datetime import datetime, UTC
    >>> greeting("Sam, nurse (made up)", datetime(2026, 7, 1, 11, 30, tzinfo=UTC))
    'Good afternoon, Sam'
    """
    hour = timezone.localtime(at).hour
    part = "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
    first = name.partition(",")[0].split()
    return f"Good {part}, {first[0]}" if first else f"Good {part}"


def today(at: datetime) -> str:
    """Name the day."""
    on = timezone.localdate(at)
    return f"{DAYS[on.weekday()]} {day(on)}"


def due_title(page: Home) -> str:
    """Say how much is due."""
    return f"Due from you ({number(page.due_total)})" if page.due_total else "Due from you"


def how_late(one: Due, on: date) -> tuple[str, str]:
    """Say whether something is late, with the colour of its tag; nothing where there is no hurry.

    >>> from datetime import date
    >>> from espalier.common.todo import Due
    >>> how_late(Due("x", do="y", href="/", due_on=date(2026, 4, 1)), date(2026, 4, 3))
    ('late', 'orange')
    """
    if one.overdue(on):
        return ("late", "orange")
    if one.due_on and (one.due_on - on).days <= A_WEEK:
        return (f"by {day(one.due_on)}", "")
    return ("", "")


def what_i_am(one: MyPlace) -> str:
    """Say what somebody is at a place, and how many there are."""
    return f"You are {_a(and_list(role.lower() for role in one.roles))} here."


def _a(words: str) -> str:
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def people(one: MyPlace) -> str:
    """Say how many people there are; where they are many, only that."""
    return f"More than {number(COUNTED)} people" if one.people > COUNTED else plural(one.people, "person", "people")


def stands_out(charts: AtPlace) -> str:
    """Say in one sentence how a place's charts are."""
    stand = "stands" if charts.standing_out == 1 else "stand"
    if charts.more:
        return f"{number(charts.standing_out)} of the first {plural(charts.total, 'chart')} {stand} out."
    if not charts.standing_out:
        return f"{'The chart is' if charts.total == 1 else f'All {number(charts.total)} charts are'} as usual."
    if charts.total == 1:
        return "The chart stands out."
    return f"{number(charts.standing_out)} of {plural(charts.total, 'chart')} {stand} out."


def new_words(changes: Changes) -> str:
    """Say how many charts newly stand out, and how many of them chance alone would make."""
    signals = sum(one.is_signal for one in changes.rows)
    chance = "fewer than 1" if round(changes.by_chance) < 1 else f"about {number(round(changes.by_chance))}"
    if signals:
        said = f"{plural(signals, 'chart')} newly {'stands' if signals == 1 else 'stand'} out ({chance} expected by chance)."
    else:
        said = "No chart newly stands out."
    fresh = sum(not one.is_signal for one in changes.rows)
    return f"{said} {plural(fresh, 'other chart has', 'other charts have')} new figures." if fresh else said


def changed(one: Changed) -> str:
    """Say what one chart says now."""
    return VARIATION[one.now].words


def shared(one: SharedWithMe) -> str:
    """Say how many places share, how they are seen, and what is missing before a sum shows."""
    from_whom = f"from {plural(one.places, 'place')}"
    if one.by_name:
        return f"{from_whom}, {number(one.by_name)} of them by name"
    return f"{from_whom}, added up" if one.places >= ENOUGH else f"{from_whom}; shown when {ENOUGH} share"


def nearest(page: Home) -> HomePlace | None:
    """Return the place that is nearest to somebody's work."""
    return page.places[0] if page.places else None
