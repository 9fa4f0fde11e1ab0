"""What people send about people and their posts. Who and where is meant is looked up by the views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from espalier.organisations.rules.staffing import LONGEST, UnableToReadStaff, band_of, fits, fraction_of, tidy
from espalier.ui.fields import DateField, EmailField, RadiosField, SelectField, TextField

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

# The groups in which the NHS counts its staff.
STAFF_GROUPS = (
    "Add Prof Scientific and Technic", "Additional Clinical Services", "Administrative and Clerical", "Allied Health Professionals",
    "Estates and Ancillary", "Healthcare Scientists", "Medical and Dental", "Nursing and Midwifery Registered", "Students",
)  # fmt: skip
RIGHT, FROM = "right", "from"
HOW = ((FROM, "It changes on a day"), (RIGHT, "It was written down wrongly"))
HOW_HINTS = {FROM: "What was before stays as it was.", RIGHT: "It is put right for the whole time."}
EARLIEST = 1940


class PersonForm(forms.Form):
    """A person's name and work address."""

    name = TextField(label="Name", max_length=LONGEST["name"], missing="Enter a name", hint="As colleagues say it, first name first")
    work_email = EmailField(label="Work e-mail address", required=False, max_length=LONGEST["email"], autocomplete=None)

    def clean_name(self) -> str:
        """Keep a name of something that can be seen."""
        return tidy(self.cleaned_data["name"])


class PostForm(forms.Form):
    """A post. Teams are named by code or name, managers by name or address: nobody looks through a list of thousands."""

    title = TextField(label="Post", max_length=LONGEST["title"], missing="Enter what the post is called", hint="Such as Staff nurse")
    team = TextField(label="Team", max_length=200, missing="Enter the team's code or whole name", hint="Its code or its whole name")
    staff_group = SelectField(label="Staff group", required=False)
    profession = TextField(label="Profession or job role", required=False, max_length=LONGEST["profession"])
    band = TextField(label="Band", required=False, max_length=LONGEST["band"], width="10", hint="Such as Band 6")
    fraction = TextField(label="Hours, as a share of full time", required=False, width="5", hint="1 is full time, 0.6 three days of five")
    manager = TextField(label="Manager", required=False, max_length=254, hint="Their name or work e-mail address")
    number = TextField(label="Assignment number", required=False, max_length=LONGEST["number"], width="20")
    since = DateField(label="First day")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        known = [self.data.get("staff_group"), (self.initial or {}).get("staff_group")]
        others = [one for one in known if one and one not in STAFF_GROUPS and len(one) <= LONGEST["staff_group"]]
        self.fields["staff_group"].choices = [("", "Not said"), *((one, one) for one in dict.fromkeys((*STAFF_GROUPS, *others)))]  # type: ignore[attr-defined]

    def clean_fraction(self) -> Decimal | None:
        """Read hours."""
        return cast("Decimal | None", self._read(lambda: fraction_of(self.cleaned_data["fraction"])))

    def clean_band(self) -> str:
        """Write a band as people do."""
        return str(self._read(lambda: fits("band", band_of(self.cleaned_data["band"]))))

    def clean_since(self) -> date:
        """Take a day of a working life, also one to come."""
        return sensible(self.cleaned_data["since"], self.today)

    @staticmethod
    def _read(reading: Any) -> Any:
        try:
            return reading()
        except UnableToReadStaff as problem:
            raise ValidationError(f"This {problem.what}. {problem.to_do}") from problem


class ChangePostForm(PostForm):
    """A post that stands: changed from a day on, or put right."""

    how = RadiosField(label="Why do you change it?", choices=HOW, hints=HOW_HINTS)
    from_on = DateField(label="From which day?", required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the day of a change."""
        found = super().clean() or self.cleaned_data
        if found.get("how") == FROM and not found.get("from_on") and "from_on" not in self.errors:
            self.add_error("from_on", "Enter the day from which it is so")
        return found


class LastDayForm(forms.Form):
    """The last day of a post, or of everything somebody does here."""

    last_on = DateField(label="Last day", hint="The last day they work in it. It may be a day to come.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_last_on(self) -> date:
        """Take a day of a working life."""
        return sensible(self.cleaned_data["last_on"], self.today)


def sensible(day: date, today: date) -> date:
    """Refuse a day no post begins or ends on: a slip in the year is the commonest mistake."""
    if not EARLIEST <= day.year <= today.year + 5:
        raise ValidationError(f"Check the year: it must be from {EARLIEST} to {today.year + 5}")
    return day


def number_of(sent: Mapping[str, str], name: str = "version") -> int:
    """Return a small number from a form; 0 where there is none."""
    text = sent.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def batch_of(sent: Mapping[str, str]) -> UUID | None:
    """Return which change is meant, or None."""
    try:
        return UUID(sent.get("batch", ""))
    except ValueError:
        return None
