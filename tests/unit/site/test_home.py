"""Somebody's own page: what is due from them in any room, where they belong, and nothing that is not theirs."""

import importlib
import importlib.util
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.contracts.routes import SIGNED_IN, sign_in
from tests.contracts.test_pages import MOST_BYTES, MOST_QUESTIONS, questions, weight_of_files

import espalier.access
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR
from espalier.common.todo import Due
from espalier.imports import due as imports
from espalier.insight import queries as insight
from espalier.measures import actions as measures_actions
from espalier.measures import queries as measures
from espalier.measures.actions import Figure
from espalier.measures.models import LastLook, Measure, MeasureUse
from espalier.organisations.models import Unit
from espalier.projects import actions as projects_actions
from espalier.site import presenters, queries

pytestmark = pytest.mark.django_db
SOURCE = Path(espalier.access.__file__).resolve().parents[1]
AT = datetime(2019, 5, 20, 9, tzinfo=UTC)  # the made-up ward has figures up to March 2019


def viewer(name="demo-nurse"):
    return viewer_of(get_user_model().objects.get(username=name))


def asked(read, name="demo-nurse", at=AT):
    who = viewer(name)
    with acting_as(who):
        return read(viewer=who, at=at)


def rooms_with_due():
    """Every room that offers `queries.due` (or `due.due`), found by looking at its files."""
    for room in sorted({path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()} - {"site", "config"}):
        for module in (f"espalier.{room}.queries", f"espalier.{room}.due"):
            if importlib.util.find_spec(module) and callable(getattr(importlib.import_module(module), "due", None)):
                yield room


def test_every_room_with_something_to_do_is_gathered():
    assert {*rooms_with_due()} == queries.ROOMS.keys()
    assert {"measures", "insight", "imports"} <= queries.ROOMS.keys()
    assert set(queries.KINDS) == queries.ROOMS.keys(), "say in KINDS what a letter calls these"


class TestFiguresThatAreDue:
    def test_each_missing_figure_of_ones_own_ward_is_one_line_and_one_click(self):
        lines = asked(measures.due)
        falls = next(line for line in lines if line.what.startswith("Falls"))
        # March is the last that is there: April is over, so it is due; late it would be when May is over too.
        assert falls == Due(
            "Falls: April 2019", do="Put it in", href="/measures/team-falls/DEMO-WARD-7/enter/", place="Ward 7, care of older people (made up)",
            since_on=date(2019, 5, 1), due_on=date(2019, 5, 31),
        )  # fmt: skip
        assert not falls.overdue(AT.date())
        assert {line.place for line in lines} == {"Ward 7, care of older people (made up)"}

    @pytest.mark.parametrize(("on", "words", "late"), [
        (datetime(2019, 4, 30, 9, tzinfo=UTC), None, False), (datetime(2019, 4, 30, 23, 30, tzinfo=UTC), "Falls: April 2019", False),
        (datetime(2019, 5, 31, 9, tzinfo=UTC), "Falls: April 2019", False), (datetime(2019, 6, 1, 9, tzinfo=UTC), "Falls: 2 figures, from April 2019", True),
    ])  # fmt: skip
    def test_a_figure_is_due_when_its_month_is_over_in_london(self, on, words, late):
        falls = next((line for line in asked(measures.due, at=on) if line.what.startswith("Falls")), None)
        assert (falls.what if falls else None) == words
        assert bool(falls and falls.overdue(date(on.year, on.month, on.day))) is late

    def test_a_measure_taken_into_use_asks_for_its_first_figure(self):
        with acting_as(viewer("demo-leader")):
            MeasureUse.objects.create(measure=Measure.objects.get(code="falls-with-harm"), unit=Unit.objects.get(code="DEMO-WARD-7"), at=AT)
        lines = [line for line in asked(measures.due) if "first figure" in line.what]
        assert [line.href for line in lines] == ["/measures/falls-with-harm/DEMO-WARD-7/enter/"]

    def test_what_was_put_in_is_no_longer_due(self):
        who = viewer()
        with acting_as(who):
            figure = Figure(unit="DEMO-WARD-7", measure="team-falls", period_on=date(2019, 4, 1), numerator=3, denominator=700, value=4.3)
            measures_actions.store_figures(actor=who, at=AT, why="test", figures=[figure])
        assert not [line for line in asked(measures.due) if line.what.startswith("Falls")]

    @pytest.mark.parametrize("name", ["demo-partner", "demo-auditor"])
    def test_who_may_not_put_figures_in_is_not_asked_for_any(self, name):
        lines = asked(measures.due, name)
        assert all("WARD" not in line.href for line in lines)
        assert name != "demo-partner" or lines == ()

    def test_a_visitor_is_asked_for_nothing(self):
        with acting_as(VISITOR):
            assert queries.gather(viewer=VISITOR, at=AT) == ()


