"""Forms of programmes, month ends, coaches and conversations; and months in addresses."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.projects.rules.evidence import HIGHEST, LOWEST, STEP
from espalier.ui.fields import CheckboxesField, DateField, LongTextField, NumberField, RadiosField, SelectField, TextField
from espalier.ui.not_a_person import NotAPerson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from espalier.projects.queries import Box

Three = tuple["float | None", "float | None", "float | None"]
LARGEST = 1_000_000_000
KINDS = (
    ("outcome", "Result: what patients or staff notice"), ("process", "What we do: whether we do what we meant to"),
    ("balancing", "What must not get worse elsewhere"),
)  # fmt: skip
_MONTH = re.compile(r"((?:19|20|21)\d\d)-(0[1-9]|1[0-2])")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


def month_in(text: str) -> date:
    """Return the month in an address; one that is none is a page that does not exist, whoever asks and of whichever project."""
    if found := _MONTH.fullmatch(text):
        return date(int(found[1]), int(found[2]), 1)
    raise NotFoundHere(f"{text[:20]!r} is not a month. Write it like 2026-03.", suggestions=(Suggestion("All projects", "/projects/"),))


def number_in(text: str) -> int:
    """Return the number an address or a hidden field carries; anything else is 0, which nothing has."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class ProgrammeForm(NotAPerson, forms.Form):
    """A new programme: four fields, the rest when it is needed."""

    title = TextField(label="What is it called?", max_length=200, missing="Enter a name", hint="For example, Safer nights")
    place = SelectField(label="Where does it belong?")
    what = TextField(
        label="What do its teams want to change?",
        max_length=300,
        hint="For example, falls at night",
        missing="Enter what its teams want to change",
    )
    goal = TextField(label="How much, by when?", required=False, max_length=60, hint="For example, half as many in a year")
    starts = DateField(label="First month", missing="Enter the first month")
    open_to = RadiosField(
        label="Who reads this page?",
        choices=(
            ("organisation", "People of our organisation, and those we work with"),
            ("everybody", "Everybody, also without signing in"),
        ),
        initial="organisation",
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]


