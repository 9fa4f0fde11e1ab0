"""When somebody wants to be written to."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.ui.fields import CheckboxesField, RadiosField, SelectField

if TYPE_CHECKING:
    from espalier.site.queries import LettersPage

OFTEN = [("at-once", "At once"), ("daily", "Once a day"), ("weekly", "Once a week"), ("never", "Never")]
DAYS = [(str(place), name) for place, name in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))]
HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]
A_WEEK = 7


class LettersForm(forms.Form):
    """How often, and when not."""

    how_often = RadiosField(label="When something is due from you, write to me", choices=OFTEN, missing="Choose how often")
    quiet_from = SelectField(label="Nothing comes from", choices=HOURS)
    quiet_until = SelectField(label="until", choices=HOURS)
    quiet_days = CheckboxesField(label="Nothing comes on", choices=DAYS, required=False)

    def __init__(self, *args: Any, page: LettersPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "how_often": page.how_often, "quiet_from": str(page.quiet_from.hour), "quiet_until": str(page.quiet_until.hour),
            "quiet_days": [str(day) for day in page.quiet_days],
        }  # fmt: skip

    def clean_quiet_days(self) -> list[int]:
        """Refuse a week without a day for letters: that is "never", and says so."""
        days = [int(day) for day in self.cleaned_data["quiet_days"]]
        if len(days) == A_WEEK:
            raise forms.ValidationError("Leave at least one day on which a letter may come, or choose Never.")
        return days

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, as the action takes it."""
        hours = {name: time(int(self.cleaned_data[name])) for name in ("quiet_from", "quiet_until")}
        return {"how_often": self.cleaned_data["how_often"], "quiet_days": self.cleaned_data["quiet_days"], **hours}
