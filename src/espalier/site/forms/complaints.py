"""What people write in a complaint, in an answer, and to find one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from espalier.ui.fields import EmailField, LongTextField, TextField

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 5000


class ComplaintForm(forms.Form):
    """What happened, and whom it is about. Only what happened must be said."""

    words = LongTextField(
        label="What happened?", missing="Say what happened", rows=8, max_length=LONGEST,
        hint="In your own words: what is wrong, since when, what should be done. Please leave out details of patients and colleagues.",
    )  # fmt: skip
    organisation = TextField(
        label="Which organisation is it about? (optional)", required=False, max_length=120, width="30",
        hint="Its name or code, for example RR8. Left empty, it goes to who runs this Espalier.",
    )  # fmt: skip
    name = TextField(label="Your name (optional)", required=False, max_length=120, width="20", autocomplete="name")
    email = EmailField(
        label="Your e-mail address (optional)", required=False, width="30",
        hint="Only to tell you that there is an answer. Without it, you find the answer here with your receipt.",
    )  # fmt: skip
    website = forms.CharField(required=False)  # nobody sees this box; programs fill it in

    def __init__(self, *args: Any, find: Callable[[str], int | str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.find = find

    def clean_words(self) -> str:
        """Refuse what says nothing."""
        words = str(self.cleaned_data["words"]).strip()
        if len(words) < 10:
            raise ValidationError("Say a little more about what happened", code="short")
        return words.replace("\x00", "")

    def clean_organisation(self) -> int | None:
        """Find the organisation by its code or name; near matches are offered, never guessed."""
        text = str(self.cleaned_data["organisation"]).strip()
        if not text:
            return None
        found = self.find(text)
        if isinstance(found, str):
            raise ValidationError(found, code="which")
        return found


class ReceiptForm(forms.Form):
    """The number and the words of a receipt."""

    number = TextField(label="Number", max_length=20, width="10", hint="For example, C-7KQ4-XW2M")
    words = TextField(
        label="The five words", max_length=100, hint="For example, acorn lemon river kite moon", missing="Enter the five words"
    )


class AnswerForm(forms.Form):
    """An answer to a complaint."""

    answer = LongTextField(
        label="Your answer", rows=8, max_length=LONGEST, missing="Write what you found and what is done about it",
        hint="What you found, what is done about it, and by when. The person reads it with their receipt.",
    )  # fmt: skip


class ForWhomForm(forms.Form):
    """Somebody of one's own organisation, found without a list to look through."""

    who = TextField(
        label="Who is it about?", max_length=254, missing="Enter a work e-mail address, a name or an employer's number",
        hint="Their work e-mail address, their whole name, or the employer's number of a post they hold.",
    )  # fmt: skip

    def asked(self) -> str:
        """Return what was typed."""
        return str(self.cleaned_data["who"]).strip()


def filled_by_a_program(form: forms.Form) -> bool:
    """Whether the box that nobody sees was filled in."""
    data: Any = form.data
    return bool(str(data.get("website", "")).strip())
