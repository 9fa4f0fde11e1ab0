"""A measure in two answers and three figures in one form: all of it stored, or nothing, and nothing written over."""

import re
import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from tests.unit.projects.conftest import AT

from espalier.common.errors import UnableTo
from espalier.measures import actions as measures
from espalier.measures.models import Point
from espalier.projects import actions, queries

pytestmark = pytest.mark.django_db
TOLD = {"name": "Doors that bang", "numerator": "Doors that bang", "denominator": "", "improvement": "down", "frequency": "month"}
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)  # AT is 1 December 2026


def made(alex, begun, **told):
    return actions.make_measure(actor=alex, at=AT, project=begun, told=TOLD | told, once=uuid.uuid4())


def page(alex, begun, counted):
    project = queries.project(viewer=alex, pk=begun)
    return queries.first_figures(viewer=alex, project=project, counted=counted, today=AT.date())


def put(who, begun, counted, *numbers):
    return actions.put_in_figures(actor=who, at=AT, project=begun, counted=counted, numbers=numbers)


def test_a_new_measure_asks_for_the_last_three_months_that_are_over(as_person, begun):
    with as_person("demo-leader") as alex:
        found = page(alex, begun, made(alex, begun))
        assert found.periods == (date(2026, 9, 1), OCTOBER, NOVEMBER)
        assert found.is_empty
        assert found.may


def test_later_it_asks_for_the_oldest_that_are_missing(as_person, begun):
    with as_person("demo-leader") as alex:
        counted = made(alex, begun)
        put(alex, begun, counted, (date(2026, 6, 1), 3.0, None), (date(2026, 8, 1), 4.0, None))
        assert page(alex, begun, counted).periods == (date(2026, 7, 1), date(2026, 9, 1), OCTOBER)


def test_the_same_form_sent_twice_makes_one_measure(as_person, begun):
    with as_person("demo-leader") as alex:
        once = uuid.uuid4()
        first, second = (actions.make_measure(actor=alex, at=AT, project=begun, told=TOLD, once=once) for _ in range(2))
        assert first == second


def test_a_name_that_is_taken_is_refused_and_the_project_gets_nothing(as_person, begun):
    with as_person("demo-leader") as alex:
        made(alex, begun)
        with pytest.raises(UnableTo):
            made(alex, begun)
        assert len(queries.counted_of(viewer=alex, project=queries.project(viewer=alex, pk=begun))) == 1


@pytest.mark.parametrize("numbers", [
    (), ((OCTOBER, 3.0, None), (NOVEMBER, -1.0, None)), ((OCTOBER, 3.0, None), (date(2026, 12, 1), 4.0, None)), ((date(2026, 10, 2), 3.0, None),),
])  # fmt: skip
def test_one_figure_that_cannot_be_stops_all_of_them(as_person, begun, numbers):
    with as_person("demo-leader") as alex:
        counted = made(alex, begun)
        before = Point.objects.count()
        with pytest.raises(UnableTo):
            put(alex, begun, counted, *numbers)
        assert Point.objects.count() == before


def test_nothing_that_somebody_else_put_in_is_written_over(as_person, begun):
    with as_person("demo-leader") as alex:
        counted = made(alex, begun)
        put(alex, begun, counted, (OCTOBER, 3.0, None))
        with pytest.raises(UnableTo, match="meanwhile"):
            put(alex, begun, counted, (OCTOBER, 9.0, None), (NOVEMBER, 4.0, None))


def test_undo_takes_all_of_them_back(as_person, begun):
    with as_person("demo-leader") as alex:
        counted = made(alex, begun)
        batch = put(alex, begun, counted, (OCTOBER, 3.0, None), (NOVEMBER, 4.0, None))
        one = queries.one_counted(viewer=alex, project=queries.project(viewer=alex, pk=begun), pk=counted)
        measures.undo_block(actor=alex, at=AT, definition=one.definition, unit=one.unit, batch=batch)
        assert page(alex, begun, counted).is_empty


def test_whoever_is_not_in_the_project_does_neither(as_person, begun):
    with as_person("demo-leader") as alex:
        counted = made(alex, begun)
        actions.open_to(actor=alex, at=AT, project=begun, whom="organisation")
    with as_person("demo-analyst") as kim:
        with pytest.raises(PermissionDenied):
            put(kim, begun, counted, (OCTOBER, 3.0, None))
        with pytest.raises(PermissionDenied):
            made(kim, begun, name="Another")


def test_the_page_says_which_way_is_better_where_the_aim_says_it(signed_in, begun):
    body = signed_in("demo-leader").get(f"/projects/{begun}/measures/choose/").content.decode()
    fewer = re.search(r"<input[^>]*value=\"down\"[^>]*>", body)
    assert fewer
    assert "checked" in fewer[0], "from 9 to 3 is fewer"


def test_what_is_counted_is_said_with_one_full_stop(signed_in):
    body = signed_in("demo-leader").get("/projects/1/measures/2/figures/").content.decode()
    said = re.sub(r"<[^>]+>", "", re.search(r"<p>(What is counted.*?)</p>", body)[1])
    assert re.fullmatch(r"What is counted: [^.]+\. Out of: [^.]+\.", said), said


def test_a_nurse_who_may_not_make_measures_is_told_who_may(signed_in, begun, as_person, number):
    with as_person("demo-leader") as alex:
        actions.add_member(actor=alex, at=AT, project=begun, account_id=number("demo-nurse"), role="member")
    client = signed_in("demo-nurse")
    body = client.get(f"/projects/{begun}/measures/choose/").content.decode()
    assert "chooses what is measured here" in body
    assert "What do you count?" not in body
    assert client.post(f"/projects/{begun}/measures/choose/", {"name": "Bells", "improvement": "down", "frequency": "week"}).status_code in {403, 422}


@pytest.mark.parametrize(("sent", "words"), [
    ({}, "Type at least one figure"), ({"top0": "many"}, "must be a number"), ({"top0": "-3"}, "0 or more"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_box(signed_in, as_person, begun, sent, words):
    with as_person("demo-leader") as alex:
        counted = made(alex, begun)
    answer = signed_in("demo-leader").post(f"/projects/{begun}/measures/{counted}/figures/", {"top1": "", **sent})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_both_numbers_or_neither(signed_in, as_person, begun):
    with as_person("demo-leader") as alex:
        counted = made(alex, begun, denominator="All doors")
    answer = signed_in("demo-leader").post(f"/projects/{begun}/measures/{counted}/figures/", {"top0": "3", "below0": "", "top1": "", "below1": "9"})
    assert answer.status_code == 422
    assert answer.content.decode().count("Both numbers are needed") >= 2


def test_the_list_leads_to_programmes_and_coaches_and_the_team_s_tab_asks_for_a_coach(client, signed_in, begun):
    assert "/projects/coaches/" not in client.get("/projects/").content.decode()
    alex = signed_in("demo-leader")
    body = alex.get("/projects/").content.decode()
    assert 'href="/projects/programmes/"' in body
    assert 'href="/projects/coaches/"' in body
    assert f'action="/projects/{begun}/coach/ask/"' in alex.get(f"/projects/{begun}/team/").content.decode()
