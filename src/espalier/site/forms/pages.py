"""What a person chooses on the pages of this room."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.ui.fields import CheckboxesField, RadiosField, SelectField, TextField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.site.queries import SharingPage

ALL = "-"  # every measure the unit shares, those it begins to keep later included


def number_of(asked: Mapping[str, str], name: str) -> int:
    """Return a number a page has written itself; what is no number is a thing that does not exist."""
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


class SharingForm(forms.Form):
    """Which figures, with whom, and how they would be seen. Nothing is chosen beforehand: sharing is off until given."""

    measure = SelectField(label="Which figures", missing="Choose which figures")
    taker = SelectField(label="With whom", missing="Choose with whom")
    how = RadiosField(
        label="How would they see them?",
        missing="Choose how they would see them",
        choices=[("sum", "Only added up with others"), ("name", "Added up, and ours by name")],
        hints={
            "sum": "With at least two others that are not shown by name either. Nobody can tell which figures are ours.",
            "name": "They see our own chart too.",
        },
    )

    def __init__(self, page: SharingPage, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kept = [(one.code, one.name) for one in page.measures]
        self.fields["measure"].choices = [("", "Choose"), *kept, *([(ALL, "All of them, and those that come later")] if kept else [])]  # type: ignore[attr-defined]
        self.fields["taker"].choices = [("", "Choose"), *((one.code, one.name) for one in page.takers)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Return the agreement that was chosen, as the action takes it."""
        measure = self.cleaned_data["measure"]
        return {"measure_code": "" if measure == ALL else measure, "by_name": self.cleaned_data["how"] == "name"}


SCOPES = (("read", "Read what you may see"), ("enter", "Put figures in where you may put them in"))
DAYS = (("30", "30 days"), ("90", "3 months"), ("180", "6 months"), ("365", "1 year"))


class TokenForm(forms.Form):
    """Name, what it may do, where, and for how long."""

    name = TextField(label="What is it for", help_text="So that you know it again, for example: monthly falls script", max_length=80)
    scopes = CheckboxesField(label="What it may do", choices=SCOPES, initial=["read"], missing="Choose what it may do")
    where = SelectField(label="Where", required=False)
    days = SelectField(label="How long it works", choices=DAYS, initial="90")

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].choices = [("", "Wherever I may"), *places]  # type: ignore[attr-defined]

    def lasts(self) -> timedelta:
        """Return for how long the token is to work."""
        return timedelta(days=int(self.cleaned_data["days"]))

    def unit_id(self) -> int | None:
        """Return the number of the one place it is for."""
        return int(self.cleaned_data["where"]) if self.cleaned_data["where"] else None
