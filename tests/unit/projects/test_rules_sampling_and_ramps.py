"""How many to look at; where a test stands; which tests make a ramp."""

import math
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from espalier.projects.presenters.measuring import sampled
from espalier.projects.rules.cycles import BOXES, Link, next_free, ramps, seen_of, stage
from espalier.projects.rules.sampling import sample

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(("among", "size"), [(1000, 278), (10_000, 370), (1_000_000, 384), (500, 218), (100, 80)])
def test_the_tables_of_textbooks(among, size):
    """Krejcie and Morgan's table (1970) for a margin of 5 points; it rounds to the nearest, we round up."""
    assert sample(among, margin=0.05).size in {size, size + 1}


def test_of_thirty_all_are_looked_at():
    assert [sample(among).size for among in (0, 1, 30)] == [0, 1, 30]
    assert sample(31).size < 31
    assert sampled(sample(12)) == ("Look at all 12: with so few it is worth it.",)


@unhurried
@given(among=st.integers(0, 1_000_000), margin=st.floats(0.01, 0.5))
def test_walking_through_them_gives_enough(among, margin):
    found = sample(among, margin=margin)
    assert 0 <= found.size <= among
    assert found.every >= 1
    if found.size:
        assert math.ceil((among - found.every + 1) / found.every) >= found.size or found.every == 1
        # the last to begin with still finds enough
        assert len(range(found.every - 1, among, found.every)) >= found.size


@unhurried
@given(among=st.integers(0, 5000))
def test_a_longer_list_never_asks_for_less_and_is_right_within_ten_points(among):
    found, longer = sample(among), sample(among + 1)
    assert found.size <= longer.size
    if not found.all_of_them:
        of_them = (among - found.size) / (among - 1)  # Cochran 2.2: what a whole of N takes off
        assert 1.96 * math.sqrt(0.25 / found.size * of_them) <= 0.10


@pytest.mark.parametrize("among", range(31, 97))
def test_of_a_short_list_every_so_manyth_is_left_out_and_enough_stay(among):
    found = sample(among)
    assert (found.every, found.leave > 1) == (1, True)
    for start in range(found.leave):
        left_out = len(range(start, among, found.leave))
        assert left_out >= 1 or start >= among
        assert among - left_out >= found.size


def test_how_to_choose_them_is_said():
    assert sampled(sample(40)) == (
        "Look at 30 of 40: the share you find is then right to within 10 points, 19 times out of 20.",
        "Leave out every 4th: pick one of the first 4 by chance, then every 4th after it.",
        "So days, nights and weekends all come in, and nobody chooses the easy ones.",
    )
    assert sampled(sample(200)) == (
        "Look at 66 of 200: the share you find is then right to within 10 points, 19 times out of 20.",
        "Take every 3rd: pick one of the first 3 by chance, then every 3rd after it.",
        "So days, nights and weekends all come in, and nobody chooses the easy ones.",
    )


# ---- Tests of change ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "decision", "found"),
    [
        (date(2026, 4, 2), None, "", "planned"), (date(2026, 4, 1), None, "", "running"), (date(2026, 3, 1), date(2026, 4, 1), "", "running"),
        (date(2026, 3, 1), date(2026, 3, 31), "", "studying"), (date(2026, 3, 1), date(2026, 3, 31), "adopt", "done"),
        (date(2026, 9, 1), None, "abandon", "done"),
    ],
)  # fmt: skip
def test_where_a_test_stands_is_said_by_its_days(starts, ends, decision, found):
    assert stage(starts_on=starts, ends_on=ends, decision=decision, today=date(2026, 4, 1)) == found


@unhurried
@given(st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=12))
def test_every_test_is_in_one_ramp(follows):
    """Whatever follows whatever, in circles too: nothing is lost and nothing stands twice."""
    links = [Link(pk, before) for pk, before in enumerate(follows)]
    found = ramps(links)
    assert sorted(pk for ramp in found for pk in ramp) == list(range(len(links)))


def test_two_that_go_on_from_one_share_its_ramp():
    assert ramps([Link(1, None), Link(2, 1), Link(3, 1), Link(4, 99)]) == ((1, 2, 3), (4,))


def test_numbers_go_on():
    assert (next_free([]), next_free([1, 2, 5])) == (1, 6)


def test_a_sign_changes_with_its_box_and_with_nothing_else():
    values = {name: None for names in BOXES.values() for name in names}
    other = values | {"learned": "It works"}
    assert seen_of("study", values) != seen_of("study", other)
    assert seen_of("do", values) == seen_of("do", other)
    assert seen_of("study", values | {"learned": ""}) == seen_of("study", values)
    assert seen_of("study", {"learned": "a\r\nb "}) == seen_of("study", {"learned": "a\nb"})