class TestOtherRooms:
    def test_who_began_a_report_is_asked_to_go_on_and_nobody_else(self):
        now = datetime.now(UTC)
        lines = asked(insight.due, "demo-analyst", now)
        assert sorted((line.what.split(" begun ")[0], line.href) for line in lines) == [
            ("Board page", "/insight/board/DEMO-TRUST/edit/"), ("Report", "/insight/reports/1/")]  # fmt: skip
        assert asked(insight.due, "demo-improver", now) == ()
        assert asked(insight.due, "demo-analyst", now + timedelta(days=91)) == (), "who forgot it is not asked for ever"

    def test_no_title_and_no_file_name_stands_in_a_line(self):
        now = datetime.now(UTC)
        words = " ".join(line.what for line in (*asked(insight.due, "demo-analyst", now), *asked(imports.due, "demo-analyst", now)))
        for secret in ("Safer nights", "Riverside", "hand-hygiene", ".csv"):
            assert secret not in words

    def test_a_file_that_waits_is_due_from_who_gave_it(self):
        lines = asked(imports.due, "demo-analyst")
        assert len(lines) == 2
        assert all(line.href.startswith("/imports/") for line in lines)
        assert asked(imports.due, "demo-improver") == ()


class TestThePage:
    @pytest.mark.parametrize("name", SIGNED_IN)
    def test_it_asks_little_and_weighs_little(self, client, name):
        sign_in(client, name)
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/")
        asked_for = questions([{"sql": one["sql"].lstrip("(")} for one in captured.captured_queries])
        assert page.status_code == 200
        assert len(asked_for) <= MOST_QUESTIONS, "\n".join(sql[:150] for sql in asked_for)
        files, _ = weight_of_files(page.content.decode())
        assert len(page.content) / 3 + files < MOST_BYTES

    def test_a_nurse_is_greeted_and_sees_her_ward_and_what_is_due(self, client):
        sign_in(client, "demo-nurse")
        page = client.get("/").content.decode()
        # Figures of the ward's five measures, the months of one project in a programme, and one answered idea.
        for words in ("Sam</h1>", "Due from you (7)", "Put it in", 'href="/units/DEMO-WARD-7/"', "You are a team member here", "3 people"):
            assert words in page
        assert "Admin tools" not in page
        assert "Developing people, improving care" not in page

    def test_a_visitor_keeps_the_front_door(self, client):
        assert "Developing people, improving care" in client.get("/").content.decode()

    def test_a_partner_is_spoken_to_in_plain_words_and_asked_for_what_comes_next(self, client):
        sign_in(client, "demo-partner")
        page = client.get("/").content.decode()
        assert "Thank you for helping" in page
        assert "A project asks something of you" in page
        assert "Nothing just now" not in page
        assert "/imports/" not in page

    def test_a_partner_who_stopped_is_asked_for_nothing(self, client):
        bo = viewer_of(get_user_model().objects.get(username="demo-partner"))
        with acting_as(bo):
            projects_actions.stop_partner(actor=bo, at=datetime.now(UTC), project=1)
        sign_in(client, "demo-partner")
        page = client.get("/").content.decode()
        assert "Thank you for helping" in page
        assert "Nothing just now" in page

    def test_a_system_lead_sees_what_is_shared(self, client):
        sign_in(client, "demo-system")
        page = client.get("/").content.decode()
        assert "Staff who feel safe to speak up (made up)" in page
        assert "from 2 places; shown when 3 share" in page

    def test_who_belongs_nowhere_yet_finds_what_works_at_once(self, client):
        account = get_user_model().objects.create_user("newcomer")
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/").content.decode()
        assert "You are in. You belong to no team here yet." in page
        assert "What I follow" in page

    @pytest.mark.parametrize(("name", "there"), [("demo-admin", True), ("demo-people", True), ("demo-auditor", True), ("demo-nurse", False), ("demo-partner", False)])
    def test_admin_tools_are_shown_to_those_who_have_any(self, client, name, there):
        sign_in(client, name)
        assert ('href="/admin-tools/"' in client.get("/help/").content.decode()) is there

    def test_people_are_counted_where_one_belongs_and_in_the_whole_of_an_organisation(self):
        with acting_as(viewer("demo-improver")):
            (place,), _ = measures_places(viewer("demo-improver"))
        # Everybody of the demonstration who holds something at the hospital or its wards, the partner among them.
        assert place.people == 8


def measures_places(who):
    from espalier.organisations import queries as organisations

    return organisations.my_places(viewer=who)


