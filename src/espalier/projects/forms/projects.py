"""Forms of a project itself: beginning one, its aim, how far it is, why it stops."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.projects.rules.aims import Aim
from espalier.ui.fields import DateField, LongTextField, NumberField, RadiosField, SelectField, TextField
from espalier.ui.not_a_person import NotAPerson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from espalier.organisations.queries import UnitFacts
    from espalier.projects.rules.methods import Label, Method

MOST = 1e12  # a number that is typed by mistake must not fill a page


def _number(value: Any) -> float | None:
    return None if value is None or not math.isfinite(float(value)) else float(value)


class BeginForm(NotAPerson, forms.Form):
    """Four things to begin with, of which only the first must be there."""

    title = TextField(
        label="What do you want to make better?", hint="A few words, for example: fewer falls at night", max_length=200,
        missing="Say in a few words what you want to make better",
    )  # fmt: skip
    place = SelectField(label="Where?", missing="Choose a place")
    start = NumberField(label="From", hint="Where you are now", required=False, min_value=-MOST, max_value=MOST)
    goal = NumberField(label="To", hint="Where you want to be", required=False, min_value=-MOST, max_value=MOST)
    unit = TextField(label="Of what?", hint="For example: falls a month", required=False, max_length=60, width="20")

    def __init__(self, *args: Any, places: Iterable[UnitFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = [(one.code, one.name) for one in places]
        self.fields["place"].choices = several if len(several) == 1 else [("", "Choose a place"), *several]  # type: ignore[attr-defined]
        if len(several) == 1:
            self.fields["place"].required = False
            self.fields["place"].initial = several[0][0]

    @property
    def only_place(self) -> str:
        """The one place there is; "" where one is chosen. It need not be asked then."""
        choices = self.fields["place"].choices  # type: ignore[attr-defined]
        return str(choices[0][0]) if len(choices) == 1 else ""

    def aim(self) -> Aim:
        """Return what is known of the aim so far."""
        words = self.cleaned_data
        return Aim(start=_number(words["start"]), goal=_number(words["goal"]), unit=words["unit"])


class AimForm(NotAPerson, forms.Form):
    """The whole aim. All but the name may wait; the page says what would make it clearer."""

    title = TextField(label="Name of the project", max_length=200, missing="Say in a few words what you want to make better")
    aim_from = NumberField(label="From", hint="Where you are now", required=False, min_value=-MOST, max_value=MOST)
    aim_to = NumberField(label="To", hint="Where you want to be", required=False, min_value=-MOST, max_value=MOST)
    aim_unit = TextField(label="Of what?", hint="For example: falls a month, or % of patients", required=False, max_length=60, width="20")
    aim_by = DateField(label="By when?", required=False)
    aim_for = TextField(label="For whom?", hint="For example: patients over 75 on Ward 7", required=False, max_length=200)
    aim_what = LongTextField(label="More about it", hint="Why it matters, in your own words", required=False, max_length=300, rows=2)
    patient_would = LongTextField(
        label="Would a patient choose this measure?",
        hint="Ask one, if you can, and write down what they said. If they would choose something else, think of measuring that too.",
        required=False, max_length=500, rows=3,
    )  # fmt: skip
    method = RadiosField(label="How do you want to go about it?", called="a way to go about it", missing="Choose a way to go about it")

    def __init__(self, *args: Any, methods: Mapping[str, Method], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(one.code, one.name) for one in methods.values()]  # type: ignore[attr-defined]
        self.fields["method"].hints = {one.code: one.about for one in methods.values()}  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        """Return the parts of the aim as the action takes them."""
        words = self.cleaned_data
        return words | {"aim_from": _number(words["aim_from"]), "aim_to": _number(words["aim_to"])}


class ProgressForm(NotAPerson, forms.Form):
    """How far the team says it is, and why."""

    said = SelectField(label="How far are you?", required=False)
    why = LongTextField(label="Why do you think so?", required=False, max_length=300, rows=2)

    def __init__(self, *args: Any, labels: Mapping[float, Label], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(f"{one.step:.1f}", f"{one.step:.1f} – {one.name}") for one in labels.values()]
        self.fields["said"].choices = [("", "We do not want to say"), *steps]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Return what the action takes."""
        said = self.cleaned_data["said"]
        return {"said": float(said) if said else None, "why": self.cleaned_data["why"]}


class WhyForm(NotAPerson, forms.Form):
    """Why a project stops."""

    why = LongTextField(
        label="Why do you stop?", hint="One sentence. It helps the next team that thinks of trying the same.", max_length=300, rows=2,
        missing="Say why you stop",
    )  # fmt: skip
