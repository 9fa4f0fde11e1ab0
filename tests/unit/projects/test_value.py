"""What a project is worth: said in ranges, changed without writing over others, taken out and back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from tests.unit.projects.conftest import AT, account

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.models import Value

pytestmark = pytest.mark.django_db
TODAY = AT.date()
FORM = {
    "what": "Night lights", "low": "200", "high": "260", "unit": "pounds:once", "releases": "yes", "since-day": "1", "since-month": "11",
    "since-year": "2026", "until-day": "", "until-month": "", "until-year": "", "says": "ward manager", "how": "estimated", "source": "",
}  # fmt: skip


def rooms():
    from espalier.projects import actions, queries

    return actions, queries


def hours(**other):
    from espalier.projects.actions import NewValue

    start = NewValue(kind="time", what="Forms", amount="hours", per="month", low=Decimal(2), high=Decimal(4), releases=None, since=TODAY,
                     until=None, says="ward manager", how="estimated")  # fmt: skip
    return replace(start, **other)


def page_of(alex, pk):
    _, queries = rooms()
    return queries.value_page(viewer=alex, project=queries.project(viewer=alex, pk=pk), today=TODAY)


def newest(alex, pk):
    _, queries = rooms()
    return queries.newest_value_edit(viewer=alex, project=queries.project(viewer=alex, pk=pk))


def test_a_line_is_said_changed_taken_out_and_each_of_it_is_undone(begun, as_person):
    actions, _ = rooms()
    with as_person("demo-leader") as alex:
        given = {"actor": alex, "project": begun}
        pk = actions.add_value(**given, at=AT, value=hours())
        assert [(t.span.low, t.span.high) for t in page_of(alex, begun).totals] == [(24, 48)]
        actions.change_value(**given, at=AT + timedelta(1), pk=pk, value=hours(low=Decimal(1), until=TODAY), seen=1)
        one = page_of(alex, begun).lines[0].facts
        assert (one.low, one.high, one.until, one.version) == (1, 4, TODAY, 2)
        actions.take_back_value(**given, at=AT + timedelta(2), edit=newest(alex, begun))
        one = page_of(alex, begun).lines[0].facts
        assert (one.low, one.until) == (2, None)
        assert newest(alex, begun) is None  # what was taken back is not taken back again
        actions.remove_value(**given, at=AT + timedelta(3), pk=pk)
        assert page_of(alex, begun).lines == ()
        actions.take_back_value(**given, at=AT + timedelta(4), edit=newest(alex, begun))
        assert len(page_of(alex, begun).lines) == 1


def test_what_was_said_first_can_be_taken_back_whole(begun, as_person):
    actions, _ = rooms()
    with as_person("demo-leader") as alex:
        actions.add_value(actor=alex, at=AT, project=begun, value=hours())
        edit = newest(alex, begun)
        actions.take_back_value(actor=alex, at=AT + timedelta(1), project=begun, edit=edit)
        assert page_of(alex, begun).lines == ()
        with pytest.raises(UnableTo, match="no longer the newest"):
            actions.take_back_value(actor=alex, at=AT + timedelta(2), project=begun, edit=edit)


def test_what_somebody_else_wrote_is_not_written_over(begun, as_person):
    actions, _ = rooms()
    with as_person("demo-leader") as alex:
        pk = actions.add_value(actor=alex, at=AT, project=begun, value=hours())
        actions.change_value(actor=alex, at=AT, project=begun, pk=pk, value=hours(high=Decimal(9)), seen=1)
        with pytest.raises(actions.ValueChangedMeanwhile):
            actions.change_value(actor=alex, at=AT, project=begun, pk=pk, value=hours(high=Decimal(5)), seen=1)
        assert page_of(alex, begun).lines[0].facts.high == 9


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": Decimal(5)}, {"low": Decimal(-1)}, {"high": Decimal(10**10)}, {"low": Decimal(4)}, {"amount": "pounds"}, {"per": "day"},
        {"how": "felt"}, {"until": date(2020, 1, 1)}, {"releases": True}, {"says": " "}, {"what": ""}, {"kind": "joy"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_added_up_honestly_is_refused(begun, as_person, wrong):
    actions, _ = rooms()
    with as_person("demo-leader") as alex:
        with pytest.raises(UnableTo):
            actions.add_value(actor=alex, at=AT, project=begun, value=hours(**wrong))
        assert page_of(alex, begun).lines == ()


def test_one_rate_with_a_source_and_no_second(begun, as_person):
    actions, _ = rooms()
    rate = hours(kind="rate", amount="pounds-an-hour", per="once", low=Decimal(18), high=Decimal(22))
    with as_person("demo-leader") as alex:
        with pytest.raises(UnableTo, match="needs a source"):
            actions.add_value(actor=alex, at=AT, project=begun, value=rate)
        actions.add_value(actor=alex, at=AT, project=begun, value=replace(rate, source="pay scales"))
        with pytest.raises(UnableTo, match="said already"):
            actions.add_value(actor=alex, at=AT, project=begun, value=replace(rate, source="another"))
        actions.add_value(actor=alex, at=AT, project=begun, value=hours())
        page = page_of(alex, begun)
        assert page.rate is not None and [one.key.kind for one in page.totals] == ["time"]
        ((yearly, span),) = page.worth
        assert (yearly, span.low, span.high) == (True, 24 * 18, 48 * 22)
        Value.objects.filter(kind="rate").update(until=date(2020, 1, 1), since=date(2019, 1, 1))
        assert page_of(alex, begun).worth == ()  # an hour's worth of years ago says nothing of today's hours


def test_who_only_reads_a_project_changes_nothing(as_person):
    actions, _ = rooms()
    with as_person("demo-analyst") as kim:
        one = page_of(kim, 1).lines[0].facts
        with pytest.raises(PermissionDenied):
            actions.add_value(actor=kim, at=AT, project=1, value=hours())
        with pytest.raises(PermissionDenied):
            actions.remove_value(actor=kim, at=AT, project=1, pk=one.pk)
        assert newest(kim, 1) is None
    with as_person("demo-care") as drew, pytest.raises(NotFoundHere):
        actions.remove_value(actor=drew, at=AT, project=1, pk=one.pk)


def test_the_page_says_ranges_and_its_form_stores_one(signed_in):
    client = signed_in("demo-leader")
    words = client.get("/projects/1/value/").content.decode()
    assert "124 to 276 hours a year" in words  # 12 × 6 + 52 × 1 hours at least, 12 × 10 + 52 × 3 at most
    assert "exactly £236 once" in words and "20 to 45 days in a hospital bed a year" in words
    answer = client.post("/projects/1/value/new/?kind=cost", FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/projects/1/value/")
    words = client.get("/projects/1/value/").content.decode()
    assert "£436 to £496 once" in words


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"high": "100"}, "must be the same as"), ({"high": "200"}, "is a range"), ({"releases": ""}, "whether a budget feels it"),
        ({"low": "many"}, "must be a number"), ({"low": "1e400"}, "must be"), ({"unit": "euros:once"}, "from the list"), ({"what": "NHS number 943 476 5919"}, "NHS number"),
        ({"until-day": "1", "until-month": "1", "until-year": "2020"}, "not be before the first"), ({"low": "-1"}, "0 or more"), ({"low": "NaN"}, "must be"),
        ({"low": "1.005"}, "decimal"),
    ],
)  # fmt: skip
def test_a_slip_is_said_beside_its_box_and_nothing_is_stored(signed_in, wrong, says):
    client = signed_in("demo-leader")
    answer = client.post("/projects/1/value/new/?kind=cost", FORM | wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Night lights" not in client.get("/projects/1/value/").content.decode()


def test_a_line_sent_twice_is_stored_once(signed_in):
    client = signed_in("demo-leader")
    assert 'name="form_number"' in client.get("/projects/1/value/new/?kind=cost").content.decode()
    typed = FORM | {"what": "Lights, twice", "form_number": "0123456789abcdef" * 2}
    assert [client.post("/projects/1/value/new/?kind=cost", typed).status_code for _ in range(2)] == [302, 302]
    with acting_as(viewer_of(account("demo-leader"))):
        assert Value.objects.filter(what="Lights, twice").count() == 1


def test_a_form_opened_before_somebody_elses_change_says_what_stands_now(signed_in):
    client, path = signed_in("demo-leader"), "/projects/1/value/3/"  # the bill for the lights
    assert client.post(path, FORM | {"what": "Twelve lights", "seen": "1"}).status_code == 302
    answer = client.post(path, FORM | {"what": "Ten lights", "seen": "1"})
    words = answer.content.decode()
    assert answer.status_code == 422 and "It says now:" in words and "Twelve lights" in words and 'value="Ten lights"' in words
    assert client.post(path, FORM | {"what": "Ten lights", "seen": "2"}).status_code == 302
