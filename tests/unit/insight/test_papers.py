"""Reports and board pages: who may, what is kept, what is taken back, what is frozen for good."""

import io
from datetime import UTC, date, datetime

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pptx import Presentation
from tests.contracts.test_pages import questions

from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR
from espalier.common.errors import NotFoundHere
from espalier.common.periods import add_months
from espalier.insight import actions, queries
from espalier.insight.queries import Change
from espalier.insight.rules import UnableToChange
from espalier.measures import actions as measures
from espalier.measures import queries as measures_queries
from espalier.measures.models import Mark, Point, Series
from espalier.organisations import queries as organisations

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
FALLS = Change("add-chart", facts={"measure": "team-falls", "unit": "DEMO-WARD-7"})


@pytest.fixture
def hospital(kim):
    return organisations.unit(viewer=kim, code="DEMO-TRUST")


@pytest.fixture
def report(kim, hospital):
    done = actions.start_report(actor=kim, at=AT, unit=hospital, title="Falls", for_whom="the board")
    return actions.change_paper(actor=kim, at=AT, paper=done.pk, seen=1, change=FALLS).pk


def change(who, pk, what, key="", seen=0, **facts):
    return actions.change_paper(actor=who, at=AT, paper=pk, seen=seen, change=Change(what, key, facts))


# ---- Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["demo-nurse", "demo-leader"])
def test_people_of_a_ward_neither_see_nor_write_the_hospitals_reports(report, as_person, who):
    viewer = as_person(who)
    with acting_as(viewer):
        assert report not in [line.pk for line in queries.papers(viewer=viewer)]
        with pytest.raises(NotFoundHere):
            queries.paper(viewer=viewer, pk=report)
        with pytest.raises(NotFoundHere):
            change(viewer, report, "question", words="x")


def test_a_leader_writes_a_report_of_the_ward_and_a_nurse_reads_it(as_person):
    leader, nurse = as_person("demo-leader"), as_person("demo-nurse")
    with acting_as(leader):
        ward = organisations.unit(viewer=leader, code="DEMO-WARD-7")
        pk = actions.start_report(actor=leader, at=AT, unit=ward, title="Our ward").pk
    with acting_as(nurse):
        assert queries.paper(viewer=nurse, pk=pk).content.title == "Our ward"
        with pytest.raises(PermissionDenied, match="You can read it"):
            change(nurse, pk, "about", title="Mine")
    with acting_as(VISITOR), pytest.raises(NotFoundHere):
        queries.paper(viewer=VISITOR, pk=pk)


def test_a_ward_leader_does_not_write_the_hospitals_board_page(as_person):
    leader = as_person("demo-leader")
    with acting_as(leader):
        hospital = organisations.unit(viewer=leader, code="DEMO-TRUST")
        with pytest.raises(PermissionDenied):
            actions.open_board_page(actor=leader, at=AT, unit=hospital, content=queries.Content(title="x"))


def test_a_visitor_sees_the_open_charts_of_a_board_page_and_none_of_its_words(db):
    with acting_as(VISITOR):
        unit = organisations.unit(viewer=VISITOR, code="DEMO-TRUST")
        page = queries.board_page(viewer=VISITOR, unit=unit)
    assert page.pk == 0 and not page.content.concerns and not page.may_write


# ---- Changes ---------------------------------------------------------------------------------------


def test_each_change_is_kept_and_can_be_taken_back(kim, report):
    change(kim, report, "about", title="Falls at night", seen=2)
    assert queries.paper(viewer=kim, pk=report).content.title == "Falls at night"
    done = actions.undo_change(actor=kim, at=AT, paper=report, version=3)
    assert queries.paper(viewer=kim, pk=report).content.title == "Falls" and done.version == 4
    assert [(step.version, step.what, step.who) for step in queries.history(viewer=kim, pk=report)][:2] == [
        (4, "taken back", "Kim, analyst (made up)"), (3, "title and introduction changed", "Kim, analyst (made up)"),
    ]  # fmt: skip


