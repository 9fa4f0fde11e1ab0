"""What may be said of a series: kinds of marks, what to warn of, and words that look like a patient's details."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date  # noqa: TC003  the example below uses it

from espalier.common.errors import UnableTo
from espalier.common.identifying import is_nhs_number, kinds

REBASE, FREEZE, EXCLUDE, NOTE, TRIED, NOT_NOW = "rebase", "freeze", "exclude", "note", "tried", "not-now"
PHASES = (REBASE, FREEZE, EXCLUDE)  # these change what a chart says
NOTES = (NOTE, TRIED)
KINDS = (*PHASES, *NOTES, NOT_NOW)
LONGEST_NOTE, LONGEST_REASON = 280, 500
FEWEST = 2  # a moving range needs two figures
ENOUGH = 12  # figures behind a usual range; with fewer it is on trial
ADULT = 5  # a day so many years before what is noted is hardly about the work


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided about one series: where a new baseline begins, from what a range is frozen, what is left out.

    freeze holds the first and the last period of each frozen baseline; it begins a baseline of its own.
    """

    rebase: tuple[date, ...] = ()
    freeze: tuple[tuple[date, date], ...] = ()
    exclude: tuple[date, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rebase or self.freeze or self.exclude)

    def points(self, days: tuple[date, ...]) -> tuple[list[int], list[int], list[int]]:
        """Return, as points of a series on these days, where phases start, what each rests on (0: all), and what is left out.

        What lies outside these days has nothing to say about them; a baseline frozen before them begins with the first.

        >>> months = tuple(date(2019, month, 1) for month in range(1, 8))
        >>> Decided(rebase=(date(2019, 3, 1),), freeze=((date(2019, 5, 1), date(2019, 6, 1)),)).points(months)
        ([2, 4], [0, 0, 2], [])
        """
        frozen = {bisect_left(days, first): bisect_right(days, last) for first, last in self.freeze}
        starts = sorted({place for place in (*frozen, *(bisect_left(days, day) for day in self.rebase)) if 0 < place < len(days)})
        lengths = [max(0, frozen.get(start, 0) - start) for start in (0, *starts)]
        gone = [days.index(day) for day in self.exclude if day in days]
        return starts, [length if length >= FEWEST else 0 for length in lengths], gone


class UnableToMark(UnableTo):
    """A mark cannot stand; field says which box is to blame."""

    code = "not-a-mark"

    def __init__(self, what: str, *, to_do: str = "", field: str = "") -> None:
        self.field = field
        super().__init__(what, to_do=to_do)


def checked_words(kind: str, words: str) -> str:
    """Return the words of a mark on one line, or say what is wrong with them."""
    tidy = " ".join(words.replace("\x00", " ").split())
    longest = LONGEST_NOTE if kind in NOTES else LONGEST_REASON
    if not tidy and kind != NOT_NOW:
        what, to_do = ("The note is empty.", "Write it.") if kind in NOTES else ("There is no reason.", "Say why, in a sentence.")
        raise UnableToMark(what, to_do=to_do, field="words")
    if len(tidy) > longest:
        raise UnableToMark(f"That has {len(tidy)} characters.", to_do=f"Use {longest} or fewer.", field="words")
    return tidy


def cautions(*, kind: str, before: str, after: str, settled: int, baseline: int, cause_known: bool | None) -> tuple[str, ...]:
    """Return what somebody should know before they save, as codes; none of it forbids anything.

    before and after say what the newest figure's sign was and would be; settled counts the figures of the last phase, and
    baseline those of a frozen one; cause_known is None until somebody has answered.
    """
    found = []
    if (kind == REBASE and settled < ENOUGH) or (kind == FREEZE and baseline < ENOUGH):
        found.append("few-figures")
    if before == "concerning" and after != "concerning":
        found.append("hides-concern")
    if cause_known is False:
        found.append("no-cause")
    return tuple(found)


_TEN = re.compile(r"(?<!\d)(?<!\d\.)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d|\.\d)")
_DAY = re.compile(r"(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})|(\d{4})-\d{2}-\d{2})(?!\d)")
_BORN = re.compile(r"\b(?:d\.?o\.?b\b|date of birth|born)", re.IGNORECASE)


def personal_details(text: str, *, on: date) -> tuple[str, ...]:
    """Return what looks like a patient's details, as codes. It warns and never blocks: a number may be an order's.

    A day counts as a day of birth beside words that say so, or when it lies years before the period noted.
    """
    found = []
    if any(is_nhs_number(re.sub(r"\D", "", match)) for match in _TEN.findall(text)):
        found.append("nhs-number")
    years = [_year(short or full, on) for short, full in _DAY.findall(text)]
    if years and (_BORN.search(text) or min(years) <= on.year - ADULT):
        found.append("date-of-birth")
    return tuple(dict.fromkeys((*found, *kinds(text))))


def _year(written: str, on: date) -> int:
    """Read a year of two digits as the newest such year that is not after the one noted."""
    if len(written) == 4:
        return int(written)
    century = on.year // 100 * 100 + int(written)
    return century if century <= on.year else century - 100


# How often a rule set flags some point of a steady chart of so many points by chance, per cent: packages/plotthedots/
# docs/false-alarms.md (100,000 simulated series a number; standard error 0.2 at most).
_POINTS = (12, 18, 24, 36, 48, 60, 84, 120)
_ANY = {
    "mdc": (7.3, 12.8, 18.5, 29.3, 38.5, 46.7, 60.2, 74.2),
    "nhs-r": (7.3, 12.8, 18.5, 29.3, 38.5, 46.7, 60.2, 74.2),
    "anhoej": (1.4, 1.2, 3.1, 4.2, 3.8, 4.3, 6.7, 6.9),
    "ihi-run": (13.6, 25.7, 37.1, 56.2, 69.7, 79.9, 90.1, 96.8),
    "western-electric": (7.9, 13.3, 18.5, 28.8, 37.4, 45.5, 58.6, 72.3),
    "nelson": (9.1, 15.9, 22.4, 34.8, 45.0, 53.8, 67.7, 80.8),
}


def false_alarms(rules: str, points: int) -> float:
    """Return in how many of 100 steady charts of so many points a rule set flags something somewhere.

    >>> false_alarms("mdc", 36), false_alarms("mdc", 30), false_alarms("mdc", 500)
    (29.3, 23.9, 74.2)
    """
    known = _ANY[rules]
    held = min(max(points, _POINTS[0]), _POINTS[-1])
    above = next(place for place, size in enumerate(_POINTS) if size >= held)
    if _POINTS[above] == held:
        return known[above]
    low, high = _POINTS[above - 1], _POINTS[above]
    return round(known[above - 1] + (known[above] - known[above - 1]) * (held - low) / (high - low), 1)
