"""What a person says of a new token."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.ui.fields import CheckboxesField, SelectField, TextField

if TYPE_CHECKING:
    from collections.abc import Sequence

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
