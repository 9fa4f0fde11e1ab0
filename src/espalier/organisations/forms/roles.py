"""Giving a role: to whom, which, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from espalier.ui.fields import DateField, RadiosField, SelectField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.access.roles import Role
    from espalier.organisations.queries import Somebody


class RoleForm(forms.Form):
    """One person, one role, and a last day for what is to end by itself."""

    person = RadiosField(label="Who", missing="Choose who")
    role = SelectField(label="Which role", missing="Choose a role")
    until = DateField(label="Ends on", required=False, help_text="Leave empty if it goes on.")

    def __init__(self, *args: Any, people: Sequence[Somebody], roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(one.pk), one.name) for one in people]  # type: ignore[attr-defined]
        self.fields["person"].hints = {str(one.pk): one.post for one in people if one.post}  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "Choose"), *((role.code, role.name) for role in roles)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {"person_id": int(self.cleaned_data["person"]), "role": self.cleaned_data["role"], "until": self.cleaned_data["until"]}
