"""What changed, what is late and how good figures are: hand-made series whose answers can be worked out on paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR, Viewer
from espalier.common.periods import add_months
from espalier.measures import actions, queries
from espalier.measures.models import PointVersion
from espalier.measures.rules import Reported, oddities
from espalier.measures.rules.quality import heaped, jumps, same_in_a_row
from espalier.organisations import queries as organisations
from espalier.organisations.models import Kind

THEN = datetime(2026, 1, 10, 9, tzinfo=UTC)
LATER = THEN + timedelta(days=40)
FIRST = date(2024, 1, 1)
PLACE, MEASURE = "DEMO-NURSES", "team-medicine-errors"  # nobody has figures of it there


def viewer(username: str) -> Viewer:
    return organisations.viewer_for(get_user_model().objects.get(username=username))


def unit(code: str) -> organisations.UnitFacts:
    return organisations.unit(viewer=VISITOR, code=code)


def store(values: list[float | None], *, at: datetime, first: date = FIRST, place: str = PLACE, measure: str = MEASURE, out_of: float | None = None) -> None:
    actor = system_viewer()
    rows = [
        actions.Figure(place, measure, add_months(first, n), value, out_of, 100 * value / out_of if out_of else value)
        for n, value in enumerate(values) if value is not None
    ]  # fmt: skip
    with acting_as(actor):
        actions.store_figures(actor=actor, at=at, why="test", figures=rows)


def changes(since: datetime, place: str = PLACE) -> queries.Changes:
    return queries.changes(viewer=VISITOR, where=queries.inside(viewer=VISITOR, unit_id=unit(place).pk), since=since)


def row(found: queries.Changes) -> queries.Changed:
    (one,) = [one for one in found.rows if one.definition.code == MEASURE]
    return one


# 10, 12, 10, 12 …: mean 11, each step 2, so the usual range is 11 ± 2.66 × 2 = 5.68 to 16.32.
STEADY = [10.0, 12.0] * 12


@pytest.mark.django_db
class TestWhatChanged:
    def test_a_new_figure_far_out_is_a_new_sign(self):
        store(STEADY, at=THEN)
        store([30.0], at=LATER, first=date(2026, 1, 1))
        found = changes(THEN)
        one = row(found)
        assert (one.then, one.now, one.is_signal) == ("steady", "high", True)
        assert [(each.period, each.old, each.new, each.kind) for each in one.figures] == [(date(2026, 1, 1), None, 30, "new")]
        assert found.judged == 1
        assert 0 < found.by_chance < 0.2  # one steady chart, one look

    def test_a_new_figure_inside_the_usual_range_is_none(self):
        store(STEADY, at=THEN)
        store([11.0], at=LATER, first=date(2026, 1, 1))
        assert not row(changes(THEN)).is_signal

    def test_what_stood_out_before_is_not_new(self):
        store([*STEADY, 30.0], at=THEN)
        store([31.0], at=LATER, first=date(2026, 2, 1))
        one = row(changes(THEN))
        assert (one.then, one.now, one.is_signal) == ("high", "high", False)

    def test_what_is_as_usual_again_is_said(self):
        store([*STEADY, 30.0], at=THEN)
        store([11.0], at=LATER, first=date(2026, 2, 1))
        assert row(changes(THEN)).is_over

    def test_a_figure_changed_twice_is_compared_with_what_stood_first(self):
        store(STEADY, at=THEN)
        store([13.0], at=LATER)
        store([14.0], at=LATER + timedelta(hours=1))
        (figure,) = row(changes(THEN)).figures
        assert (figure.old, figure.new, figure.kind) == (10, 14, "corrected")

    def test_a_figure_changed_and_changed_back_is_no_change(self):
        store(STEADY, at=THEN)
        store([13.0], at=LATER)
        store([10.0], at=LATER + timedelta(hours=1))
        assert changes(THEN).rows == ()

    def test_only_what_came_since_counts(self):
        store(STEADY, at=THEN)
        store([30.0], at=LATER, first=date(2026, 1, 1))
        assert changes(LATER).rows == ()

    def test_the_first_load_of_a_series_doubles_no_table_and_the_next_month_is_kept(self):
        store(STEADY, at=THEN)
        assert PointVersion.objects.filter(at=THEN).count() == 0
        store([*STEADY, 11.0], at=LATER)
        assert PointVersion.objects.filter(at=LATER).values_list("period_on", "old_value", "new_value").get() == (date(2026, 1, 1), None, 11)

    def test_marking_as_seen_hides_what_was_shown_and_not_what_came_while_reading(self):
        leader = viewer("demo-leader")
        with acting_as(leader):
            actions.mark_seen(actor=leader, at=LATER, unit=unit(PLACE), until=THEN)
            assert queries.last_look(viewer=leader, unit_id=unit(PLACE).pk) == THEN
            actions.mark_seen(actor=leader, at=LATER, unit=unit(PLACE), until=LATER + timedelta(days=900))
            assert queries.last_look(viewer=leader, unit_id=unit(PLACE).pk) == LATER

    def test_one_persons_last_look_is_not_another_s(self):
        leader, nurse = viewer("demo-leader"), viewer("demo-nurse")
        with acting_as(leader):
            actions.mark_seen(actor=leader, at=LATER, unit=unit(PLACE), until=THEN)
        with acting_as(nurse):
            assert queries.last_look(viewer=nurse, unit_id=unit(PLACE).pk) is None

    def test_the_page_says_it_in_words(self, client: Client):
        store(STEADY, at=THEN)
        store([30.0], at=LATER, first=date(2026, 1, 1))
        page = client.get(f"/measures/changes/?unit={PLACE}&since=2026-01-11").content.decode()
        assert "1 chart newly stands out." in page
        assert "fewer than 1 of them stand out" in page
        assert "January 2026: 30" in page

    @pytest.mark.parametrize("since", ["2026-02-30", "x", "0000-00-00", "9999-99-99", "２０２６-01-01"])
    def test_a_day_that_is_none_is_a_page_that_is_none(self, client: Client, since: str):
        assert client.get(f"/measures/changes/?since={since}").status_code == 404


@pytest.mark.django_db
class TestLate:
    TODAY = date(2024, 9, 15)

    def late(self, who: Viewer = VISITOR, place: str = PLACE, measure: str = MEASURE, today: date = TODAY) -> queries.LatePage:
        with acting_as(who):
            return queries.late(viewer=who, unit=unit(place), today=today, measure=measure)

    def test_what_is_missing_at_the_end_and_in_between_is_counted(self):
        store([1.0, 2.0, None, 4.0, 5.0, 6.0], at=THEN)  # January to June without March; August is over
        (one,) = self.late().rows
        assert (one.last, one.expected, one.behind, one.gaps, one.silent) == (date(2024, 6, 1), date(2024, 8, 1), 2, 1, False)

    def test_what_is_complete_is_not_listed(self):
        store([1.0] * 8, at=THEN)
        found = self.late()
        assert (found.rows, found.looked_at) == ((), 1)

    def test_who_may_put_it_in_gets_a_link_there_and_others_to_the_chart(self):
        store([1.0], at=THEN)
        assert self.late(viewer("demo-analyst")).rows[0].href.endswith("/enter/")
        assert self.late().rows[0].href == f"/measures/{MEASURE}/{PLACE}/"
        assert not self.late(viewer("demo-leader")).rows[0].enter  # leads another ward

    def test_colleagues_are_named_to_colleagues_only(self):
        store([1.0], at=THEN)
        assert [one.name for one in self.late(viewer("demo-nurse")).rows[0].ask] == ["Kim, analyst (made up)", "Pat, improvement lead (made up)"]
        assert self.late().rows[0].ask == ()

    def test_the_nearest_are_asked_first(self):
        rows = self.late(viewer("demo-nurse"), place="DEMO-WARD-7", measure="team-falls", today=date(2026, 1, 1)).rows
        assert [one.role for one in rows[0].ask] == ["team-leader", "analyst", "qi-lead"]  # of the ward, then of the trust

    def test_published_figures_are_late_once_others_have_theirs(self):
        assert "RJ1" not in {one.unit.code for one in self.late(place="ENG", measure="ae-4-hours").rows}
        store([900.0], at=THEN, first=date(2019, 4, 1), place="RR8", measure="ae-4-hours", out_of=1000.0)
        rows = {one.unit.code: one for one in self.late(place="ENG", measure="ae-4-hours").rows}
        assert (rows["RJ1"].behind, rows["RJ1"].ask, rows["RJ1"].enter) == (1, (), False)
        assert "RR8" not in rows

    def test_who_stopped_long_ago_is_counted_and_not_listed(self):
        found = self.late(place="ENG", measure="ae-4-hours")
        assert found.stopped > 0
        assert all(one.behind <= 12 for one in found.rows)

    def test_the_list_of_england_is_about_one_measure(self):
        assert self.late(place="ENG", measure="").measure == "ae-4-hours"
        assert self.late(place="DEMO-TRUST", measure="").measure == ""

    def test_where_organisations_begin_is_what_the_data_say(self):
        kinds = Kind.objects.filter(is_organisation=True).values_list("rank", flat=True)
        assert min(kinds) == organisations.ORGANISATION_RANK


@pytest.mark.django_db
class TestQuality:
    def look(self, today: date = date(2026, 1, 15)) -> queries.Quality:
        (one,) = queries.quality(viewer=VISITOR, unit=unit(PLACE), today=today, measure=MEASURE).rows
        return one

    def test_a_good_series_has_nothing_to_look_at(self):
        store(STEADY, at=THEN)
        one = self.look()
        assert (one.expected, one.reported, one.findings) == (24, 24, 0)

    def test_a_slip_and_a_missing_month_and_a_correction_are_found(self):
        values: list[Any] = [*STEADY]
        values[10], values[5] = 110.0, None
        store(values, at=THEN)
        store([11.0], at=LATER)
        one = self.look()
        assert (one.expected, one.reported, one.corrected, one.jumps) == (24, 23, 1, (date(2024, 11, 1),))

    def test_a_series_that_fell_silent_is_judged_by_what_came(self):
        store(STEADY, at=THEN)
        one = self.look(today=date(2027, 6, 1))
        assert one.silent
        assert (one.expected, one.reported) == (24, 24)

    def test_each_row_says_what_to_do(self, client: Client):
        store([7.0] * 12, at=THEN)
        page = client.get(f"/measures/quality/?unit={PLACE}&measure={MEASURE}").content.decode()
        assert "the same figure 12 times in a row" in page
        assert "ask whether it was measured each time" in page


def test_nobody_counted_is_reported_and_said():
    found = oddities([Reported(0, 0, None), Reported(None, None, None), Reported(1, 2, 50)])
    assert (found.periods, found.reported, found.no_denominator) == (3, 2, (0,))


@given(st.lists(st.floats(0, 1e6) | st.none(), max_size=60), st.integers(-1000, 1000))
def test_a_jump_is_one_wherever_the_series_lies(values, by):
    moved = [None if value is None else round(value) + by for value in values]
    assert jumps(moved) == jumps([None if value is None else round(value) for value in values])


@given(st.lists(st.integers(0, 3).map(float) | st.none(), max_size=40))
def test_a_run_is_never_longer_than_what_there_is(values):
    assert same_in_a_row(values) in {0, *range(6, sum(value is not None and value > 0 for value in values) + 1)}


def test_chance_seldom_heaps():
    """All counts from 100 to 139: one in five ends in 0 or 5, which is what chance gives."""
    assert not heaped([float(n) for n in range(100, 140)])
    assert heaped([float(n) for n in range(100, 340, 5)])
