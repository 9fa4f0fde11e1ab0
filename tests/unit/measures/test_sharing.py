"""Shared figures: seen inside, added up only by agreement, gone at once when it is taken back, never so few that one shows."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR
from espalier.common.errors import UnableTo
from espalier.measures import actions, queries
from espalier.measures.actions import Figure, Numbers
from espalier.measures.models import Measure, Point, Series, SumCoverage, SumDue
from espalier.organisations import actions as organisations
from espalier.organisations import queries as places
from espalier.organisations.models import Sharing

pytestmark = pytest.mark.django_db
CODE, AT = "team-speaking-up", datetime(2026, 11, 20, 9, tzinfo=UTC)
MONTH = date(2019, 5, 1)
# What each team counted in May 2019: small prime numbers, so that every sum tells which parts are in it.
PARTS = {"DEMO-WARD-7": (2.0, 10.0), "DEMO-WARD-12": (3.0, 20.0), "DEMO-NURSES": (5.0, 40.0)}


def who(name):
    return viewer_of(get_user_model().objects.get(username=name))


def unit(code):
    return places.unit(viewer=VISITOR, code=code)


def put_in(parts=PARTS, month=MONTH, measure=CODE):
    rows = [Figure(code, measure, month, top, below, 100 * top / below) for code, (top, below) in parts.items()]
    with acting_as(who("demo-improver")) as viewer:
        actions.store_figures(actor=viewer, at=AT, why="test", figures=rows)
        actions.roll_up_shared(actor=viewer, at=AT)


def share(code, by_name=False, measure=CODE, taker="DEMO"):
    with acting_as(who("demo-improver")) as viewer:
        return organisations.share(
            actor=viewer, at=AT, unit=unit(code), shared_with=unit(taker), measure_code=measure, by_name=by_name
        )


def withdraw(code, sharing):
    with acting_as(who("demo-improver")) as viewer:
        organisations.withdraw(actor=viewer, at=AT, unit=unit(code), sharing_id=sharing)


def sees(name, code, month=MONTH):
    """The (numerator, denominator) that somebody sees at a unit for a month, or None."""
    with acting_as(who(name) if name else VISITOR):
        points = Point.objects.filter(series__measure__code=CODE, series__unit__code=code, series__stratum="", period_on=month)
        return points.values_list("numerator", "denominator").first()


@pytest.fixture
def kept():
    """Three teams of the hospital keep the measure; nobody has agreed to anything."""
    with acting_as(who("demo-improver")) as viewer:
        for one in Sharing.objects.all():
            organisations.withdraw(actor=viewer, at=AT, unit=places.units(viewer=viewer, pks=[one.unit_id])[one.unit_id], sharing_id=one.pk)
    put_in()


class TestSeen:
    def test_inside_everybody_sees_the_teams_and_their_sum(self, kept):
        for name in ("demo-nurse", "demo-leader", "demo-analyst", "demo-improver"):
            assert {code: sees(name, code) for code in PARTS} == PARTS
            assert sees(name, "DEMO-TRUST") == (10.0, 70.0)

    def test_outside_nobody_sees_anything_without_an_agreement(self, kept):
        for name in ("", "demo-system"):
            assert [sees(name, code) for code in (*PARTS, "DEMO-TRUST", "DEMO", "ENG")] == [None] * 6

    def test_a_series_belongs_to_the_organisation_of_its_unit_however_it_came_in(self, kept):
        with acting_as(who("demo-leader")) as viewer:
            what = queries.definition(viewer=viewer, code=CODE)
            facts = {"actor": viewer, "at": AT, "definition": what, "unit": unit("DEMO-WARD-7"), "period_on": date(2019, 6, 1)}
            actions.enter_figure(**facts, numerator=1.0, denominator=4.0, seen=Numbers())
            assert set(Series.objects.filter(measure__code=CODE).values_list("owner__code", flat=True)) == {"DEMO-TRUST"}
        assert sees("", "DEMO-WARD-7", date(2019, 6, 1)) is None
        assert sees("demo-nurse", "DEMO-WARD-7", date(2019, 6, 1)) == (1.0, 4.0)


class TestTheSum:
    def test_three_that_agree_are_added_up(self, kept):
        for code in PARTS:
            assert sees("demo-system", "DEMO") is None  # none, one, two: hidden
            share(code)
        assert sees("demo-system", "DEMO") == (10.0, 70.0)
        assert sees("", "DEMO") is None
        assert [sees("demo-system", code) for code in (*PARTS, "DEMO-TRUST")] == [None] * 4

    def test_what_is_taken_back_is_gone_before_the_request_ends(self, kept):
        given = [share(code) for code in PARTS]
        put_in({"DEMO-TRUST": (1.0, 1.0)}, month=date(2019, 7, 1))
        withdraw("DEMO-WARD-7", given[0])
        assert sees("demo-system", "DEMO") is None
        assert not Series.objects.filter(made_by="sum", unit__code="DEMO").exists()
        share("DEMO-WARD-7")
        assert sees("demo-system", "DEMO") == (10.0, 70.0)

    def test_an_agreement_of_the_hospital_is_for_all_its_teams(self, kept):
        given = share("DEMO-TRUST", measure="")
        assert sees("demo-system", "DEMO") == (10.0, 70.0)
        withdraw("DEMO-TRUST", given)
        assert sees("demo-system", "DEMO") is None

    def test_an_agreement_about_another_measure_is_none(self, kept):
        for code in PARTS:
            share(code, measure="team-joy")
        assert sees("demo-system", "DEMO") is None

    def test_who_lets_itself_be_named_is_seen_alone_and_as_it_is(self, kept):
        given = share("DEMO-WARD-7", by_name=True)
        assert sees("demo-system", "DEMO") == PARTS["DEMO-WARD-7"]
        assert sees("demo-system", "DEMO-WARD-7") == PARTS["DEMO-WARD-7"]
        assert sees("demo-system", "DEMO-WARD-12") is None
        share("DEMO-WARD-12")  # two, one of them not by name: the sum would tell what it counted
        assert sees("demo-system", "DEMO") is None
        withdraw("DEMO-WARD-7", given)
        assert sees("demo-system", "DEMO-WARD-7") is None

    def test_what_is_seen_by_name_never_lays_bare_one_that_agreed_only_to_a_sum(self, kept):
        """Ten of seventy less the two named ones would leave the nurses' five of forty."""
        share("DEMO-NURSES")
        for code in ("DEMO-WARD-7", "DEMO-WARD-12"):
            given = share(code, by_name=True)
        assert sees("demo-system", "DEMO-WARD-7") == PARTS["DEMO-WARD-7"]
        assert sees("demo-system", "DEMO") is None
        withdraw("DEMO-WARD-12", given)
        share("DEMO-WARD-12")  # one named, two not: less the named one the two are left
        assert sees("demo-system", "DEMO") is None

    def test_those_not_named_are_none_or_at_least_three(self, kept):
        for code in ("DEMO-WARD-7", "DEMO-WARD-12"):
            share(code, by_name=True)
        assert sees("demo-system", "DEMO") == (5.0, 30.0)  # both named: nothing can be worked out that is not seen anyway
        share("DEMO-NURSES")
        assert sees("demo-system", "DEMO") is None  # the nurses are the only ones not named
        for code in ("DEMO-WARD-7", "DEMO-WARD-12"):
            share(code)  # in place of the agreement by name
        assert sees("demo-system", "DEMO") == (10.0, 70.0)

    def test_a_hospital_and_its_wards_are_never_counted_both(self, kept):
        for code in PARTS:
            share(code)
        share("DEMO-TRUST", by_name=True)
        put_in({"DEMO-TRUST": (11.0, 90.0)}, month=date(2019, 8, 1))
        put_in(month=date(2019, 8, 1))
        assert sees("demo-system", "DEMO", date(2019, 8, 1)) == (11.0, 90.0)
        assert sees("demo-system", "DEMO") == (10.0, 70.0)  # in May only the wards counted

    def test_coverage_says_how_many_of_how_many_and_about_which_share(self, kept):
        put_in({"DEMO-TRUST": (0.0, 1.0)}, month=date(2019, 10, 1))
        for code in ("DEMO-WARD-7", "DEMO-WARD-12"):
            share(code, by_name=True)
        with acting_as(who("demo-system")):
            found = SumCoverage.objects.filter(series__unit__code="DEMO", period_on=MONTH).values_list("reported", "expected", "share")
            assert list(found) == [(2, 3, 0.4)]  # (10 + 20) of 70 is 0.43
        with acting_as(VISITOR):
            assert not SumCoverage.objects.exists()

    def test_a_changed_figure_makes_the_sum_due_and_the_job_makes_it_anew(self, kept):
        for code in PARTS:
            share(code)
        with acting_as(who("demo-improver")) as viewer:
            rows = [Figure("DEMO-WARD-7", CODE, MONTH, 7.0, 10.0, 70.0)]
            assert not SumDue.objects.exists()
            actions.store_figures(actor=viewer, at=AT, why="test", figures=rows)
            assert list(SumDue.objects.values_list("measure__code", flat=True)) == [CODE]
        assert sees("demo-system", "DEMO") == (10.0, 70.0)
        from espalier.measures.actions.rolling_up import roll_up_due

        roll_up_due(timestamp=int(AT.timestamp()))
        assert sees("demo-system", "DEMO") == (15.0, 70.0)
        assert not SumDue.objects.exists()

    def test_open_figures_make_nothing_due(self):
        with acting_as(who("demo-leader")) as viewer:
            what = queries.definition(viewer=viewer, code="team-medicine-errors")
            facts = {"actor": viewer, "at": AT, "definition": what, "unit": unit("DEMO-WARD-7"), "period_on": date(2019, 11, 1)}
            actions.enter_figure(**facts, numerator=3.0, denominator=None, seen=Numbers())
            assert not SumDue.objects.exists()

    def test_the_stored_percentage_is_worked_out_from_the_sums(self, kept):
        for code in PARTS:
            share(code)
        with acting_as(who("demo-system")) as viewer:
            shown = queries.chart(viewer=viewer, measure=CODE, unit=unit("DEMO"), until=MONTH)
            assert shown.value == pytest.approx(100 * 10 / 70)
            assert (shown.shared_sum.reported, shown.shared_sum.expected) == (3, 3)


