"""What a person chooses on the pages of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from espalier.ui.fields import RadiosField, SelectField

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        hints={"sum": "Three teams or more together. The sum does not say which figures are ours.", "name": "They see our own chart too."},
    )

    def __init__(self, page: SharingPage, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kept = [(one.code, one.name) for one in page.measures]
        self.fields["measure"].choices = [("", "Choose"), *kept, *([(ALL, "All of them, and those that come later")] if kept else [])]
        self.fields["taker"].choices = [("", "Choose"), *((one.code, one.name) for one in page.takers)]

    def chosen(self) -> dict[str, Any]:
        """Return the agreement that was chosen, as the action takes it."""
        measure = self.cleaned_data["measure"]
        return {"measure_code": "" if measure == ALL else measure, "by_name": self.cleaned_data["how"] == "name"}