def test_a_change_that_somebody_followed_is_not_taken_back(kim, report):
    change(kim, report, "question", words="Why?")
    with pytest.raises(UnableToChange):
        actions.undo_change(actor=kim, at=AT, paper=report, version=2)


def test_words_of_two_people_never_overwrite_each_other(kim, report):
    change(kim, report, "about", title="First", seen=2)
    with pytest.raises(actions.ChangedMeanwhile) as other:
        change(kim, report, "about", title="Second", seen=2)
    assert other.value.now[0] == "First" and queries.paper(viewer=kim, pk=report).content.title == "First"
    key = queries.paper(viewer=kim, pk=report).content.charts[0].key
    change(kim, report, "chart-words", key, seen=2, words="Another piece, so it is no clash")
    assert queries.paper(viewer=kim, pk=report).content.charts[0].words == "Another piece, so it is no clash"


@pytest.mark.parametrize(
    ("measure", "unit"), [("team-falls", "RJ1"), ("team-falls", "NOSUCH"), ("nosuch", "RJ1"), ("team-falls", "x' OR 1=1--")]
)
def test_a_chart_without_figures_is_not_added(kim, report, measure, unit):
    with pytest.raises(UnableToChange, match="no figures"):
        change(kim, report, "add-chart", measure=measure, unit=unit)


def test_a_report_put_away_is_not_changed_and_comes_back_whole(kim, report):
    actions.put_away(actor=kim, at=AT, paper=report)
    with pytest.raises(UnableToChange, match="put away"):
        change(kim, report, "question", words="x")
    actions.put_away(actor=kim, at=AT, paper=report, back=True)
    assert len(queries.paper(viewer=kim, pk=report).content.charts) == 1


def test_words_are_signed_by_who_is_signed_in_whatever_the_form_says(kim, report):
    change(kim, report, "sign", words="We are proud.", name="Somebody else", on="1999-01-01")
    signed = queries.paper(viewer=kim, pk=report).content.signed
    assert (signed.name, signed.on) == ("Kim, analyst (made up)", "2026-03-01")


def test_a_place_has_one_board_page(kim, hospital):
    one = actions.open_board_page(actor=kim, at=AT, unit=hospital, content=queries.Content(title="x"))
    assert actions.open_board_page(actor=kim, at=AT, unit=hospital, content=queries.Content(title="y")) == one


# ---- Frozen ----------------------------------------------------------------------------------------


def frozen(signed_in, report):
    signed_in("demo-analyst").post(f"/insight/papers/{report}/freeze/")
    return f"/insight/papers/{report}/frozen/1/"


def correct(kim, value):
    unit = organisations.unit(viewer=kim, code="DEMO-WARD-7")
    point = measures_queries.pictures(viewer=kim, pairs=[("team-falls", "DEMO-WARD-7")])[("team-falls", "DEMO-WARD-7")].points[-1]
    measures.enter_figure(
        actor=kim, at=AT, definition=measures_queries.definition(viewer=kim, code="team-falls"), unit=unit, period_on=point.on,
        numerator=value, denominator=point.denominator, seen=measures.Numbers(point.numerator, point.denominator, point.value),
    )  # fmt: skip


def test_what_is_frozen_keeps_its_figures_and_says_what_is_new(kim, report, signed_in):
    page = frozen(signed_in, report)
    client = signed_in("demo-analyst")
    before = queries.frozen(viewer=kim, pk=report, number=1).document
    assert "Every chart still has the figures it had then." in client.get(page).content.decode()
    correct(kim, 700)
    assert queries.frozen(viewer=kim, pk=report, number=1).document == before
    words = client.get(page).content.decode()
    assert "1 chart has new figures since" in words and before.pictures[0].svg in words
    assert queries.pictures_of(viewer=kim, paper=queries.paper(viewer=kim, pk=report))[("team-falls", "DEMO-WARD-7")].svg not in words


