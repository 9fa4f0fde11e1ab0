"""A copy of everything about somebody, and its erasure: nothing forgotten, nothing of others, nothing before its time."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from tests.contracts.fields import FIELDS, OTHERS, PERSONAL

from espalier.access import copies, rights
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.models import DataRequest
from espalier.access.registry import viewer_of
from espalier.access.rights import SOMEBODY, Place, Section, Subject, Tables, UnableToTell
from espalier.audit.models import Event
from espalier.common.errors import NotFoundHere
from espalier.measures import actions as measures
from espalier.organisations import actions as organisations
from espalier.organisations import queries as places
from espalier.organisations.models import Assignment, Person
from espalier.projects.models import Edition, EditionAnswer
from espalier.site import actions
from espalier.site.actions.rights import carry_out_erasures, make_copy

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def viewer(name):
    return viewer_of(get_user_model().objects.get(username=name))


def made_copy(who, about=None):
    """Ask, run every step of the job, and return the request."""
    with acting_as(who):
        asked = actions.ask_for_copy(actor=who, at=AT, about=about or Subject(who.account_id, who.person_id))
    for step in range(asked.total + 1):
        make_copy(account_id=asked.account_id, request=str(asked.pk), start=step)
    return asked


def opened(who, asked):
    with acting_as(who):
        return zipfile.ZipFile(io.BytesIO(b"".join(copies.parts(copies.one(viewer=who, pk=asked.pk), kind="whole"))))


def told(archive, room):
    return {one["title"]: one["rows"] for one in json.loads(archive.read(f"{room}/data.json"))}


# ---- Nothing is forgotten ---------------------------------------------------------------------------------------


def personal_tables():
    ours = {apps.get_model(label)._meta.db_table for label, words in FIELDS.items() if PERSONAL in words}
    brought = {m._meta.db_table for m in apps.get_models(include_auto_created=True)
               if OTHERS.get(m._meta.app_label) == PERSONAL or m._meta.app_label == "procrastinate"}  # fmt: skip
    return ours | brought


# Tables of packages that hold nothing about people, each with the reason.
NOT_ABOUT_PEOPLE = {
    "socialaccount_socialapp": "which other sign-ons are connected",
    "procrastinate_workers": "processes that run jobs",
    "procrastinate_periodic_defers": "when schedules ran",
}


def test_every_table_with_facts_about_people_says_what_it_holds():
    covered = {place.table for place in rights.places()} | {table for one in rights.holders() for table in one.nothing}
    assert personal_tables() - covered - NOT_ABOUT_PEOPLE.keys() == set(), "say in a personal.py what is told and erased of these"
    assert {place.table for place in rights.places()} - {m._meta.db_table for m in apps.get_models(include_auto_created=True)} == set()


def test_every_table_is_told_or_kept_for_a_reason():
    assert [place.table for place in rights.places() if not place.erase and not place.kept] == []
    assert all(len(reason) > 10 for one in rights.holders() for reason in one.nothing.values())


@pytest.mark.django_db
def test_the_database_knows_the_same_tables():
    with connection.cursor() as cursor:
        cursor.execute('SELECT "table" FROM access_held_place')
        assert {name for (name,) in cursor.fetchall()} == {place.table for place in rights.places()}


# ---- A copy -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_copy_tells_what_is_held_and_names_nobody_else():
    nurse, boss = viewer("demo-nurse"), Person.objects
    with acting_as(system_viewer()):
        leader = boss.get(name__startswith="Alex")
        Assignment.objects.filter(person__name__startswith="Sam").update(manager=leader)
    with acting_as(nurse):
        unit = places.unit(viewer=nurse, code="DEMO-WARD-7")
        measures.follow(actor=nurse, at=AT, unit=unit, definition=None, how_often="weekly", below=True)
    archive = opened(nurse, made_copy(nurse))
    assert {"README.txt", "index.html", "posts-and-roles/data.json", "posts-and-roles/index.html"} <= set(archive.namelist())
    posts = told(archive, "posts-and-roles")
    assert [row["Post"] for row in posts["Posts you hold or held"]] == ["Staff nurse"]
    assert posts["Posts you hold or held"][0]["Manager"] == SOMEBODY
    assert told(archive, "charts")["What you follow"][0]["Where"].startswith("Ward 7")
    assert told(archive, "account")["Your account"][0]["Sign-in name"] == "demo-nurse"
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    others = [name for name in ("Alex", "Pat,", "Robin", "Kim,", "Drew") if name in everything]
    assert others == []
    assert get_user_model().objects.get(username="demo-nurse").password not in everything


@pytest.mark.django_db
def test_only_whose_it_is_can_open_or_fetch_a_copy():
    nurse, leader = viewer("demo-nurse"), viewer("demo-leader")
    asked = made_copy(nurse)
    with acting_as(leader):
        with pytest.raises(NotFoundHere):
            copies.one(viewer=leader, pk=asked.pk)
        with pytest.raises(NotFoundHere):
            actions.fetch_copy(actor=leader, at=AT, pk=asked.pk)
        assert copies.rows_of(asked, "organisations_person") == []  # also when the program asks for the wrong one
    with acting_as(nurse):
        assert actions.fetch_copy(actor=nurse, at=AT, pk=asked.pk).state == "ready"
        assert Event.objects.filter(verb="fetch", account_id=nurse.account_id).count() == 1
        with pytest.raises(NotFoundHere, match="gone"):
            actions.fetch_copy(actor=nurse, at=AT + timedelta(days=14), pk=asked.pk)


@pytest.mark.django_db
def test_a_copy_asked_for_by_somebody_else_lies_with_the_person():
    nurse, people = viewer("demo-nurse"), viewer("demo-people")
    asked = made_copy(people, Subject(nurse.account_id, nurse.person_id))
    with acting_as(people):
        assert copies.one(viewer=people, pk=asked.pk).state == "ready"
        assert list(copies.parts(asked, kind="whole")) == []
        with pytest.raises(NotFoundHere):
            actions.fetch_copy(actor=people, at=AT, pk=asked.pk)
    assert "README.txt" in opened(nurse, asked).namelist()


@pytest.mark.django_db
def test_who_has_no_account_is_answered_with_what_the_colleague_may_see():
    people = viewer("demo-people")
    with acting_as(system_viewer()):
        here, there = (places.unit(viewer=people, code=code).pk for code in ("DEMO-WARD-7", "DEMO-CARE"))
        person = Person.objects.create(name="Ines Example", made_up=True, owner_ids=[here, there])
        for unit, title in ((here, "Porter"), (there, "Night carer")):
            Assignment.objects.create(person=person, unit_id=unit, role_title=title, since=date(2020, 1, 1))
    posts = told(opened(people, made_copy(people, Subject(None, person.pk))), "posts-and-roles")
    assert [row["Post"] for row in posts["Posts you hold or held"]] == ["Porter"]


@pytest.mark.django_db
def test_a_step_run_twice_is_done_once():
    nurse = viewer("demo-nurse")
    with acting_as(nurse):
        asked = actions.ask_for_copy(actor=nurse, at=AT, about=Subject(nurse.account_id, nurse.person_id))
        assert actions.ask_for_copy(actor=nurse, at=AT, about=Subject(nurse.account_id, nurse.person_id)).pk == asked.pk
    make_copy(account_id=nurse.account_id, request=str(asked.pk), start=0)
    make_copy(account_id=nurse.account_id, request=str(asked.pk), start=0)
    with acting_as(nurse):
        assert copies.one(viewer=nurse, pk=asked.pk).done == 1


# ---- Who rated somebody -----------------------------------------------------------------------------------------


class Ratings:
    """A room of days to come, in which colleagues rate each other, written by somebody who forgot the rule."""

    name, title, places, clearings, nothing = "ratings", "Ratings", (), (), {}

    def gather(self, *, about, read):
        return (Section("Ratings of you", "By colleagues.", ("Score", "Rater"), ((4, "Alex"),)),)


def test_a_room_that_would_say_who_rated_is_stopped():
    with pytest.raises(UnableToTell, match="who answered about"):
        rights.told(Ratings(), about=Subject(1, 1), read=lambda table: [])


def test_a_column_with_a_rater_never_leaves_a_table():
    place = Place("ratings", "Ratings of you", "", "about_id = $1", {"score": "Score", "rater_id": "By"}, kept="test")
    rows = [{"score": 4, "rater_id": 77}]
    (section,) = rights.told(Tables("ratings", "Ratings", (place,)), about=Subject(1, 1), read=lambda table: rows)
    assert section.headings == ("Score",)
    assert section.rows == ((4,),)


# ---- Erasure ----------------------------------------------------------------------------------------------------

NAME, EMAIL, USERNAME = "Zebedee Quillfeather", "zebedee.quillfeather@example.org", "zeb-quill"


def somebody(*, until):
    """A real person who put in a figure, follows, saved, signed in and chose; their post ends on a day, or not."""
    with acting_as(system_viewer()) as house:
        organisations.add_people(
            actor=house,
            at=AT,
            since=date(2020, 1, 1),
            people=[organisations.NewPerson(USERNAME, NAME, "Nurse", "DEMO-WARD-7", "team-leader")],
        )
        get_user_model().objects.filter(username=USERNAME).update(email=EMAIL)
        Person.objects.filter(name=NAME).update(work_email=EMAIL)
    zeb = viewer(USERNAME)
    with acting_as(zeb):
        unit = places.unit(viewer=zeb, code="DEMO-WARD-7")
        measures.follow(actor=zeb, at=AT, unit=unit, definition=None, how_often="weekly", below=True)
        actions.choose(actor=zeb, at=AT, code="named-to-ask", given=False)
        measures.save_view(actor=zeb, at=AT, name="Mine", definition=None or _falls(zeb), place=unit, choices={}, share_with=None)
    with acting_as(system_viewer()), connection.cursor() as cursor:
        Assignment.objects.filter(person__name=NAME).update(until=until)
        cursor.execute(
            'INSERT INTO account_emailaddress (email, verified, "primary", user_id) VALUES (%s, true, true, %s)', [EMAIL, zeb.account_id]
        )
        cursor.execute(
            "INSERT INTO axes_accesslog (user_agent, ip_address, username, http_accept, path_info, attempt_time, session_hash)"
            " VALUES ('x', '127.0.0.1', %s, '', '/sign-in/', now(), '')", [USERNAME],
        )  # fmt: skip
    return zeb


def _falls(who):
    from espalier.measures import queries

    return queries.definition(viewer=who, code="team-falls")


def as_maintainer(own):
    """The role that passes row-level security, as backup uses it: what is in the table, not what is shown."""
    import psycopg
    from tests.conftest import State

    from espalier.config import roles

    return psycopg.connect(State.databases.server.url(roles.OWNER, own), autocommit=True, options=f"-c role={roles.MAINTAIN}")


def erased(who, *, wait=timedelta(days=14)):
    with acting_as(who):
        asked = actions.look_at_erasure(actor=who, at=AT, about=Subject(who.account_id, who.person_id))
        actions.confirm_erasure(actor=who, at=AT, pk=asked.pk)
    with acting_as(system_viewer()) as house:
        carry_out_erasures(actor=house, at=AT + wait)
    return asked


LAWFUL = {place.table for place in rights.places() if place.kept} | {"access_datarequest"}


def test_after_an_erasure_no_table_knows_who_left(own_database):
    zeb = somebody(until=date(2026, 1, 1))
    erased(zeb)
    with as_maintainer(own_database) as sees_all, sees_all.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        words, numbers = {}, set()
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE ANY(%s)', [[f"%{one}%" for one in (NAME, EMAIL, USERNAME)]]
            )
            if number := cursor.fetchone()[0]:
                words[table] = number
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s AND column_name ="
                " ANY(ARRAY['account_id', 'user_id', 'person_id', 'made_by', 'given_by_id', 'ended_by_id', 'about_id', 'manager_id'])", [table],
            )  # fmt: skip
            for (column,) in cursor.fetchall():
                wanted = zeb.person_id if column in {"person_id", "manager_id"} else zeb.account_id
                cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text = %s LIMIT 1', [str(wanted)])
                if cursor.fetchone():
                    numbers.add(table)
    assert words == {}
    assert numbers <= LAWFUL
    assert "audit_event" in numbers  # kept, and its number names nobody


@pytest.mark.django_db
def test_whoever_holds_a_post_stays_on_the_staff_list_and_nowhere_else():
    zeb = somebody(until=None)
    asked = erased(zeb)
    with acting_as(system_viewer()):
        person = Person.objects.get(name=NAME)
        assert (person.account_id, Assignment.objects.filter(person=person).count()) == (None, 1)
        result = DataRequest.objects.get(pk=asked.pk).result
    assert not get_user_model().objects.filter(username=USERNAME).exists()
    assert result["access_account"] == result["measures_follow"] == result["organisations_grant"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "kept"), [(["yes", "no"], [(0, "no")]), (["no", "yes"], []), (["no", "no"], [(0, "no")])])
def test_a_last_no_to_a_story_stays_without_who_said_it(said, kept):
    zeb = somebody(until=date(2026, 1, 1))
    with acting_as(system_viewer()):
        edition = Edition.objects.get(project_id=1, state="public")
        for day, says in enumerate(said):
            at = AT + timedelta(days=day)
            EditionAnswer.objects.create(edition=edition, project_id=1, account_id=zeb.account_id, says=says, at=at)
        others = EditionAnswer.objects.exclude(account_id=zeb.account_id).count()
    erased(zeb)
    with acting_as(system_viewer()):
        assert list(EditionAnswer.objects.filter(account_id__in=(0, zeb.account_id)).values_list("account_id", "says")) == kept
        assert EditionAnswer.objects.exclude(account_id=0).count() == others


@pytest.mark.django_db
def test_nothing_goes_before_the_wait_is_over_or_once_taken_back():
    zeb = somebody(until=date(2026, 1, 1))
    asked = erased(zeb, wait=timedelta(days=13))
    assert get_user_model().objects.filter(username=USERNAME).exists()
    with acting_as(zeb):
        actions.take_back_erasure(actor=zeb, at=AT, pk=asked.pk)
    with acting_as(system_viewer()) as house:
        assert carry_out_erasures(actor=house, at=AT + timedelta(days=100)) == 0
    assert get_user_model().objects.filter(username=USERNAME).exists()


@pytest.mark.django_db
def test_the_database_erases_for_nobody_but_the_house_and_nothing_that_is_not_due():
    zeb = somebody(until=date(2026, 1, 1))
    with acting_as(zeb):
        asked = actions.look_at_erasure(actor=zeb, at=AT, about=Subject(zeb.account_id, zeb.person_id))
        counts = copies.counts(asked.pk)
        assert counts["organisations_assignment"] == counts["access_account"] == 1
    for who in (zeb, system_viewer()):
        with pytest.raises(DatabaseError, match="nothing is due"), transaction.atomic(), acting_as(who):
            copies.erase(asked.pk, at=AT + timedelta(days=100))
    with acting_as(viewer("demo-leader")):
        assert copies.counts(asked.pk) == {}


@pytest.mark.django_db
def test_made_up_people_and_the_house_are_not_erased():
    nurse, house = viewer("demo-nurse"), system_viewer()
    with acting_as(nurse):
        asked = actions.look_at_erasure(actor=nurse, at=AT, about=Subject(nurse.account_id, nurse.person_id))
        with pytest.raises(actions.UnableToErase, match="made-up"):
            actions.confirm_erasure(actor=nurse, at=AT, pk=asked.pk)
    with acting_as(house), pytest.raises(actions.UnableToErase):
        actions.look_at_erasure(actor=house, at=AT, about=Subject(house.account_id))
