"""Partners: their money is between them and who leads; they stop when they like; a patient's number is not stored."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from tests.logbook import events

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects import actions, queries
from espalier.projects.actions import claims
from espalier.projects.models import BecauseOf, Claim, Edit, Member, PartnerRole, Project
from espalier.projects.presenters.measuring import AS_EVERYBODY
from espalier.projects.queries.overview import last_change
from espalier.projects.rules.partners import KINDS, STATES, STEPS, pounds, steps_of

pytestmark = pytest.mark.django_db
AT = timezone.now()
NUMBER = "943 476 5919"


def viewer(username):
    return viewer_of(get_user_model().objects.get(username=username))


@pytest.fixture
def people():
    return {name: viewer(f"demo-{name}") for name in ("partner", "leader", "nurse", "improver", "analyst", "care", "admin")}


def claims_seen_by(who):
    with acting_as(who):
        return Claim.objects.count()


def test_money_is_seen_by_the_partner_and_who_leads_or_coaches_and_nobody_else(people):
    assert {name: claims_seen_by(who) for name, who in people.items()} == {
        "partner": 2, "leader": 2, "improver": 2, "nurse": 0, "analyst": 0, "care": 0, "admin": 0,
    }  # fmt: skip


def test_what_a_partner_is_asked_is_seen_by_the_team_alone(people):
    seen = {}
    for name, who in people.items():
        with acting_as(who):
            seen[name] = PartnerRole.objects.count()
    assert seen == {"partner": 1, "leader": 1, "improver": 1, "nurse": 1, "analyst": 0, "care": 0, "admin": 0}


def test_thanks_are_seen_with_the_project(people):
    with acting_as(people["analyst"]):
        assert BecauseOf.objects.count() == 1
    with acting_as(people["care"]):
        assert BecauseOf.objects.count() == 0


def test_a_claim_goes_its_way_and_never_back(people):
    bo, alex = people["partner"], people["leader"]
    with acting_as(bo):
        pk = actions.claim_money(actor=bo, at=AT, project=1, kind="expenses", pence=320, on_day=date(2026, 1, 5), words="Bus")
        with pytest.raises(UnableTo):
            actions.answer_claim(actor=bo, at=AT, pk=pk, to="paid", seen="claimed")
    with acting_as(alex):
        with pytest.raises(UnableTo, match="no reason"):
            actions.answer_claim(actor=alex, at=AT, pk=pk, to="declined", seen="claimed", reason=" ")
        actions.answer_claim(actor=alex, at=AT, pk=pk, to="agreed", seen="claimed")
        with pytest.raises(UnableTo, match="moved on"):
            actions.answer_claim(actor=alex, at=AT, pk=pk, to="agreed", seen="claimed")
        actions.answer_claim(actor=alex, at=AT, pk=pk, to="paid", seen="agreed", paid_on=date(2026, 1, 9))
        assert steps_of(queries.claim(viewer=alex, pk=pk).state, whose="team") == ()


def test_an_offer_is_taken_by_the_partner_alone(people):
    alex, bo, pat = people["leader"], people["partner"], people["improver"]
    with acting_as(alex):
        facts = {"account_id": bo.account_id, "kind": "payment", "pence": 2500, "on_day": date(2026, 1, 5), "words": "Two hours"}
        pk = actions.offer_money(actor=alex, at=AT, project=1, **facts)
    with acting_as(pat), pytest.raises(UnableTo):
        actions.answer_claim(actor=pat, at=AT, pk=pk, to="claimed", seen="offered")
    with acting_as(bo):
        actions.answer_claim(actor=bo, at=AT, pk=pk, to="claimed", seen="offered")
        assert queries.claim(viewer=bo, pk=pk).state == "claimed"


def asked_for(bo, words="Bus"):
    with acting_as(bo):
        return actions.claim_money(actor=bo, at=AT, project=1, kind="expenses", pence=320, on_day=date(2026, 1, 5), words=words)


def state_of(who, pk):
    with acting_as(who):
        return Claim.objects.values_list("state", "reason").get(pk=pk)


def test_who_answers_what_was_answered_meanwhile_is_told_and_stores_nothing(client, people):
    """Pat's page still says that it waits; Alex has said no. A yes to that page is no answer to Alex's no."""
    alex, bo = people["leader"], people["partner"]
    pk = asked_for(bo)
    client.force_login(get_user_model().objects.get(username="demo-improver"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/projects/1/partner/claims/{pk}/").content.decode()
    assert 'name="seen" value="claimed"' in page and "Waits for your answer." in page
    with acting_as(alex):
        actions.answer_claim(actor=alex, at=AT, pk=pk, to="declined", seen="claimed", reason="It was on another day")
    for typed in ({"to": "agreed", "seen": "claimed"}, {"to": "agreed"}, {"to": "declined", "reason": "Not ours", "seen": "claimed"}):
        answer = client.post(f"/projects/1/partner/claims/{pk}/", typed, follow=True)
        assert "This claim has moved on since you opened the page. Nothing was stored." in answer.content.decode()
        assert state_of(bo, pk) == ("declined", "It was on another day")
    client.post(f"/projects/1/partner/claims/{pk}/", {"to": "agreed", "seen": "declined"})  # knowing what it says now
    assert state_of(bo, pk) == ("agreed", "")


def test_of_two_who_answer_in_the_same_moment_the_second_is_told(people, monkeypatch):
    alex, bo = people["leader"], people["partner"]
    pk = asked_for(bo)
    with acting_as(alex):
        as_read = queries.claim(viewer=alex, pk=pk)
        actions.answer_claim(actor=alex, at=AT, pk=pk, to="declined", seen="claimed", reason="It was on another day")
        monkeypatch.setattr(claims, "read_claim", lambda **_: as_read)  # read a moment before the first answer was stored
        before = len(events())
        with pytest.raises(UnableTo, match="moved on"):
            actions.answer_claim(actor=alex, at=AT, pk=pk, to="agreed", seen="claimed")
    assert state_of(bo, pk) == ("declined", "It was on another day")
    assert len(events()) == before


def test_a_partner_takes_back_what_nobody_has_answered_and_asks_again(bo, people):
    alex, mine = people["leader"], people["partner"]
    pk = asked_for(mine)
    assert "Take back £3.20" in bo.get("/projects/partner/").content.decode()
    page = bo.post(f"/projects/partner/claims/{pk}/take/", {"seen": "claimed"}, follow=True).content.decode()
    assert "You have taken it back." in page and "Ask for £3.20 again" in page
    with acting_as(alex), pytest.raises(UnableTo, match="moved on"):
        actions.answer_claim(actor=alex, at=AT, pk=pk, to="agreed", seen="claimed")
    bo.post(f"/projects/partner/claims/{pk}/take/", {"seen": "withdrawn"})
    assert state_of(mine, pk)[0] == "claimed"
    with acting_as(alex):
        actions.answer_claim(actor=alex, at=AT, pk=pk, to="agreed", seen="claimed")
    assert bo.post(f"/projects/partner/claims/{pk}/take/", {"seen": "claimed"}).status_code in {400, 409}
    assert state_of(mine, pk)[0] == "agreed"


def test_nobody_takes_back_for_a_partner(people):
    pk = asked_for(people["partner"])
    for name in ("leader", "improver"):
        with acting_as(people[name]), pytest.raises(UnableTo):
            actions.answer_claim(actor=people[name], at=AT, pk=pk, to="withdrawn", seen="claimed")


def offered_to(alex, bo, pence=300_000):
    with acting_as(alex):
        facts = {"account_id": bo.account_id, "kind": "payment", "pence": pence, "on_day": date(2026, 1, 5), "words": "Two hours"}
        return actions.offer_money(actor=alex, at=AT, project=1, **facts)


@pytest.fixture
def alex_here(client_of):
    return client_of("leader")


@pytest.fixture
def client_of():
    def made(name):
        client = Client()
        client.force_login(get_user_model().objects.get(username=f"demo-{name}"), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return made


@pytest.mark.parametrize("page", ["/projects/1/partner/", "/projects/1/partner/claims/{}/"])
def test_an_offer_is_taken_back_while_nobody_has_taken_it(alex_here, bo, people, page):
    """£3,000 was meant to be £30. The partner reads that it was taken back, and has nothing to take."""
    mine = people["partner"]
    pk = offered_to(people["leader"], mine)
    shown = alex_here.get(page.format(pk)).content.decode()
    assert f'action="/projects/1/partner/claims/{pk}/back/"' in shown and "Take it back" in shown
    answer = alex_here.post(f"/projects/1/partner/claims/{pk}/back/", {"seen": "offered"}, follow=True).content.decode()
    assert "Taken back. Their page says so." in answer and "Taken back by the team" in answer
    assert f"claims/{pk}/back/" not in answer
    theirs = bo.get("/projects/partner/").content.decode()
    assert "Your team took it back" in theirs
    assert "Yes please, £3,000" not in theirs and "Ask for £3,000 again" not in theirs
    for seen in ("offered", "withdrawn"):
        assert bo.post(f"/projects/partner/claims/{pk}/take/", {"seen": seen}).status_code in {400, 409}
    assert state_of(mine, pk)[0] == "withdrawn"
    assert [one.verb for one in events() if one.object_kind == "claim" and one.object_id == str(pk)] == ["offered", "withdrawn"]


def test_an_offer_that_was_taken_is_not_taken_back(alex_here, people):
    bo = people["partner"]
    pk = offered_to(people["leader"], bo)
    with acting_as(bo):
        actions.answer_claim(actor=bo, at=AT, pk=pk, to="claimed", seen="offered")
    answer = alex_here.post(f"/projects/1/partner/claims/{pk}/back/", {"seen": "offered"}, follow=True).content.decode()
    assert "This claim has moved on since you opened the page. Nothing was stored." in answer
    alex_here.post(f"/projects/1/partner/claims/{pk}/back/", {"seen": "claimed"})
    assert state_of(bo, pk)[0] == "claimed"


def test_of_a_partner_who_takes_and_a_leader_who_takes_back_in_the_same_moment_the_second_is_told(people, monkeypatch):
    alex, bo = people["leader"], people["partner"]
    pk = offered_to(alex, bo)
    with acting_as(alex):
        as_read = queries.claim(viewer=alex, pk=pk)
    with acting_as(bo):
        actions.answer_claim(actor=bo, at=AT, pk=pk, to="claimed", seen="offered")
    monkeypatch.setattr(claims, "read_claim", lambda **_: as_read)  # read a moment before the partner took it
    with acting_as(alex), pytest.raises(UnableTo, match="moved on"):
        actions.answer_claim(actor=alex, at=AT, pk=pk, to="withdrawn", seen="offered")
    assert state_of(bo, pk)[0] == "claimed"


def test_who_neither_leads_nor_coaches_takes_no_offer_back(bo, client_of, people):
    pk = offered_to(people["leader"], people["partner"])
    for client in (bo, client_of("nurse")):
        assert client.post(f"/projects/1/partner/claims/{pk}/back/", {"seen": "offered"}).status_code == 403
    with acting_as(people["partner"]) as mine, pytest.raises(UnableTo):
        actions.answer_claim(actor=mine, at=AT, pk=pk, to="withdrawn", seen="offered")
    assert state_of(people["partner"], pk)[0] == "offered"
    client_of("improver").post(f"/projects/1/partner/claims/{pk}/back/", {"seen": "offered"})  # the coach may
    assert state_of(people["partner"], pk)[0] == "withdrawn"


def test_a_claim_with_nothing_to_answer_says_how_it_stands_and_asks_nothing(alex_here, people):
    """Paid, taken back by its partner, and taken back by the team; one that was refused can still be agreed to."""
    alex, bo = people["leader"], people["partner"]
    paid, theirs, ours, refused = asked_for(bo), asked_for(bo), offered_to(alex, bo), asked_for(bo)
    with acting_as(alex):
        actions.answer_claim(actor=alex, at=AT, pk=paid, to="agreed", seen="claimed")
        actions.answer_claim(actor=alex, at=AT, pk=paid, to="paid", seen="agreed", paid_on=date(2026, 1, 9))
        actions.answer_claim(actor=alex, at=AT, pk=ours, to="withdrawn", seen="offered")
        actions.answer_claim(actor=alex, at=AT, pk=refused, to="declined", seen="claimed", reason="It was another day")
    with acting_as(bo):
        actions.answer_claim(actor=bo, at=AT, pk=theirs, to="withdrawn", seen="claimed")
    for pk, says in ((paid, "Paid on 9 January 2026."), (theirs, "They took it back."), (ours, "Taken back by the team.")):
        page = alex_here.get(f"/projects/1/partner/claims/{pk}/").content.decode()
        assert says in page
        assert "What do you answer?" not in page and "Send the answer" not in page and "Take it back" not in page
        seen = state_of(bo, pk)[0]
        answer = alex_here.post(f"/projects/1/partner/claims/{pk}/", {"to": "agreed", "seen": seen})
        assert (answer.status_code, "There is nothing to answer here." in answer.content.decode()) == (422, True)
    assert "Agree: it will be paid" in alex_here.get(f"/projects/1/partner/claims/{refused}/").content.decode()


def on(name, year):
    return {f"{name}-day": "3", f"{name}-month": "12", f"{name}-year": year}


@pytest.mark.parametrize(
    ("year", "says"),
    [
        ("1900", "That day is too long ago. Choose 1 January 2000 or later."),
        ("1", "That day is too long ago. Choose 1 January 2000 or later."),
        ("2099", "That day is too far ahead. Choose a day within the next 2 years."),
    ],
)
def test_what_is_next_is_on_a_day_that_can_be_meant(alex_here, people, year, says):
    """The words stand beside the box, and nothing is stored."""
    bo = people["partner"]
    to = f"/projects/1/partner/{bo.account_id}/ask/"
    answer = alex_here.post(to, {"asked": "Read the leaflet", "seen": "1"} | on("next_on", year.zfill(4)))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page and 'href="#id_next_on-day"' in page
    with acting_as(bo):
        assert PartnerRole.objects.get(project_id=1).asked != "Read the leaflet"


@pytest.mark.parametrize(
    ("year", "says"),
    [("1900", "That day is too long ago."), ("2099", "That day is too far ahead. Choose a day within the next year.")],
)
def test_money_is_promised_for_a_day_that_can_be_meant(alex_here, people, year, says):
    bo = people["partner"]
    typed = {"pounds": "30", "words": "Two hours on a far day", "kind": "payment"}
    answer = alex_here.post(f"/projects/1/partner/{bo.account_id}/offer/", typed | on("on_day", year))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page and 'href="#id_on_day-day"' in page
    with acting_as(bo):
        assert stored("Two hours on a far day") == 0


@pytest.mark.parametrize(
    ("pounds", "says"),
    [
        ("1e3", "The amount must be a number, like 12.5"), ("1E3", "The amount must be a number, like 12.5"),
        ("12.345", "Write pounds and pence, like 12.50"),
    ],
)  # fmt: skip
def test_money_is_typed_in_digits_as_pounds_and_pence(bo, people, pounds, says):
    answer = bo.post("/projects/partner/1/claim/", {"pounds": pounds, "words": "A bus by numbers"})
    assert answer.status_code == 422
    assert says in answer.content.decode() and "decimal places" not in answer.content.decode()
    with acting_as(people["partner"]):
        assert stored("A bus by numbers") == 0


def test_a_claim_sent_twice_is_asked_for_once(bo, people):
    page = bo.get("/projects/partner/1/claim/").content.decode()
    typed = dict(re.findall(r'name="(form_number)" value="([0-9a-f]+)"', page)) | {"pounds": "4.50", "words": "The bus, twice"}
    assert [bo.post("/projects/partner/1/claim/", typed).status_code for _ in range(2)] == [302, 302]
    with acting_as(people["partner"]):
        assert stored("The bus, twice") == 1


def due_of(who, at):
    with acting_as(who):
        return sorted(
            one.what
            for one in queries.due(viewer=who, at=at)
            if one.what.startswith(("A partner asked", "You are offered", "A project asks"))
        )


def test_each_is_told_of_the_money_that_waits_for_them(people):
    alex, bo, pat, sam = (people[name] for name in ("leader", "partner", "improver", "nurse"))
    asked, offered = "A partner asked for money", "You are offered money for your part"
    waits = due_of(alex, AT).count(asked)
    with acting_as(alex):
        facts = {"account_id": bo.account_id, "kind": "payment", "pence": 2500, "on_day": date(2026, 1, 5), "words": "Two hours"}
        pk = actions.offer_money(actor=alex, at=AT, project=1, **facts)
    assert (due_of(bo, AT).count(offered), due_of(alex, AT).count(asked)) == (1, waits)
    with acting_as(bo):
        actions.answer_claim(actor=bo, at=AT, pk=pk, to="claimed", seen="offered")
    assert (due_of(bo, AT).count(offered), due_of(alex, AT).count(asked), due_of(pat, AT).count(asked)) == (0, waits + 1, waits + 1)
    assert due_of(sam, AT) == due_of(people["analyst"], AT) == []
    with acting_as(alex):
        actions.answer_claim(actor=alex, at=AT, pk=pk, to="agreed", seen="claimed")
    assert due_of(alex, AT).count(asked) == waits


@pytest.mark.parametrize(("days", "told"), [(-1, 0), (0, 1), (14, 1), (15, 0)])
def test_a_partner_is_told_for_two_weeks_what_comes_next(people, days, told):
    alex, bo = people["leader"], people["partner"]
    with acting_as(alex):
        asking = actions.Asking("Read the leaflet", next_what="Tea on the ward", next_on=timezone.localdate(AT) + timedelta(days=days))
        actions.ask_partner(actor=alex, at=AT, project=1, account_id=bo.account_id, seen=1, asking=asking)
    assert due_of(bo, AT).count("A project asks something of you") == told
    assert due_of(alex, AT).count("A project asks something of you") == 0


def test_money_leaves_no_trace_in_the_history_the_team_reads(people):
    bo = people["partner"]
    with acting_as(bo):
        before = Edit.objects.count()
        actions.claim_money(actor=bo, at=AT, project=1, kind="expenses", pence=320, on_day=date(2026, 1, 5), words="Bus")
        assert Edit.objects.count() == before


def test_who_is_no_partner_asks_for_nothing(people):
    sam = people["nurse"]
    with acting_as(sam), pytest.raises(NotFoundHere):
        actions.claim_money(actor=sam, at=AT, project=1, kind="expenses", pence=320, on_day=date(2026, 1, 5), words="Bus")
    with acting_as(sam), pytest.raises(PermissionDenied):
        actions.offer_money(actor=sam, at=AT, project=1, account_id=1, kind="expenses", pence=320, on_day=date(2026, 1, 5), words="Bus")


def test_who_stops_keeps_their_page_and_their_money(people):
    bo, alex = people["partner"], people["leader"]
    with acting_as(bo):
        actions.stop_partner(actor=bo, at=AT, project=1)
        mine = queries.my_parts(viewer=bo)
        assert [(one.has_stopped, len(one.claims), len(one.because)) for one in mine] == [(True, 2, 1)]
        assert not Member.objects.filter(account_id=bo.account_id, until=None).exists()
        actions.claim_money(actor=bo, at=AT, project=1, kind="expenses", pence=320, on_day=date(2026, 1, 5), words="The last bus")
        with pytest.raises(NotFoundHere):
            actions.stop_partner(actor=bo, at=AT, project=1)
    with acting_as(alex):
        assert [one.has_stopped for one in queries.partners_of(viewer=alex, project=queries.project(viewer=alex, pk=1))] == [True]


@pytest.mark.parametrize("role", ["partner", "member"])
@pytest.mark.parametrize("undone", [True, False])
def test_who_had_stopped_and_is_taken_in_keeps_their_page_and_their_money(bo, people, role, undone):
    mine, alex = people["partner"], people["leader"]
    pk = asked_for(mine)
    with acting_as(mine):
        actions.stop_partner(actor=mine, at=AT, project=1)
    with acting_as(alex):
        actions.add_member(actor=alex, at=AT + timedelta(minutes=1), project=1, account_id=mine.account_id, role=role)
        if undone:
            edit = last_change(viewer=alex, pk=1)
            actions.undo_in_project(actor=alex, at=AT + timedelta(minutes=2), project=1, edit=edit.pk)
    with acting_as(mine):
        assert [(one.project_id, one.has_stopped) for one in queries.my_parts(viewer=mine)] == [(1, undone or role == "member")]
        assert pk in [one.pk for one in queries.my_parts(viewer=mine)[0].claims]
        stopped = PartnerRole.objects.get(project_id=1).stopped_at
        assert (stopped is None) == (role == "partner")
    page = bo.get("/projects/partner/").content.decode()
    assert "Take back £3.20" in page
    assert ("You are no longer a partner here." in page) == (undone and role == "partner")
    bo.post(f"/projects/partner/claims/{pk}/take/", {"seen": "claimed"})
    assert state_of(mine, pk) == ("withdrawn", "")


def test_a_partner_who_is_taken_out_keeps_their_page_and_their_money_and_is_asked_nothing(bo, people):
    mine, alex = people["partner"], people["leader"]
    with acting_as(alex):
        PartnerRole.objects.filter(project_id=1).update(next_what="Read the poster", next_on=timezone.localdate(AT))
        actions.leave_project(actor=alex, at=AT, project=1, account_id=mine.account_id)
        (seen,) = queries.partners_of(viewer=alex, project=queries.project(viewer=alex, pk=1))
        assert seen.has_stopped
    with acting_as(mine):
        assert [(one.has_stopped, len(one.claims)) for one in queries.my_parts(viewer=mine)] == [(True, 2)]
    page = bo.get("/projects/partner/").content.decode()
    assert "You are no longer a partner here. Thank you for all you did." in page
    assert "Ask for money back" in page and "Stop taking part" not in page
    assert "A project asks something of you" not in bo.get("/").content.decode()


def test_a_reason_typed_while_the_claim_moved_on_is_not_lost(client, people):
    alex, mine = people["leader"], people["partner"]
    client.force_login(get_user_model().objects.get(username="demo-improver"), backend="django.contrib.auth.backends.ModelBackend")
    typed = {"to": "declined", "reason": "The ticket is for another month", "seen": "claimed"}
    pk = asked_for(mine)
    answer = client.post(f"/projects/1/partner/claims/{pk}/", typed | {"seen": "offered"})
    page = answer.content.decode()
    assert (answer.status_code, "moved on" in page, 'name="seen" value="claimed"' in page) == (409, True, True)
    assert re.search(r'name="reason"[^>]*value="The ticket is for another month"|>\s*The ticket is for another month', page)
    for step in ("agreed", "paid"):
        with acting_as(alex):
            actions.answer_claim(actor=alex, at=AT, pk=pk, to=step, seen={"agreed": "claimed", "paid": "agreed"}[step])
        answer = client.post(f"/projects/1/partner/claims/{pk}/", typed)
        page = answer.content.decode()
        assert (answer.status_code, "You wrote: The ticket is for another month" in page) == (409, True)
        assert ("Send the answer" in page) == (step == "agreed")
    assert state_of(mine, pk) == ("paid", "")


def test_a_plain_member_sees_no_pay_and_the_partner_and_who_leads_do(client, people):
    with acting_as(people["leader"]):
        PartnerRole.objects.filter(project_id=1).update(payment="£12.50 an hour", expenses="Bus and taxi fares")
    for name, seen in (("nurse", False), ("leader", True), ("improver", True)):
        client.force_login(get_user_model().objects.get(username=f"demo-{name}"), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/projects/1/partner/").content.decode()
        assert ("£12.50" in page, "taxi" in page) == (seen, seen), name
    with acting_as(people["partner"]) as bo:
        (mine,) = queries.partners_of(viewer=bo, project=queries.project(viewer=bo, pk=1))
        assert mine.role.payment


def test_a_project_one_has_stopped_in_is_told_by_its_day_and_what_one_was_asked(bo, people):
    with acting_as(people["partner"]) as mine:
        actions.stop_partner(actor=mine, at=datetime(2030, 3, 4, 12, tzinfo=UTC), project=1)
        asked = PartnerRole.objects.get(project_id=1).asked
    with acting_as(people["leader"]):
        Project.objects.filter(pk=1).update(open_to="team")
    page = bo.get("/projects/partner/").content.decode()
    assert "A project you helped until 4 March 2030" in page
    assert " for a project you helped until 4 March 2030</span>" in page
    assert asked in page
    assert "Fewer falls" not in page


def test_two_who_say_what_is_asked_do_not_write_over_each_other(people):
    alex, bo = people["leader"], people["partner"]
    facts = {"actor": alex, "project": 1, "account_id": bo.account_id, "seen": 1}
    with acting_as(alex):
        actions.ask_partner(at=AT, asking=actions.Asking("Read the leaflet"), **facts)
        with pytest.raises(UnableTo, match="Somebody else"):
            actions.ask_partner(at=AT + timedelta(minutes=1), asking=actions.Asking("Read the poster"), **facts)
        assert PartnerRole.objects.get().asked == "Read the leaflet"


def test_every_state_has_words_and_a_way():
    assert {state for pair in STEPS for state in pair} == STATES.keys()
    assert set(KINDS) == {"expenses", "payment"}
    assert [pounds(amount) for amount in (1, 99, 100, 101, 1_000_000)] == ["£0.01", "£0.99", "£1", "£1.01", "£10,000"]


# ---- Through the pages ---------------------------------------------------------------------------------------------


@pytest.fixture
def bo(client):
    client.force_login(get_user_model().objects.get(username="demo-partner"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def stored(words):
    return Claim.objects.filter(words__contains=words).count()


def test_a_patients_number_is_stopped_and_stored_only_when_confirmed(bo, people):
    typed = {"pounds": "4.50", "words": f"Taxi for {NUMBER}"}
    answer = bo.post("/projects/partner/1/claim/", typed)
    assert answer.status_code == 422
    assert 'name="not_a_person"' in answer.content.decode()
    with acting_as(people["partner"]):
        assert stored(NUMBER) == 0
    answer = bo.post("/projects/partner/1/claim/", typed | {"not_a_person": "nhs-number"})
    assert answer.status_code == 302
    with acting_as(people["partner"]):
        assert stored(NUMBER) == 1


ASKED = {"asked": "Read our aim", "ring_name": "Alex Morgan, ward 7", "ring_phone": "01632 960 177"}


@pytest.fixture
def asking(client, people):
    client.force_login(get_user_model().objects.get(username="demo-leader"), backend="django.contrib.auth.backends.ModelBackend")
    return client, f"/projects/1/partner/{people['partner'].account_id}/ask/"


def rings(who):
    with acting_as(who):
        return str(list(PartnerRole.objects.values()))


def test_whom_to_ring_may_be_a_colleague_with_a_telephone(asking, people):
    client, path = asking
    assert client.post(path, ASKED).status_code == 302
    assert "01632 960 177" in rings(people["leader"])


@pytest.mark.parametrize(
    ("box", "typed", "kind"),
    [
        ("ring_phone", "943–476–5919", "nhs-number"),
        ("ring_name", NUMBER, "nhs-number"),
        ("ring_name", "mrs okafor in bed 4", "name-beside-bed"),
    ],
)
def test_whom_to_ring_is_no_patient_until_somebody_says_so(asking, people, box, typed, kind):
    client, path = asking
    answer = client.post(path, ASKED | {box: typed})
    assert answer.status_code == 422
    assert answer.content.decode().count('name="not_a_person"') == 1
    assert typed not in rings(people["leader"])
    assert client.post(path, ASKED | {box: typed, "not_a_person": kind}).status_code == 302
    assert typed in rings(people["leader"])


def test_a_confirmation_is_in_the_log_and_the_words_are_not(bo, people):
    bo.post("/projects/partner/1/claim/", {"pounds": "4.50", "words": f"Taxi {NUMBER}", "not_a_person": "nhs-number"})
    said = [event for event in events() if event.object_kind == "words"]
    assert [(event.verb, event.detail) for event in said] == [("confirm", {"not_a_person": ["nhs-number"]})]
    assert all(NUMBER not in str(event.detail) + event.object_id for event in events())


def test_words_are_checked_and_nothing_of_them_is_kept(bo, client):
    before = len(events())
    answer = bo.post("/projects/check-words/", {"words": f"{NUMBER} in bed 4"})
    assert answer.json()["kinds"] == ["nhs-number"]
    assert "an NHS number" in answer.json()["says"]
    assert bo.post("/projects/check-words/", {"words": "Fewer falls"}).json() == {"kinds": [], "says": ""}
    assert len(events()) == before


def test_a_partner_is_told_that_staffs_notes_on_charts_are_not_theirs_to_see(client):
    """Rows hide notes and baselines from whoever is not of the organisation (ADR 16); the page says so beside the charts."""
    for name, told in (("partner", True), ("nurse", False), ("leader", False), ("analyst", False)):
        client.force_login(get_user_model().objects.get(username=f"demo-{name}"), backend="django.contrib.auth.backends.ModelBackend")
        for page in ("/projects/1/", "/projects/1/measures/"):
            assert (AS_EVERYBODY in client.get(page).content.decode()) is told, (name, page)
    client.logout()
    assert AS_EVERYBODY not in client.get("/projects/1/").content.decode()


def test_bad_input_is_no_crash(bo):
    for typed in (
        {"pounds": ""},
        {"pounds": "-1", "words": "x"},
        {"pounds": "99999999", "words": "x"},
        {"pounds": "1e9", "words": "x" * 999},
    ):
        assert bo.post("/projects/partner/1/claim/", typed).status_code == 422
    assert bo.post("/projects/partner/1/measure/", {"says": "maybe"}).status_code == 422
    assert bo.post("/projects/partner/claims/2/take/").status_code in {400, 409}
