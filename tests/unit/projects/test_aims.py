"""An aim is said in one sentence, and what is missing is asked for kindly: each reason has its own case."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.projects.rules.aims import Aim, hints, sentence, sign

TODAY = date(2026, 5, 1)
WHOLE = {"start": 8.0, "goal": 4.0, "unit": "falls a month", "by": date(2026, 9, 30), "for_whom": "patients over 75"}


def said(title="Falls at night", better="", **change):
    return {one.code: one.words for one in hints(Aim(**WHOLE | change), title=title, today=TODAY, better=better)}


def test_a_whole_aim_needs_nothing():
    assert said() == {}
    assert sentence(Aim(**WHOLE)) == "From 8 to 4 falls a month by 30 September 2026, for patients over 75."


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"goal": None}, "how-much", "How much better? Say the number you want to reach, so that you know when you are there."),
        ({"start": None}, "from", "Where are you now? A guess will do until you have counted."),
        ({"unit": " "}, "unit", "4 of what? For example “falls a month” or “% of patients”."),
        ({"goal": 8.0}, "same", "From 8 to 8 is no change. What would you like it to become?"),
        ({"unit": "% of patients", "goal": 104.0}, "share", "104% cannot be: a percentage lies between 0 and 100."),
        ({"unit": "per cent", "start": -3.0}, "share", "-3% cannot be: a percentage lies between 0 and 100."),
        ({"by": None}, "by-when", "By when? A day within a year keeps a team going."),
        ({"by": date(2026, 4, 30)}, "over", "30 April 2026 is over. Choose a new day, or say that you have finished."),
        (
            {"by": date(2029, 1, 1)}, "far",
            "That is more than two years away. Choose a nearer day for a first step, and go on from there.",
        ),
        ({"for_whom": ""}, "for-whom", "For whom? Say which patients or colleagues will notice the difference."),
    ],
)  # fmt: skip
def test_each_reason(change, code, words):
    assert said(**change) == {code: words}


@pytest.mark.parametrize(
    ("title", "better", "start", "goal", "asks"),
    [
        ("Fewer falls", "", 4, 8, True),
        ("Fewer falls", "", 8, 4, False),
        ("More walks", "", 8, 4, True),
        ("More walks", "", 4, 8, False),
        ("Walks", "up", 8, 4, True),
        ("Walks", "down", 8, 4, False),
        ("Walks", "", 8, 4, False),
        ("More walks, fewer falls", "", 8, 4, False),  # it says both: nobody can know
        ("Fewer falls", "up", 8, 4, False),  # what people wrote counts before what a measure says
    ],
)
def test_the_way_an_aim_goes(title, better, start, goal, asks):
    found = said(title=title, better=better, start=float(start), goal=float(goal))
    assert ("direction" in found) is asks
    if asks:
        way = "goes up, and it sounds as if you want less" if goal > start else "goes down, and it sounds as if you want more"
        assert found["direction"] == f"From {start} to {goal} {way}. Are the two the right way round?"


def test_today_itself_is_not_over():
    assert said(by=TODAY) == {}


@given(
    start=st.none() | st.floats(-1e9, 1e9), goal=st.none() | st.floats(-1e9, 1e9), unit=st.text(max_size=20), what=st.text(max_size=30),
    by=st.none() | st.dates(), for_whom=st.text(max_size=20),
)  # fmt: skip
def test_whatever_is_typed_is_said_in_a_sentence_and_answered(start, goal, unit, what, by, for_whom):
    aim = Aim(what, start, goal, unit, by, for_whom)
    words = sentence(aim)
    assert words == "" or words.endswith(".")
    assert (words == "") == (start is None and goal is None and not what.strip().rstrip("."))
    assert all(one.words and one.part in {"start", "goal", "unit", "by", "for_whom"} for one in hints(aim, title=what, today=TODAY))


def test_a_sign_changes_with_any_part():
    assert sign("a", 1.0, None) == sign("a", 1.0, None)
    assert len({sign("a", 1.0, None), sign("a", 2.0, None), sign("b", 1.0, None), sign("a", 1.0, ""), sign("a1.0", None)}) == 5