class MeasureForm(forms.Form):
    """A measure that all teams keep."""

    measure = SelectField(label="Measure")
    kind = RadiosField(label="What does it show?", choices=KINDS, initial="outcome")

    def __init__(self, *args: Any, measures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = list(measures)  # type: ignore[attr-defined]


class SessionForm(NotAPerson, forms.Form):
    """A learning session."""

    title = TextField(label="What is it about?", max_length=200, missing="Enter what it is about")
    on = DateField(label="Day", missing="Enter the day")
    starts = TextField(label="From", required=False, max_length=5, width="5", hint="For example, 10:00")
    ends = TextField(label="Until", required=False, max_length=5, width="5")
    place = TextField(label="Where", required=False, max_length=200)
    words = LongTextField(label="What to bring or read", required=False, max_length=2000, rows=3)

    def clean_starts(self) -> time | None:
        """Read the time it begins."""
        return _clock(self.cleaned_data["starts"])

    def clean_ends(self) -> time | None:
        """Read the time it ends."""
        return _clock(self.cleaned_data["ends"])


def _clock(text: str) -> time | None:
    if not text:
        return None
    if found := _CLOCK.fullmatch(text.strip()):
        return time(int(found[1]), int(found[2]))
    raise forms.ValidationError("Write the time like 10:00")


class MonthForm(NotAPerson, forms.Form):
    """A team's month: the figures all teams keep, three short texts, its own score. `seen` says what stood there."""

    tried = LongTextField(label="What we tried", required=False, max_length=2000, rows=3)
    learned = LongTextField(label="What we learned", required=False, max_length=2000, rows=3)
    need = LongTextField(
        label="What we need", required=False, max_length=2000, rows=3, hint="Help, time, a decision. Please no names of patients."
    )
    said = NumberField(
        label="How far are we?",
        required=False,
        min_value=LOWEST,
        max_value=HIGHEST,
        hint="From 0.5 (we have just begun) to 5 (it lasts), in halves. Leave it empty if you are not sure.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, boxes: Sequence[Box], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes = tuple(one for one in boxes if one.may)
        texts, self.fields = self.fields, {}
        for one in self.boxes:
            self.fields |= _fields(one)
        self.fields |= texts

    def clean(self) -> dict[str, Any]:
        """Ask for both numbers of a percentage, or for none: half of one would be a wrong figure."""
        found: dict[str, Any] = super().clean() or {}
        for one in self.boxes:
            names = [f"{which}-{one.measure.code}" for which in "nd"]
            missing = [name for name in names if found.get(name) is None]
            if one.two_numbers and len(missing) == 1 and missing[0] not in self.errors:
                self.add_error(missing[0], f"{one.definition.short_name}: enter both numbers, or leave both empty")
        return found

    def clean_said(self) -> Decimal | None:
        """Take the team's own score by halves, as everywhere: 0.7 stands nowhere on the scale."""
        said: Decimal | None = self.cleaned_data["said"]
        if said is not None and float(said) % STEP:
            raise forms.ValidationError("Give how far you are in halves: 0.5, 1, 1.5 and so on, up to 5")
        return said

    def words(self) -> dict[str, Any]:
        """Return the texts and the team's own score, by name."""
        said = self.cleaned_data["said"]
        texts = {name: self.cleaned_data[name] for name in ("tried", "learned", "need")}
        return texts | {"said": None if said is None else float(said)}

    def figures(self) -> Mapping[str, tuple[float, float | None, Three]]:
        """Return by measure the figures that were typed and are other than what stood there, and what stood there."""
        found = {}
        for one in self.boxes:
            top, below = self.cleaned_data.get(f"n-{one.measure.code}"), self.cleaned_data.get(f"d-{one.measure.code}")
            seen = _numbers(self.cleaned_data.get(f"seen-{one.measure.code}") or "")
            typed = (None if top is None else float(top), None if below is None else float(below))
            if typed[0] is not None and typed != seen[:2]:
                found[one.measure.code] = (typed[0], typed[1], seen)
        return found

    def refuse(self, mark: str, box: str, message: str) -> None:
        """Put an error beside the box it is about."""
        name = f"{'d' if box == 'denominator' else 'n'}-{mark}"
        self.add_error(name if name in self.fields else None, message)


def _fields(box: Box) -> dict[str, forms.Field]:
    code, words, short = box.measure.code, box.definition.words, box.definition.short_name
    made: dict[str, forms.Field] = {
        f"n-{code}": NumberField(label=f"{short}: how many", required=False, max_value=LARGEST, hint=words["numerator"])
    }
    if box.two_numbers:
        made[f"d-{code}"] = NumberField(label=f"{short}: out of how many", required=False, max_value=LARGEST, hint=words["denominator"])
    return made | {f"seen-{code}": forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)}


def _numbers(seen: str) -> Three:
    """Read what stood there; a hidden field that somebody wrote into says nothing."""
    parts = seen.split() if re.fullmatch(r"((-|-?[\d.e+-]+) ){2}(-|-?[\d.e+-]+)", seen) else []
    try:
        top, below, value = (None if part == "-" else float(part) for part in parts)
    except ValueError:
        return None, None, None
    return top, below, value


class AnswerForm(NotAPerson, forms.Form):
    """A coach's answer to a month."""

    reply = LongTextField(label="Your answer to the team", required=False, max_length=4000, rows=4)


class CoachForm(NotAPerson, forms.Form):
    """Somebody in the list of coaches."""

    spared = frozenset({"who"})
    who = TextField(label="Who?", max_length=200, missing="Enter a name or work email", hint="The whole name, or the work email")
    place = SelectField(label="Where do they belong?")
    capacity = NumberField(
        label="How many projects at once?", decimals=False, min_value=0, max_value=30, missing="Enter how many projects at once", width="3"
    )
    helps = TextField(label="What do they help with?", required=False, max_length=300, hint="For example, falls, measuring, theatre flow")
    trained = DateField(label="Trained on", required=False)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]


class AskForm(NotAPerson, forms.Form):
    """A team asks for a coach."""

    words = TextField(label="What would help you?", required=False, max_length=300, hint="For example, choosing what to measure")


class NoteForm(NotAPerson, forms.Form):
    """A note between coach and team."""

    words = LongTextField(label="A note for your team and coach", max_length=4000, rows=3, missing="Enter the note")


class RemarkForm(NotAPerson, forms.Form):
    """What one said, in other words."""

    words = LongTextField(label="Your words", max_length=4000, rows=4, missing="Enter what you want to say")


class TalkForm(NotAPerson, forms.Form):
    """Something to say."""

    words = LongTextField(
        label="What do you want to say?", max_length=4000, rows=4, missing="Enter what you want to say", hint="Please no names of patients."
    )
    to = CheckboxesField(label="Who should look at this?", required=False, hint="They find it on their home page.")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = list(people)  # type: ignore[attr-defined]
        if not people:
            del self.fields["to"]

    def meant_for(self) -> list[int]:
        """Return the accounts of those who should look."""
        return [int(one) for one in self.cleaned_data.get("to", ())]
