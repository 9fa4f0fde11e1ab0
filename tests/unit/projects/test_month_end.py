"""A team's month through the actions: nothing is lost, nothing half stored, and whoever waits for it is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.models import Coach, CoachNote, Counted, Remark, Submission
from espalier.projects.presenters import programmes as presenter
from espalier.projects.queries.overview import last_change

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
BEFORE, MONTH = AT - timedelta(days=60), date(2026, 2, 1)
WORDS = actions.MonthWords("A lamp in each bay.", "They slept.", "A second lamp.", 1.5)


def person(name):
    return viewer_of(get_user_model().objects.get(username=f"demo-{name}"))


@pytest.fixture
def team():
    """A project of Alex's, open to its team only, in a programme that Pat leads; Sam is in it, Pat is not."""
    pat, alex = person("improver"), person("leader")
    with acting_as(pat):
        unit = organisations.unit(viewer=pat, code="DEMO-TRUST")
        programme = actions.begin_programme(actor=pat, at=BEFORE, unit=unit, title="Calm nights", aim=actions.Aim(), starts_on=MONTH)
        actions.add_programme_measure(actor=pat, at=BEFORE, programme=programme, measure="team-falls", kind="outcome")
    with acting_as(alex):
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        project = actions.begin_project(actor=alex, at=BEFORE, unit=ward, title="Lamps", aim=actions.Aim())
        actions.add_member(actor=alex, at=BEFORE, project=project, account_id=person("nurse").account_id, role="member")
        actions.join_programme(actor=alex, at=BEFORE, project=project, programme=programme)
    return project, programme


def save(who, project, *, words=WORDS, figures=None, seen=0, send=False, at=AT):
    with acting_as(who):
        return actions.save_month(actor=who, at=at, project=project, month=MONTH, words=words, figures=figures or {}, seen=seen, send=send)


def page_of(who, project, month=None):
    with acting_as(who):
        return queries.month_end(viewer=who, pk=project, month=month, at=AT)


def due(who):
    with acting_as(who):
        return [(one.what, one.do) for one in queries.due(viewer=who, at=AT) if one.place == "Lamps"]


def falls(top, below=720.0, seen=None):
    return {"team-falls": actions.Typed(top, below, seen or (None, None, None))}


def test_joining_has_the_team_keep_the_measures_and_lets_who_leads_read(team):
    project, _ = team
    pat, kim = person("improver"), person("analyst")
    with acting_as(pat):
        assert queries.project(viewer=pat, pk=project).title == "Lamps"
        (kept,) = Counted.objects.filter(project_id=project)
        assert (kept.measure_code, kept.keeper_id) == ("team-falls", person("leader").account_id)
    with acting_as(kim), pytest.raises(NotFoundHere):
        queries.project(viewer=kim, pk=project)


def test_figures_of_whoever_was_slower_are_not_lost_unsaid(team):
    project, _ = team
    save(person("leader"), project)
    with pytest.raises(actions.MonthChanged):  # the words are the same, but a figure came with them
        save(person("nurse"), project, figures=falls(4.0))
    save(person("nurse"), project, figures=falls(4.0), seen=1)
    assert save(person("nurse"), project, figures=falls(4.0), seen=1).version == 2  # sent twice: stored once


def test_joining_and_leaving_a_programme_is_not_taken_back_elsewhere(team):
    project, programme = team
    alex = person("leader")
    with acting_as(alex):
        for hours, step in ((1, actions.leave_programme), (2, partial(actions.join_programme, programme=programme))):
            step(actor=alex, at=AT + timedelta(hours=hours), project=project)
            assert last_change(viewer=alex, pk=project) is None
            assert queries.overview(viewer=alex, project=queries.project(viewer=alex, pk=project), at=AT).undo is None


def test_leaving_takes_the_view_away_again(team):
    project, _ = team
    alex, pat = person("leader"), person("improver")
    with acting_as(alex):
        actions.leave_programme(actor=alex, at=AT, project=project)
    with acting_as(pat), pytest.raises(NotFoundHere):
        queries.project(viewer=pat, pk=project)


