"""A form that takes no patient's details asks once; who types has the last word, and the words stay out of the log."""

import re

import pytest
from django import forms
from django.http import QueryDict

from espalier.ui.fields import LongTextField, NumberField, TextField, problems
from espalier.ui.not_a_person import NotAPerson

NUMBER = "943 476 5919"  # made up; its check digit holds


class NoteForm(NotAPerson, forms.Form):
    spared = frozenset({"ring"})
    title = TextField(label="Title", required=False)
    words = LongTextField(label="Words", required=False)
    ring = TextField(label="Whom to ring", required=False)
    start = NumberField(label="From", required=False)


def sent(**typed):
    data = QueryDict(mutable=True)
    data.update(typed)
    return NoteForm(data)


def test_words_without_a_patient_pass():
    form = sent(title="Fewer falls", words="From 8 to 4 a month on ward 7")
    assert form.is_valid()
    assert form.confirmed == ()
    assert "This is not a person" not in str(form["words"])


def test_words_about_a_patient_are_stopped_at_their_field_and_what_was_typed_stays():
    form = sent(words=f"{NUMBER} fell")
    assert not form.is_valid()
    assert form.errors["words"] == [
        "This looks like it has an NHS number in it. Take it out, or tick “This is not a person” if it is none."
    ]
    drawn = str(form["words"])
    assert '<input class="nhsuk-checkboxes__input" id="id_not_a_person"' in drawn
    assert f"{NUMBER} fell" in drawn
    assert "This is not a person" not in str(form["title"])


def test_a_tick_lets_them_through_and_says_which_kinds():
    form = sent(words=f"{NUMBER} fell", not_a_person="nhs-number")
    assert form.is_valid()
    assert form.confirmed == ("nhs-number",)


def test_a_tick_for_one_kind_is_none_for_another():
    form = sent(words=f"{NUMBER} fell", title="Mrs Okafor in bed 4", not_a_person="nhs-number")
    assert not form.is_valid()
    assert list(form.errors) == ["title"]


@pytest.mark.parametrize("tick", ["yes", "on", "", "nhs", "NHS-NUMBER"])
def test_no_other_tick_counts(tick):
    assert not sent(words=NUMBER, not_a_person=tick).is_valid()


@pytest.mark.parametrize("colleague", ["Mrs Okafor", "Mrs Okafor, ward 7, room 12", "01632 960 177", "+44 1632 960177"])
def test_a_colleague_is_welcome_in_a_field_that_is_meant_for_one(colleague):
    assert sent(ring=colleague).is_valid()


@pytest.mark.parametrize(
    ("patient", "kind"), [("Mrs Okafor, bed 4", "name-beside-bed"), (NUMBER, "nhs-number"), ("943–476–5919", "nhs-number")]
)
def test_a_patient_in_a_field_that_is_meant_for_a_colleague_is_asked_about(patient, kind):
    form = sent(ring=patient)
    assert list(form.errors) == ["ring"]
    assert f'value="{kind}"' in str(form["ring"])
    assert sent(ring=patient, not_a_person=kind).is_valid()


@pytest.mark.parametrize("typed", ["943 476 5919", "9434765919", " 943 4765919"])
def test_a_number_of_a_patient_in_the_box_of_a_number_is_asked_about(typed):
    form = sent(start=typed)
    assert list(form.errors) == ["start"]
    assert str(form["start"]).count('value="nhs-number"') == 1
    assert sent(start=typed, not_a_person="nhs-number").is_valid()


@pytest.mark.parametrize("typed", ["8", "0", "12.5", "1,234,567,890", "0.9434765919", "9434765918", "-3", ""])
def test_other_numbers_pass_and_their_boxes_look_as_they_did(typed):
    form = sent(start=typed)
    assert form.is_valid()
    assert "not_a_person" not in str(form["start"])
    assert "data-check-words" not in str(form["start"])


def test_the_tick_is_drawn_once_with_the_kinds_it_stands_for():
    form = sent(title="Mrs Okafor in bed 4", words=NUMBER)
    assert not form.is_valid()
    drawn = str(form["title"]) + str(form["words"])
    assert re.findall(r'<input [^>]*name="not_a_person"[^>]*value="([^"]*)"', drawn) == ["name-beside-bed nhs-number"]


def test_a_form_with_a_prefix_keeps_its_tick_to_itself():
    data = QueryDict(mutable=True)
    data.update({"a-words": NUMBER, "b-not_a_person": "nhs-number"})
    assert not NoteForm(data, prefix="a").is_valid()
    data["a-not_a_person"] = "nhs-number"
    assert NoteForm(data, prefix="a").is_valid()


def test_the_summary_says_in_which_of_several_fields_it_stands():
    form = sent(title="Mrs Okafor in bed 4", words=f"{NUMBER} fell")
    assert [one.text.partition(" looks")[0] for one in problems(form)] == [f"{form[name].label}: This" for name in ("title", "words")]
