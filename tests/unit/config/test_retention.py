"""Retention: with the clock forward everything due is gone, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from tests.contracts.fields import FIELDS, OTHERS, PERSONAL

from espalier.access import clearing, copies, once, rights
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.privacy import privacy
from espalier.access.registry import viewer_of
from espalier.audit import sealing
from espalier.audit.middleware import KEEP_ADDRESS
from espalier.audit.recording import record
from espalier.imports.actions import UNDO_DAYS
from espalier.organisations.models import Assignment, AssignmentEvent, Person, PersonEvent, Unit
from espalier.site import actions
from espalier.site.actions import drafts

AT = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
ACCOUNT = "SELECT id FROM access_account WHERE username = 'demo-nurse'"
JOB = "WITH j AS (INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, priority) VALUES ('q', 't', '{}', 'succeeded', 0) RETURNING id)"

# How a row that was made at a moment is written, by schedule: SQL with the moment, and what counts such rows.
MADE = {
    "sign-in-attempts": (
        "INSERT INTO axes_accesslog (user_agent, username, http_accept, path_info, attempt_time, session_hash) VALUES ('x', 'tried', '', '', %s, '')",
        "SELECT count(*) FROM axes_accesslog",
    ),
    "sessions": (
        "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (md5(random()::text), '', %s)",
        "SELECT count(*) FROM django_session",
    ),
    "copies-of-data": (
        f"INSERT INTO access_datarequest (id, kind, account_id, about_id, asked_by_id, state, done, total, asked_at, result) SELECT"
        f" gen_random_uuid(), 'copy', a.id, a.id, a.id, 'ready', 0, 0, %s, '{{}}' FROM ({ACCOUNT}) a",
        "SELECT count(*) FROM access_datarequest",
    ),
    "files-given": (
        f"INSERT INTO imports_upload (id, kind, account_id, name, size, mark, at, state, queued, tables, mapping, summary, seen, take_good, remove,"
        f" trouble) SELECT gen_random_uuid(), 'figures', a.id, 'f', 1, '', %s, 'read', false, '[]', '{{}}', '{{}}', '', false, false, '{{}}'"
        f" FROM ({ACCOUNT}) a",
        "SELECT count(*) FROM imports_upload WHERE name = 'f'",
    ),
    "jobs": (
        f"{JOB} INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'succeeded', %s FROM j",
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 't'",
    ),
    "letters": (
        f"INSERT INTO measures_digest (account_id, how_often, period, sent_at, signals, late) SELECT a.id, 'daily', left(md5(random()::text), 10), %s,"
        f" 0, 0 FROM ({ACCOUNT}) a",
        "SELECT count(*) FROM measures_digest",
    ),
    "tokens": (
        f"INSERT INTO access_token (account_id, name, prefix, digest, may_read, may_enter, made_at, expires_at) SELECT a.id, 'n', 'p',"
        f" md5(random()::text) || md5(random()::text), true, false, '2001-01-01', %s FROM ({ACCOUNT}) a",
        "SELECT count(*) FROM access_token",
    ),
    "complaints": (
        "INSERT INTO organisations_complaint (id, number, receipt, name, email, words, sent_at, answer, answered_at) VALUES (gen_random_uuid(),"
        " left(md5(random()::text), 12), '', '', '', 'w', '2001-01-01', 'a', %s)",
        "SELECT count(*) FROM organisations_complaint",
    ),
    # Only an event whose seal is as old goes, so each gets one: a link of no meaning at the chain's end.
    "audit": (
        "WITH e AS (INSERT INTO audit_event (id, at, verb, object_kind, object_id, detail, way, place) VALUES (gen_random_uuid(), %s, 'old',"
        " 'k', 'o', '{}', '', '') RETURNING id, at) INSERT INTO audit_seal (sequence, event_id, digest, chain, at)"
        " SELECT (SELECT coalesce(max(sequence), 0) + 1 FROM audit_seal), id, 'd', 'c', at FROM e",
        "SELECT count(*) FROM audit_event WHERE verb = 'old'",
    ),
    "staff-history": (
        "INSERT INTO organisations_staffchange (id, owner_id, person_id, number, did, batch, at, why) SELECT gen_random_uuid(), 1, 1, 1,"
        " 'changed', gen_random_uuid(), %s, ''",
        "SELECT count(*) FROM organisations_staffchange",
    ),
    "staff-systems": (
        "INSERT INTO organisations_connected (id, owner_id, kind, key, external_id, document, version, is_active, role, said, made_at,"
        " changed_at, removed_at) VALUES (gen_random_uuid(), 1, 'User', 'k', '', '{}', 1, false, '', '', '2001-01-01', '2001-01-01', %s)",
        "SELECT count(*) FROM organisations_connected",
    ),
    "invitations": (
        "INSERT INTO organisations_invitation (unit_id, role, digest, starts_with, note, uses_allowed, uses, made_at, expires_at) SELECT"
        " min(id), 'team-member', md5(random()::text), 'w', '', 1, 0, '2001-01-01', %s FROM organisations_unit",
        "SELECT count(*) FROM organisations_invitation",
    ),
    "join-requests": (
        "INSERT INTO organisations_joinrequest (account_id, person_id, unit_id, name, email, message, asked_at, answer, answered_at, why)"
        f" SELECT a.id, p.id, u.id, 'n', '', '', '2001-01-01', 'declined', %s, '' FROM ({ACCOUNT}) a, (SELECT min(id) AS id FROM"
        " organisations_person) p, (SELECT min(id) AS id FROM organisations_unit) u",
        "SELECT count(*) FROM organisations_joinrequest",
    ),
    "emergencies": (
        "INSERT INTO organisations_emergency (id, owner_id, account_id, name, reason, asked_at) VALUES (gen_random_uuid(), 1, 1, 'n',"
        " repeat('because ', 4), %s)",
        "SELECT count(*) FROM organisations_emergency",
    ),
    "ideas-taken-back": (
        "INSERT INTO projects_idea (id, account_id, words, edition, shared_with_team, state, reason, made_at, received_at, changed_at,"
        f" removed_at) SELECT gen_random_uuid(), a.id, 'w', 1, false, 'new', '', '2001-01-01', '2001-01-01', '2001-01-01', %s FROM ({ACCOUNT}) a",
        "SELECT count(*) FROM projects_idea WHERE removed_at IS NOT NULL",
    ),
    "drafts": (
        f"INSERT INTO site_draft (account_id, place, title, at) SELECT a.id, md5(random()::text), '', %s FROM ({ACCOUNT}) a",
        "SELECT count(*) FROM site_draft",
    ),
    "sent-forms": (
        f"INSERT INTO access_sent (account_id, mark, answer, at) SELECT a.id, md5(random()::text), '', %s FROM ({ACCOUNT}) a",
        "SELECT count(*) FROM access_sent",
    ),
    "sign-in-letters": (
        "INSERT INTO access_signinletter (digest, email, name, back, made_at, expires_at) VALUES (md5(random()::text), 'a@example.org', '',"
        " '/', '2001-01-01', %s)",
        "SELECT count(*) FROM access_signinletter",
    ),
    "addresses": (
        "INSERT INTO audit_address (event_id, address, until) VALUES (gen_random_uuid(), '127.0.0.1', %s::timestamptz + interval '30 days')",
        "SELECT count(*) FROM audit_address",
    ),
}
# Schedules with a test of their own below: they need more than one moment.
ALSO = {"leavers", "files-made"}


def schedule(code):
    return next(one for one in clearing.schedules() if one.code == code)


def as_owner_of(database):
    """The role that passes row-level security: rows of anybody are set and counted here, never by what is under test."""
    import psycopg
    from tests.conftest import State

    from espalier.config import roles

    return psycopg.connect(State.databases.server.url("postgres", database), autocommit=True, options=f"-c role={roles.OWNER}")


def test_every_schedule_is_carried_out_and_tried():
    codes = {one.code for one in clearing.schedules()}
    assert codes == set(rights.clearings())
    assert codes == MADE.keys() | ALSO


def test_what_is_promised_elsewhere_is_what_is_done():
    assert schedule("drafts").kept == {"days": drafts.KEPT.days}
    assert schedule("sent-forms").kept == {"days": once.KEPT.days}
    assert schedule("addresses").kept == {"days": KEEP_ADDRESS.days}


def test_a_file_can_be_taken_back_for_as_long_as_it_is_kept():
    assert schedule("files-given").kept == {"days": UNDO_DAYS}


@pytest.mark.parametrize("code", sorted(MADE))
def test_what_is_due_goes_and_what_is_not_stays(own_database, code):
    import psycopg
    from tests.conftest import State

    before = schedule(code).before(AT)
    insert, count = MADE[code]
    with psycopg.connect(State.databases.server.url("postgres", own_database), autocommit=True) as everything:
        for moment in (before - timedelta(days=2), before - timedelta(days=400), before + timedelta(minutes=5), AT):
            everything.execute(insert, [moment])
        assert everything.execute(count).fetchone() == (4,)
        with acting_as(system_viewer()) as house:
            removed = actions.clear_what_is_due(actor=house, at=AT)
        assert (everything.execute(count).fetchone(), removed[code]) == ((2,), 2)
        with acting_as(system_viewer()) as house:
            assert actions.clear_what_is_due(actor=house, at=AT)[code] == 0
            assert actions.clear_what_is_due(actor=house, at=AT + timedelta(days=6 * 366 + 1))[code] >= 1
        assert everything.execute(count).fetchone() == (0,)


@pytest.mark.django_db
def test_who_left_long_ago_goes_and_who_is_here_stays():
    before = schedule("leavers").before(AT).date()
    with acting_as(system_viewer()) as house:
        ward = Unit.objects.get(code="DEMO-WARD-7")
        ended = {"long ago": before - timedelta(days=1), "lately": before + timedelta(days=1), "here": None}
        for name, until in ended.items():
            person = Person.objects.create(name=name, made_up=True)
            Assignment.objects.create(person=person, unit=ward, role_title="Nurse", since=date(2019, 1, 1), until=until)
        both = Person.objects.get(name="here")
        Assignment.objects.create(person=both, unit=ward, role_title="Porter", since=date(2018, 1, 1), until=before - timedelta(days=9))
        everybody = set(Person.objects.values_list("name", flat=True))
        removed = actions.clear_what_is_due(actor=house, at=AT)
        assert everybody - set(Person.objects.values_list("name", flat=True)) == {"long ago"}
        assert list(Assignment.objects.filter(person=both).values_list("role_title", flat=True)) == ["Nurse"]
    assert removed["leavers"] == 3  # two posts and a person


@pytest.mark.django_db
def test_who_left_leaves_no_history_and_no_post_without_an_end():
    """Removing a row writes what it was into the history: that must go with it. Whom they managed stays, without a manager."""
    before = schedule("leavers").before(AT).date()
    with acting_as(system_viewer()) as house:
        ward = Unit.objects.get(code="DEMO-WARD-7")
        person, report = (Person.objects.create(name=name, made_up=True) for name in ("Left Longago", "Stays Here"))
        Assignment.objects.create(
            person=person, unit=ward, role_title="Nurse", since=date(2019, 1, 1), until=before - timedelta(days=1)
        )
        Assignment.objects.create(person=report, unit=ward, role_title="Nurse", since=date(2019, 1, 1), manager=person)
        Person.objects.filter(pk=person.pk).update(name="Left Longagone")
        actions.clear_what_is_due(actor=house, at=AT)
        assert Assignment.objects.get(person=report).manager_id is None
        assert not PersonEvent.objects.filter(pgh_obj_id=person.pk).exists()
        assert not AssignmentEvent.objects.filter(person_id=person.pk).exists()


# ---- The log's chain outlives what is cleared away ----------------------------------------------------------------


def as_superuser_of(database):
    import psycopg
    from tests.conftest import State

    return psycopg.connect(State.databases.server.url("postgres", database), autocommit=True)


def logged(moment):
    """An event of then, truly sealed then."""
    with acting_as(system_viewer()) as house:
        record(actor=house, verb="old", object_kind="k", object_id="o", at=moment, detail={})
        sealing.seal_all(at=moment)


def proved(at=AT):
    with acting_as(system_viewer()):
        return sealing.verify(at=at, gone_before=clearing.may_be_gone("audit", at=at))


def test_the_log_is_whole_after_old_events_were_cleared_and_not_when_somebody_takes_more(own_database):
    before = schedule("audit").before(AT)
    with as_superuser_of(own_database) as everything:
        for moment in (before - timedelta(days=2), before - timedelta(days=1), before + timedelta(days=1)):
            logged(moment)
        assert clearing_of_audit() == 2
        assert [one.what for one in proved().wrong] == []
        with acting_as(system_viewer()):
            assert {one.what for one in sealing.verify(at=AT).wrong} == {"deleted"}  # who is not told what may be gone sees it
        # Somebody takes an event whose time is not over, and notes that it was cleared away: nobody believes it.
        everything.execute("DELETE FROM audit_event WHERE verb = 'old'")
        clearing.note(at=AT, code="audit", before=AT, removed=1)
        assert [one.what for one in proved().wrong] == ["deleted"]


def test_an_event_without_a_seal_is_never_cleared(own_database):
    with as_superuser_of(own_database) as everything:
        with acting_as(system_viewer()) as house:
            record(actor=house, verb="old", object_kind="k", object_id="o", at=AT - timedelta(days=9 * 365), detail={})
        assert clearing_of_audit() == 0
        assert everything.execute("SELECT count(*) FROM audit_event WHERE verb = 'old'").fetchone() == (1,)


def clearing_of_audit():
    with acting_as(system_viewer()) as house:
        return actions.clear_what_is_due(actor=house, at=AT)["audit"]


@pytest.mark.django_db
def test_files_made_go_after_a_week():
    from espalier.insight.models import Pack

    nurse = viewer_of(get_user_model().objects.get(username="demo-nurse"))
    from django.utils import timezone

    now = timezone.now()
    with acting_as(nurse):
        for days in (-1, 1):
            Pack.objects.create(
                account_id=nurse.account_id, title="t", kind="pages", pairs=[], total=1, asked_at=now, kept_until=now + timedelta(days=days)
            )
    with acting_as(system_viewer()) as house:
        assert actions.clear_what_is_due(actor=house, at=now)["files-made"] == 1
    with acting_as(nurse):
        assert Pack.objects.count() == 1


@pytest.mark.django_db
def test_only_the_house_clears_and_only_by_a_schedule():
    nurse = viewer_of(get_user_model().objects.get(username="demo-nurse"))
    for who, code in ((nurse, "letters"), (system_viewer(), "everything")):
        with pytest.raises(DatabaseError, match="access_clear"), transaction.atomic(), acting_as(who):
            copies.clear(code, before=AT)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_held_clearing SET sql = 'DELETE FROM access_account'")


@pytest.mark.django_db
def test_the_page_says_what_went_in_numbers(client):
    with acting_as(system_viewer()) as house:
        clearing.note(at=AT, code="letters", before=AT, removed=12)
        actions.clear_what_is_due(actor=house, at=AT + timedelta(days=1))
    client.force_login(get_user_model().objects.get(username="demo-auditor"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin-tools/retention/").content.decode()
    assert "12 lines, that a letter was sent to somebody" in page
    assert "It last ran on 24 November 2026" in page


# ---- The privacy page cannot drift from the tables ---------------------------------------------------------------


def test_every_table_about_people_stands_in_a_line_of_the_privacy_page():
    ours = {label for label, words in FIELDS.items() if PERSONAL in words}
    brought = {label for label, word in OTHERS.items() if word == PERSONAL} | {"procrastinate", "pghistory"}
    listed = [table for one in privacy().held for table in one.tables]
    assert ours | brought == set(listed)
    assert len(listed) == len(set(listed))


def test_what_is_said_to_be_kept_is_a_schedule_or_words():
    codes = {one.code for one in clearing.schedules()}
    assert [one.kept for one in privacy().held if one.kept not in codes and len(one.kept) < 20] == []
    assert codes - {one.kept for one in privacy().held} == set(), "a schedule that no line of the privacy page names"


@pytest.mark.django_db
def test_two_cookies_of_our_own_and_none_before_they_are_needed(client):
    assert client.get("/about/privacy/").cookies.keys() == set()
    sent = set(client.get("/complaints/").cookies)
    client.post("/sign-in/", {"who": "demo-nurse"})
    assert sent | set(client.cookies) == {one.name for one in privacy().cookies} == {"sessionid", "csrftoken"}
    assert all(not cookie["domain"] and cookie["httponly"] for cookie in client.cookies.values())