def test_it_lands_on_the_oldest_month_and_a_draft_stays_with_the_team(team):
    project, programme = team
    alex, sam, pat = person("leader"), person("nurse"), person("improver")
    assert page_of(alex, project).month == MONTH
    assert due(alex) == due(sam) == [("February 2026: send your month", "Begin")]
    save(sam, project, figures=falls(4.0))
    page = page_of(alex, project)
    assert (page.sent.tried, page.sent.version, page.sent.state) == (WORDS.tried, 1, "draft")
    assert page.boxes[0].standing.value == pytest.approx(1000 * 4 / 720)
    with acting_as(pat):
        assert not Submission.objects.filter(project_id=project).exists()
    save(alex, project, seen=1, send=True)
    with acting_as(pat):
        found = queries.programme_month(viewer=pat, pk=programme, month=MONTH, today=AT.date())
        assert [(one.title, one.state, one.learned) for one in found.teams] == [("Lamps", "submitted", "They slept.")]
        assert found.late == ()
    assert due(alex) == []


def test_two_who_type_at_once_lose_nothing(team):
    project, _ = team
    alex, sam = person("leader"), person("nurse")
    save(sam, project)
    with pytest.raises(actions.MonthChanged) as refused:
        save(alex, project, words=replace(WORDS, tried="Something else"))
    assert refused.value.now.tried == WORDS.tried
    assert page_of(alex, project).sent.tried == WORDS.tried
    assert save(sam, project).version == 1  # the same form sent twice is stored once


def test_a_wrong_figure_stores_nothing_of_the_month(team):
    project, _ = team
    alex = person("leader")
    with pytest.raises(actions.FigureRefused) as refused:
        save(alex, project, figures=falls(4.0, 0.0))
    assert refused.value.mark == "team-falls"
    assert page_of(alex, project).sent.version == 0


def test_a_figure_that_somebody_else_stored_is_not_written_over(team):
    project, _ = team
    alex = person("leader")
    save(alex, project, figures=falls(4.0))
    with pytest.raises(actions.FigureRefused):
        save(alex, project, seen=1, figures=falls(5.0))
    assert page_of(alex, project).boxes[0].standing.numerator == 4


def test_undo_brings_back_words_and_figures(team):
    project, _ = team
    alex = person("leader")
    save(alex, project, figures=falls(4.0))
    standing = page_of(alex, project).boxes[0].standing
    done = save(
        alex, project, seen=1, send=True, words=replace(WORDS, tried="Worse words"), at=AT + timedelta(minutes=1),
        figures=falls(9.0, seen=(standing.numerator, standing.denominator, standing.value)),
    )  # fmt: skip
    with acting_as(alex):
        actions.undo_month(actor=alex, at=AT + timedelta(minutes=2), project=project, month=MONTH, version=done.version)
    page = page_of(alex, project)
    assert (page.sent.state, page.sent.tried, page.boxes[0].standing.numerator) == ("draft", WORDS.tried, 4)
    with acting_as(alex), pytest.raises(actions.UnableToUndo):
        actions.undo_month(actor=alex, at=AT, project=project, month=MONTH, version=done.version)


def test_half_a_fall_is_refused_at_month_end(team):
    project, _ = team
    with pytest.raises(actions.FigureRefused, match="is not a whole number"):
        save(person("leader"), project, figures=falls(4.5))
    assert not Submission.objects.filter(project_id=project).exists()


def test_an_empty_month_is_a_draft_and_is_not_sent(team, client):
    project, _ = team
    alex, empty = person("leader"), actions.MonthWords("", " ", "", None)
    with pytest.raises(actions.MonthEmpty, match="nothing in this month"):
        save(alex, project, words=empty, send=True)
    assert not Submission.objects.filter(project_id=project).exists()
    assert save(alex, project, words=empty).state == "draft"
    assert save(alex, project, words=empty, figures=falls(0.0), seen=1, send=True).state != "draft"  # no falls is something


