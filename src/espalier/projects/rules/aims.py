"""An aim: said in one sentence, and looked at kindly. What is missing is asked for; nothing is refused for it.

A team that must fill in everything before it may begin does not begin. So an aim may stand half said for as long as it
needs, and each page says what would make it one that can be seen to be reached: how much, by when, for whom.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, timedelta

FAR = timedelta(days=731)
DOWN = re.compile(r"\b(?:fewer|less|lower|reduce[ds]?|reducing|shorter|cut|cutting|stop|end)\b", re.IGNORECASE)
UP = re.compile(r"\b(?:more|higher|increase[ds]?|increasing|raise|longer|improve[ds]?|improving)\b", re.IGNORECASE)
SHARE = re.compile(r"^(?:%|per ?cent\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Aim:
    """How much, by when, for whom. Any of it may be left for later."""

    what: str = ""
    start: float | None = None
    goal: float | None = None
    unit: str = ""
    by: date | None = None
    for_whom: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that would make an aim clearer: which part of it, and the words to say so."""

    code: str
    part: str
    words: str


def plain(number: float) -> str:
    """Write a number as people do.

    >>> plain(8.0), plain(2.5), plain(1200)
    ('8', '2.5', '1,200')
    """
    return f"{number:,.10g}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def sentence(aim: Aim) -> str:
    """Say the aim in one sentence, as far as it is known; "" where nothing of it is.

    >>> sentence(Aim(start=8, goal=4, unit="falls a month", by=date(2027, 3, 31), for_whom="patients over 75"))
    'From 8 to 4 falls a month by 31 March 2027, for patients over 75.'
    >>> sentence(Aim(goal=95, unit="%"))
    'To 95%.'
    """
    if aim.start is None and aim.goal is None:
        said = aim.what.strip().rstrip(".")
        return f"{said[:1].upper()}{said[1:]}{_rest(aim)}." if said else ""
    from_ = f"from {plain(aim.start)}" if aim.start is not None else ""
    to = f"to {plain(aim.goal)}" if aim.goal is not None else ""
    unit = f"{'' if aim.unit.startswith('%') else ' '}{aim.unit.strip()}" if aim.unit.strip() else ""
    words = " ".join(part for part in (from_, to) if part) + unit
    return f"{words[:1].upper()}{words[1:]}{_rest(aim)}."


def _rest(aim: Aim) -> str:
    by = f" by {_day(aim.by)}" if aim.by else ""
    return by + (f", for {aim.for_whom.strip().rstrip('.').removeprefix('for ')}" if aim.for_whom.strip() else "")


def hints(aim: Aim, *, title: str, today: date, better: str = "") -> tuple[Hint, ...]:
    """Say what is missing or looks wrong, the most useful first; nothing for an aim that is whole.

    better is "up" or "down" where the measure of the project says which way is better.
    """
    return (*_amount(aim, title, better), *_day_of(aim, today), *_people(aim))


def _amount(aim: Aim, title: str, better: str) -> tuple[Hint, ...]:
    found = []
    if aim.goal is None:
        found.append(Hint("how-much", "goal", "How much better? Say the number you want to reach, so that you know when you are there."))
    if aim.start is None:
        found.append(Hint("from", "start", "Where are you now? A guess will do until you have counted."))
    if aim.goal is not None and not aim.unit.strip():
        found.append(Hint("unit", "unit", f"{plain(aim.goal)} of what? For example “falls a month” or “% of patients”."))
    if aim.start is not None and aim.goal is not None:
        found += _way(aim.start, aim.goal, _wanted(f"{title} {aim.what}", better))
    if SHARE.match(aim.unit.strip()):
        off = [one for one in (aim.start, aim.goal) if one is not None and not 0 <= one <= 100]
        found += [Hint("share", "goal", f"{plain(off[0])}% cannot be: a percentage lies between 0 and 100.")] if off else []
    return tuple(found)


def _wanted(words: str, better: str) -> str:
    """Return which way the words of an aim, or else its measure, call better; "" where they do not say."""
    down, up = bool(DOWN.search(words)), bool(UP.search(words))
    return ("down" if down else "up") if down != up else better


def _way(start: float, goal: float, wanted: str) -> list[Hint]:
    if start == goal:
        return [Hint("same", "goal", f"From {plain(start)} to {plain(goal)} is no change. What would you like it to become?")]
    if wanted and wanted != ("up" if goal > start else "down"):
        goes, meant = ("up", "less") if goal > start else ("down", "more")
        words = f"From {plain(start)} to {plain(goal)} goes {goes}, and it sounds as if you want {meant}. Are the two the right way round?"
        return [Hint("direction", "goal", words)]
    return []


def _day_of(aim: Aim, today: date) -> tuple[Hint, ...]:
    if aim.by is None:
        return (Hint("by-when", "by", "By when? A day within a year keeps a team going."),)
    if aim.by < today:
        return (Hint("over", "by", f"{_day(aim.by)} is over. Choose a new day, or say that you have finished."),)
    if aim.by - today > FAR:
        return (Hint("far", "by", "That is more than two years away. Choose a nearer day for a first step, and go on from there."),)
    return ()


def _people(aim: Aim) -> tuple[Hint, ...]:
    if aim.for_whom.strip():
        return ()
    return (Hint("for-whom", "for_whom", "For whom? Say which patients or colleagues will notice the difference."),)


def sign(*words: object) -> str:
    """Return a short sign of what somebody saw: it changes whenever any of it changes."""
    return hashlib.sha256("\0".join(map(str, words)).encode()).hexdigest()[:12]
