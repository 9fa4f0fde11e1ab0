"""What may stand in the addresses of chart pages. A word nobody knows becomes the default: an address typed by hand still works."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from espalier.common.errors import NotFoundHere, Suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN = {
    "order": ("region", "attention", "name"),
    "compare": ("each-month", "year-before"),
    "level": ("organisation", "system", "region"),
    "signal": ("", "flagged", "concerning", "improving", "high", "low", "steady", "unknown"),
    "view": ("charts", "table"),
    "months": ("36", "all"),
    "rules": ("", "mdc", "anhoej"),
}
FREE = ("region", "kind", "page")
_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-01)?")


def chosen(asked: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return the named choices, each known or the default."""
    result = {}
    for name in names:
        word = asked.get(name, "")
        if name in FREE:
            result[name] = word[:40]
        else:
            result[name] = word if word in KNOWN[name] else KNOWN[name][0]
    return result


def month_of(asked: Mapping[str, str], path: str) -> date | None:
    """Return the month in the address; one that is not a month is a page that does not exist."""
    text = asked.get("until", "")
    if not text:
        return None
    found = _MONTH.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) < 2200:
        return date(int(found[1]), int(found[2]), 1)
    raise NotFoundHere(f"{text[:20]!r} is not a month. Write it like 2019-03.", suggestions=(Suggestion("The newest months", path),))