def test_files_of_what_was_frozen_hold_the_old_figures(kim, report, signed_in):
    page = frozen(signed_in, report)
    was = queries.frozen(viewer=kim, pk=report, number=1).document.pictures[0].value
    correct(kim, 700)
    shown = Presentation(io.BytesIO(signed_in("demo-analyst").get(f"{page}file.pptx").content))
    chart = next(shape.chart for slide in shown.slides for shape in slide.shapes if shape.has_chart)
    assert list(chart.plots[0].series[0].values)[-1] == was


@pytest.mark.parametrize(
    "statement", ["UPDATE insight_frozen SET title = 'x'", "DELETE FROM insight_frozen", "DELETE FROM insight_paperversion"]
)
def test_nothing_that_is_kept_can_be_changed_by_the_app(kim, report, signed_in, statement):
    frozen(signed_in, report)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_others_do_not_open_what_was_frozen(kim, report, signed_in):
    page = frozen(signed_in, report)
    assert signed_in("demo-leader").get(page).status_code == 404


# ---- The same figures everywhere -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "unit"),
    [
        ("team-falls", "DEMO-WARD-7"),
        ("ae-4-hours", "RJ1"),
        ("ae-4-hours", "ENG"),
        ("team-falls", "DEMO-TRUST"),
        ("staff-sickness-absence", "ENG"),
        ("team-hand-hygiene", "DEMO-WARD-7"),  # a new baseline begins in it, and notes stand on it
    ],
)
def test_a_chosen_chart_has_the_figures_and_limits_of_its_page(kim, measure, unit):
    where = organisations.unit(viewer=kim, code=unit)
    named = measures_queries.definition(viewer=kim, code=measure)
    page = measures_queries.chart(viewer=kim, measure=measure, unit=where, prefix=f"f{named.pk}-{where.pk}")
    chosen = measures_queries.pictures(viewer=kim, pairs=[(measure, unit)])[(measure, unit)]
    # A paper is read by people who may not read the project: what was tried stands on the chart's own page, and nothing else differs.
    with_tests = measures_queries.pictures(viewer=kim, pairs=[(measure, unit)], tried={(measure, unit): page.tried})[(measure, unit)]
    assert with_tests.svg == page.svg
    assert bool(page.tried) == (unit == "DEMO-WARD-7")
    assert "Test 2, " not in chosen.svg
    assert bool(page.tried) or chosen.svg == page.svg
    assert bool(page.work.decisions) == (measure == "team-hand-hygiene") == ("A new baseline begins" in chosen.svg)
    assert chosen.points == measures_queries.picture_of(page).points and len(chosen.points) > 20
    assert (chosen.value, chosen.period, chosen.variation, chosen.assurance) == (page.value, page.period, page.variation, page.assurance)


def test_a_chosen_chart_reaches_back_to_a_frozen_range(kim):
    """The range rests on figures older than a chart shows by itself, so these and all since are drawn."""
    unit = organisations.unit(viewer=kim, code="DEMO-WARD-7")
    with acting_as(kim):
        series = Series.objects.get(measure__code="team-falls", unit_id=unit.pk, stratum="")
        for month in range(60):
            top, day = 3 + month % 4, add_months(date(2012, 1, 1), month)
            Point.objects.update_or_create(series=series, period_on=day, defaults={"numerator": top, "denominator": 700, "value": top / 0.7})
        facts = {"kind": "freeze", "starts_on": date(2013, 1, 1), "ends_on": date(2013, 12, 1), "words": "Before the new building"}
        Mark.objects.create(series=series, account_id=kim.account_id, at=AT, **facts)
        page = measures_queries.chart(viewer=kim, measure="team-falls", unit=unit)
        chosen = measures_queries.pictures(viewer=kim, pairs=[("team-falls", "DEMO-WARD-7")])[("team-falls", "DEMO-WARD-7")]
    assert chosen.points == measures_queries.picture_of(page).points
    assert (chosen.points[0].on, bool(page.work.decisions)) == (date(2013, 1, 1), True)


