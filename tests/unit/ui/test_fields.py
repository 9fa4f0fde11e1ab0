"""Forms say which field, what is wrong and what to do; they keep what was typed and lead to the right place."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from espalier.ui import fields
from espalier.ui.gallery import Example

GOOD = {
    "name": "Sam", "email": "sam@example.org", "falls": "12", "share": "86.6", "ward": "7", "better": "up", "gaps": ["care"],
    "seen_on-day": "3", "seen_on-month": "3", "seen_on-year": "2026", "story": "It rained.",
}  # fmt: skip


def form(**changes):
    return Example({key.replace("__", "-"): value for key, value in {**GOOD, **changes}.items()})


def said(name, /, **changes):
    bad = form(**changes)
    return bad.errors.get(name, [None])[0]


def html_of(shown):
    return "".join(str(shown[name]) for name in shown.fields)


def test_a_good_form_gives_values():
    good = form()
    assert good.is_valid(), good.errors
    assert good.cleaned_data["seen_on"] == date(2026, 3, 3)
    assert good.cleaned_data["share"] == Decimal("86.6")


def test_an_empty_form_says_something_different_for_every_field():
    empty = Example({})
    texts = [problem.text for problem in fields.problems(empty)]
    assert texts == [
        "Enter your name", "Enter an email address", "Enter falls this month", "Enter seen within four hours",
        "Enter date you noticed it", "Select a ward", "Select which direction is better", "Select what it is about",
        "Say what happened",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data", [{}, {"falls": "x", "seen_on-day": "31", "seen_on-month": "2", "seen_on-year": "2026"}]
)
def test_every_line_of_the_summary_leads_to_an_input_that_is_there(data):
    bad = Example(data)
    ids = set(re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', html_of(bad)))
    places = [problem.href.removeprefix("#") for problem in fields.problems(bad)]
    assert places
    assert set(places) <= ids


def test_each_error_stands_beside_its_own_input():
    html = str(Example({})["name"])
    assert "nhsuk-form-group--error" in html
    assert re.search(r'id="id_name-error">\s*<span class="nhsuk-u-visually-hidden">Error: </span>Enter your name', html)


def test_what_was_typed_is_kept_even_when_wrong():
    html = html_of(
        form(
            falls="twelve", email="<sam>", better="none", gaps=["care", "money"], seen_on__day="31", seen_on__month="4"
        )
    )
    for kept in (
        'value="twelve"',
        'value="&lt;sam&gt;"',
        'value="31"',
        ">It rained.</textarea>",
        '<option value="7" selected',
    ):
        assert kept in html
    assert len(re.findall(r"<input[^>]*checked", html)) == 3


@pytest.mark.parametrize(
    ("typed", "value"),
    [("12", 12), (" 1,204 ", 1204), ("1 204", 1204), ("0", 0)],
)
def test_numbers_are_read_as_people_paste_them(typed, value):
    assert form(falls=typed).fields["falls"].clean(typed) == value


def test_the_unit_beside_the_box_may_be_typed_too():
    assert form().fields["share"].clean("86.6%") == Decimal("86.6")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("twelve", "Falls this month must be a whole number, like 12"),
        ("12.5", "Falls this month must be a whole number, like 12"),
        ("-1", "Falls this month must be 0 or more"),
        ("", "Enter falls this month"),
        ("nan", "Falls this month must be a whole number, like 12"),
        ("Infinity", "Falls this month must be a whole number, like 12"),
    ],
)
def test_a_wrong_number_is_told_what_would_be_right(typed, words):
    assert said("falls", falls=typed) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("101", "Seen within four hours must be 100 or less"),
        ("100", None),
        ("x", "Seen within four hours must be a number, like 12.5"),
    ],
)
def test_a_number_stays_in_its_range(typed, words):
    assert said("share", share=typed) == words


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("31", "4", "2026", "Date you noticed it must be a real date: April 2026 has 30 days, so there is no 31"),
        ("29", "2", "2026", "Date you noticed it must be a real date: February 2026 has 28 days, so there is no 29"),
        ("29", "2", "2028", None),
        ("32", "12", "9999", "Date you noticed it must be a real date: December 9999 has 31 days, so there is no 32"),
        ("3", "", "2026", "Date you noticed it must include a month"),
        ("", "", "2026", "Date you noticed it must include a day and month"),
        ("3", "13", "2026", "Date you noticed it must be a real date, with a year of four digits"),
        ("3", "3", "26", "Date you noticed it must be a real date, with a year of four digits"),
        ("3", "3", "0000", "Date you noticed it must be a real date, with a year of four digits"),
        ("x", "3", "2026", "Date you noticed it must be a real date, with a year of four digits"),
        ("²", "3", "2026", "Date you noticed it must be a real date, with a year of four digits"),
        ("3", "march", "2026", None),
        ("3", "Sept", "2026", None),
        ("3", "ma", "2026", "Date you noticed it must be a real date, with a year of four digits"),
    ],
)
def test_a_day_that_does_not_exist_is_named(day, month, year, words):
    assert said("seen_on", seen_on__day=day, seen_on__month=month, seen_on__year=year) == words


def test_only_the_missing_box_of_a_date_is_marked():
    html = str(form(seen_on__month="")["seen_on"])
    assert re.findall(r'nhsuk-input--error[^>]*name="([^"]+)"', html) == ["seen_on-month"]


def test_a_date_known_beforehand_fills_the_boxes():
    html = str(Example(initial={"seen_on": date(2026, 3, 15)})["seen_on"])
    assert re.findall(r'name="(seen_on-\w+)"[^>]*value="(\d+)"', html) == [
        ("seen_on-day", "15"), ("seen_on-month", "3"), ("seen_on-year", "2026"),
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["sam", "sam@", "sam@example"])
def test_an_email_address_must_look_like_one(typed):
    assert said("email", email=typed) == "Enter an email address in the correct format, like name@example.org"


def test_too_long_a_text_is_told_how_long_it_may_be():
    assert said("name", name="x" * 41) == "Your name must be 40 characters or fewer"
    assert said("story", story="x" * 501) == "What happened must be 500 characters or fewer"


def test_a_per_cent_sign_in_a_label_does_no_harm():
    class Share(forms.Form):
        note = fields.TextField(label="Why 5% less", max_length=3)

    assert Share({"note": "long"}).errors["note"] == ["Why 5% less must be 3 characters or fewer"]


@pytest.mark.parametrize("field", ["ward", "better", "gaps"])
def test_a_choice_nobody_offered_is_refused(field):
    label = {"ward": str(Example.base_fields["ward"].label)}.get(field, "One")  # the others are questions, which make no sentence
    assert (
        said(field, **{field: ["made up"] if field == "gaps" else "made up"})
        == f"Select {label[0].lower()}{label[1:]} from the list"
    )


def test_an_empty_file_is_refused_in_words():
    class Upload(forms.Form):
        file = fields.FileField(label="A spreadsheet")

    sent = Upload({}, {"file": SimpleUploadedFile("a.csv", b"")})
    assert sent.errors["file"] == ["The file is empty. Choose another one"]
    assert Upload({}, {}).errors["file"] == ["Choose a spreadsheet"]


def test_errors_about_the_whole_form_come_first_and_lead_to_its_first_field():
    class Both(forms.Form):
        since = fields.DateField(label="From", required=False)
        name = fields.TextField(label="A&E name")

        def clean(self):
            raise forms.ValidationError("The days are the wrong way round")

    assert fields.problems(Both({})) == (
        fields.Problem("The days are the wrong way round", "#id_since-day"),
        fields.Problem("Enter A&E name", "#id_name"),
    )


def test_an_optional_date_may_stay_empty():
    class When(forms.Form):
        on = fields.DateField(label="From", required=False)

    blank = When({"on-day": "", "on-month": "", "on-year": ""})
    assert blank.is_valid()
    assert blank.cleaned_data["on"] is None


class Asking(forms.Form):
    """Fields whose labels are questions, which make no sentence."""

    by = fields.DateField(label="By when?", required=False)
    spent = fields.NumberField(label="How much?", called="The amount", min_value=Decimal("0.01"), pounds=True)
    many = fields.NumberField(label="How many?", decimals=False, min_value=0)
    way = fields.RadiosField(label="How do you want to go about it?", choices=[("a", "A")], called="a way to go about it")
    why = fields.TextField(label="Why?", max_length=3)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("by", {"day": "1", "month": "13", "year": "2026"}, "The day must be a real date, with a year of four digits"),
        ("by", {"day": "30", "month": "2", "year": "2026"}, "The day must be a real date: February 2026 has 28 days, so there is no 30"),
        ("by", {"day": "1", "month": "", "year": "2026"}, "The day must include a month"),
        ("spent", "0", "The amount must be more than 0"), ("spent", "-5", "The amount must be more than 0"),
        ("spent", "five", "The amount must be a number, like 12.5"), ("spent", "", "Enter the amount"),
        ("many", "-1", "The number must be 0 or more"), ("many", "x", "The number must be a whole number, like 12"),
        ("many", "£5", "The number must be a whole number, like 12"),  # it is no money
        ("way", "b", "Select a way to go about it from the list"), ("way", "", "Select a way to go about it"),
        ("why", "long", "Your answer must be 3 characters or fewer"), ("why", "", "Enter your answer"),
    ],
)  # fmt: skip
def test_a_question_is_not_made_into_a_sentence(name, typed, words):
    with pytest.raises(ValidationError) as refused:
        Asking.base_fields[name].clean(typed)
    assert refused.value.messages == [words]


class Hidden(Asking):
    """The same with what nobody sees."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)


