"""What people type to sign in and to join. Forms only check what can be checked by looking at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from espalier.access import pins
from espalier.ui.fields import EmailField, LongTextField, RadiosField, SelectField, TextField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from espalier.ui.fields import Part

NAME = r"^[a-z][a-z0-9.-]{2,29}$"
DAYS = (("1", "1 day"), ("7", "1 week"), ("14", "2 weeks"), ("30", "1 month"), ("90", "3 months"))
USES = (("1", "1 person"), ("5", "5 people"), ("20", "20 people"), ("100", "100 people"))
PASSKEY, PIN = "passkey", "pin"


class SecretField(TextField):
    """Something nobody should read over a shoulder; it is never written back into a page."""

    kind = "password"

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw an empty input with a number keyboard."""
        del part
        return "text_input", {
            "value": "", "width": self.width, "autocomplete": self.autocomplete, "kind": self.kind, "inputmode": "numeric",
        }  # fmt: skip


class EmailForm(forms.Form):
    """Where to send a code."""

    email = EmailField(label="Your work e-mail", missing="Enter your work e-mail", max_length=254)


class JoinForm(forms.Form):
    """Who joins, and where to send a code."""

    name = TextField(label="Your name", hint="As your colleagues know you", autocomplete="name", max_length=120)
    email = EmailField(label="Your work e-mail", missing="Enter your work e-mail", max_length=254)


class CodeForm(forms.Form):
    """A code from a letter or an app."""

    code = TextField(label="Code", missing="Enter the code", autocomplete="one-time-code", width="10", max_length=40)


class PinForm(forms.Form):
    """The name and PIN somebody chose when they joined."""

    username = TextField(label="Sign-in name", missing="Enter your sign-in name", autocomplete="username", width="20", max_length=150)
    pin = SecretField(label="PIN", missing="Enter your PIN", autocomplete="current-password", width="10", max_length=64)


class WordsForm(forms.Form):
    """The words of an invitation."""

    words = TextField(
        label="The five words of your invitation", width="30",
        missing="Enter the five words",
        hint="For example: apple boat chair drum fern",
        max_length=200,
    )


class _ChosenPin(forms.Form):
    def _check_pins(self, data: dict[str, Any]) -> None:
        pin, again = data.get("pin") or "", data.get("pin_again") or ""
        if wrong := pins.check(pin) if pin else "Choose a PIN":
            self.add_error("pin", wrong)
        elif pin != again:
            self.add_error("pin_again", "The two are not the same. Type the PIN again")


class NewPinForm(_ChosenPin):
    """A PIN for somebody who is signed in."""

    pin = SecretField(label="New PIN", hint="6 digits or more", required=False, autocomplete="new-password", width="10", max_length=64)
    pin_again = SecretField(label="The same PIN again", required=False, autocomplete="new-password", width="10", max_length=64)

    def clean(self) -> dict[str, Any]:
        """Check that both are the same, and not the first that anybody would try."""
        data = super().clean() or {}
        self._check_pins(data)
        return data


class NewcomerForm(_ChosenPin):
    """Who takes an invitation up, and how they will sign in."""

    name = TextField(label="Your name", hint="As your colleagues know you", autocomplete="name", max_length=120)
    way = RadiosField(
        label="How will you sign in?",
        missing="Choose how you will sign in",
        choices=[(PASSKEY, "With a passkey"), (PIN, "With a name and a PIN")],
        hints={PASSKEY: "The way you unlock your phone or computer. The safest, and nothing to remember.", PIN: "Works on every computer."},
    )
    username = TextField(
        label="Sign-in name", hint="For a PIN only. Small letters, digits, points and hyphens, like sam.fern", required=False,
        autocomplete="username", width="20", max_length=30,
    )  # fmt: skip
    pin = SecretField(
        label="PIN", hint="For a PIN only. 6 digits or more", required=False, autocomplete="new-password", width="10", max_length=64
    )
    pin_again = SecretField(label="The same PIN again", required=False, autocomplete="new-password", width="10", max_length=64)

    def __init__(self, *arguments: Any, only_passkey: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if only_passkey:
            self.fields["way"].choices = [(PASSKEY, "With a passkey")]  # type: ignore[attr-defined]
            self.fields["way"].initial = PASSKEY
            for name in ("username", "pin", "pin_again"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Check name and PIN where those were chosen."""
        data = super().clean() or {}
        if data.get("way") == PIN:
            data["username"] = (data.get("username") or "").lower()
            self._check_pins(data)
            _check_name(self, data["username"])
        return data

    def chosen(self) -> dict[str, str]:
        """Return how they will sign in; nothing for a passkey, which is made on the next page."""
        return {"username": self.cleaned_data["username"], "pin": self.cleaned_data["pin"]} if self.cleaned_data["way"] == PIN else {}


def _check_name(form: forms.Form, name: str) -> None:
    try:
        forms.RegexField(NAME).clean(name)
    except ValidationError:
        form.add_error("username", "Choose a sign-in name of 3 to 30 small letters, digits, points and hyphens, like sam.fern")


class KeyForm(forms.Form):
    """What somebody calls a passkey."""

    name = TextField(label="What to call it", hint="For example: my phone", required=False, max_length=60)

    def given(self, sent: Mapping[str, str]) -> dict[str, str]:
        """Return the name, and what the browser gave."""
        return {"name": self.cleaned_data["name"] or "My passkey", "credential": sent.get("credential", "")}


class InviteForm(forms.Form):
    """What an invitation gives, to how many, and for how long."""

    role = SelectField(label="Role", missing="Choose a role")
    uses = SelectField(label="For how many people", choices=USES, initial="1")
    days = SelectField(label="How long it works", choices=DAYS, initial="14")
    note = TextField(
        label="Who it is for", hint="Only you and your colleagues see this, for example: new starters in May", required=False, max_length=80
    )

    def __init__(self, *arguments: Any, roles: Iterable[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["role"].choices = [("", "Choose"), *roles]  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Which organisation or team to ask, and a word to whoever answers."""

    unit = RadiosField(label="Which one?", missing="Choose which one to ask")
    message = LongTextField(
        label="A word to whoever answers", hint="For example: I am a nurse on Ward 7", rows=2, required=False, max_length=500
    )

    def __init__(self, *arguments: Any, places: Iterable[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = list(places)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Where somebody who asked comes in, as what."""

    unit = SelectField(label="Where", missing="Choose where")
    role = SelectField(label="Role", missing="Choose a role")
    title = TextField(label="Job title", hint="Leave empty for somebody who holds no post here", required=False, max_length=120)

    def __init__(self, *arguments: Any, places: Iterable[tuple[str, str]], roles: Iterable[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = list(places)  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "Choose"), *roles]  # type: ignore[attr-defined]
