"""What a person chooses when they connect a staff system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from espalier.ui.fields import SelectField, TextField

if TYPE_CHECKING:
    from collections.abc import Sequence

NONE = "-"


class ConnectForm(forms.Form):
    """A name to know it by, and the one organisation it is for."""

    name = TextField(label="What do you call the system", help_text="For example: Microsoft Entra ID", max_length=80, width="20")
    where = SelectField(label="For which organisation", missing="Choose the organisation")

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [("", "Choose")] if len(places) > 1 else []
        self.fields["where"].choices = [*asked, *places]  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    """The role a group stands for, and where; the version the person looked at comes along."""

    role = SelectField(label="Which role do its people have", missing="Choose a role, or none")
    where = SelectField(label="Where", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(NONE, "No role: it is only a list of people"), *roles]  # type: ignore[attr-defined]
        self.fields["where"].choices = [("", "Choose"), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask where, when there is a role."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("role") not in {None, NONE} and not cleaned.get("where"):
            self.add_error("where", "Choose where they have it")
        return cleaned

    def chosen_role(self) -> str:
        """Return the role's code, or "" for none."""
        return "" if self.cleaned_data["role"] == NONE else str(self.cleaned_data["role"])
