"""What a browser sent in a field that no form reads: taken as it can be kept, or as nothing. It may be anything at all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE = 2**31 - 1  # the largest number of an ordinary column
YEARS = range(1900, 2200)  # the years in which anything is kept


def code(given: Mapping[str, str], name: str, *, longest: int = 60) -> str:
    r"""Return a code or a few words, without what no table can hold; cut where it is longer than any.

    >>> code({"measure": "team-falls"}, "measure"), code({"measure": "team\x00falls"}, "measure"), code({}, "measure")
    ('team-falls', 'teamfalls', '')
    """
    return given.get(name, "").replace("\x00", "")[:longest]


def whole(text: str, *, most: int = WHOLE) -> int | None:
    """Return a number as it is typed, from 0 on; anything else is none.

    >>> whole("12"), whole("-1"), whole("²"), whole("9" * 5000)
    (12, None, None, None)
    """
    fine = text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most
    return int(text) if fine else None


def day(text: str) -> date | None:
    """Return a day as browsers send it, of a year that can be meant; anything else is none.

    >>> day("2026-03-01"), day("9999-12-31"), day("yesterday")
    (datetime.date(2026, 3, 1), None, None)
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None