class TestWho:
    def test_only_those_who_lead_decide(self):
        for name in ("demo-nurse", "demo-analyst", "demo-system"):
            with acting_as(who(name)) as viewer, pytest.raises(UnableTo, match="Only those who lead"):
                organisations.share(actor=viewer, at=AT, unit=unit("DEMO-WARD-7"), shared_with=unit("DEMO"))

    def test_a_leader_of_one_ward_decides_for_no_other(self):
        with acting_as(who("demo-leader")) as viewer, pytest.raises(UnableTo, match="Only those who lead"):
            organisations.share(actor=viewer, at=AT, unit=unit("DEMO-WARD-12"), shared_with=unit("DEMO"))

    def test_only_with_a_unit_above_the_organisation(self):
        for code in ("DEMO-TRUST", "ENG", "DEMO-CARE"):
            with acting_as(who("demo-leader")) as viewer, pytest.raises(UnableTo, match="does not stand above"):
                organisations.share(actor=viewer, at=AT, unit=unit("DEMO-WARD-7"), shared_with=unit(code))

    def test_nobody_agrees_for_another_house(self, kept):
        """A row from elsewhere (an import, a slip) that names the system as giver lets nothing out."""
        Sharing.objects.create(unit_id=unit("DEMO").pk, shared_with_id=unit("ENG").pk, what="sums", since=date(2020, 1, 1))
        assert not Series.objects.filter(made_by="sum", unit__code="ENG").exists()


