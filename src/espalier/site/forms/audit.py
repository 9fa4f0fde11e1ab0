"""What is looked for in the log, and a reason for emergency access."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from espalier.ui.fields import FileField, LongTextField, SelectField, TextField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.ui.fields import Part

WHEN = (
    ("", "At any time"), ("1", "In the last day"), ("7", "In the last 7 days"), ("30", "In the last 30 days"), ("366", "In the last year"),
)  # fmt: skip
SEAL = (("", "Sealed or not"), ("waiting", "Not sealed yet"))
LEAST, MOST = 20, 500


class DayField(TextField):
    """One day, as browsers offer it: a calendar where there is one, else 2026-01-31."""

    kind = "date"

    def clean(self, value: Any) -> str:
        """Return the day as it is written everywhere, or ''."""
        text = str(super().clean(value))
        try:
            return date.fromisoformat(text).isoformat() if text else ""
        except ValueError:
            raise ValidationError("Enter the day like 2026-01-31", code="invalid") from None

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw the calendar; what is no day stands in a plain box, for a calendar would hide what was typed."""
        name, drawn = super().component(part)
        try:
            date.fromisoformat(part.typed or "2026-01-31")
        except ValueError:
            drawn["kind"] = "text"
        return name, drawn


class AuditForm(forms.Form):
    """Who, what was done, to which thing, when, where; all may be left open."""

    who = TextField(label="Who", required=False, max_length=80)
    did = SelectField(label="Did what", required=False)
    thing = TextField(label="Code or number", required=False, max_length=80)
    when = SelectField(label="When", required=False, choices=WHEN)
    day = DayField(label="Or on the day", required=False, max_length=10)
    place = SelectField(label="Where", required=False)
    seal = SelectField(label="Seal", required=False, choices=SEAL)

    def __init__(self, *args: Any, verbs: Sequence[tuple[str, str]] = (), places: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["did"].choices = [("", "Anything"), *verbs]  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", "Everywhere I may read"), *places]  # type: ignore[attr-defined]


class HeadForm(forms.Form):
    """A head of the log that was kept elsewhere; proving works without one too, and proves less."""

    head = FileField(label="A head kept elsewhere", required=False, accept=".json", hint="A file from an earlier day, if you have one.")


class EmergencyForm(forms.Form):
    """Which organisation, and why."""

    place = SelectField(label="Which organisation", missing="Choose the organisation")
    reason = LongTextField(
        label="Why you need to look", rows=3, max_length=MOST, missing="Say why you need to look",
        hint=f"At least {LEAST} characters. Those you ask will read it. Name no patient.",
    )  # fmt: skip

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", "Choose"), *places]  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        """Return the reason on one line; spaces do not make it longer."""
        words = " ".join(str(self.cleaned_data["reason"]).split())
        if len(words) < LEAST:
            raise ValidationError(f"Say why in at least {LEAST} characters. You wrote {len(words)}", code="short")
        return words


def uuid_of(asked: Mapping[str, str], name: str) -> UUID:
    """Return a number a page has written itself; what is none is a thing that does not exist."""
    try:
        return UUID(asked.get(name, ""))
    except ValueError:
        return UUID(int=0)
