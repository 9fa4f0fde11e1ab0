"""One letter for everything, when its reader wants it, with nothing in it that could hurt when it goes astray."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client, TestCase
from tests.contracts.routes import sign_in

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR
from espalier.common.todo import Due
from espalier.measures import actions as measures
from espalier.measures.models import Digest, Follow
from espalier.organisations.models import Unit
from espalier.site import actions, queries
from espalier.site.actions import letters
from espalier.site.models import LetterChoice
from espalier.site.rules import is_quiet

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NIGHT = {"since": time(18), "until": time(8), "days": (5, 6)}


def viewer(name="demo-nurse"):
    return viewer_of(get_user_model().objects.get(username=name))


def choose(who, how_often="daily", *, since=18, until=8, days=(5, 6), at=MONDAY - timedelta(days=3)):
    with acting_as(who):
        actions.choose_letters(actor=who, at=at, how_often=how_often, quiet_from=time(since), quiet_until=time(until), quiet_days=days)


@pytest.fixture
def nurse():
    get_user_model().objects.filter(username="demo-nurse").update(email="nurse@example.org")
    return viewer()


def write(who, at=MONDAY, rhythms=("at-once", "daily", "weekly", "monthly")):
    with TestCase.captureOnCommitCallbacks(execute=True), acting_as(who):
        return actions.write_letters(actor=who, at=at, rhythms=list(rhythms))


def woken(at):
    with acting_as(VISITOR):
        return dict(letters.awake(at))


class TestQuietTime:
    @pytest.mark.parametrize(("moment", "quiet"), [
        # In March 2026 the clocks go forward on Sunday 29th; in October they go back on Sunday 25th. Days off are left out here.
        (datetime(2026, 3, 27, 7, 59, tzinfo=UTC), True), (datetime(2026, 3, 27, 8, 0, tzinfo=UTC), False),  # Friday, winter time
        (datetime(2026, 3, 30, 6, 59, tzinfo=UTC), True), (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), False),  # Monday, summer time
        (datetime(2026, 3, 30, 16, 59, tzinfo=UTC), False), (datetime(2026, 3, 30, 17, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 26, 7, 59, tzinfo=UTC), True), (datetime(2026, 10, 26, 8, 0, tzinfo=UTC), False),  # winter time again
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), True),  # Saturday
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), True),  # half past midnight on Monday in London
    ])  # fmt: skip
    def test_eight_in_the_morning_is_eight_by_the_clock_on_the_wall(self, nurse, moment, quiet):
        choose(nurse, "at-once")
        assert (nurse.account_id not in woken(moment)) is quiet

    @pytest.mark.parametrize("hour", range(24))
    def test_hours_over_midnight_and_hours_within_a_day(self, hour):
        monday = datetime(2026, 3, 2, hour)
        assert is_quiet(monday, **NIGHT) is (hour >= 18 or hour < 8)
        assert is_quiet(monday, since=time(9), until=time(17), days=()) is (9 <= hour < 17)
        assert not is_quiet(monday, since=time(9), until=time(9), days=())


class TestWhoIsWrittenTo:
    def test_nobody_who_has_not_asked(self, nurse):
        assert woken(MONDAY) == {}
        assert write(nurse) == 0
        assert mail.outbox == []

    def test_who_chose_never_is_not(self, nurse):
        choose(nurse, "never")
        assert woken(MONDAY) == {}

    def test_who_follows_a_chart_or_chose_a_rhythm_is_looked_at_once_a_day(self, nurse):
        choose(nurse, "daily")
        leader = viewer("demo-leader")
        with acting_as(leader):
            Follow.objects.create(account_id=leader.account_id, unit_id=Unit.objects.get(code="RJ1").pk, how_often="weekly", since_at=MONDAY)
        assert woken(MONDAY) == {nurse.account_id: ["daily"], leader.account_id: ["weekly"]}
        write(nurse)
        write(leader)
        assert woken(MONDAY + timedelta(minutes=15)) == {}
        assert set(woken(MONDAY + timedelta(days=1))) == {nurse.account_id, leader.account_id}

    def test_the_clock_starts_one_job_for_each_who_is_awake(self, nurse, monkeypatch):
        choose(nurse, "daily")
        choose(viewer("demo-leader"), "daily", since=0, until=23)
        started = []
        monkeypatch.setattr(type(letters.write_of_one), "defer", lambda _, **facts: started.append((facts["account_id"], facts["rhythms"])))
        letters.write_all(timestamp=int(MONDAY.timestamp()))
        assert started == [(nurse.account_id, ["daily"])]

    def test_a_job_for_somebody_who_has_left_does_nothing(self, nurse):
        choose(nurse)
        get_user_model().objects.filter(username="demo-nurse").update(is_active=False)
        letters.write_of_one(account_id=nurse.account_id, rhythms=["daily"], at=MONDAY.isoformat())
        assert mail.outbox == []
        assert not Digest.objects.exists()


class TestWhatStandsInALetter:
    def test_numbers_and_kinds_and_links_and_nothing_else(self, nurse):
        choose(nurse)
        assert write(nurse) == 1
        (letter,) = mail.outbox
        # Figures of the ward's five measures; and an idea of Sam's was answered. Her project is in a programme that begins later.
        assert letter.subject == "6 things are due from you"
        assert "- 5 figures to put in\n" in letter.body
        assert "- 1 thing to do about ideas and projects\n" in letter.body
        with acting_as(nurse):
            for line in queries.gather(viewer=nurse, at=MONDAY):
                assert line.what not in letter.body
                assert line.href not in letter.body
        for word in ("Ward", "Falls", "Sam", "Alex", "%"):
            assert word not in letter.body + letter.subject
        assert set(letter.extra_headers) == {"List-Unsubscribe", "List-Unsubscribe-Post"}

    def test_nothing_due_is_nothing_sent(self, nurse, monkeypatch):
        choose(nurse)
        monkeypatch.setattr(letters.queries, "gather_by_room", lambda **_: {"measures": ()})
        assert write(nurse) == 0
        assert mail.outbox == []

    def test_a_room_without_a_word_of_its_own_is_counted_all_the_same(self):
        thing = Due("Secret", do="x", href="/x/")
        assert queries.due_in_words({"measures": (thing,), "later-room": (thing, thing)}) == ("1 figure to put in", "2 other things")


class TestOnce:
    def test_daily_comes_once_a_day_however_often_the_job_runs(self, nurse):
        choose(nurse)
        assert [write(nurse), write(nurse), write(nurse, MONDAY + timedelta(hours=3)), write(nurse, MONDAY + timedelta(days=1))] == [1, 0, 0, 1]
        assert len(mail.outbox) == 2

    def test_weekly_comes_once_a_week(self, nurse):
        choose(nurse, "weekly")
        assert [write(nurse, MONDAY + timedelta(days=day)) for day in range(9)] == [1, 0, 0, 0, 0, 0, 0, 1, 0]

    def test_at_once_tells_each_thing_once(self, nurse):
        choose(nurse, "at-once")
        assert [write(nurse, rhythms=["at-once"]) for _ in range(3)] == [1, 0, 0]
        assert mail.outbox[0].subject == "6 things are due from you"
        april = MONDAY + timedelta(days=31)  # the figures of March are due too; what is due first stays the same month
        assert write(nurse, april, ["at-once"]) == 0

    def test_two_jobs_at_the_same_moment_find_the_same_mark(self, nurse):
        """The day's check is forgotten, as if it had not been stored yet; the letter's own row still keeps it to one."""
        choose(nurse)
        write(nurse)
        with acting_as(nurse):
            LetterChoice.objects.update(looked_on=None)
        assert write(nurse) == 0
        assert len(mail.outbox) == 1

    def test_what_may_be_lost_is_written_again_only_when_asked(self, nurse, client):
        choose(nurse)
        with TestCase.captureOnCommitCallbacks(execute=False), acting_as(nurse):
            actions.write_letters(actor=nurse, at=MONDAY, rhythms=["daily"])
        sign_in(client, "demo-nurse")
        page = client.get("/account/letters/").content.decode()
        assert "we do not know if it reached you" in page
        with acting_as(nurse):
            pk = Digest.objects.get().pk
        assert client.post(f"/account/letters/{pk}/again/").status_code == 302
        assert client.post(f"/account/letters/{pk}/again/").status_code == 404
        assert write(nurse) == 1

    def test_nobody_writes_anothers_letter_again(self, nurse, client):
        choose(nurse)
        with TestCase.captureOnCommitCallbacks(execute=False), acting_as(nurse):
            actions.write_letters(actor=nurse, at=MONDAY, rhythms=["daily"])
            pk = Digest.objects.get().pk
        sign_in(client, "demo-leader")
        assert client.post(f"/account/letters/{pk}/again/").status_code == 404


class TestThePage:
    def test_what_is_chosen_is_kept_and_shown(self, nurse, client):
        sign_in(client, "demo-nurse")
        facts = {"how_often": "weekly", "quiet_from": "20", "quiet_until": "7", "quiet_days": ["4", "5", "6"]}
        assert client.post("/account/letters/", facts)["Location"] == "/account/letters/"
        with acting_as(nurse):
            assert LetterChoice.objects.values_list("how_often", "quiet_from", "quiet_until", "quiet_days").get() == (
                "weekly", time(20), time(7), [4, 5, 6])  # fmt: skip
        assert "Saved. We write to you at most once a week" in client.get("/account/letters/").content.decode()

    @pytest.mark.parametrize("wrong", [
        {"how_often": "hourly"}, {"quiet_from": "25"}, {"quiet_until": "x"}, {"quiet_days": ["9"]}, {"quiet_days": [str(day) for day in range(7)]},
        {"how_often": ""},
    ])  # fmt: skip
    def test_what_cannot_be_is_refused_and_nothing_is_kept(self, nurse, client, wrong):
        sign_in(client, "demo-nurse")
        good = {"how_often": "weekly", "quiet_from": "20", "quiet_until": "7", "quiet_days": ["5"]}
        assert client.post("/account/letters/", good | wrong).status_code == 422
        with acting_as(nurse):
            assert not LetterChoice.objects.exists()

    def test_what_one_chose_nobody_else_sees(self, nurse):
        choose(nurse)
        with acting_as(viewer("demo-leader")):
            assert not LetterChoice.objects.exists()

    def test_the_way_out_of_a_letter_stops_both_kinds(self, nurse):
        choose(nurse, "weekly")
        with acting_as(nurse):
            Follow.objects.create(account_id=nurse.account_id, unit_id=Unit.objects.get(code="RJ1").pk, how_often="weekly", since_at=MONDAY)
        address = measures.stop_address(nurse.account_id, "weekly")
        by_letter = Client()
        assert by_letter.get(address).status_code == 200
        with acting_as(nurse):
            assert LetterChoice.objects.get().how_often == "weekly"
        assert "No more letters come every week" in by_letter.post(address).content.decode()
        with acting_as(nurse):
            assert (LetterChoice.objects.get().how_often, Follow.objects.count()) == ("never", 0)
