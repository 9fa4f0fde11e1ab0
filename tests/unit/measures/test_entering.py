"""Putting a figure in by hand: right the first time, never over somebody else's, and taken back with one press."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.logbook import events

from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR, Viewer
from espalier.common.errors import UnableTo
from espalier.measures import actions, queries
from espalier.measures.models import Point, PointVersion
from espalier.measures.rules import PastedRow, UnableToStoreFigure, checked_value, missing_months
from espalier.organisations import queries as organisations

AT = datetime(2019, 5, 2, 9, tzinfo=UTC)
APRIL = date(2019, 4, 1)
NOTHING = actions.Numbers()


def viewer(username: str) -> Viewer:
    return organisations.viewer_for(get_user_model().objects.get(username=username))


def enter(
    who: Viewer,
    *,
    unit: str = "DEMO-WARD-7",
    measure: str = "team-falls",
    month: date = APRIL,
    seen: actions.Numbers = NOTHING,
    **numbers: Any,
) -> actions.Entered:
    with acting_as(who):
        return actions.enter_figure(
            actor=who, at=AT, definition=queries.definition(viewer=who, code=measure), unit=organisations.unit(viewer=who, code=unit), period_on=month,
            seen=seen, **({"numerator": 4, "denominator": 701} | numbers),
        )  # fmt: skip


def undo(who: Viewer, version: Any) -> actions.Entered:
    with acting_as(who):
        what, unit = queries.definition(viewer=who, code="team-falls"), organisations.unit(viewer=who, code="DEMO-WARD-7")
        return actions.undo_entry(actor=who, at=AT, definition=what, unit=unit, version=version)


def stored(month: date = APRIL) -> tuple[Any, ...] | None:
    points = Point.objects.filter(series__unit__code="DEMO-WARD-7", series__measure__code="team-falls", period_on=month)
    return points.values_list("numerator", "denominator", "value").first()


@pytest.mark.django_db
class TestEntering:
    def test_a_figure_is_stored_with_its_value_its_version_and_its_event(self) -> None:
        done = enter(viewer("demo-nurse"))
        assert stored() == (4, 701, pytest.approx(4000 / 701))
        kept = PointVersion.objects.get(pk=done.version)
        assert (kept.old_value, kept.new_numerator, kept.why) == (None, 4, "typed in")
        assert len(events(verb="enter", object_kind="point")) == 1

    def test_what_somebody_else_stored_meanwhile_is_shown_and_not_overwritten(self) -> None:
        enter(viewer("demo-nurse"))
        with pytest.raises(actions.ChangedMeanwhile) as other:
            enter(viewer("demo-leader"), numerator=9)
        assert other.value.now.numerator == 4
        assert stored() == (4, 701, pytest.approx(4000 / 701))

    def test_a_correction_keeps_what_stood_before(self) -> None:
        first = enter(viewer("demo-nurse"))
        second = enter(viewer("demo-leader"), numerator=5, seen=first.new, why="one was counted late")
        kept = PointVersion.objects.get(pk=second.version)
        assert (kept.old_numerator, kept.new_numerator, kept.why) == (4, 5, "one was counted late")

    def test_undo_puts_back_what_stood_before(self) -> None:
        nurse = viewer("demo-nurse")
        first = enter(nurse)
        second = enter(nurse, numerator=5, seen=first.new)
        undo(nurse, second.version)
        assert stored() == (4, 701, pytest.approx(4000 / 701))
        undo(nurse, first.version)
        assert stored() is None

    def test_undo_refuses_when_somebody_changed_it_since(self) -> None:
        nurse = viewer("demo-nurse")
        first = enter(nurse)
        enter(viewer("demo-leader"), numerator=5, seen=first.new)
        with pytest.raises(UnableTo, match="changed this figure since"):
            undo(nurse, first.version)
        assert stored()[0] == 5  # type: ignore[index]

    @pytest.mark.parametrize(("who", "unit", "why"), [
        (None, "DEMO-WARD-7", "Sign in"),
        ("demo-nurse", "DEMO-WARD-12", "Only people of Ward 12"),
        ("demo-nurse", "DEMO-CARE", "Only people of Elm Tree"),
    ])  # fmt: skip
    def test_others_are_refused_with_a_reason(self, who: str | None, unit: str, why: str) -> None:
        measure = "care-home-visit-wait" if unit == "DEMO-CARE" else "team-falls"
        with pytest.raises(actions.UnableToEnter, match=why):
            enter(viewer(who) if who else VISITOR, unit=unit, measure=measure)

    def test_the_analyst_of_the_organisation_may_enter_for_its_wards(self) -> None:
        assert enter(viewer("demo-analyst")).new.numerator == 4

    def test_published_figures_are_nobodys_to_type(self) -> None:
        with pytest.raises(actions.UnableToEnter, match="published file"):
            enter(viewer("demo-analyst"), unit="DEMO-TRUST", measure="ae-4-hours")

    def test_a_month_that_has_not_begun_is_refused(self) -> None:
        with pytest.raises(UnableToStoreFigure, match="has not begun"):
            enter(viewer("demo-nurse"), month=date(2019, 6, 1))

    def test_a_month_that_is_not_over_is_refused_with_when_it_can_be_put_in(self) -> None:
        with pytest.raises(UnableToStoreFigure, match="not over yet") as refused:
            enter(viewer("demo-nurse"), month=date(2019, 5, 1))
        assert refused.value.to_do == "It can be put in from 1 June 2019."

    def test_nought_out_of_nought_is_kept_without_a_figure(self) -> None:
        enter(viewer("demo-nurse"), numerator=0, denominator=0)
        assert stored() == (0, 0, None)

    def test_a_block_with_two_rows_of_one_month_is_refused_whole(self) -> None:
        nurse = viewer("demo-nurse")
        rows = [PastedRow(number, APRIL, 4, 701, 4000 / 701) for number in (1, 2)]
        with acting_as(nurse), pytest.raises(UnableToStoreFigure, match="April 2019 stands in two rows"):
            actions.enter_block(
                actor=nurse, at=AT, definition=queries.definition(viewer=nurse, code="team-falls"),
                unit=organisations.unit(viewer=nurse, code="DEMO-WARD-7"), rows=rows,
            )  # fmt: skip
        assert stored() is None


@pytest.mark.django_db
class TestThePage:
    def client(self, who: str) -> Client:
        client = Client()
        client.force_login(get_user_model().objects.get(username=who))
        return client

    def test_it_lands_on_the_oldest_month_without_a_figure(self) -> None:
        page = self.client("demo-nurse").get("/measures/team-falls/DEMO-WARD-7/enter/").content.decode()
        assert "April 2019" in page

    @pytest.mark.parametrize(("typed", "said"), [
        ({"numerator": "", "denominator": "700"}, "Enter how many"),
        ({"numerator": "four", "denominator": "700"}, "How many must be a number"),
        ({"numerator": "4", "denominator": ""}, "Enter out of how many"),
        ({"numerator": "-4", "denominator": "700"}, "A count cannot be below 0"),
        ({"numerator": "1e400", "denominator": "700"}, "must be 1,000,000,000 or less"),
        ({"numerator": "NaN", "denominator": "700"}, "must be a number"),
        ({"numerator": "3", "denominator": "0"}, "3 out of 0 cannot be"),
        ({"numerator": "3", "denominator": "-7"}, "The second number cannot be below 0"),
        ({"numerator": "3,5", "denominator": "700"}, "3,5 has a comma where a point is meant. Write 3.5."),
        ({"numerator": "3", "denominator": "1.234,5"}, "1.234,5 has a comma where a point is meant. Write 1234.5."),
        ({"numerator": "1,2,3", "denominator": "700"}, "must be a number"),
    ])  # fmt: skip
    def test_a_slip_is_named_beside_its_box_and_nothing_is_stored(self, typed: dict[str, str], said: str) -> None:
        answer = self.client("demo-nurse").post("/measures/team-falls/DEMO-WARD-7/enter/?month=2019-04", typed)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert stored() is None

    def test_a_percentage_the_wrong_way_round_is_caught(self) -> None:
        answer = self.client("demo-nurse").post("/measures/team-hand-hygiene/DEMO-WARD-7/enter/", {"numerator": "60", "denominator": "50"})
        assert "wrong way round" in answer.content.decode()

    def test_commas_at_thousands_are_read(self) -> None:
        path = "/measures/team-falls/DEMO-WARD-7/enter/?month=2019-04"
        assert self.client("demo-nurse").post(path, {"numerator": "4", "denominator": "12,345.5", "seen": ""}).status_code == 302
        assert stored()[:2] == (4, 12345.5)  # type: ignore[index]

    def test_nought_out_of_nought_says_that_there_is_no_figure(self) -> None:
        path = "/measures/team-falls/DEMO-WARD-7/enter/?month=2019-04"
        page = self.client("demo-nurse").post(path, {"numerator": "0", "denominator": "0", "seen": ""}, follow=True).content.decode()
        assert "April 2019 has no figure: nothing to count." in page

    def test_a_double_post_stores_once(self) -> None:
        client = self.client("demo-nurse")
        typed = {"numerator": "4", "denominator": "701", "seen": ""}
        assert client.post("/measures/team-falls/DEMO-WARD-7/enter/?month=2019-04", typed).status_code == 302
        again = client.post("/measures/team-falls/DEMO-WARD-7/enter/?month=2019-04", typed)
        assert again.status_code == 302  # the same figure: the second press hears what the first stored
        assert PointVersion.objects.filter(period_on=APRIL, new_numerator=4).count() == 1

    def test_visitors_are_told_why_not(self, client: Client) -> None:
        answer = client.get("/measures/team-falls/DEMO-WARD-7/enter/")
        assert answer.status_code == 403
        assert "Sign in to put figures in." in answer.content.decode()


@given(st.floats(0, 1e6), st.floats(0.1, 1e6))
def test_a_percentage_lies_between_0_and_100_or_is_refused(top: float, below: float) -> None:
    try:
        value = checked_value({"measured_in": "percent", "lowest": 0, "highest": 100}, top, below)
    except UnableToStoreFigure:
        assert top > below
    else:
        assert value is not None
        assert 0 <= value <= 100.0000001


@given(
    st.sets(st.dates(date(2015, 1, 1), date(2026, 6, 1)).map(lambda day: day.replace(day=1)), min_size=1),
    st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
def test_missing_months_are_over_not_known_and_in_order(known: set[date], today: date) -> None:
    missing = missing_months(known, today=today)
    assert list(missing) == sorted(missing)
    assert not known & set(missing)
    assert all(min(known) < month < today.replace(day=1) for month in missing)


@pytest.mark.django_db
class TestTheFirstFigure:
    PATH = "/measures/falls-with-harm/DEMO-WARD-7/"

    def test_who_may_is_led_to_where_it_is_put_in(self, client: Client) -> None:
        client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(self.PATH, follow=True)
        assert answer.redirect_chain == [(f"{self.PATH}enter/", 302)]
        assert "There are no figures here yet. Put in the first." in answer.content.decode()

    def test_everybody_else_finds_nothing(self, client: Client) -> None:
        assert client.get(self.PATH).status_code == 404


@pytest.mark.parametrize(("code", "top", "below", "refused"), [
    ("team-falls", 4.5, 720, True), ("team-falls", 4.0, 720, False), ("team-medicine-errors", 0.5, None, True),
    ("staff-turnover", 1.5, 40, False),  # people who left may be told as parts of posts
    ("team-joy", 37.5, 10, False),  # a sum of answers
])  # fmt: skip
def test_what_counts_falls_or_people_takes_whole_numbers_alone(code, top, below, refused):
    from django.conf import settings

    from espalier.measures.rules import load_definitions

    definition = next(one for one in load_definitions(settings.CONTENT_DIR / "measures") if one["code"] == code)
    if refused:
        with pytest.raises(UnableToStoreFigure, match="not a whole number"):
            checked_value(definition, top, below)
    else:
        assert checked_value(definition, top, below) is not None
