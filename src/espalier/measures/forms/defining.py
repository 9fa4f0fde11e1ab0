"""What is asked of somebody who makes or changes a measure: four questions first, everything else may wait."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.measures.rules.local import UnableToReadTarget, read_targets
from espalier.ui.fields import CheckboxesField, LongTextField, RadiosField, SelectField, TextField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.common.errors import Suggestion

FREQUENCIES = [("day", "Every day"), ("week", "Every week"), ("month", "Every month"), ("quarter", "Every quarter"), ("year", "Every year")]
BETTER = [("up", "Higher is better"), ("down", "Lower is better"), ("none", "Neither")]
MEASURED = [
    ("percent", "As a percentage"), ("rate", "As so many in every 1,000"), ("score", "As a mean"), ("days", "As a mean number of days"),
]  # fmt: skip
GAPS = [
    ("care-quality", "Care and quality"), ("health-wellbeing", "Health and wellbeing"), ("funding-efficiency", "Funding and efficiency"),
    ("staff-experience", "Staff experience"), ("capability", "Capability"),
]  # fmt: skip
FAMILIES = [
    ("", "Not said"), ("outcome", "What it means for people"), ("process", "Whether we do what we planned"),
    ("balancing", "Whether something else gets worse"),
]  # fmt: skip
CHARTS = [("xmr", "Chart with a usual range"), ("run", "Run chart"), ("p", "P chart, for percentages of small groups")]
TOGETHER = [
    ("none", "Not at all: it is about this place"), ("sum", "Add up the numbers"),
    ("mean", "Take the mean, so that every place weighs the same"),
]  # fmt: skip
FIRST = ("name", "numerator", "denominator", "frequency", "improvement")


class MeasureForm(forms.Form):
    """A measure as told by the people who count it."""

    same: Suggestion | None = None  # the measure that has this name already, for whoever wants to use it

    name = TextField(label="What will you call it?", missing="Enter a name", hint="For example, Falls with harm", max_length=120)
    numerator = TextField(
        label="What do you count?", missing="Say what you count", max_length=300, hint="For example, Falls in which somebody was hurt",
    )  # fmt: skip
    denominator = TextField(
        label="Out of how many?", required=False, max_length=300,
        hint="For example, All falls. Leave it empty if you only count.",
    )  # fmt: skip
    frequency = RadiosField(label="How often?", choices=FREQUENCIES, initial="month", missing="Select how often")
    improvement = RadiosField(label="Which way is better?", choices=BETTER, missing="Select which way is better")
    why = LongTextField(label="Why it matters", required=False, rows=3, max_length=600)
    definition = LongTextField(
        label="Exactly what counts, so that two people count the same", required=False, rows=4, max_length=1500
    )
    measured_in = SelectField(label="How it is written", choices=MEASURED, required=False, hint="Only where you count out of something")
    targets = LongTextField(
        label="Targets, one a line", required=False, rows=3, max_length=500,
        hint="A number, and from when: 95 from April 2026. Leave it empty if there is none.",
    )  # fmt: skip
    gap = SelectField(label="What it is about", choices=GAPS, required=False)
    family = SelectField(label="What kind of measure it is", choices=FAMILIES, required=False)
    chart = SelectField(label="Which chart", choices=CHARTS, required=False)
    roll_up = SelectField(label="How the figures of several places are put together", choices=TOGETHER, required=False)
    about_people = RadiosField(
        label="Could a small figure say something about one person?", choices=[("yes", "Yes, or not sure"), ("no", "No")], initial="yes",
        required=False,
    )  # fmt: skip
    splits = CheckboxesField(label="Groups you also count apart", choices=(), required=False)
    source = TextField(label="Where the numbers come from", required=False, max_length=200)
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, dimensions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["splits"].choices = dimensions  # type: ignore[attr-defined]

    def clean_targets(self) -> str:
        """Read the targets, so that a slip is said beside the box."""
        text = str(self.cleaned_data.get("targets") or "")
        try:
            read_targets(text)
        except UnableToReadTarget as problem:
            raise forms.ValidationError(f"{problem.what} {problem.to_do}") from None
        return text

    def clean(self) -> dict[str, Any]:
        """A P chart needs numbers out of numbers, and cannot show a mean of places."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("chart") == "p" and (not data.get("denominator") or data.get("measured_in") not in {"", "percent"}):
            self.add_error("chart", "A P chart is for percentages. Choose another one, or say out of how many")
        elif data.get("chart") == "p" and data.get("roll_up") == "mean":
            self.add_error("chart", "A P chart cannot show the mean of several places. Choose another one")
        return data

    def told(self) -> dict[str, Any]:
        """Return what was told, without what belongs to the form itself."""
        return {key: value for key, value in self.cleaned_data.items() if key not in {"once", "why_changed", "seen"}}

    def form_id(self) -> uuid.UUID:
        """Return the mark of this form, the same each time it is sent; without one, a new one."""
        return self.cleaned_data.get("once") or uuid.uuid4()


class RevisionForm(MeasureForm):
    """The same, for a measure that exists: which version was on the page, and why it changes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=30_000)
    why_changed = TextField(label="Why do you change it?", missing="Say in a few words why", max_length=300)


def fresh() -> dict[str, Any]:
    """Return what a new form begins with: a mark of its own."""
    return {"once": uuid.uuid4()}


def standing(definition: Mapping[str, Any], targets: str) -> dict[str, Any]:
    """Return what stands in the boxes when a definition is opened for changing."""
    plain = {key: definition.get(key, "") for key in (*FIRST, "why", "definition", "measured_in", "gap", "family", "chart", "roll_up")}
    return {
        **plain, "targets": targets, "splits": definition.get("splits", []), "seen": definition["version"],
        "about_people": "yes" if definition.get("about_people") else "no", "source": definition["source"]["words"],
    }  # fmt: skip
