"""What a project is worth, in one form without scripts: a range, a unit, from when to when, who says so and how they know."""

from __future__ import annotations

from typing import Any

from django import forms

from espalier.projects.rules.value import AMOUNTS, AN_HOUR, BENEFIT, COST, POUNDS, RATE, TIME
from espalier.ui.fields import DateField, NumberField, RadiosField, SelectField, TextField
from espalier.ui.not_a_person import NotAPerson

LARGEST = 999_999_999
DECIMALS = {"max_decimal_places": "Write no more than two numbers after the point, like 12.50"}
NAMES = {
    "hours": "hours", "pounds": "pounds (£)", "bed-days": "days in a hospital bed", "appointments": "appointments",
    "miles": "miles travelled", "kg-carbon": "kilograms of carbon", "pounds-an-hour": "pounds (£) an hour",
}  # fmt: skip
OFTEN = {"once": "once", "week": "a week", "month": "a month", "year": "a year"}
HOW = (
    ("counted", "Counted", "Somebody counted it, or it stands on a bill."),
    ("estimated", "Estimated", "Worked out from something counted."),
    ("assumed", "Assumed", "Our best guess. That is fine, as long as it says so."),
)
ASKS = {
    TIME: ("What takes less time now?", "For example, finding a hoist at night"),
    COST: ("What does it cost?", "For example, 12 night lights, or half a day a week of a nurse"),
    BENEFIT: ("What good does it do?", "For example, fewer days in bed after a fall"),
    RATE: ("Whose hour is it?", "For example, a registered nurse, pay and on-costs"),
}
BUDGET = {
    COST: ("If it is money: is it paid out of a budget?", "Yes, somebody pays it", "No, it is time or rooms we have anyway"),
    BENEFIT: (
        "If it is money: does a budget have more left?", "Yes, less is spent or more comes in",
        "No, it is worth something, but no budget feels it",
    ),
}  # fmt: skip


def unit_choices(kind: str) -> list[tuple[str, str]]:
    """Return in what something of a kind is counted, and how often: hours a week, pounds once."""
    often = ("month", "week", "year", "once") if kind == TIME else ("year", "month", "week", "once")
    return [(f"{amount}:{per}", f"{NAMES[amount]} {OFTEN[per]}") for amount in AMOUNTS[kind] for per in often]


class ValueForm(NotAPerson, forms.Form):
    """One line. What is asked depends on its kind."""

    what = TextField(label="What?", max_length=200, missing="Say what it is")
    low = NumberField(label="At least", min_value=0, max_value=LARGEST, max_digits=11, decimal_places=2, width="10", pounds=True,
                      error_messages=DECIMALS)  # fmt: skip
    high = NumberField(label="At most", min_value=0, max_value=LARGEST, max_digits=11, decimal_places=2, width="10", pounds=True,
                       error_messages=DECIMALS, hint="Nobody knows the one right number. Say between which two it lies.")  # fmt: skip
    unit = SelectField(label="Counted in", choices=())
    releases = RadiosField(label="", choices=(), required=False)
    since = DateField(label="From when?")
    until = DateField(label="Until when?", required=False, hint="Leave it empty while it goes on. For example, 31 3 2027")
    says = TextField(
        label="Who says so?", max_length=120, missing="Say who says so", hint="A role, not a name: the ward manager, finance, our coach"
    )
    how = RadiosField(
        label="How do they know?", choices=[one[:2] for one in HOW], hints={one[0]: one[2] for one in HOW}, missing="Select how they know"
    )
    source = TextField(label="From what?", max_length=300, required=False, hint="For example, rota of May and June, or a bill")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["what"].label, self.fields["what"].help_text = ASKS[kind]
        self.fields["unit"].choices = unit_choices(kind) if kind != RATE else ()  # type: ignore[attr-defined]
        if kind == RATE:
            del self.fields["unit"]
            self.fields["source"].required = True
            self.fields["source"].error_messages["required"] = "Say where the rate comes from"
            self.fields["low"].label, self.fields["high"].label = "£ an hour, at least", "£ an hour, at most"
        if kind in BUDGET:
            label, yes, no = BUDGET[kind]
            self.fields["releases"].label, self.fields["releases"].choices = label, [("yes", yes), ("no", no)]  # type: ignore[attr-defined]
        else:
            del self.fields["releases"]

    def clean(self) -> dict[str, Any]:
        """Say beside the box what does not fit together."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        low, high, how = data.get("low"), data.get("high"), data.get("how")
        if low is not None and high is not None and low > high:
            self.add_error("high", "“At most” must be the same as “at least”, or more")
        elif low is not None and low == high and how in {"estimated", "assumed"}:
            self.add_error("high", "What is not counted is a range: say a higher number than “at least”")
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", "The last day must not be before the first")
        if str(data.get("unit", "")).startswith(f"{POUNDS}:") and not data.get("releases"):
            self.add_error("releases", "Select whether a budget feels it")
        return data

    def told(self) -> dict[str, Any]:
        """Return the line as it is said."""
        data = self.cleaned_data
        amount, _, per = data["unit"].partition(":") if self.kind != RATE else (AN_HOUR, "", "once")
        plain = {name: data[name] for name in ("what", "low", "high", "since", "until", "says", "how", "source")}
        releases = data["releases"] == "yes" if amount == POUNDS else None
        return {"kind": self.kind, "amount": amount, "per": per, "releases": releases, **plain}
