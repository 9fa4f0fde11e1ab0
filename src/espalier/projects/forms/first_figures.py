"""A measure in as few answers as possible, and its first figures in one form."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.ui.fields import NumberField, RadiosField, SelectField, TextField
from espalier.ui.filters import period
from espalier.ui.not_a_person import NotAPerson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from espalier.common.periods import Grain

LARGEST = 1_000_000_000
OFTEN = (("week", "Every week"), ("month", "Every month"), ("day", "Every day"), ("quarter", "Every quarter"))
BETTER = (("down", "Fewer is better"), ("up", "More is better"), ("none", "Neither"))


class OwnMeasureForm(NotAPerson, forms.Form):
    """A measure of a team's own: what, how often, which way is better. Everything else can be told later."""

    name = TextField(label="What do you count?", hint="For example: calls at night", max_length=120, missing="Say what you count")
    out_of = TextField(
        label="Out of what?", hint="For example: all patients. Leave it empty if you only count.", required=False, max_length=300
    )
    improvement = RadiosField(label="Which way is better?", choices=BETTER, missing="Select which way is better")
    frequency = SelectField(label="How often?", choices=OFTEN)
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def told(self) -> dict[str, Any]:
        """Return what the measure is made of."""
        words = self.cleaned_data
        return {
            "name": words["name"], "numerator": words["name"], "denominator": words["out_of"], "improvement": words["improvement"],
            "frequency": words["frequency"], "family": "outcome",
        }  # fmt: skip

    def form_id(self) -> uuid.UUID:
        """Return the mark of this form, the same each time it is sent."""
        return self.cleaned_data.get("once") or uuid.uuid4()


def own_measure(data: Any, *, start: float | None, goal: float | None) -> OwnMeasureForm:
    """Make the form; where the aim says from where to where, the way that is better is known."""
    known = {} if start is None or goal is None or start == goal else {"improvement": "down" if goal < start else "up"}
    return OwnMeasureForm(data, initial={"once": uuid.uuid4(), "frequency": "week", **known})


class FirstFiguresForm(forms.Form):
    """One number, or how many out of how many, for each of a few periods. Any may be left empty."""

    def __init__(self, *args: Any, periods: Sequence[date], frequency: Grain, two_numbers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods, self.two_numbers = periods, two_numbers
        for place, day in enumerate(periods):
            words = period(day, frequency)
            name = f"{words[:1].upper()}{words[1:]}"
            self.fields[f"top{place}"] = NumberField(label=name, required=False, min_value=0, max_value=LARGEST)
            if two_numbers:
                self.fields[f"below{place}"] = NumberField(label=f"{name}: out of", required=False, min_value=0, max_value=LARGEST)

    def clean(self) -> dict[str, Any]:
        """One figure at least; and where there are two numbers, both or neither."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        typed = [place for place in range(len(self.periods)) if data.get(f"top{place}") is not None]
        if not typed and not self.errors:
            self.add_error("top0", "Type at least one figure. You can leave the others empty")
        for place in range(len(self.periods)) if self.two_numbers else ():
            if (data.get(f"below{place}") is None) == (place in typed) and f"below{place}" not in self.errors:
                self.add_error(f"below{place}" if place in typed else f"top{place}", "Both numbers are needed, or neither")
        return data

    def numbers(self) -> list[tuple[date, float, float | None]]:
        """Return what was typed, by period."""
        data = self.cleaned_data
        found = [(day, data[f"top{place}"], data.get(f"below{place}")) for place, day in enumerate(self.periods)]
        return [(day, float(top), None if below is None else float(below)) for day, top, below in found if top is not None]
