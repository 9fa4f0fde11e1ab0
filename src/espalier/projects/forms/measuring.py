"""Who keeps a measure and what it is for; how many to look at; what goes into the chart from a tally."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from espalier.ui.fields import NumberField, RadiosField, SelectField

if TYPE_CHECKING:
    from collections.abc import Sequence

    Options = Sequence[tuple[str, str]]

KINDS = (
    ("outcome", "What it means for people", "Is it getting better for the people it is about?"),
    ("process", "Whether we do it", "Are we doing what we said we would do?"),
    ("balancing", "What else happens", "Is something else getting worse because of it?"),
)
LARGEST = 1_000_000


class CountedForm(forms.Form):
    """A measure of a project."""

    kind = RadiosField(
        label="What is it for?", choices=[one[:2] for one in KINDS], hints={one[0]: one[2] for one in KINDS},
        missing="Select what it is for",
    )  # fmt: skip
    keeper = SelectField(label="Who puts the figures in?", choices=(), required=False)
    second = SelectField(
        label="And who does it when that person is away?", choices=(), required=False, hint="With a second person, holidays leave no gaps."
    )

    def __init__(self, *args: Any, people: Options, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("keeper", "second"):
            self.fields[name].choices = [("", "Nobody yet"), *people]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """Return who and what."""
        keeper, second = self.cleaned_data["keeper"], self.cleaned_data["second"]
        return {
            "kind": self.cleaned_data["kind"], "keeper_id": int(keeper) if keeper else None, "second_id": int(second) if second else None,
        }  # fmt: skip


class SampleForm(forms.Form):
    """How many there are to choose from."""

    among = NumberField(label="How many are there in a month?", decimals=False, min_value=1, max_value=LARGEST, required=False)


class OutOfForm(forms.Form):
    """The number to divide a count by, where nobody taps it."""

    out_of = NumberField(label="Out of how many", min_value=0, max_value=LARGEST)
