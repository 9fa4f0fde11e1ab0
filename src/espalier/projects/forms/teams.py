"""What a team says: each is one sentence, and takes no patient's details."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from espalier.ui.fields import DateField, LongTextField, RadiosField, SelectField, TextField
from espalier.ui.not_a_person import NotAPerson

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 300
AHEAD = timedelta(days=731)  # a promise for longer is a hope
HOW_IT_STANDS = (
    ("open", "Nobody works on it yet"), ("working", "Somebody works on it"), ("better", "It is better"), ("not-now", "Not now"),
)  # fmt: skip
BECAME = (("kept", "Kept"), ("not-kept", "Not kept"), ("open", "Still open"))


class HindranceForm(NotAPerson, forms.Form):
    """One thing that gets in the way."""

    words = TextField(
        label="What gets in the way of a good day?", hint="One sentence. Your team sees it, your name does not stand beside it.",
        max_length=LONGEST, missing="Say in a sentence what gets in the way",
    )  # fmt: skip


class HindranceStateForm(NotAPerson, forms.Form):
    """How it stands, who works on it, and where it goes on."""

    state = RadiosField(label="How does it stand?", choices=HOW_IT_STANDS, missing="Select how it stands")
    by = SelectField(label="Who works on it?", required=False)
    goes_on = SelectField(label="Where does it go on?", required=False, hint="In a project, or in an idea that was shared")
    reason = LongTextField(
        label="What became of it, or why not now?", hint="One sentence. Needed where it is not now.", required=False, rows=2,
        max_length=LONGEST,
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [("", "Nobody yet"), *people]  # type: ignore[attr-defined]
        self.fields["goes_on"].choices = [("", "Nowhere else"), *places]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """Return what the action takes."""
        words = self.cleaned_data
        by = int(words["by"]) if words["by"] else None
        return {"state": words["state"], "reason": words["reason"], "goes_on": words["goes_on"], "by_id": by}


class PromiseForm(NotAPerson, forms.Form):
    """What somebody will do, and by when."""

    words = TextField(
        label="What will you do?", hint="For example: ask the store for a second hoist", max_length=LONGEST, missing="Say what you will do"
    )
    by_on = DateField(label="By when?")

    def clean_by_on(self) -> date:
        """A promise is for a day that is not long past and not years away."""
        day: date = self.cleaned_data["by_on"]
        today: date = self.today
        if day < today:
            raise ValidationError("This day has passed. Choose a day to come")
        if day > today + AHEAD:
            raise ValidationError("That is more than two years away. Choose a day that is nearer")
        return day

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)


class PromiseStateForm(NotAPerson, forms.Form):
    """What became of it."""

    state = RadiosField(label="What became of it?", choices=BECAME, missing="Select what became of it")
    became = LongTextField(
        label="In a sentence", hint="Needed where it was not kept: what came in the way?", required=False, rows=2, max_length=LONGEST
    )


class ThanksForm(NotAPerson, forms.Form):
    """A thank-you note."""

    to = SelectField(label="To whom?", required=False)
    words = LongTextField(
        label="What do you thank for?", hint="Say what it meant to you or to a patient. No patient’s name.", rows=3, max_length=LONGEST,
        missing="Say what you thank for",
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "The whole team"), *people]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """Return what the action takes; no account is the whole team."""
        to = self.cleaned_data["to"]
        return {"words": self.cleaned_data["words"], "for_id": int(to) if to else None}
