"""What may stand in the forms of this room. Each piece of a page has its own small form, told apart by a prefix."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.insight.rules import Change
from espalier.ui.fields import DateField, LongTextField, SelectField, TextField
from espalier.ui.not_a_person import NotAPerson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TITLE, LINE, LONG = 200, 300, 4_000


class ReportForm(NotAPerson, forms.Form):
    """A new report."""

    title = TextField(label="Title of the report", max_length=TITLE, missing="Enter a title")
    for_whom = TextField(label="Who is it for?", required=False, max_length=TITLE)
    place = SelectField(label="Whose report is it?")

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["place"].initial = places[0][0]


class AboutForm(NotAPerson, forms.Form):
    """What stands on top of a report."""

    title = TextField(label="Title", max_length=TITLE, missing="Enter a title")
    for_whom = TextField(label="Who is it for?", required=False, max_length=TITLE)
    introduction = LongTextField(label="Introduction", required=False, max_length=LONG, rows=4)


class WordsForm(NotAPerson, forms.Form):
    """Words under a chart."""

    words = LongTextField(label="Words under this chart", required=False, max_length=LONG, rows=3)


class QuestionForm(NotAPerson, forms.Form):
    """The board's question."""

    words = LongTextField(label="One question for the board", required=False, max_length=LINE, rows=2)


class SignForm(NotAPerson, forms.Form):
    """Words that the person signed in stands by."""

    words = LongTextField(label="What we want to say in our own words", required=False, max_length=LONG, rows=4)


class ConcernForm(NotAPerson, forms.Form):
    """A concern."""

    what = TextField(label="What worries us", max_length=LINE, missing="Say what worries us")
    who = TextField(label="Who owns it", required=False, max_length=TITLE)
    doing = LongTextField(label="What they are doing", required=False, max_length=LINE, rows=2)
    by = DateField(label="By when", required=False)


class DecisionForm(NotAPerson, forms.Form):
    """A decision and what became of it."""

    what = TextField(label="What we decided", max_length=LINE, missing="Say what was decided")
    on = DateField(label="When", required=False)
    became = LongTextField(label="What became of it", required=False, max_length=LINE, rows=2)


class AddForm(forms.Form):
    """A chart to add, by measure and place."""

    measure = SelectField(label="Chart")
    unit = TextField(label="Place", hint="The name or code of a trust, ward or team, for example Leeds Teaching or RR8", max_length=100)

    def __init__(self, *args: Any, measures: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = list(measures)  # type: ignore[attr-defined]

    def offer(self, places: Sequence[tuple[str, str]]) -> None:
        """Let one of several places be chosen, where what was typed could mean more than one."""
        vars(self)["_bound_fields_cache"].pop("unit", None)  # checking the form has drawn the old field already
        self.fields["unit"] = SelectField(label="Place", choices=[("", "Choose one"), *places])


FORMS: dict[str, type[forms.Form]] = {
    "about": AboutForm, "chart-words": WordsForm, "question": QuestionForm, "sign": SignForm, "concern": ConcernForm,
    "decision": DecisionForm, "add-chart": AddForm,
}  # fmt: skip
PLAIN = ("remove-chart", "move-chart", "remove-line")


@dataclass(frozen=True, slots=True)
class Posted:
    """What somebody sent: the change, the version they had seen, and the form where it has words."""

    change: Change | None
    seen: int
    prefix: str
    form: forms.Form | None
    confirmed: tuple[str, ...] = ()  # what was said not to be a person


def prefix_of(do: str, key: str) -> str:
    """Name a piece's form, so that no two fields of a page have the same name."""
    return f"{do}-{key}" if key else do


def posted(data: Mapping[str, str], *, measures: Sequence[tuple[str, str]] = ()) -> Posted:
    """Read a change from a form of the page; a broken one gives the form back with what is wrong."""
    do, key = data.get("do", "")[:20], data.get("key", "")[:40]
    seen = int(data["seen"]) if data.get("seen", "").isdecimal() and len(data["seen"]) < 9 else 0
    if do in PLAIN:
        return Posted(Change(do, key, {"way": data.get("way", "")[:4]}), seen, "", None)
    if do not in FORMS:
        return Posted(Change("unknown"), seen, "", None)
    more: dict[str, Any] = {"measures": measures} if do == "add-chart" else {}
    form = FORMS[do](data, prefix=prefix_of(do, key), **more)
    if not form.is_valid():
        return Posted(None, seen, prefix_of(do, key), form)
    change = Change(do, key, {name: _text(value) for name, value in form.cleaned_data.items()})
    return Posted(change, seen, prefix_of(do, key), form, getattr(form, "confirmed", ()))


def initial_of(line: Any) -> dict[str, Any]:
    """Return what stands in a line's form when it opens; days come back as days."""
    return {name: _day(value) if name in {"by", "on"} else value for name, value in asdict(line).items()}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