def test_an_empty_month_sent_from_the_page_is_refused_beside_the_form(team, client):
    project, _ = team
    client.force_login(get_user_model().objects.get(username="demo-leader"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/projects/{project}/month/?month=2026-02", {"do": "send"})
    assert answer.status_code == 422
    assert "There is nothing in this month yet. Type one figure or one line, then send it." in answer.content.decode()


def test_the_coach_is_told_of_a_month_of_pulling_it_back_and_answers(team):
    project, _ = team
    alex, pat = person("leader"), person("improver")
    with acting_as(alex):
        actions.add_member(actor=alex, at=AT, project=project, account_id=pat.account_id, role="coach")
    save(alex, project, send=True)
    assert due(pat) == [("February 2026: a team sent its month", "Answer")]
    with acting_as(alex):
        actions.pull_back(actor=alex, at=AT, project=project, month=MONTH)
    assert due(pat) == [("February 2026: a team took its month back to change it", "Look")]
    save(alex, project, seen=2, send=True)
    with acting_as(pat):
        actions.answer_month(actor=pat, at=AT, project=project, month=MONTH, reply="How do you know?", complete=False)
    assert due(alex) == [("February 2026: your coach answered", "Read")]
    with acting_as(pat):
        actions.answer_month(actor=pat, at=AT, project=project, month=MONTH, reply="", complete=True)
    assert page_of(alex, project, MONTH).sent.state == "completed"
    with acting_as(alex), pytest.raises(UnableTo):
        actions.pull_back(actor=alex, at=AT, project=project, month=MONTH)


def test_who_leads_answers_without_being_in_the_team_and_others_do_not(team):
    project, _ = team
    alex, pat, sam = person("leader"), person("improver"), person("nurse")
    save(alex, project, send=True)
    with acting_as(sam), pytest.raises(PermissionDenied):
        actions.answer_month(actor=sam, at=AT, project=project, month=MONTH, reply="Fine", complete=True)
    with acting_as(pat):
        assert actions.answer_month(actor=pat, at=AT, project=project, month=MONTH, reply="Fine", complete=True).state == "completed"
        with pytest.raises(PermissionDenied):
            actions.save_month(actor=pat, at=AT, project=project, month=MONTH, words=WORDS, figures={}, seen=2, send=False)


def test_the_late_list_names_keeper_second_and_leader(team):
    project, programme = team
    alex, pat, sam, kim = (person(name) for name in ("leader", "improver", "nurse", "analyst"))
    with acting_as(alex):
        Counted.objects.filter(project_id=project).update(keeper_id=sam.account_id, second_id=kim.account_id)
    with acting_as(pat):
        (late,) = queries.programme_month(viewer=pat, pk=programme, month=MONTH, today=AT.date()).late
    assert [(one.name.split(",")[0], one.role) for one in late.ask] == [("Sam", "keeper"), ("Kim", "second"), ("Alex", "leader")]


def at_work(who):
    """The line of the list that is their own."""
    return next(one for one in queries.coaches_page(viewer=who).coaches if one.account_id == who.account_id)


def test_a_coach_is_asked_for_proposed_and_taken_in_but_never_beyond_their_time(team):
    project, _ = team
    alex, pat = person("leader"), person("improver")
    with acting_as(alex):
        request = actions.ask_for_coach(actor=alex, at=AT, project=project, words="Measuring falls")
        assert actions.ask_for_coach(actor=alex, at=AT, project=project) == request
    with acting_as(pat):
        (asked,) = [one for one in queries.coaches_page(viewer=pat).requests if one.project_id == project]
        assert (asked.title, asked.coach_account_id) == ("Lamps", pat.account_id)
        load = at_work(pat).load
        Coach.objects.filter(account_id=pat.account_id).update(capacity=load)
        with pytest.raises(UnableTo, match="no time"):
            actions.propose_coach(actor=pat, at=AT, request=request, account_id=pat.account_id)
        Coach.objects.filter(account_id=pat.account_id).update(capacity=load + 1)
        actions.propose_coach(actor=pat, at=AT, request=request, account_id=pat.account_id, why=asked.why)
    assert ("A coach is proposed to your team", "Answer") in due(alex)
    with acting_as(alex):
        actions.answer_proposal(actor=alex, at=AT, project=project, agreed=True)
        assert queries.project(viewer=alex, pk=project).members[-1].role == "coach"
    with acting_as(pat):
        assert at_work(pat).room == 0


def test_who_has_a_coach_does_not_ask_for_another(team, client):
    client.force_login(get_user_model().objects.get(username="demo-leader"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/projects/1/coach/ask/", {"do": "ask", "words": "Measuring"})
    assert 400 <= answer.status_code < 500
    assert "This project has a coach." in answer.content.decode()
    project, _ = team
    alex = person("leader")
    with acting_as(alex):
        actions.add_member(actor=alex, at=AT, project=project, account_id=person("improver").account_id, role="coach")
        with pytest.raises(UnableTo, match="has a coach"):
            actions.ask_for_coach(actor=alex, at=AT, project=project)


def test_notes_and_remarks_are_the_teams_even_when_everybody_reads_the_project(team):
    project, _ = team
    alex, pat, sam, kim = (person(name) for name in ("leader", "improver", "nurse", "analyst"))
    with acting_as(alex):
        actions.add_note(actor=alex, at=AT, project=project, words="Between us")
        said = actions.say(
            actor=alex, at=AT, project=project, words="Look here", about="point:2026-02", to=[sam.account_id, kim.account_id]
        )
        actions.open_to(actor=alex, at=AT, project=project, whom="everybody")
    for outside in (pat, kim):  # Pat leads the programme and is not in the team
        with acting_as(outside):
            assert not CoachNote.objects.filter(project_id=project).exists()
            assert not Remark.objects.filter(project_id=project).exists()
            with pytest.raises(PermissionDenied):
                queries.talk(viewer=outside, pk=project, about="")
    assert due(sam)[-1] == ("1 remark meant for you", "Read")
    with acting_as(sam):
        with pytest.raises(PermissionDenied):
            actions.change_remark(actor=sam, at=AT, project=project, remark=said, words="Other words")
        actions.say(actor=sam, at=AT, project=project, words="Seen", about="point:2026-02")
    assert ("1 remark meant for you", "Read") not in due(sam)


def test_what_one_said_is_changed_taken_away_and_brought_back(team):
    project, _ = team
    alex = person("leader")
    with acting_as(alex):
        said = actions.say(actor=alex, at=AT, project=project, words="Furst")
        actions.change_remark(actor=alex, at=AT, project=project, remark=said, words="First")
        assert [one.words for one in queries.talk(viewer=alex, pk=project, about="").said] == ["First"]
        actions.remove_remark(actor=alex, at=AT, project=project, remark=said)
        assert queries.talk(viewer=alex, pk=project, about="").said == ()
        assert queries.talk(viewer=alex, pk=project, about="", undo=said).said[0].removed
        actions.remove_remark(actor=alex, at=AT, project=project, remark=said, removed=False)
        assert len(queries.talk(viewer=alex, pk=project, about="").said) == 1


@pytest.mark.parametrize("said", [0.7, 0.0, 5.5, 3.25])
def test_the_teams_own_score_goes_by_halves(team, client, said):
    project, _ = team
    with pytest.raises(UnableTo, match="steps of a half"):
        save(person("leader"), project, words=replace(WORDS, said=said))
    client.force_login(get_user_model().objects.get(username="demo-leader"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/projects/{project}/month/?month=2026-02", {"do": "send", "tried": "A lamp", "said": str(said)})
    assert answer.status_code == 422
    assert not Submission.objects.filter(project_id=project).exists()


def test_a_measure_that_was_taken_out_comes_back_with_the_programme(team):
    project, programme = team
    alex, sam = person("leader"), person("nurse")
    with acting_as(alex):
        actions.leave_programme(actor=alex, at=AT, project=project)
        kept = Counted.objects.get(project_id=project)
        actions.change_measure(
            actor=alex, at=AT, project=project, counted=kept.pk, kind="process", keeper_id=sam.account_id, second_id=alex.account_id
        )
        actions.remove_measure(actor=alex, at=AT, project=project, counted=kept.pk)
        actions.join_programme(actor=alex, at=AT, project=project, programme=programme)
        again = Counted.objects.get(project_id=project)
    assert (again.pk, again.removed_at, again.keeper_id) == (kept.pk, None, sam.account_id)


def begin(starts_on, at=AT):
    pat = person("improver")
    with acting_as(pat):
        unit = organisations.unit(viewer=pat, code="DEMO-TRUST")
        return actions.begin_programme(actor=pat, at=at, unit=unit, title="Calm days", aim=actions.Aim(), starts_on=starts_on)


@pytest.mark.parametrize(("day", "says"), [(date(1990, 1, 1), "too long ago"), (date(2028, 4, 1), "too far ahead"), (date(2099, 1, 1), "too far")])
def test_a_programme_starts_in_a_month_that_makes_sense(day, says, client):
    with pytest.raises(UnableTo, match=says):
        begin(day)
    assert begin(date(2000, 1, 1)) != begin(date(2028, 3, 1))
    client.force_login(get_user_model().objects.get(username="demo-improver"), backend="django.contrib.auth.backends.ModelBackend")
    told = {"title": "Calm", "place": "DEMO-TRUST", "what": "Falls", "open_to": "organisation", "starts-day": "1", "starts-month": "1", "starts-year": "2099"}
    answer = client.post("/projects/programmes/new/", told)
    assert (answer.status_code, "That month is too far ahead." in answer.content.decode()) == (422, True)


def test_nobody_is_late_before_a_month_is_over_or_outside_the_programme(team):
    _, programme = team
    pat = person("improver")
    with acting_as(pat):
        for today, late in ((date(2026, 2, 28), 0), (date(2026, 3, 1), 1)):
            page = queries.programme_month(viewer=pat, pk=programme, month=MONTH, today=today)
            assert (len(page.teams), len(page.late)) == (1, late)
        for month, says in (
            (date(2026, 1, 1), "The programme begins in February 2026"), (date(2026, 3, 1), "This month is not over yet"),
            (date(2099, 1, 1), "This month is not over yet"),
        ):  # fmt: skip
            page = queries.programme_month(viewer=pat, pk=programme, month=month, today=AT.date())
            assert page.late == ()
            assert says in presenter.state_counts(page)


def test_the_links_to_earlier_months_end_at_the_first(client):
    client.force_login(get_user_model().objects.get(username="demo-improver"), backend="django.contrib.auth.backends.ModelBackend")
    page = "/projects/programmes/1/"
    with acting_as(person("improver")):
        first = f"{queries.programme(viewer=person('improver'), pk=1).starts_on:%Y-%m}"
    for month in ("1999-12", first, "2026-10", "2099-01"):
        answer = client.get(f"{page}month/{month}/").content.decode()
        near = {one.split("/")[0] for one in answer.split(f'href="{page}month/')[1:] if one.split('"')[0].endswith("/")}
        assert near, "the way on, or back"
        assert first <= min(near)
        assert max(near) < "2090"


def test_a_programme_that_has_not_begun_says_when(client):
    from django.utils import timezone

    from espalier.common.periods import add_months, month_start

    ahead = add_months(month_start(timezone.localdate()), 3)
    pk = begin(ahead, at=timezone.now())
    client.force_login(get_user_model().objects.get(username="demo-improver"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/projects/programmes/{pk}/").content.decode()
    assert f"Its first month is {ahead:%B %Y}." in answer
    assert "/month/" not in answer


@pytest.mark.parametrize(("do", "reply", "said"), [
    ("reply", "", "An answer needs words. Write a line to the team."),
    ("reply", " ", "An answer needs words. Write a line to the team."),
    ("bogus", "Well done", "Nothing is stored."),
])  # fmt: skip
def test_an_answer_that_cannot_be_taken_is_said_beside_the_box(team, client, do, reply, said):
    project, _ = team
    save(person("leader"), project, send=True)
    client.force_login(get_user_model().objects.get(username="demo-improver"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/projects/{project}/month/answer/", {"month": "2026-02", "do": do, "reply": reply})
    assert (answer.status_code, said in answer.content.decode(), "#id_reply" in answer.content.decode()) == (422, True, True)
    sent = page_of(person("leader"), project).sent
    assert (sent.state, sent.reply) == ("submitted", "")


def test_a_month_sent_by_no_button_of_the_page_is_a_draft(team, client):
    project, _ = team
    client.force_login(get_user_model().objects.get(username="demo-leader"), backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/projects/{project}/month/?month=2026-02", {"do": "bogus", "tried": "A lamp", "version": "0"})
    assert page_of(person("leader"), project).sent.state == "draft"


@pytest.mark.parametrize(("times", "said"), [
    ({"ends": "11:00"}, "When does it start?"), ({"starts": "12:00", "ends": "11:00"}, "A session cannot end before it starts."),
])  # fmt: skip
def test_a_learning_session_that_ends_also_starts(team, client, times, said):
    from espalier.projects.models import Session

    _, programme = team
    client.force_login(get_user_model().objects.get(username="demo-improver"), backend="django.contrib.auth.backends.ModelBackend")
    told = {"title": "Measuring", "on-day": "1", "on-month": "12", "on-year": "2026"} | times
    answer = client.post(f"/projects/programmes/{programme}/sessions/", told)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Session.objects.filter(programme_id=programme).exists()
