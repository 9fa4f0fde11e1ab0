"""The letter about what is new: when one is due, and its words. No figure of anybody's stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.ui.filters import MONTHS, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

HOW_OFTEN = ("daily", "weekly", "monthly")
LISTED = 20  # lines of each kind; a letter is read on a phone


@dataclass(frozen=True, slots=True)
class Line:
    """One chart of a letter; one that is not for everybody has no name here, and is only counted."""

    name: str
    href: str
    says: str
    is_open: bool


def letter_period(how_often: str, day: date) -> str:
    """Return the day, week or month in which at most one letter of this rhythm is sent.

    >>> from datetime import date
    >>> [letter_period(how_often, date(2026, 11, 23)) for how_often in HOW_OFTEN]
    ['2026-11-23', '2026-W48', '2026-11']
    """
    if how_often == "weekly":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if how_often == "monthly" else day.isoformat()


def letter_subject(signals: int, late: int, due: int = 0) -> str:
    """Say what the letter is about, without saying whose charts they are.

    >>> letter_subject(3, 1), letter_subject(0, 2), letter_subject(0, 0, 1)
    ('3 charts newly stand out, 1 figure is late', '2 figures are late', '1 thing is due from you')
    """
    parts = [f"{plural(due, 'thing')} {'is' if due == 1 else 'are'} due from you"] if due else []
    parts += [f"{plural(signals, 'chart')} newly {'stands' if signals == 1 else 'stand'} out"] if signals else []
    parts += [f"{plural(late, 'figure')} {'is' if late == 1 else 'are'} late"] if late else []
    return ", ".join(parts)


def alarms(judged: int, by_chance: float) -> str:
    """Say how many of the charts chance alone could make stand out."""
    if not judged:
        return ""
    about = "fewer than 1" if by_chance < 1 else f"about {round(by_chance)}"
    of = "1 chart" if judged == 1 else f"{judged:,} charts"
    return f"New figures came for {of}. If nothing had changed, chance alone could make {about} of them stand out."


def letter_body(
    *, signals: Sequence[Line], late: Sequence[Line], chance: str, since: date | None, address: str, stop: str, due: Sequence[str] = ()
) -> str:
    """Write the letter. Charts that not everybody may see are counted, never named: a letter can go astray."""
    parts = ["\n".join(["Due from you:", *(f"- {line}" for line in due), f"  {address}/"])] if due else []
    if since and (signals or late or not due):
        parts.append(f"What is new since {since.day} {MONTHS[since.month - 1]} {since.year} among the charts you follow.")
    if signals:
        parts.append("\n".join(["Charts that newly stand out:", *_lines(signals, address), "", chance]).rstrip())
    if late:
        parts.append("\n".join(["Figures that are late:", *_lines(late, address)]))
    parts.append(f"Choose when we write to you, and what you follow:\n{address}/account/letters/")
    parts.append(f"Stop these letters:\n{address}{stop}")
    return "\n\n".join(parts) + "\n"


def _lines(several: Sequence[Line], address: str) -> list[str]:
    named = [one for one in several if one.is_open]
    lines = [f"- {one.name}: {one.says}\n  {address}{one.href}" for one in named[:LISTED]]
    if len(named) > LISTED:
        lines.append(f"- and {len(named) - LISTED:,} more")
    if quiet := len(several) - len(named):
        lines.append(f"- {plural(quiet, 'chart')} that only some may see: sign in to look\n  {address}/measures/following/")
    return lines