def test_who_may_not_see_a_baseline_gets_the_chart_without_it(kim):
    pair = ("team-hand-hygiene", "DEMO-WARD-7")
    unit = organisations.unit(viewer=kim, code=pair[1])
    with acting_as(VISITOR):
        chosen = measures_queries.pictures(viewer=VISITOR, pairs=[pair])[pair]
        plain = measures_queries.chart(viewer=VISITOR, measure=pair[0], unit=unit)
    assert chosen.points == measures_queries.picture_of(plain).points and "baseline begins" not in chosen.svg
    with acting_as(kim):
        assert measures_queries.pictures(viewer=kim, pairs=[pair])[pair].points != chosen.points


def test_many_charts_are_read_in_few_questions(kim, django_assert_max_num_queries):
    pairs = measures_queries.pairs_below(viewer=kim, unit_id=organisations.unit(viewer=kim, code="ENG").pk, measures=["ae-4-hours"])[:200]
    with django_assert_max_num_queries(3):
        assert len(measures_queries.pictures(viewer=kim, pairs=pairs)) == 200


def test_a_board_page_of_twenty_charts_keeps_to_the_budget(kim, hospital, signed_in):
    board = queries.board_page(viewer=kim, unit=hospital)
    for pair in measures_queries.pairs_below(viewer=kim, unit_id=organisations.unit(viewer=kim, code="ENG").pk, measures=["ae-4-hours"])[
        :20
    ]:
        change(kim, board.pk, "add-chart", measure=pair[0], unit=pair[1])
    client = signed_in("demo-analyst")
    for path in ("/insight/board/DEMO-TRUST/", "/insight/board/DEMO-TRUST/edit/"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        assert len(questions(captured)) <= 12


# ---- Through the pages -----------------------------------------------------------------------------


def test_a_report_is_made_with_plain_forms(signed_in, kim):
    client = signed_in("demo-analyst")
    made = client.post(
        "/insight/reports/?measure=team-falls&place=DEMO-WARD-7", {"title": "By hand", "for_whom": "us", "place": "DEMO-TRUST"}
    )
    page = made["Location"]
    pk = int(page.split("/")[3])
    posts = f"/insight/papers/{pk}/change/"
    assert (
        client.post(posts, {"do": "add-chart", "add-chart-measure": "team-joy", "add-chart-unit": "demo-ward-12", "seen": "2"}).status_code
        == 302
    )
    first = queries.paper(viewer=kim, pk=pk).content.charts[0].key
    client.post(posts, {"do": "move-chart", "key": first, "way": "down"})
    client.post(posts, {"do": "chart-words", "key": first, f"chart-words-{first}-words": "Lights.\n\nAnd rails.", "seen": "4"})
    content = queries.paper(viewer=kim, pk=pk).content
    assert [(one.measure, one.unit, one.words) for one in content.charts] == [
        ("team-joy", "DEMO-WARD-12", ""), ("team-falls", "DEMO-WARD-7", "Lights.\n\nAnd rails."),
    ]  # fmt: skip
    words = pypdf.PdfReader(io.BytesIO(client.get(f"{page}file.pdf").content)).pages[0].extract_text()
    assert "By hand" in words and "for us" in words


@pytest.mark.parametrize(("sent", "says"), [
    ({"do": "add-chart", "add-chart-measure": "team-joy", "add-chart-unit": "NOSUCH"}, "There are no figures for this at NOSUCH"),
    ({"do": "add-chart", "add-chart-measure": "nosuch", "add-chart-unit": "RJ1"}, "Select chart from the list"),
    ({"do": "about", "about-title": " "}, "Enter a title"),
    ({"do": "concern", "concern-what": "x", "concern-by-day": "31", "concern-by-month": "4", "concern-by-year": "2026"}, "April 2026 has 30 days"),
    ({"do": "chart-words", "key": "k2", "chart-words-k2-words": "x" * 5000}, "4,000 characters"),
])  # fmt: skip
def test_what_cannot_be_stored_comes_back_with_what_to_do(signed_in, kim, report, sent, says):
    answer = signed_in("demo-analyst").post(f"/insight/papers/{report}/change/", sent | {"seen": "2"})
    assert answer.status_code == 422 and says in answer.content.decode()
    assert queries.paper(viewer=kim, pk=report).version == 2


@pytest.mark.parametrize(("typed", "code"), [
    ("Ward 12, surgery (made up)", "DEMO-WARD-12"), ("surgery made up", "DEMO-WARD-12"), ("demo-ward-12", "DEMO-WARD-12"),
])  # fmt: skip
def test_a_place_is_found_by_its_name_or_its_code(signed_in, kim, report, typed, code):
    sent = {"do": "add-chart", "add-chart-measure": "team-joy", "add-chart-unit": typed, "seen": "2"}
    assert signed_in("demo-analyst").post(f"/insight/papers/{report}/change/", sent).status_code == 302
    assert ("team-joy", code) in [(one.measure, one.unit) for one in queries.paper(viewer=kim, pk=report).content.charts]


def test_where_more_than_one_place_could_be_meant_they_are_offered(signed_in, kim, report):
    sent = {"do": "add-chart", "add-chart-measure": "team-joy", "add-chart-unit": "made up ward", "seen": "2"}
    answer = signed_in("demo-analyst").post(f"/insight/papers/{report}/change/", sent)
    words = answer.content.decode()
    assert answer.status_code == 422 and '<option value="DEMO-WARD-7">' in words and '<option value="DEMO-WARD-12">' in words
    assert "More than one place could be meant." in words and queries.paper(viewer=kim, pk=report).version == 2


def test_both_texts_are_shown_when_two_people_write(signed_in, kim, report):
    change(kim, report, "about", title="Theirs", seen=2)
    answer = signed_in("demo-analyst").post(f"/insight/papers/{report}/change/", {"do": "about", "about-title": "Mine", "seen": "2"})
    words = answer.content.decode()
    assert answer.status_code == 422 and "<strong>Theirs</strong>" in words and 'value="Mine"' in words


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"do": "x"},
        {"do": "move-chart", "key": "\x00"},
        {"do": "about", "seen": "9" * 400, "about-title": "t"},
        {"do": "sign", "seen": "-1"},
    ],
)
def test_strange_posts_never_break(signed_in, report, sent):
    assert signed_in("demo-analyst").post(f"/insight/papers/{report}/change/", sent).status_code < 500


