"""Days as a calendar file (RFC 5545), for whatever calendar somebody keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_LINE = 74  # octets, before the break


@dataclass(frozen=True, slots=True)
class Day:
    """One entry; without a beginning it is for the whole day. key stays the same when it is moved, so that no calendar shows it twice."""

    key: str
    title: str
    on: date
    changed_at: datetime
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    words: str = ""
    called_off: bool = False


def calendar(name: str, days: Iterable[Day]) -> str:
    """Write the file. Times are those of the place, without a zone: ten o'clock is ten o'clock on the wall there."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Espalier//Programmes//EN", f"X-WR-CALNAME:{escaped(name)}"]
    for one in days:
        lines += ["BEGIN:VEVENT", f"UID:{one.key}@espalier", f"DTSTAMP:{one.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}", *_when(one)]
        lines += [f"SUMMARY:{escaped(one.title)}"]
        lines += [f"LOCATION:{escaped(one.place)}"] if one.place else []
        lines += [f"DESCRIPTION:{escaped(one.words)}"] if one.words else []
        lines += ["STATUS:CANCELLED"] if one.called_off else []
        lines += ["END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _when(one: Day) -> tuple[str, str]:
    if one.starts is None:
        return f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}", f"DTEND;VALUE=DATE:{_after(one.on):%Y%m%d}"
    begins = datetime.combine(one.on, one.starts)
    an_hour_later = begins if one.on == date.max else begins + timedelta(hours=1)
    ends = datetime.combine(one.on, one.ends) if one.ends and one.ends > one.starts else an_hour_later
    return f"DTSTART:{begins:%Y%m%dT%H%M%S}", f"DTEND:{ends:%Y%m%dT%H%M%S}"


def _after(day: date) -> date:
    """Return the next day; the last day there is has none."""
    return day if day == date.max else day + timedelta(days=1)


def escaped(words: str) -> str:
    r"""Write words so that a comma is a comma and no second line begins.

    >>> escaped("Falls, nights; one\ntwo")
    'Falls\\, nights\\; one\\ntwo'
    """
    plain = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def folded(line: str) -> str:
    """Break a line that is longer than 75 octets, never inside a letter."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > LONGEST_LINE:
            parts.append(part)
            part = " "
        part += letter
    return "\r\n".join([*parts, part])
