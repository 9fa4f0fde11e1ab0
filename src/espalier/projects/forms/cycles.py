"""What is asked of a test of change: four answers to begin, the rest when it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from espalier.projects.rules.predicting import UnableToReadPrediction, read_prediction
from espalier.projects.rules.predictions import Prediction
from espalier.ui.fields import DateField, LongTextField, RadiosField, SelectField, TextField
from espalier.ui.not_a_person import NotAPerson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Options = Sequence[tuple[str, str]]

HOW = "A number, or a range: 5, or 4 to 6, or at most 5"
DECIDE = [
    ("adopt", "Adopt", "It works here: we keep doing it."), ("adapt", "Adapt", "It works in part: we change it and try again."),
    ("abandon", "Abandon", "It does not work here: we stop, and say what we learned."),
]  # fmt: skip
LEARNED = "What surprised you? What would you tell another team?"


class Predicting(forms.Form):
    """The part of a form in which a number of a measure is predicted; units says in what each measure is measured."""

    units: Mapping[str, str]

    def clean_predicted(self) -> str:
        """Read the number, so that a slip is said beside the box."""
        text = str(self.cleaned_data.get("predicted") or "")
        if text:
            try:
                self._read(text)
            except UnableToReadPrediction as problem:
                raise forms.ValidationError(f"{problem.what} {problem.to_do}") from None
        return text

    def _read(self, text: str) -> Prediction:
        return read_prediction(text, measured_in=self.units.get(self.cleaned_data.get("measure") or "", ""))

    def foreseen(self) -> dict[str, Any]:
        """Return the prediction as a test keeps it."""
        text = self.cleaned_data.get("predicted") or ""
        found = self._read(text) if text else Prediction()
        counted = self.cleaned_data.get("measure") or None
        numbers = {"predicted": found.point, "predicted_low": found.low, "predicted_high": found.high}
        return {"counted_id": int(counted) if counted else None, **numbers}


class NewTestForm(NotAPerson, Predicting):
    """Four answers."""

    idea = SelectField(label="What will you try?", choices=(), required=False)
    idea_new = TextField(
        label="What will you try?", called="What you will try", required=False, max_length=200,
        hint="One small change. For example, a lamp left on low beside each bed",
    )  # fmt: skip
    measure = SelectField(label="Which number will it move?", choices=(), required=False)
    predicted = TextField(
        label="What do you think it will be?", hint=HOW, missing="Say what you think it will be", max_length=40, width="10"
    )
    starts_on = DateField(label="When does it start?")
    who = TextField(label="Who does it?", missing="Say who does it", hint="Names of colleagues, or a shift", max_length=200)

    def __init__(self, *args: Any, ideas: Options, measures: Options, units: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        self.fields["idea"].choices = [*ideas, ("", "Something new: say it below")]  # type: ignore[attr-defined]
        self.fields["measure"].choices = measures  # type: ignore[attr-defined]
        if not ideas:
            del self.fields["idea"]
        else:
            self.fields["idea_new"].label = "Or something new"
        if not measures:
            del self.fields["measure"], self.fields["predicted"]

    def clean(self) -> dict[str, Any]:
        """One of the two says what is tried."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("idea") and not data.get("idea_new") and "idea_new" not in self.errors:
            self.add_error("idea_new", "Say what you will try")
        return data


    def told(self) -> dict[str, Any]:
        """Return the four answers; words that were typed count for more than the idea that stood there already."""
        words = self.cleaned_data.get("idea_new") or ""
        idea = "" if words else self.cleaned_data.get("idea") or ""
        plain = {name: self.cleaned_data[name] for name in ("starts_on", "who")}
        return {"idea_id": int(idea) if idea else None, "idea": words, **plain, **self.foreseen()}


class PlanForm(NotAPerson, Predicting):
    """The plan of a test that has begun."""

    title = TextField(label="What we try", missing="Say what you try", max_length=200)
    prediction = LongTextField(label="Why we think so", required=False, rows=2, max_length=500)
    measure = SelectField(label="Measure", choices=(), required=False)
    predicted = TextField(label="Prediction", hint=HOW, required=False, max_length=40, width="10")
    starts_on = DateField(label="Starts")
    who = TextField(label="Who", required=False, max_length=200)
    place = TextField(label="Where", required=False, max_length=200)

    def __init__(self, *args: Any, measures: Options, units: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        self.fields["measure"].choices = [("", "None yet"), *measures]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """Return what the box holds now."""
        plain = {name: self.cleaned_data[name] for name in ("title", "starts_on", "who", "place")}
        if "predicted" not in self.data:  # the page of a test that is over does not ask what was expected of it
            return plain
        return plain | {"prediction": self.cleaned_data["prediction"]} | self.foreseen()


class DoForm(NotAPerson, forms.Form):
    """What happened, and when it ended."""

    happened = LongTextField(label="What happened", required=False, rows=3, max_length=4000, hint="What you saw. No names of patients.")
    ends_on = DateField(label="Last day of the test", required=False, hint="Leave it empty while the test runs")

    def told(self) -> dict[str, Any]:
        """Return what the box holds now."""
        return {"happened": self.cleaned_data["happened"], "ends_on": self.cleaned_data["ends_on"]}


class StudyForm(NotAPerson, forms.Form):
    """What was learned; the comparison is worked out and not asked."""

    learned = LongTextField(label="What we learned", required=False, rows=3, max_length=4000, hint=LEARNED)

    def told(self) -> dict[str, Any]:
        """Return what the box holds now."""
        return {"learned": self.cleaned_data["learned"]}


class ActForm(forms.Form):
    """One of three."""

    decision = RadiosField(
        label="What do we do now?", choices=[one[:2] for one in DECIDE], hints={one[0]: one[2] for one in DECIDE},
        missing="Select what you do now",
    )  # fmt: skip


class TaskForm(NotAPerson, forms.Form):
    """Something to do, who does it, and until when."""

    words = TextField(label="What is to be done?", missing="Say what is to be done", max_length=300)
    account_id = SelectField(label="Who", choices=(), required=False)
    due_on = DateField(label="By when", required=False)

    def __init__(self, *args: Any, people: Options, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account_id"].choices = [("", "Not said yet"), *people]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """Return what was asked for."""
        who = self.cleaned_data["account_id"]
        return {"words": self.cleaned_data["words"], "account_id": int(who) if who else None, "due_on": self.cleaned_data["due_on"]}