class TestReleased:
    @pytest.fixture
    def about_people(self):
        one = Measure.objects.get(code="team-joy")
        Measure.objects.filter(pk=one.pk).update(definition=one.definition | {"scope": "released"})
        return one

    def test_nothing_is_typed_pasted_or_loaded(self, about_people):
        with acting_as(who("demo-leader")) as viewer:
            what = queries.definition(viewer=viewer, code="team-joy")
            facts = {"actor": viewer, "at": AT, "definition": what, "unit": unit("DEMO-WARD-7"), "period_on": date(2019, 11, 1)}
            with pytest.raises(UnableTo, match="only as a release"):
                actions.enter_figure(**facts, numerator=3.0, denominator=1.0, seen=Numbers())
            with pytest.raises(UnableTo, match="only as a release"):
                actions.store_figures(actor=viewer, at=AT, why="x", figures=[Figure("DEMO-WARD-7", "team-joy", date(2019, 11, 1), 3, 1, 3)])

    def test_the_database_refuses_too(self, about_people):
        with acting_as(who("demo-leader")), pytest.raises(IntegrityError, match="only as a release"), transaction.atomic():
            Series.objects.create(measure=about_people, unit_id=unit("DEMO-CARE").pk)

    def test_a_shared_measure_has_no_open_series(self):
        measure = Measure.objects.get(code=CODE)
        with acting_as(who("demo-leader")), pytest.raises(IntegrityError, match="needs an owner"), transaction.atomic():
            Series.objects.create(measure=measure, unit_id=unit("DEMO-CARE").pk)

    def test_a_stored_sum_is_not_written_by_hand(self, kept):
        with acting_as(who("demo-improver")):
            sums = Series.objects.get(made_by="sum", unit__code="DEMO-TRUST")
            with pytest.raises(IntegrityError, match="stored by the house"), transaction.atomic():
                Point.objects.create(series=sums, period_on=date(2019, 9, 1), value=1.0)


def test_the_past_changes_hands_with_a_series(kept):
    with acting_as(who("demo-improver")) as viewer:
        put_in({"DEMO-WARD-7": (4.0, 10.0)})
        series = Series.objects.get(measure__code=CODE, unit__code="DEMO-WARD-7")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE measures_series SET owner_id = %s WHERE id = %s", [unit("DEMO-WARD-7").pk, series.pk])
            cursor.execute("SELECT DISTINCT owner_id FROM measures_pointversion WHERE series_id = %s", [series.pk])
            assert cursor.fetchall() == [(unit("DEMO-WARD-7").pk,)]
        assert viewer
