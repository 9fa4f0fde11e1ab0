"""Months, matching and calendars as pure functions: what must hold for every input, and what a person reads."""

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from espalier.projects.rules.calendars import Day, calendar, folded
from espalier.projects.rules.matching import Free, Wanting, match
from espalier.projects.rules.programmes import STEPS, NotNow, landing, months_due, next_state, whom_to_ask

AT_EASE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # other tests run beside these
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
FREE = st.lists(
    st.builds(
        Free, account_id=st.integers(1, 30), unit_id=st.integers(1, 5), owner_id=st.integers(1, 2), capacity=st.integers(0, 4),
        load=st.integers(0, 5), helps_with=st.sampled_from(["", "falls", "falls, measuring", "flow"]),
    ),
    max_size=8, unique_by=lambda one: one.account_id,
)  # fmt: skip
ASKING = st.lists(
    st.builds(
        Wanting, number=st.integers(0, 99), unit_id=st.integers(1, 5), owner_id=st.integers(1, 2), words=st.sampled_from(["", "falls", "Flow"]),
        team=st.frozensets(st.integers(1, 30), max_size=4),
    ),
    max_size=12, unique_by=lambda one: one.number,
)  # fmt: skip


@AT_EASE
@given(DAYS, DAYS, st.none() | DAYS, DAYS)
def test_the_months_due_are_whole_months_that_are_over(since, starts_on, ends_on, today):
    due = months_due(since=since, starts_on=starts_on, ends_on=ends_on, today=today)
    assert list(due) == sorted(set(due))
    assert all(one.day == 1 and (one.year, one.month) < (today.year, today.month) for one in due)
    assert all((one.year, one.month) >= max((d.year, d.month) for d in (since, starts_on)) for one in due)
    assert all(ends_on is None or (one.year, one.month) <= (ends_on.year, ends_on.month) for one in due)
    steps = {(b.year - a.year) * 12 + b.month - a.month for a, b in pairwise(due)}
    assert steps <= {1}


@AT_EASE
@given(st.lists(st.tuples(DAYS, st.sampled_from(["draft", "submitted", "answered", "completed"])), unique_by=lambda one: one[0]))
def test_one_lands_on_the_oldest_that_is_not_sent(rows):
    months, states = sorted(month for month, _ in rows), dict(rows)
    found = landing(months, states)
    drafts = [month for month in months if states[month] == "draft"]
    assert found == (drafts[0] if drafts else None)


@pytest.mark.parametrize("state", ["draft", "submitted", "answered", "completed"])
@pytest.mark.parametrize("do", ["send", "pull-back", "reply", "complete"])
def test_what_does_not_follow_is_refused_with_what_to_do(state, do):
    if (state, do) in STEPS:
        assert next_state(state, do) in {"draft", "submitted", "answered", "completed"}
    else:
        with pytest.raises(NotNow) as refused:
            next_state(state, do)
        assert refused.value.to_do.endswith(".")


def test_nothing_is_pulled_back_once_it_is_done_and_nothing_is_sent_twice():
    assert ("completed", "pull-back") not in STEPS
    assert {state for state, do in STEPS if do == "send"} == {"draft"}


@AT_EASE
@given(ASKING, FREE)
def test_nobody_coaches_more_than_they_have_time_for_and_the_answer_is_always_the_same(asking, coaches):
    found = match(asking, coaches)
    given_to = {one.account_id: sum(each.account_id == one.account_id for each in found) for one in coaches}
    assert all(given_to[one.account_id] <= max(0, one.capacity - one.load) for one in coaches)
    assert len({one.number for one in found}) == len(found)
    teams = {one.number: one.team for one in asking}
    assert all(one.account_id not in teams[one.number] for one in found)
    assert found == match(list(reversed(asking)), list(reversed(coaches)))


@AT_EASE
@given(ASKING, FREE)
def test_a_project_goes_without_only_when_nobody_able_is_left(asking, coaches):
    found = match(asking, coaches)
    used = {one.account_id: sum(each.account_id == one.account_id for each in found) for one in coaches}
    left = {one.account_id for one in coaches if one.room > used[one.account_id]}
    without = [one for one in asking if one.number not in {each.number for each in found}]
    assert all(left <= one.team for one in without)


def test_a_match_says_why():
    near = Free(1, unit_id=7, owner_id=1, capacity=2, load=1, helps_with="falls and measuring")
    far = Free(2, unit_id=9, owner_id=2, capacity=9, load=0, helps_with="falls")
    (found,) = match([Wanting(0, unit_id=8, owner_id=1, words="Fewer falls")], [far, near])
    assert (found.account_id, found.why) == (1, "Works in the same organisation, helps with falls, has time for 1 more.")
    (found,) = match([Wanting(0, unit_id=7, owner_id=1)], [near])
    assert found.why == "Works in the same place, has time for 1 more."
    (found,) = match([Wanting(0, unit_id=8, owner_id=3)], [far])
    assert found.why == "Works in another organisation, has time for 9 more."


def test_the_second_person_is_asked_before_the_leader():
    asked = whom_to_ask(keepers=[4], seconds=[None, 5], leaders=[4, 6])
    assert [(one.account_id, one.role) for one in asked] == [(4, "keeper"), (5, "second"), (6, "leader")]


@AT_EASE
@given(st.text(max_size=300))
def test_no_line_of_a_calendar_is_longer_than_75_octets_and_none_is_lost(words):
    line = "".join(letter for letter in words if letter not in "\r\n")
    parts = folded(line).split("\r\n")
    assert all(len(part.encode("utf-8", "surrogatepass")) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line


def test_a_calendar_reads_as_the_standard_says():
    day = Day("s-1", "Falls, nights", date(2026, 3, 2), datetime(2026, 1, 1, tzinfo=UTC), time(13), time(14, 30), "Room 2\nby video", called_off=True)
    text = calendar("Safer nights", [day])
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    for line in ("DTSTART:20260302T130000", "DTEND:20260302T143000", "SUMMARY:Falls\\, nights", "LOCATION:Room 2\\nby video", "STATUS:CANCELLED"):
        assert f"\r\n{line}\r\n" in text
    assert "DTSTART;VALUE=DATE:20260302\r\nDTEND;VALUE=DATE:20260303" in calendar("", [Day("s", "x", date(2026, 3, 2), day.changed_at)])
