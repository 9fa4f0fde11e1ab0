"""What a person keeps is theirs; letters come once, only when something is new, and name nothing that is not for everybody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import ProgrammingError, transaction
from django.test import Client
from tests.unit.measures.test_lists import MEASURE, PLACE, STEADY, store, unit, viewer

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR, Viewer
from espalier.common.errors import NotFoundHere
from espalier.measures import actions, queries
from espalier.measures.actions import letters
from espalier.measures.forms.following import kept_choices
from espalier.measures.models import Digest, Follow, SavedView, Series
from espalier.measures.rules import HOW_OFTEN, letter_body, letter_period
from espalier.organisations import actions as places

AT = datetime(2026, 3, 2, 6, tzinfo=UTC)  # a Monday
pytestmark = pytest.mark.django_db


def save(who: Viewer, share: str = "", name: str = "Ours", at: datetime = AT) -> int:
    with acting_as(who):
        what = queries.definition(viewer=who, code="team-falls")
        share_with = unit(share).pk if share else None
        return actions.save_view(
            actor=who, at=at, name=name, definition=what, place=unit("DEMO-TRUST"), choices={"order": "name"}, share_with=share_with
        )


def seen_by(who: Viewer) -> list[str]:
    with acting_as(who):
        return [one.name for one in queries.saved_views(viewer=who)]


def stranger() -> Viewer:
    """Somebody of a hospital far away."""
    with acting_as(system_viewer()) as house:
        places.add_people(
            actor=house, at=AT, people=[places.NewPerson("elsewhere", "Elsewhere", "Nurse", "RJ1", "analyst", made_up=True)], since=date(2020, 1, 1)
        )
    return viewer("elsewhere")


class TestSavedPages:
    def test_a_private_one_is_nobody_elses(self):
        pk = save(viewer("demo-nurse"))
        assert seen_by(viewer("demo-nurse")) == ["Ours"]
        assert [seen_by(viewer(name)) for name in ("demo-leader", "demo-analyst")] == [[], []]
        with acting_as(viewer("demo-leader")):
            assert not SavedView.objects.filter(pk=pk).exists(), "row-level security must hide it, not only the query"

    def test_one_shared_with_the_hospital_is_found_on_its_wards_and_nowhere_else(self):
        other = stranger()
        pk = save(viewer("demo-analyst"), share="DEMO-TRUST")
        assert [seen_by(viewer(name)) for name in ("demo-leader", "demo-nurse")] == [["Ours"], ["Ours"]]
        assert seen_by(other) == []
        with acting_as(other), pytest.raises(NotFoundHere):
            queries.saved_view(viewer=other, pk=pk)
        with acting_as(VISITOR):
            assert SavedView.objects.count() == 0

    def test_one_shared_with_a_ward_is_found_by_the_hospitals_analyst(self):
        save(viewer("demo-leader"), share="DEMO-WARD-7")
        assert seen_by(viewer("demo-analyst")) == ["Ours"]

    def test_nobody_shares_with_a_place_that_is_not_theirs(self):
        with pytest.raises(actions.UnableToFollow, match="only with a place you belong to"):
            save(viewer("demo-nurse"), share="DEMO-WARD-12")
        nurse = viewer("demo-nurse")
        with pytest.raises(ProgrammingError, match="row-level security"), acting_as(nurse), transaction.atomic():
            SavedView.objects.create(
                account_id=nurse.account_id, name="x", measure_id=1, place_id=unit("ENG").pk, unit_id=unit("DEMO-WARD-12").pk, made_at=AT
            )

    @pytest.mark.parametrize("do", [actions.rename_view, actions.remove_view, actions.restore_view])
    def test_only_its_maker_changes_it(self, do: Any):
        pk = save(viewer("demo-nurse"), share="DEMO-TRUST")
        more = {"name": "Mine"} if do is actions.rename_view else {}
        with acting_as(viewer("demo-leader")), pytest.raises(actions.UnableToFollow, match="Only who saved"):
            do(actor=viewer("demo-leader"), at=AT, pk=pk, **more)
        assert seen_by(viewer("demo-nurse")) == ["Ours"]

    def test_deleted_and_put_back(self):
        nurse, pk = viewer("demo-nurse"), save(viewer("demo-nurse"), share="DEMO-TRUST")
        with acting_as(nurse):
            actions.remove_view(actor=nurse, at=AT, pk=pk)
        assert seen_by(nurse) == seen_by(viewer("demo-leader")) == []
        with acting_as(nurse):
            actions.restore_view(actor=nurse, at=AT, pk=pk)
        assert seen_by(viewer("demo-leader")) == ["Ours"]

    def test_an_address_keeps_known_words_only(self):
        asked = {"order": "attention", "signal": "<script>", "page": "3", "until": "2019-13", "next": "https://elsewhere.example"}
        assert kept_choices(asked) == {"order": "attention"}
        assert kept_choices({"until": "2019-03", "compare": "each-month"}) == {"until": "2019-03"}

    def test_a_link_to_anothers_private_page_leads_nowhere(self, client: Client):
        pk = save(viewer("demo-nurse"))
        assert client.get(f"/measures/views/{pk}/").status_code == 403
        client.force_login(get_user_model().objects.get(username="demo-leader"))
        for path in (f"/measures/views/{pk}/", f"/measures/views/{pk}/rename/"):
            assert client.get(path).status_code == 404
        assert client.post(f"/measures/views/{pk}/delete/").status_code == 404


def follow(who: Viewer, how_often: str = "weekly", at: datetime = AT - timedelta(days=30)) -> int:
    with acting_as(who):
        return actions.follow(actor=who, at=at, unit=unit(PLACE), definition=None, how_often=how_often, below=True)


def send(who: Viewer, at: datetime = AT, how_often: str = "weekly") -> bool:
    with acting_as(who):
        return actions.send_letter(actor=who, at=at, how_often=how_often)


@pytest.fixture
def nurse() -> Viewer:
    """Somebody with an address who follows a place where figures have long been steady."""
    get_user_model().objects.filter(username="demo-nurse").update(email="nurse@example.org")
    store(STEADY, at=AT - timedelta(days=60))
    who = viewer("demo-nurse")
    follow(who)
    return who


def a_sign(at: datetime = AT - timedelta(days=1), first: date = date(2026, 1, 1), value: float = 30.0) -> None:
    store([value], at=at, first=first)


class TestLetters:
    def test_nothing_new_is_nothing_sent(self, nurse: Viewer):
        a_sign(value=11.0)
        assert not send(nurse, at=datetime(2026, 2, 10, 6, tzinfo=UTC))
        assert mail.outbox == []

    def test_a_new_sign_is_sent_once_however_often_the_job_runs(self, nurse: Viewer):
        a_sign()
        assert [send(nurse), send(nurse), send(nurse, at=AT + timedelta(days=2))] == [True, False, False]
        (letter,) = mail.outbox
        assert letter.to == ["nurse@example.org"]
        assert "Medicine errors reported, Community nurses (made up): higher than usual" in letter.body
        assert "chance alone could make fewer than 1 of them stand out" in letter.body
        assert "newly stands out" in letter.subject

    def test_the_next_week_tells_only_what_came_since(self, nurse: Viewer):
        a_sign()
        assert send(nurse)
        assert not send(nurse, at=AT + timedelta(days=7)) or "newly" not in mail.outbox[-1].subject

    def test_a_figure_that_has_become_late_is_told_once(self, nurse: Viewer):
        with acting_as(nurse):
            letter = queries.letter(viewer=nurse, how_often="weekly", today=date(2026, 3, 2))
        late = {(one.definition.code, one.behind) for one in letter.late}
        assert (MEASURE, 2) in late  # December is the last; in January nothing was due, now January and February are
        assert send(nurse)
        with acting_as(nurse):
            assert queries.letter(viewer=nurse, how_often="weekly", today=date(2026, 3, 9)).late == ()

    def test_what_not_everybody_may_see_is_counted_and_not_named(self, nurse: Viewer):
        with acting_as(viewer("demo-analyst")):
            Series.objects.filter(unit__code=PLACE, measure__code=MEASURE).update(owner_id=unit("DEMO-WARD-7").pk)
        with acting_as(nurse):
            what, where = queries.definition(viewer=nurse, code=MEASURE), unit(PLACE)
        with acting_as(viewer("demo-analyst")):
            actions.enter_figure(
                actor=viewer("demo-analyst"), at=AT - timedelta(days=1), definition=what, unit=where, period_on=date(2026, 1, 1), numerator=30,
                denominator=None, seen=actions.Numbers(),
            )  # fmt: skip
        assert send(nurse)
        (letter,) = mail.outbox
        assert "1 chart that only some may see" in letter.body
        assert "Medicine errors" not in letter.body + letter.subject
        assert "/team-medicine-errors/" not in letter.body

    def test_without_an_address_nothing_is_sent_and_nothing_is_said_to_be(self, nurse: Viewer):
        get_user_model().objects.filter(username="demo-nurse").update(email="")
        a_sign()
        assert not send(nurse)
        assert not Digest.objects.exists()

    def test_when_the_mail_fails_the_next_run_tries_again(self, nurse: Viewer, monkeypatch: pytest.MonkeyPatch):
        a_sign()

        def fails(_: object) -> None:
            raise OSError("no mail server")

        with monkeypatch.context() as broken:
            broken.setattr(letters.EmailMessage, "send", fails)
            with pytest.raises(OSError, match="no mail server"):
                send(nurse)
        assert send(nurse)

    def test_a_letter_that_another_job_is_sending_is_not_sent_twice(self, nurse: Viewer):
        a_sign()
        with acting_as(nurse):
            found = queries.letter(viewer=nurse, how_often="weekly", today=date(2026, 3, 2))
            mark = {"account_id": nurse.account_id, "how_often": "weekly", "period": "2026-W10"}
            assert [letters._first(mark, AT, found), letters._first(mark, AT, found)] == [True, False]

    def test_the_clock_starts_one_job_for_each_who_follows(self, nurse: Viewer, monkeypatch: pytest.MonkeyPatch):
        follow(viewer("demo-leader"), "daily")
        started: list[Any] = []
        monkeypatch.setattr(type(letters.send_one), "defer", lambda _, **facts: started.append((facts["account_id"], facts["how_often"])))
        letters.send_all(timestamp=int(AT.timestamp()))
        assert sorted(started) == sorted([(nurse.account_id, "weekly"), (viewer("demo-leader").account_id, "daily")])

    def test_a_job_for_somebody_who_has_left_does_nothing(self, nurse: Viewer):
        a_sign()
        get_user_model().objects.filter(username="demo-nurse").update(is_active=False)
        letters.send_one(account_id=nurse.account_id, how_often="weekly", at=AT.isoformat())
        assert mail.outbox == []


class TestFollowing:
    def test_following_twice_changes_only_how_often(self):
        nurse = viewer("demo-nurse")
        assert follow(nurse) == follow(nurse, "monthly")
        with acting_as(nurse):
            assert [one.how_often for one in queries.follows(viewer=nurse)] == ["monthly"]

    def test_what_one_follows_nobody_else_sees(self):
        pk = follow(viewer("demo-nurse"))
        with acting_as(viewer("demo-leader")):
            assert not Follow.objects.exists()
            with pytest.raises(actions.UnableToFollow, match="do not follow"):
                actions.stop_following(actor=viewer("demo-leader"), at=AT, pk=pk)

    def test_opening_the_link_in_a_letter_does_nothing_and_pressing_stops(self, client: Client):
        nurse = viewer("demo-nurse")
        follow(nurse)
        follow(nurse, "weekly")
        address = letters.stop_address(nurse.account_id, "weekly")
        assert client.get(address).status_code == 200
        with acting_as(nurse):
            assert Follow.objects.count() == 1
        assert "No more letters come every week" in client.post(address).content.decode()
        with acting_as(nurse):
            assert Follow.objects.count() == 0
        assert "No letters were coming" in client.post(address).content.decode()

    def test_the_link_needs_the_form_it_stands_in(self):
        assert Client(enforce_csrf_checks=True).post(letters.stop_address(1, "weekly")).status_code == 403

    @pytest.mark.parametrize("spoil", [lambda a: a.replace("stop/", "stop/x"), lambda a: a[:-3] + "/", lambda _: "/measures/following/stop/e30:x/"])
    def test_a_link_that_was_changed_stops_nothing(self, client: Client, spoil: Any):
        assert client.post(spoil(letters.stop_address(viewer("demo-nurse").account_id, "weekly"))).status_code == 404

    def test_the_preview_says_what_would_be_sent_and_sends_nothing(self, client: Client, nurse: Viewer):
        a_sign()
        client.force_login(get_user_model().objects.get(username="demo-nurse"))
        assert "higher than usual" in client.get("/measures/following/letter/").content.decode()
        assert mail.outbox == []
        with acting_as(nurse):
            assert not Digest.objects.exists()

    def test_nobody_is_led_out_of_the_house(self, client: Client):
        client.force_login(get_user_model().objects.get(username="demo-nurse"))
        facts = {"unit": PLACE, "measure": MEASURE, "from": "https://elsewhere.example", "next": "//elsewhere.example"}
        assert client.post("/measures/following/start/", facts)["Location"] == f"/measures/{MEASURE}/{PLACE}/"


def test_a_letter_is_due_once_a_period():
    days = [date(2026, 12, 28) + timedelta(days=n) for n in range(14)]
    assert [len({letter_period(often, day) for day in days}) for often in HOW_OFTEN] == [14, 2, 2]


def test_a_letter_with_nothing_named_has_still_the_way_to_stop():
    body = letter_body(signals=[], late=[], chance="", since=date(2026, 3, 1), address="https://x.example", stop="/stop/abc/")
    assert body.endswith("https://x.example/stop/abc/\n")