def test_a_concern_has_an_owner_a_day_and_a_history(signed_in, kim):
    client = signed_in("demo-analyst")
    board = queries.board_page(viewer=kim, unit=organisations.unit(viewer=kim, code="DEMO-TRUST"))
    sent = {
        "do": "concern",
        "concern-what": "Waits",
        "concern-who": "Chief nurse",
        "concern-by-day": "3",
        "concern-by-month": "6",
        "concern-by-year": "2026",
    }
    assert client.post(f"/insight/papers/{board.pk}/change/", sent | {"seen": str(board.version)}).status_code == 302
    page = client.get("/insight/board/DEMO-TRUST/").content.decode()
    assert "Chief nurse" in page and "3 June 2026" in page
    assert "a concern changed" in client.get("/insight/board/DEMO-TRUST/edit/?changes=1").content.decode()


@pytest.mark.django_db
def test_a_board_page_as_slides_has_its_rows_and_the_day_it_was_made(signed_in):
    shown = Presentation(io.BytesIO(signed_in("demo-analyst").get("/insight/board/DEMO-TRUST/file.pptx").content))
    titles = [slide.shapes.title.text_frame.text for slide in shown.slides]
    assert titles[1:4] == ["Care and quality · Patient care", "Staff experience", "What we do not know yet"]
    assert any(str(date.today().year) in shape.text_frame.text for shape in shown.slides[0].shapes if shape.has_text_frame)
