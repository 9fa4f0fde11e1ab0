"""What may stand in the addresses of chart pages. A word nobody knows becomes the default: an address typed by hand still works."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.ui.fields import LongTextField, NumberField, TextField

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN = {
    "order": ("region", "attention", "name"),
    "compare": ("each-month", "year-before"),
    "level": ("organisation", "system", "region"),
    "signal": ("", "flagged", "sure", "concerning", "improving", "high", "low", "steady", "unknown"),
    "view": ("charts", "table"),
    "months": ("36", "all"),
    "rules": ("", "mdc", "anhoej"),
    "marks": ("shown", "public"),
}
LARGEST = 1_000_000_000  # more than anybody counts in a month; and a number too large to store is never half stored
FREE = ("region", "kind", "page")
_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


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
    """Return the month (or the day of a week, a quarter …) in the address; one that is neither is a page that does not exist."""
    text = asked.get("until", "")
    if not text:
        return None
    found = _MONTH.fullmatch(text)
    if found and 1900 <= int(found[1]) < 2200:
        with contextlib.suppress(ValueError):
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
    raise NotFoundHere(f"{text[:20]!r} is not a month. Write it like 2019-03.", suggestions=(Suggestion("The newest months", path),))


class PasteForm(forms.Form):
    """A block copied from a spreadsheet."""

    block = LongTextField(
        label="Paste here", missing="Paste the figures from your spreadsheet", rows=10, ready=True, max_length=40_000, strip=False
    )


def version_of(asked: Mapping[str, str], name: str = "version") -> UUID | None:
    """Return the version an address or a form names; anything else is none."""
    try:
        return UUID(asked.get(name, ""))
    except ValueError:
        return None


class EntryForm(forms.Form):
    """One month's figure as typed. `seen` carries what stood there when the page was opened, so that nothing is overwritten unseen."""

    numerator = NumberField(label="How many", max_value=LARGEST)
    denominator = NumberField(label="Out of how many", required=False, max_value=LARGEST)
    why = TextField(
        label="A note, if you like",
        hint="Colleagues of your organisation can read it. Please no names of patients.",
        required=False,
        max_length=200,
        width="30",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, numerator: str, denominator: str, two_numbers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["numerator"].help_text = numerator
        if two_numbers:
            self.fields["denominator"].help_text = denominator
            self.fields["denominator"].required = True
        else:
            del self.fields["denominator"]

    def numbers(self) -> tuple[float, float | None]:
        """Return the two numbers as typed; the second is absent for a plain count."""
        below = self.cleaned_data.get("denominator")
        return float(self.cleaned_data["numerator"]), None if below is None else float(below)

    def before(self) -> tuple[float | None, ...]:
        """Return the numbers that stood there when the page was opened; three of nothing where there were none."""
        parts = [None if part == "-" else float(part) for part in self.cleaned_data["seen"].split()]
        return tuple(parts) if len(parts) == 3 else (None, None, None)

    def clean_seen(self) -> str:
        """Refuse a hidden field that somebody has written into: it then says nothing."""
        text = str(self.cleaned_data.get("seen") or "")
        return text if re.fullmatch(r"((-|-?[\d.e+-]+) ){2}(-|-?[\d.e+-]+)", text) else ""
