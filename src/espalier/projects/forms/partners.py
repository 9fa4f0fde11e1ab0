"""Forms about partners. All take words of people, so none takes a patient's details."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django import forms

from espalier.projects.rules.partners import FORMATS, KINDS, VIEWS
from espalier.ui.fields import CheckboxesField, DateField, LongTextField, NumberField, RadiosField, TextField
from espalier.ui.not_a_person import NotAPerson

LEAST, MOST = Decimal("0.01"), Decimal(10_000)


class AskForm(NotAPerson, forms.Form):
    """What a partner is asked, and what they get for it."""

    # Whom to ring is of the organisation, and is meant to be a person with a number.
    spared: ClassVar[frozenset[str]] = frozenset({"ring_name", "ring_phone"})
    asked = LongTextField(
        label="What do you ask them to do?",
        hint="In plain words. For example: read our aim and say if it makes sense.",
        rows=3,
        max_length=500,
        missing="Say what you ask them to do",
    )
    takes = TextField(label="How long does it take?", hint="For example, 10 minutes, or 2 hours a month", required=False, max_length=100)
    formats = CheckboxesField(label="How can they take part?", choices=list(FORMATS.items()), required=False)
    next_what = TextField(label="What is next?", hint="For example, team meeting", required=False, max_length=200)
    next_on = DateField(label="When is that?", required=False)
    ring_name = TextField(label="Who can they ring?", hint="Somebody at work here, who has agreed", required=False, max_length=100)
    ring_phone = TextField(label="Their phone number at work", required=False, max_length=40, width="20")
    expenses = TextField(
        label="What costs do you pay back?", hint="For example, bus, parking, care at home", required=False, max_length=200
    )
    payment = TextField(
        label="What do you pay for their time?",
        hint="For example, £12.50 an hour. Say so if you cannot pay.",
        required=False,
        max_length=200,
    )


class ClaimForm(NotAPerson, forms.Form):
    """Money, in two fields."""

    pounds = NumberField(
        label="How much, in pounds?",
        called="The amount",
        pounds=True,
        hint="For example, 4.50",
        min_value=LEAST,
        max_value=MOST,
        decimal_places=2,
        error_messages={"max_decimal_places": "Write pounds and pence, like 12.50"},
        missing="Enter how much it was",
    )
    words = TextField(label="What was it for?", hint="For example, bus to the meeting", max_length=200, missing="Say what it was for")


class OfferForm(ClaimForm):
    """Money offered before anybody has to ask."""

    kind = RadiosField(
        label="What is it?", choices=[("payment", "Payment for their time"), ("expenses", "Money they spend")], initial="payment"
    )
    on_day = DateField(label="For which day?")


class AnswerForm(NotAPerson, forms.Form):
    """An answer to a claim."""

    to = RadiosField(label="What do you answer?", missing="Choose an answer")
    reason = TextField(label="If not: why?", hint="The partner reads this", required=False, max_length=300)

    def __init__(self, *args: object, steps: tuple[str, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        words = {"agreed": "Agree: it will be paid", "declined": "Not agreed", "paid": "It was paid today"}
        self.fields["to"].choices = [(step, words[step]) for step in steps if step in words]  # type: ignore[attr-defined]
        if "declined" not in steps:
            del self.fields["reason"]
        if not self.fields["to"].choices:  # type: ignore[attr-defined]
            del self.fields["to"]  # nothing to answer: no empty question

    def clean(self) -> None:
        """Nobody is told no without a reason, and nothing is answered that asks nothing."""
        if "to" not in self.fields:
            self.add_error(None, "There is nothing to answer here. Look at how it stands.")
        if self.cleaned_data.get("to") == "declined" and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Say kindly why not")


class BecauseForm(NotAPerson, forms.Form):
    """What changed."""

    words = LongTextField(
        label="What changed because of them?",
        hint="For example: the wording of the sleep question. Whoever reads the project reads this.",
        rows=3,
        max_length=300,
        missing="Say what changed",
    )


class ViewForm(NotAPerson, forms.Form):
    """Would a patient choose this?"""

    says = RadiosField(label="Would a patient choose to measure this?", choices=list(VIEWS.items()), missing="Choose yes, no or not sure")
    words = LongTextField(label="What would you say about it?", hint="Only if you want to", required=False, rows=3, max_length=300)


def kind_of(text: str) -> str:
    """Return what kind of money an address asks about."""
    return text if text in KINDS else "expenses"
