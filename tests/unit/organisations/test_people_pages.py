"""Pages about people: who sees what, what is changed, and what happens when two change the same."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.logbook import events

from espalier.access.door import acting_as
from espalier.access.viewer import Viewer
from espalier.common.errors import NotFoundHere
from espalier.organisations import actions, queries
from espalier.organisations.models import Assignment, Grant, Person, StaffChange

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def who(name: str) -> Viewer:
    return queries.viewer_for(get_user_model().objects.get(username=name))


def browser(name: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def ids(*names: str) -> list[int]:
    with acting_as(who("demo-people")):
        return [Person.objects.get(name__startswith=name).pk for name in names]


def ward(code: str = "DEMO-WARD-7") -> int:
    return queries.unit(viewer=Viewer(), code=code).pk


def a_post(**facts: Any) -> actions.PostWords:
    return actions.PostWords(**({"unit_id": ward(), "title": "Staff nurse", "band": "Band 5"} | facts))


def added(name: str = "Ada Okafor", **facts: Any) -> actions.Done:
    post = facts.pop("post", None) or a_post(**{k: facts.pop(k) for k in list(facts) if k in actions.PostWords.__dataclass_fields__})
    with acting_as(who("demo-people")) as jude:
        return actions.add_person(
            actor=jude, at=AT, name=name, work_email=facts.pop("work_email", ""), post=post, since=facts.pop("since", date(2026, 1, 5)), **facts
        )


FORM = {"title": "Staff nurse", "team": "DEMO-WARD-7", "staff_group": "", "profession": "", "band": "XR05", "fraction": "0.6", "manager": "",
        "number": "", "since-day": "5", "since-month": "1", "since-year": "2026"}  # fmt: skip


# ---- who sees what


def test_the_list_of_a_ward_names_people_and_posts() -> None:
    page = browser("demo-nurse").get("/units/DEMO-WARD-7/people/").content.decode()
    assert "Sam, nurse" in page
    assert "Ward leader" in page
    assert "Bo, patient partner" in page, "a partner takes part without a post"
    assert "/people/" not in page.replace("/units/DEMO-WARD-7/people/", ""), "a colleague sees names, not records"
    assert "/units/DEMO-WARD-7/people/add/" not in page


def test_a_record_is_seen_by_the_person_their_manager_and_who_keeps_it_and_by_nobody_else() -> None:
    sam, alex = ids("Sam", "Alex")
    expected = {"demo-nurse": 200, "demo-people": 200, "demo-admin": 200, "demo-leader": 404, "demo-improver": 404, "demo-system": 404, "demo-care": 404,
                "demo-auditor": 404, "demo-partner": 404}  # fmt: skip
    assert {name: browser(name).get(f"/people/{sam}/").status_code for name in expected} == expected
    with acting_as(who("demo-people")) as jude:
        post = Assignment.objects.get(person_id=sam)
        actions.change_post(actor=jude, at=AT, post_id=post.pk, seen=post.version, post=a_post(title=post.role_title, manager_id=alex))
    page = browser("demo-leader").get(f"/people/{sam}/")
    assert page.status_code == 200
    assert "You see this because you are named as the manager" in page.content.decode()
    assert "Band 5" in page.content.decode()
    assert browser("demo-leader").get(f"/people/{sam}/change/").status_code == 403
    assert browser("demo-nurse").get(f"/people/{sam}/change/").status_code == 403


def test_a_person_that_is_hidden_and_one_that_is_not_there_answer_alike() -> None:
    (sam,) = ids("Sam")
    client = browser("demo-care")
    hidden, nothing = client.get(f"/people/{sam}/"), client.get("/people/987654/")
    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert _lasting(hidden, sam) == _lasting(nothing, 987654)
    assert client.get("/people/99999999999999999999999/").status_code == 404


def _lasting(answer: Any, number: int) -> str:
    """A page without what is new on each visit, and without the number it was asked for."""
    once = r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|value="[0-9a-f]{32}"'
    return re.sub(once, "", answer.content.decode()).replace(f"/people/{number}/", "/people/N/")


def test_a_manager_sees_the_post_they_manage_and_no_other() -> None:
    alex, sam = ids("Alex", "Sam")
    done = added(manager_id=alex, title="Day nurse")
    with acting_as(who("demo-people")) as jude:
        actions.add_post(actor=jude, at=AT, person_id=done.person_id, post=a_post(title="Night nurse", manager_id=sam), since=date(2026, 2, 1))
    page = browser("demo-leader").get(f"/people/{done.person_id}/").content.decode()
    assert "Day nurse" in page
    assert "Night nurse" not in page


def test_looking_at_a_record_is_noted() -> None:
    (sam,) = ids("Sam")
    browser("demo-people").get(f"/people/{sam}/")
    assert [(one.object_kind, one.object_id) for one in events(verb="look")] == [("person", str(sam))]


def test_another_day_shows_who_worked_then() -> None:
    added("Ada Okafor", since=date(2026, 1, 5), until=date(2026, 2, 1))
    client = browser("demo-people")
    on = "/units/DEMO-WARD-7/people/?on-day={}&on-month=1&on-year=2026"
    assert "Ada Okafor" in client.get(on.format(31)).content.decode()
    assert "Ada Okafor" not in client.get(on.format(4)).content.decode()
    assert client.get("/units/DEMO-WARD-7/people/?on-day=x&on-month=1&on-year=2026").status_code == 200


# ---- changing


def test_a_person_is_added_through_the_page() -> None:
    client = browser("demo-people")
    answer = client.post("/units/DEMO-WARD-7/people/add/", FORM | {"name": "Ada Okafor", "work_email": "Ada@Example.nhs.uk", "manager": "Alex, ward leader (made up)"})
    assert answer.status_code == 302, answer.content.decode()
    with acting_as(who("demo-people")):
        post = Assignment.objects.select_related("person", "manager").get(person__name="Ada Okafor")
    assert (post.person.work_email, post.band, str(post.fraction), post.manager.name) == ("ada@example.nhs.uk", "Band 5", "0.600", "Alex, ward leader (made up)")
    again = client.post("/units/DEMO-WARD-7/people/add/", FORM | {"name": "Ada Okafor", "work_email": "ada@example.nhs.uk"})
    assert again.status_code == 422
    assert "is here already" in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "Enter a name"), ({"fraction": "22"}, "is no share of full time"), ({"team": "NOSUCH"}, "We know no such place"),
        ({"team": "DEMO-CARE"}, "We know no such place"), ({"manager": "Nobody At All"}, "Nobody of this name"),
        ({"manager": "Drew, care manager (made up)"}, "Nobody of this name"), ({"since-year": "2096"}, "Check the year"),
        ({"work_email": "ada"}, "Enter an email address"), ({"band": "x" * 60}, "Band"), ({"title": "\u200b"}, "Enter what the post is called"),
        ({"staff_group": "x" * 300}, "Select staff group from the list"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_and_nothing_is_stored(wrong: dict[str, str], says: str) -> None:
    with acting_as(who("demo-people")):
        before = (Person.objects.count(), Assignment.objects.count(), StaffChange.objects.count())
    answer = browser("demo-people").post("/units/DEMO-WARD-7/people/add/", FORM | {"name": "Ada Okafor", "work_email": ""} | wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    with acting_as(who("demo-people")):
        assert (Person.objects.count(), Assignment.objects.count(), StaffChange.objects.count()) == before


def test_a_change_from_a_day_keeps_what_was_before_and_one_put_right_does_not() -> None:
    done = added()
    with acting_as(who("demo-people")) as jude:
        post = Assignment.objects.get(person_id=done.person_id)
        actions.change_post(actor=jude, at=AT, post_id=post.pk, seen=1, post=a_post(band="Band 6"), from_on=date(2026, 4, 1))
        rows = list(Assignment.objects.filter(person_id=done.person_id).order_by("since").values_list("band", "since", "until"))
        assert rows == [("Band 5", date(2026, 1, 5), date(2026, 4, 1)), ("Band 6", date(2026, 4, 1), None)]
        first = Assignment.objects.get(pk=post.pk)
        actions.change_post(actor=jude, at=AT, post_id=post.pk, seen=first.version, post=a_post(band="Band 4"))
        assert Assignment.objects.filter(person_id=done.person_id).count() == 2
        assert Assignment.objects.get(pk=post.pk).band == "Band 4"


def test_two_people_change_the_same_and_both_texts_are_shown() -> None:
    done = added()
    with acting_as(who("demo-people")) as jude:
        post = Assignment.objects.get(person_id=done.person_id)
        actions.change_post(actor=jude, at=AT, post_id=post.pk, seen=1, post=a_post(band="Band 7"))
    path = f"/people/{done.person_id}/posts/{post.pk}/change/"
    answer = browser("demo-admin").post(path, FORM | {"how": "right", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed this while you were typing" in page
    assert "<td>Band 7</td><td>Band 5</td>" in page
    assert 'name="version" value="2"' in page, "saving again stores what was typed"
    with acting_as(who("demo-people")):
        assert Assignment.objects.get(pk=post.pk).band == "Band 7"
    assert browser("demo-admin").post(path, FORM | {"how": "right", "version": "2"}).status_code == 302


def test_a_change_is_taken_back_once() -> None:
    done = added()
    with acting_as(who("demo-people")) as jude:
        post = Assignment.objects.get(person_id=done.person_id)
        moved = actions.change_post(actor=jude, at=AT, post_id=post.pk, seen=1, post=a_post(unit_id=ward("DEMO-WARD-12")), from_on=date(2026, 2, 1))
    client = browser("demo-people")
    for _ in range(2):
        assert client.post(f"/people/{done.person_id}/undo/", {"batch": str(moved.batch)}).status_code == 302
        with acting_as(who("demo-people")):
            assert list(Assignment.objects.filter(person_id=done.person_id).values_list("unit_id", "until")) == [(ward(), None)]
    assert client.post(f"/people/{done.person_id}/undo/", {"batch": str(done.batch)}).status_code == 302
    with acting_as(who("demo-people")):
        assert not Person.objects.filter(pk=done.person_id).exists()


def test_who_leaves_loses_posts_and_roles_from_the_day_after() -> None:
    done = added()
    with acting_as(who("demo-people")) as jude:
        Grant.objects.create(person_id=done.person_id, role="team-leader", unit_id=ward(), since=date(2026, 1, 5))
    answer = browser("demo-people").post(f"/people/{done.person_id}/leave/", {"last_on-day": "31", "last_on-month": "3", "last_on-year": "2026"})
    assert answer.status_code == 302
    with acting_as(jude):
        assert Assignment.objects.get(person_id=done.person_id).until == date(2026, 4, 1)
        assert Grant.objects.get(person_id=done.person_id).until == date(2026, 4, 1)


def test_nobody_changes_posts_of_another_organisation() -> None:
    done = added()
    with acting_as(who("demo-people")):
        post = Assignment.objects.get(person_id=done.person_id)
    drew = who("demo-care")
    with acting_as(drew):
        for act in (
            lambda: actions.end_post(actor=drew, at=AT, post_id=post.pk, seen=1, last_on=date(2026, 3, 1)),
            lambda: actions.leave(actor=drew, at=AT, person_id=done.person_id, last_on=date(2026, 3, 1)),
            lambda: actions.undo_staff(actor=drew, at=AT, person_id=done.person_id, batch=done.batch),
        ):
            with pytest.raises(NotFoundHere):
                act()
        with pytest.raises(actions.UnableToStaff, match="people data lead"):
            actions.add_person(actor=drew, at=AT, name="X Y", work_email="", post=a_post(), since=date(2026, 1, 1))


# ---- questions of other rooms


def test_managers_above_and_below() -> None:
    alex, sam = ids("Alex", "Sam")
    done = added(manager_id=sam)
    on = date(2026, 3, 10)
    with acting_as(who("demo-people")) as jude:
        for person, manager in ((sam, alex), (alex, done.person_id)):  # the last closes a circle
            post = Assignment.objects.get(person_id=person)
            actions.change_post(actor=jude, at=AT, post_id=post.pk, seen=post.version, post=a_post(title=post.role_title, manager_id=manager))
        chain = queries.manager_chain(viewer=jude, person_id=done.person_id, on=on)
        assert [pk for pk, _ in chain] == [sam, alex]
        assert [one.person_id for one in queries.reports_of(viewer=jude, person_id=sam, on=on)] == [done.person_id]


def test_headcount_counts_people_once() -> None:
    on = date(2026, 3, 10)
    jude, trust = who("demo-people"), ward("DEMO-TRUST")
    with acting_as(jude):
        before = queries.headcount(viewer=jude, unit_id=trust, on=on)[trust]
    done = added()
    with acting_as(jude):
        actions.add_post(actor=jude, at=AT, person_id=done.person_id, post=a_post(unit_id=ward("DEMO-WARD-12"), title="Bank nurse"), since=date(2026, 2, 1))
        after = queries.headcount(viewer=jude, unit_id=trust, on=on)
        assert after[trust] == before + 1, "one person with two posts"
        assert len(queries.people_on(viewer=jude, unit_id=trust, on=on)) == before + 2


def test_people_are_found_by_name_where_names_may_be_seen() -> None:
    added("Zebedee Okafor")
    added("Zebedee Hall", unit_id=ward("DEMO-WARD-12"))
    def found(name: str, text: str) -> list[str]:
        with acting_as(who(name)) as viewer:
            return [one.person for one in queries.find_people(viewer=viewer, text=text)]

    assert found("demo-people", "zebedee") == ["Zebedee Hall", "Zebedee Okafor"]
    assert found("demo-people", "okaf zeb") == ["Zebedee Okafor"]
    assert found("demo-nurse", "zebedee") == ["Zebedee Okafor"], "somebody of ward 7 sees who works on ward 7"
    for name, text in (("demo-care", "zebedee"), ("demo-partner", "zebedee"), ("demo-system", "zebedee"), ("demo-people", "%"), ("demo-people", "_ebedee"),
                       ("demo-people", "zeb'"), ("demo-people", "  "), ("demo-people", "zeb\\")):  # fmt: skip
        assert found(name, text) == [], (name, text)
