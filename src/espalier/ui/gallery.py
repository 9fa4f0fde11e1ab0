"""Every part and every state on one page: for whoever builds a page, and for the tests that look at all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.utils.safestring import SafeString, mark_safe

from espalier.common.paging import page_of
from espalier.ui import fields
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE = 422


class Example(forms.Form):
    """One field of each kind; saves nothing."""

    name = fields.TextField(label="Your name", width="20", max_length=40, autocomplete="name")
    email = fields.EmailField(label="Email address", hint="We only use it to tell you what became of your idea")
    falls = fields.NumberField(label="Falls this month", decimals=False, min_value=0, hint="Count every fall, with or without harm")
    share = fields.NumberField(label="Seen within four hours", suffix="%", min_value=0, max_value=100)
    seen_on = fields.DateField(label="Date you noticed it")
    ward = fields.SelectField(
        label="Ward", choices=[("", "Choose a ward"), ("7", "Ward 7"), ("8", "Ward 8")], missing="Select a ward",
    )  # fmt: skip
    better = fields.RadiosField(
        label="Which direction is better?", missing="Select which direction is better",
        choices=[("up", "Higher"), ("down", "Lower"), ("none", "Neither")],
        hints={"none": "For example, how many people were referred"},
    )  # fmt: skip
    gaps = fields.CheckboxesField(
        label="What is it about?", missing="Select what it is about",
        choices=[("care", "Care and quality"), ("health", "Health and wellbeing"), ("money", "Funding and efficiency")],
    )  # fmt: skip
    story = fields.LongTextField(label="What happened", missing="Say what happened", max_length=500)
    file = fields.FileField(label="A spreadsheet", accept=".xlsx,.csv", required=False, hint="Excel or CSV")


@dataclass(frozen=True, slots=True)
class Card:
    """An example card of the wall."""

    name: str
    latest: str
    change: str
    target: str
    late: str = ""


CARDS = (
    Card("A trust with a name long enough to need two lines", "71.2%", "concerning", "fail"),
    Card("B trust", "96.4%", "improving", "pass"),
    Card("C trust", "88.0%", "steady", "hit_or_miss", late="2 months late"),
    Card("D trust", "1,204", "high", ""),
    Card("E trust", "310", "low", ""),
    Card("F walk-in centre", "", "unknown", ""),
)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show the gallery; ?state= shows it in other states, and sending the form checks it without saving."""
    state = request.GET.get("state", "")
    form = Example(request.POST, request.FILES) if request.method == "POST" else Example()
    if state == "problems":
        form = Example({"falls": "twelve", "seen_on-day": "31", "seen_on-month": "4", "seen_on-year": "2026", "share": "130"})
    wrong = form.is_bound and not form.is_valid()
    return render(request, "ui/gallery.html", _words(form, state, wrong=wrong), status=UNPROCESSABLE if wrong else 200)


def _words(form: Example, state: str, *, wrong: bool) -> dict[str, object]:
    return {
        "title": "Parts of a page",
        "breadcrumbs": (Crumb("England", "/units/ENG/"), Crumb("North West", "/units/Y62/")),
        "here": Here("Anytown Hospitals NHS Foundation Trust", "trust", (Crumb("England", "/units/ENG/"),)),
        "form": form,
        "problems": fields.problems(form) if wrong else (),
        "saved": form.is_bound and not wrong,
        "state": state,
        "cards": CARDS,
        "spark": _example_chart(200, 56),
        "chart": _example_chart(760, 240),
        "page": page_of("5", size=10, total=90),
    }


def _example_chart(width: int, height: int) -> SafeString:
    """Draw a stand-in: real charts come from measures, which this room does not know."""
    values = (52, 60, 48, 57, 63, 50, 55, 61, 47, 58, 36, 33, 38, 30)
    step = width / (len(values) + 1)
    points = [(round(step * (i + 1), 1), round(height * (1 - value / 90), 1)) for i, value in enumerate(values)]
    line = " ".join(f"{x},{y}" for x, y in points)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="{3 if width < 400 else 5}" fill="#1d2a25"/>' for x, y in points)
    middle = round(height * (1 - 50 / 90), 1)
    return mark_safe(  # noqa: S308  every value above is a number of ours
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="Example chart: fourteen months, lower at the end">'
        f'<path d="M0 {middle}H{width}" stroke="#56655e" stroke-dasharray="4 4" fill="none"/>'
        f'<polyline points="{line}" fill="none" stroke="#56655e" stroke-width="2"/>{dots}</svg>',
    )