class TestWhatIsNew:
    def put_in(self, value, *, at):
        who = viewer("demo-leader")
        with acting_as(who):
            figure = Figure(unit="DEMO-WARD-7", measure="team-medicine-errors", period_on=date(2019, 4, 1), numerator=value, denominator=None, value=value)
            measures_actions.store_figures(actor=who, at=at, why="test", figures=[figure])

    def test_a_chart_that_newly_stands_out_is_told_with_how_many_chance_would_make(self):
        self.put_in(90, at=AT - timedelta(days=1))
        page = asked(queries.home)
        assert [(one.definition.code, one.now) for one in page.changes.rows if one.is_signal] == [("team-medicine-errors", "high")]
        assert page.changes.judged == 1
        assert 0 < page.changes.by_chance < 1
        assert presenters.new_words(page.changes) == "1 chart newly stands out (fewer than 1 expected by chance)."

    def test_what_was_seen_is_no_longer_new(self):
        self.put_in(90, at=AT - timedelta(days=1))
        nurse = viewer()
        with acting_as(nurse):
            LastLook.objects.create(account_id=nurse.account_id, unit=Unit.objects.get(code="DEMO-WARD-7"), seen_at=AT - timedelta(hours=1))
        page = asked(queries.home)
        assert page.mine.since_look
        assert page.changes.rows == ()

    def test_it_says_what_the_page_of_changes_says(self):
        """Twin: home reads all in one go and judges alike things together; the page of changes does it chart by chart."""
        self.put_in(90, at=AT - timedelta(days=1))
        nurse = viewer()
        with acting_as(nurse):
            home = queries.home(viewer=nurse, at=AT).changes
            where = measures.inside(viewer=nurse, unit_id=Unit.objects.get(code="DEMO-WARD-7").pk)
            page = measures.changes(viewer=nurse, where=where, since=AT - timedelta(days=30))
        assert home.rows == page.rows
        assert home.by_chance == pytest.approx(page.by_chance)

    def test_a_card_says_what_the_ones_of_the_place_say(self):
        leader = viewer("demo-leader")
        with acting_as(leader):
            home = {card.code: (card.variation, card.value, card.period) for card in queries.home(viewer=leader, at=AT).places[0].charts.cards}
            unit = measures_unit(leader, "DEMO-WARD-7")
            place = {card.code: (card.variation, card.value, card.period) for card in measures.cards_of_unit(viewer=leader, unit=unit)}
        assert len(home) == 3
        assert home.items() <= place.items()


def measures_unit(who, code):
    from espalier.organisations import queries as organisations

    return organisations.unit(viewer=who, code=code)


def test_a_figure_kept_by_another_organisation_is_on_nobody_elses_page():
    """A canary: a series of the care provider's own, with a shout of a figure in it."""
    with acting_as(system_viewer()):
        what = Measure.objects.get(code="care-home-visit-wait")
    drew = viewer("demo-care")
    with acting_as(drew):
        figure = Figure(unit="DEMO-CARE", measure=what.code, period_on=date(2019, 4, 1), numerator=99999, denominator=1, value=99999)
        measures_actions.store_figures(actor=drew, at=AT - timedelta(days=1), why="test", figures=[figure])
    for name in SIGNED_IN:
        page = asked(queries.home, name)
        places = {row.unit.code for row in (page.changes.rows if page.changes else ())}
        assert ("DEMO-CARE" in places) is (name == "demo-care")


@pytest.mark.parametrize(("hour", "said"), [(0, "Good morning"), (11, "Good morning"), (12, "Good afternoon"), (17, "Good afternoon"), (18, "Good evening"), (23, "Good evening")])
def test_the_time_of_day_is_that_of_the_clock_on_the_wall(hour, said):
    assert presenters.greeting("Sam Smith", datetime(2026, 1, 5, hour, tzinfo=UTC)) == f"{said}, Sam"
    assert presenters.greeting("", datetime(2026, 1, 5, hour, tzinfo=UTC)) == said


@pytest.mark.parametrize("name", SIGNED_IN)
def test_rooms_asked_together_say_what_each_says_alone(name):
    """Twin: home asks them in one statement, each room can be asked by itself."""
    alone = {room: asked(queries.ROOMS[room], name, datetime.now(UTC)) for room in queries.ASKING}
    together = asked(partial(queries.gather_by_room, known={"measures": ()}), name, datetime.now(UTC))
    assert {room: together[room] for room in alone} == alone
    assert name not in {"demo-nurse", "demo-analyst"} or any(alone.values())


def test_rooms_are_asked_in_one_statement(django_assert_num_queries):
    nurse = viewer()
    with acting_as(nurse), django_assert_num_queries(1):
        queries.gather(viewer=nurse, at=AT, known={"measures": ()})
    assert queries.ROOMS.keys() - queries.ASKING.keys() == {"measures"}, "offer `asking` in the room, and name it in ASKING"


def test_late_things_come_first_and_those_without_a_day_last():
    lines = (Due("c", do="", href="/c/"), Due("b", do="", href="/b/", due_on=date(2019, 6, 1)), Due("a", do="", href="/a/", due_on=date(2019, 5, 1)))
    found = queries.gather(viewer=VISITOR, at=AT, known={"measures": lines, "insight": (), "imports": ()})
    assert [line.what for line in found] == ["a", "b", "c"]
