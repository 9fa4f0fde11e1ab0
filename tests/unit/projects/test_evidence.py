"""What a record supports: each step with its reason, and more of anything never lowers it."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.projects.rules.evidence import LADDER, Facts, apart, besides, weigh
from espalier.projects.rules.standing import NEXT, STILL_AFTER, is_still, may_become

BEGUN = Facts()
CHARTER = replace(BEGUN, aim_set=True, people=3)
PLANNING = replace(CHARTER, ideas=1)
ACTIVITY = replace(PLANNING, measures=1, planned=1)
TESTED = replace(ACTIVITY, run=1, figures=2)
MODEST = replace(TESTED, decided=1, predicted=1, moving=True)
BETTER = replace(MODEST, decided=2, planned=2, run=2, better=True)
HALF_YEAR = replace(BETTER, held=6, partner=True)
YEAR = replace(HALF_YEAR, held=12, adopted=1)
ALL = replace(YEAR, reached=True, shared=True)


@pytest.mark.parametrize(
    ("facts", "step", "reason", "asks"),
    [
        (BEGUN, 0.5, "It has begun.", ["aim", "team"]),
        (CHARTER, 1.0, "Its aim has a number and it has a team.", ["planning"]),
        (PLANNING, 1.5, "Planning has begun.", ["measure", "test-planned"]),
        (ACTIVITY, 2.0, "It has a measure and a test of change is planned.", ["test-run", "figures"]),
        (TESTED, 2.5, "Changes have been tested and figures have been put in since it began.", ["studied", "predicted", "moving"]),
        (MODEST, 3.0, "A test was studied and decided, what was expected was written down before and a measure is better than usual.", ["better", "twice"]),
        (BETTER, 3.5, "The main measure is better than usual and at least two tests were decided.", ["half-year", "partner"]),
        (HALF_YEAR, 4.0, "It has held for six figures or more, nothing else became worse and a patient or carer takes part.", ["year", "adopted"]),
        (YEAR, 4.5, "It has held for twelve figures or more and a change is now how things are done.", ["reached", "shared"]),
        (ALL, 5.0, "The aim is reached and others can learn from it.", []),
    ],
)  # fmt: skip
def test_each_step_its_reason_and_what_the_next_asks_for(facts, step, reason, asks):
    score = weigh(facts)
    assert (score.step, score.reason, [ask.code for ask in score.asks]) == (step, reason, asks)
    assert score.next_step == min(5.0, step + 0.5)


def test_the_reason_names_the_measure_that_is_better():
    assert weigh(MODEST, "Rounds done").reason.endswith("and the measure “Rounds done” is better than usual.")
    assert weigh(BETTER, "Falls").reason == "The main measure “Falls” is better than usual and at least two tests were decided."
    assert besides(replace(BEGUN, better=True), "Falls")[-1] == "the main measure “Falls” is better than usual"


WORDS = {
    "begun": "Begin a project.",
    "aim": "Say in the aim how much better, and of what.",
    "team": "Take at least one colleague into the team.",
    "planning": "Choose what you measure, or write down a first change idea.",
    "measure": "Choose what you measure.",
    "test-planned": "Plan a first small test of a change.",
    "test-run": "Run the first test. Small is fine: one shift, one patient.",
    "figures": "Put in the figures since you began.",
    "studied": "Finish a test: what did you learn, and what will you do?",
    "predicted": "Write down what you expect before the next test.",
    "moving": "Go on testing until a chart shows a change that is unlikely to be chance.",
    "better": "Go on until the main measure is better than usual.",
    "twice": "Test a second change, or the first one again elsewhere.",
    "half-year": "Keep watching: it has to hold for six figures.",
    "no-harm": "Look at the balancing measure that became worse, and what you can do about it.",
    "partner": "Ask a patient or carer to take part.",
    "year": "Keep watching: it has to hold for twelve figures.",
    "adopted": "Decide which change is to stay, and make it how things are done.",
    "reached": "Reach the number of your aim.",
    "shared": "Open the project to your organisation or to everybody, so that others can learn from it.",
}


def test_what_each_rule_asks_for():
    assert {ask.code: ask.to_do for _, asks in LADDER for ask in asks} == WORDS


@pytest.mark.parametrize(
    ("code", "without"),
    [
        ("aim", {"aim_set": False}), ("team", {"people": 1}), ("planning", {"ideas": 0, "measures": 0}), ("measure", {"measures": 0}),
        ("test-planned", {"planned": 0}), ("test-run", {"run": 0}), ("figures", {"figures": 0}), ("studied", {"decided": 0}),
        ("predicted", {"predicted": 0}), ("moving", {"moving": False, "better": False}), ("better", {"better": False}),
        ("twice", {"decided": 1}), ("half-year", {"held": 5}), ("no-harm", {"others_worse": True}), ("partner", {"partner": False}),
        ("year", {"held": 11}), ("adopted", {"adopted": 0}), ("reached", {"reached": False}), ("shared", {"shared": False}),
    ],
)  # fmt: skip
def test_whatever_is_missing_stops_at_the_step_below_and_is_asked_for(code, without):
    step = next(step for step, asks in LADDER if code in {ask.code for ask in asks})
    score = weigh(replace(ALL, **without))
    assert score.step == step - 0.5
    assert code in {ask.code for ask in score.asks}


def any_facts():
    parts = {one.name: st.booleans() if isinstance(one.default, bool) else st.integers(0, 15) for one in fields(Facts)}
    return st.builds(Facts, **parts)


@given(any_facts(), any_facts())
def test_more_evidence_never_lowers_it(one, other):
    """What one has or the other: for a balancing measure, less harm is more."""
    more = Facts(**{
        name.name: (getattr(one, name.name) and getattr(other, name.name))
        if name.name == "others_worse"
        else max(getattr(one, name.name), getattr(other, name.name))
        for name in fields(Facts)
    })  # fmt: skip
    assert weigh(more).step >= max(weigh(one).step, weigh(other).step)


@given(any_facts())
def test_it_is_always_a_half_step_between_the_ends_with_a_reason(facts):
    score = weigh(facts)
    assert 0.5 <= score.step <= 5
    assert (score.step * 2).is_integer()
    assert score.reason.endswith(".")
    assert len(score.reason) > 5
    assert bool(score.asks) is (score.step < 5)
    assert all(ask.to_do.endswith((".", "?")) for ask in score.asks)


def test_differences_are_said_kindly():
    assert apart(2.5, None) == apart(2.5, 2.5) == ""
    assert apart(2.5, 3.0) == "The team sees more than its record shows yet. That is common: what was done may not be written down."
    assert apart(3.0, 2.5) == "The record shows more than the team says. You may have come further than it feels."


def test_a_project_stands_still_after_ninety_days_of_testing_without_a_change():
    at = datetime(2026, 5, 1, 9, tzinfo=UTC)
    assert timedelta(days=90) == STILL_AFTER
    assert is_still(state="active", changed_at=at - timedelta(days=90), at=at)
    assert not is_still(state="active", changed_at=at - timedelta(days=90) + timedelta(seconds=1), at=at)
    for state in ("planning", "sustaining", "finished", "stopped"):
        assert not is_still(state=state, changed_at=at - timedelta(days=900), at=at)


def test_what_is_over_can_begin_again_and_nothing_else_follows_it():
    assert {state for state in NEXT if may_become(state, "active")} == {"planning", "sustaining", "finished", "stopped"}
    assert NEXT["stopped"] == NEXT["finished"] == ("active",)
    assert not may_become("planning", "finished")
    assert not may_become("nothing", "active")