def test_a_summary_says_of_which_of_several_fields_each_line_is():
    form = Asking({"why": "long", "by-day": "40", "by-month": "1", "by-year": "2026", "spent": "5", "many": "", "way": ""})
    assert [(one.text, one.href) for one in fields.problems(form)] == [
        ("By when? The day must be a real date: January 2026 has 31 days, so there is no 40", "#id_by-day"),
        ("How many? Enter the number", "#id_many"),
        ("Select a way to go about it", "#id_way"),
        ("Why? Your answer must be 3 characters or fewer", "#id_why"),
    ]
    assert form["why"].first_error == "Your answer must be 3 characters or fewer", "beside the field the question stands already"


def test_what_is_wrong_where_nobody_can_see_it_is_said_and_leads_to_the_form():
    form = Hidden({"why": "No", "spent": "5", "many": "1", "way": "a", "once": "nosuch"})
    assert [(one.text, one.href) for one in fields.problems(form)] == [(fields.NOT_AS_SENT, "#id_by-day")]


@pytest.mark.parametrize(("typed", "value"), [("£5", 5), ("£ 1,250.50", Decimal("1250.50")), ("1,250", 1250), ("5", 5)])
def test_money_is_read_with_its_sign(typed, value):
    assert Asking.base_fields["spent"].clean(typed) == value
