"""What a person writes to change a place; whether it can be done is for the plan to say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.ui.fields import DateField, LongTextField, RadiosField, SelectField, TextField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ADD, RENAME, MOVE, MERGE, SPLIT, CLOSE, REOPEN = "add", "rename", "move", "merge", "split", "close", "reopen"
ELSEWHERE = "-"  # none of the list: its code or name is written below
FROM_DAY = "The first day on which it holds. It can be today, a day gone by or one to come. For example, 15 3 2026"


class _DayForm(forms.Form):
    """Every change holds from a day on."""

    on = DateField(label="From which day", hint=FROM_DAY)

    def facts(self) -> dict[str, Any]:
        """Return what was wished, as the plan takes it."""
        return dict(self.cleaned_data)


class RenameForm(_DayForm):
    """A new name."""

    name = TextField(label="New name", max_length=200)
    field_order = ["name", "on"]


class AddForm(_DayForm):
    """A new team or other place in this one."""

    name = TextField(label="Name", hint="As people call it, for example Ward 9, stroke", max_length=200)
    kind = SelectField(label="What is it", missing="Choose what it is")
    code = TextField(label="Code, if it has one already", hint="Leave it empty and we make one", max_length=40, required=False)
    field_order = ["name", "kind", "code", "on"]

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Choose"), *kinds]  # type: ignore[attr-defined]


class _ToForm(_DayForm):
    """Which other place: one of the list, or one written by code or name."""

    to = SelectField(label="Which place", required=False)
    written = TextField(label="Or its code or whole name, if it is not in the list", max_length=200, required=False)

    def __init__(self, *args: Any, near: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "Choose"), *near]  # type: ignore[attr-defined]
        if not near:
            del self.fields["to"]
            self.fields["written"].label = "Its code or whole name"

    def clean(self) -> dict[str, Any]:
        """One of the two is needed; what is written wins, because somebody took the trouble."""
        if not self.cleaned_data.get("to") and not self.cleaned_data.get("written"):
            self.add_error("to" if "to" in self.fields else "written", "Say which place")
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """Return the day, and what was said of the other place."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in {"to", "written"}}
        return found | {"other": self.cleaned_data.get("written") or self.cleaned_data.get("to")}


class MoveForm(_ToForm):
    """Into which other place."""

    field_order = ["to", "written", "on"]


class ReopenForm(_ToForm):
    """In which place it opens again."""

    field_order = ["to", "written", "on"]


class MergeForm(_ToForm):
    """With which other place, and what the two are called then."""

    name = TextField(label="New name of the place that goes on", hint="Leave it empty to keep its name", max_length=200, required=False)
    field_order = ["to", "written", "name", "on"]


class SplitForm(_DayForm):
    """The new places, and whether the old one goes on."""

    names = LongTextField(label="Names of the new places", rows=4, hint="One on each line", max_length=1300)
    goes = RadiosField(
        label="What becomes of the old place",
        missing="Choose what becomes of the old place",
        choices=[("on", "It goes on"), ("closes", "It closes")],
        hints={"on": "Its people stay, and you move them when you are ready.", "closes": "Its people go to the first of the new places."},
    )
    field_order = ["names", "goes", "on"]

    def facts(self) -> dict[str, Any]:
        """Return the names line by line."""
        names = tuple(line.strip()[:200] for line in self.cleaned_data["names"].splitlines() if line.strip())
        return {"on": self.cleaned_data["on"], "names": names, "ends": self.cleaned_data["goes"] == "closes"}


class CloseForm(forms.Form):
    """The last day, and what becomes of what lies in the place."""

    last = DateField(label="Last day", hint="The last day on which it is open. For example, 31 3 2026")
    inside = RadiosField(
        label="What becomes of the places in it",
        missing="Choose what becomes of the places in it",
        choices=[("up", "They go to the place above it"), ("close", "They close on the same day")],
    )

    def __init__(self, *args: Any, holds: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not holds:
            del self.fields["inside"]

    def facts(self) -> dict[str, Any]:
        """Return the first day on which it is no more, and what becomes of what lies in it."""
        last: date = self.cleaned_data["last"]
        return {"on": last + timedelta(days=1) if last < date.max else last, "inside": self.cleaned_data.get("inside", "")}


class RemoveForm(forms.Form):
    """Why a place is deleted."""

    why = LongTextField(label="Why", rows=2, hint="For example: added twice by mistake", max_length=300)


class DayForm(forms.Form):
    """As on which day to look."""

    on = DateField(label="Look at a day", hint="For example, 1 4 2019")


def form_for(
    what: str, data: Mapping[str, Any] | None, *, start: Mapping[str, Any], near: Sequence[tuple[str, str]],
    kinds: Sequence[tuple[str, str]], holds: bool,
) -> Any:  # fmt: skip
    """Return the form of one kind of change; near, kinds and holds are what its lists need."""
    made: dict[str, Any] = {
        RENAME: (RenameForm, {}), ADD: (AddForm, {"kinds": kinds}), MOVE: (MoveForm, {"near": near}), MERGE: (MergeForm, {"near": near}),
        REOPEN: (ReopenForm, {"near": near}), SPLIT: (SplitForm, {}), CLOSE: (CloseForm, {"holds": holds}),
    }  # fmt: skip
    form, more = made[what]
    return form(data, initial=dict(start), **more)


def day_asked(asked: Mapping[str, str]) -> DayForm | None:
    """Return the form of the day that an address asks for; None where it asks for none."""
    return DayForm(asked) if any(f"on-{part}" in asked for part in ("day", "month", "year")) else None
