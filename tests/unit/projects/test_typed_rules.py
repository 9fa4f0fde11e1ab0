"""What a register says in our words, and what it counts for: without a database."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.projects.rules.evidence import Facts, weigh
from espalier.projects.rules.typed import (
    COLUMNS,
    TypedProject,
    TypedTest,
    UnableToReadTyped,
    columns_of,
    decision_of,
    differing,
    mark_of,
    of_patients,
    score_of,
    shortened,
    state_of,
    stored,
    typed_project,
    typed_test,
)
from espalier.projects.rules.typed_evidence import SUPPORTS, about_score, reasons
from espalier.projects.rules.typed_words import UnableToReadRegisters, read_registers

CONTENT = Path(__file__).parents[3] / "content"
WORDS = read_registers(CONTENT)
ONE = TypedProject(
    1, "Life QI", "12", "Fewer falls", "Fewer", 7, "Somebody", None, date(2025, 2, 13), date(2025, 9, 1), "Active", "active", "MFI",
    "model-for-improvement", 2.5, date(2025, 5, 24), "Falls", "team",
)  # fmt: skip
TEST = TypedTest(3, "", "1", "Lights", "Plan", "Fewer", 4.0, None, "Done", "Good", "Adopt", "adopt", date(2025, 2, 13), None)


@pytest.mark.parametrize(("text", "score"), [("0.5", 0.5), ("5", 5.0), (" 3,5 ", 3.5), ("2.0 – Activity, no changes", 2.0), ("", None)])
def test_a_score_is_read_as_people_type_it(text, score):
    assert score_of(text) == score


@pytest.mark.parametrize("text", ["0", "5.5", "2.3", "good", "-1", "12", "3.5.1"])
def test_a_score_off_the_scale_is_refused_with_what_to_do(text):
    with pytest.raises(UnableToReadTyped) as refused:
        score_of(text)
    assert refused.value.to_do == "Write it like 2.5, or leave it empty."


@pytest.mark.parametrize(
    ("text", "state"),
    [("Active", "active"), ("On hold", "stopped"), ("completed", "finished"), ("CLOSED", "finished"), ("", "planning"),
     ("In  progress", "active"), ("Business as usual", "sustaining"), ("Cancelled", "stopped")],
)  # fmt: skip
def test_how_a_project_stands_is_said_in_many_words(text, state):
    assert state_of(text, WORDS.states) == state


def test_a_word_nobody_knows_is_refused():
    with pytest.raises(UnableToReadTyped, match="We do not know this word"):
        state_of("Amber", WORDS.states)


@pytest.mark.parametrize(
    ("text", "decision"),
    [("Adopt", "adopt"), ("ADAPTED - try it at night", "adapt"), ("Abandoned.", "abandon"), ("Talk to estates", ""), ("", ""),
     ("Keep it", "adopt"), ("Keep watching", ""), ("Repeat with changes next week", "adapt")],
)  # fmt: skip
def test_a_decision_is_what_a_text_begins_with(text, decision):
    assert decision_of(text, WORDS.decisions) == decision


def test_a_row_is_known_again_by_its_number_or_else_by_its_words():
    assert mark_of(system="", number="QI-1", otherwise="a") == mark_of(system="", number=" qi-1 ", otherwise="b")
    assert mark_of(system="", number="1", otherwise="a") != mark_of(system="Life QI", number="1", otherwise="a")
    assert mark_of(system="", number="", otherwise="7 Falls") == mark_of(system="", number="", otherwise="7  FALLS")
    assert mark_of(system="", number="x", otherwise="") != mark_of(system="", number="", otherwise="x")


def test_what_is_sure_to_be_a_patient_is_told_from_what_only_looks_like_one():
    assert of_patients("943 476 5919 fell") == ("an NHS number", True)
    assert of_patients("943–476–5919 fell") == ("an NHS number", True)
    assert of_patients("Mrs Okafor in bed 4") == ("a person's name beside a ward or bed", False)
    assert of_patients("Fewer falls in bay 4") == ("", False)


@given(st.text(max_size=80), st.integers(4, 40))
def test_shortened_text_fits_and_begins_the_same(text, most):
    short = shortened(text, most)
    assert len(short) <= most + 1
    assert text.startswith(short.removesuffix(" …").rstrip()) or short == text


def test_a_project_over_has_a_last_day_and_one_that_goes_on_a_day_by_which():
    assert tuple(columns_of(ONE)) == COLUMNS
    going, over = columns_of(ONE), columns_of(ONE._replace(state="finished"))
    assert (going["aim_by"], going["ended_on"]) == (ONE.ends_on, None)
    assert (over["aim_by"], over["ended_on"]) == (None, ONE.ends_on)
    assert columns_of(ONE._replace(state="stopped", state_said="On hold"))["why_stopped"] == "The register says: On hold"


def test_what_a_register_says_survives_being_stored():
    assert typed_project(json.loads(json.dumps(stored(ONE)))) == ONE
    assert typed_test(json.loads(json.dumps(stored(TEST)))) == TEST


NAMES = st.sampled_from("abc")
STATES = st.dictionaries(NAMES, st.integers(0, 3), min_size=3)


@given(STATES, STATES, STATES)
def test_a_newer_file_never_overwrites_what_somebody_wrote_here(old, new, now):
    changed, stays = differing(old, new, now)
    for name in new:
        if now[name] != old[name] and now[name] != new[name]:
            assert name not in changed, "somebody wrote it here"
        elif new[name] != old[name]:
            assert changed.get(name, now[name]) == new[name]
    assert not set(changed) & set(stays)
    assert differing(new, new, now) == ({}, ())


# ---- what it counts for --------------------------------------------------------------------------------------------------

SAYS = {
    "documented": "2 tests come from an old register: that shows that changes were written down.",
    "run": "Whether they were run was not seen here, so they do not count as run.",
    "studied": "What was studied and decided stands as it was typed. It does not count as decided here.",
    "predicted": "Nobody can see here that a prediction came before its test, so it is shown and never scored.",
    "adopted": "A change that was adopted there counts once a test here has led to it.",
}


def test_each_reason_says_what_typed_tests_show_and_what_not():
    told = reasons(Facts(planned=2, typed=2))
    assert {one.code: one.words for one in told} == SAYS
    assert {one.code for one in told if one.counts} == SUPPORTS


@pytest.mark.parametrize(("fact", "code"), [("run", "run"), ("decided", "studied"), ("predicted", "predicted"), ("adopted", "adopted")])
def test_what_was_shown_here_since_need_not_be_said(fact, code):
    assert code not in [one.code for one in reasons(replace(Facts(planned=3, typed=2), **{fact: 1}))]


def test_one_test_is_one():
    assert reasons(Facts(planned=1, typed=1))[0].words.startswith("One test comes from an old register")


def test_the_score_of_a_register_stands_beside_and_counts_for_nothing():
    reason = about_score(3.5)
    assert reason is not None
    assert not reason.counts
    assert reason.words.startswith("The old register says 3.5 of 5. That was typed,")
    assert about_score(None) is None


@given(st.integers(1, 50))
def test_however_many_tests_were_typed_the_record_supports_planning_at_most(many):
    """With all else that planning asks for, typed tests carry a project to 2.0: a test is written down. Never to 2.5: none was run."""
    facts = Facts(
        aim_set=True, people=3, measures=1, ideas=1, figures=9, planned=many, typed=many, moving=True, better=True, held=20, shared=True
    )
    assert weigh(facts).step == 2.0


def test_no_step_asks_how_many_tests_were_typed():
    assert "typed" in {one.name for one in fields(Facts)}
    full = Facts(True, 3, True, 2, 20, 3, 4, 4, 4, 4, 2, True, True, 20, False, True, True)  # all there is
    assert weigh(replace(full, typed=0)) == weigh(replace(full, typed=9))


# ---- content -----------------------------------------------------------------------------------------------------------------


def test_each_layout_names_fields_that_its_kind_has():
    from espalier.projects.actions.importing import PROJECTS
    from espalier.projects.actions.importing_tests import TESTS

    kinds = {kind.code: {one.code for one in kind.fields} for kind in (PROJECTS, TESTS)}
    for one in WORDS.presets:
        assert set(one.columns) | set(one.fixed) <= kinds[one.kind], one.code
        headings = {heading for several in one.columns.values() for heading in several}
        assert set(one.needs) <= headings, f"{one.code}: what it is known by stands in one of its columns"
    assert {one.kind for one in WORDS.presets} == set(kinds)


def test_what_registers_call_methods_are_methods_we_have():
    from espalier.projects.rules.methods import read_methods

    assert set(WORDS.methods.values()) <= {one.code for one in read_methods(CONTENT)}


def test_a_word_with_two_meanings_is_refused(tmp_path):
    folder = tmp_path / "projects"
    folder.mkdir()
    (folder / "registers.schema.json").write_text((CONTENT / "projects" / "registers.schema.json").read_text())
    words = (CONTENT / "projects" / "registers.yaml").read_text()
    (folder / "registers.yaml").write_text(words.replace("planning: [planning,", "planning: [on hold, planning,"))
    with pytest.raises(UnableToReadRegisters, match="would mean two things"):
        read_registers(tmp_path)
    (folder / "registers.yaml").write_text(words.replace("kind: pdsa", "kind: tests"))
    with pytest.raises(UnableToReadRegisters):
        read_registers(tmp_path)
