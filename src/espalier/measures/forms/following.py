"""What people type and choose to save a page, follow a chart, or look at a list."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.measures.forms import KNOWN, chosen
from espalier.ui.fields import RadiosField, TextField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEPT = ("order", "compare", "level", "region", "kind", "signal", "view")
OFTEN = [("daily", "every day"), ("weekly", "every week"), ("monthly", "every month")]
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def kept_choices(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address is worth keeping: known words that are not the default, and a month that is one."""
    words = {name: word for name, word in chosen(asked, *KEPT).items() if word and word != KNOWN.get(name, ("",))[0]}
    if re.fullmatch(r"(19|2[01])\d\d-(0[1-9]|1[0-2])", asked.get("until", "")):
        words["until"] = asked["until"]
    return words


class SaveViewForm(forms.Form):
    """A name for a page of many charts, and who else finds it."""

    name = TextField(label="Name", max_length=80, missing="Give it a name", width="30")
    share = RadiosField(label="Who finds it in their list?", required=False)

    def __init__(self, *args: Any, places: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = [(str(pk), f"Everybody at {name}") for pk, name in places]
        self.fields["share"].choices = [("", "Only me"), *everybody]  # type: ignore[attr-defined]

    def share_with(self) -> int | None:
        """Return the place it is shared with."""
        return int(self.cleaned_data["share"]) if self.cleaned_data.get("share") else None


class RenameForm(forms.Form):
    """Another name for a saved page."""

    name = TextField(label="New name", max_length=80, missing="Give it a name", width="30")


def number_of(asked: Mapping[str, str], name: str, known: tuple[int, ...]) -> int:
    """Return a number from an address, or the first known one."""
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 and int(text) in known else known[0]


def one_of(asked: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    """Return a word from an address, or the first known one."""
    text = asked.get(name, "")
    return text if text in known else known[0]


def since_of(asked: Mapping[str, str], path: str) -> datetime | None:
    """Return the day in the address as the moment it begins; one that is no day is a page that does not exist."""
    text = asked.get("since", "")
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not 1900 < day.year < 2200:
        raise NotFoundHere(f"{text[:20]!r} is not a day. Write it like 2019-03-01.", suggestions=(Suggestion("The last month", path),))
    return datetime.combine(day, time(), UTC)


def moment_of(asked: Mapping[str, str], name: str) -> datetime | None:
    """Return a moment that a form of ours carried along; anything else is none."""
    try:
        found = datetime.fromisoformat(asked.get(name, ""))
    except ValueError:
        return None
    return found if found.tzinfo else None
