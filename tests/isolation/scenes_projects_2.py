"""Tries in projects, learning reviews, stories, talk and team pages that need more than an address or an action's scene.

Most are of somebody whom the rows themselves let write: they take part, as a sponsor or without leading, and only the refusal
stands in their way. Where the rows refuse too, the try is whether somebody gets an error instead of being told why.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import DatabaseError
from django.utils import timezone
from tests.contracts.test_actions import AT, account, asked_to_publish, place, ward_7_project
from tests.isolation.scenes import browser, person, through

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.organisations.models import Grant, Person
from espalier.projects import actions as projects
from espalier.projects.models import EditionAnswer, Hindrance, Member, Remark, Thanks
from espalier.projects.queries.overview import last_change

LATER = AT + timedelta(days=9000)  # after everything that the demonstration says


def through_or_broken(action, actor, **facts):
    """Whether somebody gets anything but a refusal: what they wanted, or a page that says that something broke."""
    try:
        return through(action, actor, **facts)
    except (DatabaseError, AttributeError):
        return True


def now_a(role, name):
    """Somebody of the demonstration's project, whose part in it is another now."""
    with acting_as(system_viewer()):
        if not Member.objects.filter(project_id=1, account_id=account(name), until=None).update(role=role):
            raise LookupError(name)
    return person(name)


# ---- Learning reviews ------------------------------------------------------------------------------


def closed_by_alex():
    with acting_as(person("demo-leader")) as alex:
        projects.close_review(actor=alex, at=AT, pk=1)


def somebody_writes_in_a_closed_review():
    closed_by_alex()
    return through(projects.write_section, person("demo-nurse"), at=AT, pk=1, key="what-we-learn", words="One more thing.", seen=1)


def somebody_closes_a_closed_review():
    closed_by_alex()
    return through(projects.close_review, person("demo-nurse"), at=AT, pk=1)


def somebody_opens_an_open_review_again():
    return through(projects.close_review, person("demo-nurse"), at=AT, pk=1, back=True)


def a_sponsor_makes_an_idea_of_a_review():
    return through(projects.make_idea, now_a("sponsor", "demo-nurse"), at=AT, pk=1, project=1, words="One chart at a time")


# ---- A project -------------------------------------------------------------------------------------


def a_sponsor_says_how_far_a_project_is():
    return through(projects.say_progress, now_a("sponsor", "demo-nurse"), at=AT, project=1, said=4.5)


def a_member_takes_back_what_the_leader_decided():
    with acting_as(person("demo-leader")) as alex:
        projects.move_project(actor=alex, at=LATER, project=1, to="sustaining")
        newest = last_change(viewer=alex, pk=1)
    return through(projects.undo_in_project, person("demo-nurse"), at=LATER, project=1, edit=newest.pk)


def a_member_puts_right_what_another_said():
    with acting_as(system_viewer()):
        said = Remark.objects.filter(project_id=1, removed_at=None).exclude(account_id=account("demo-nurse")).first()
    return through_or_broken(projects.change_remark, person("demo-nurse"), at=AT, project=1, remark=said.pk, words="I never said that.")


def a_team_sends_a_month_before_any_is_over():
    now = timezone.now()
    with acting_as(system_viewer()):
        project, pat, alex = ward_7_project(), person("demo-improver"), person("demo-leader")
    with acting_as(pat):
        of = {"unit": place("DEMO-TRUST"), "starts_on": timezone.localdate(now).replace(day=1)}
        programme = projects.begin_programme(actor=pat, at=now, title="Calm", aim=projects.Aim(), **of)
    with acting_as(alex):
        projects.join_programme(actor=alex, at=now, project=project, programme=programme)
    return browser("demo-leader").post(f"/projects/{project}/month/", {"tried": "We began.", "version": "0"}).status_code != 403


def somebody_without_a_portfolio_asks_for_theirs():
    return browser("demo-nurse").get("/projects/portfolio/").status_code != 403


# ---- Stories ---------------------------------------------------------------------------------------


def a_member_asks_to_make_the_story_public():
    return through_or_broken(projects.ask_to_publish, person("demo-nurse"), at=LATER, project=1)


def a_member_takes_the_public_story_back():
    return browser("demo-nurse").post("/projects/stories/1/withdraw/").status_code != 403


def a_member_who_was_the_partner_answers_for_partners():
    with acting_as(system_viewer()):
        asked = asked_to_publish()["edition"]
        facts = {"edition_id": asked, "project_id": 1, "account_id": account("demo-partner")}
        EditionAnswer.objects.create(**facts, says="yes", at=LATER)
    return through(projects.answer_story, now_a("member", "demo-partner"), at=LATER, project=1, edition=asked, says="no")


# ---- A team's page ---------------------------------------------------------------------------------


def an_auditor_from_elsewhere():
    """Somebody who reads the log of a hospital without a post there: the rows take them for its people, its team does not."""
    with acting_as(system_viewer()):
        unit, drew = place("DEMO-TRUST"), Person.objects.get(account__username="demo-care")
        Grant.objects.create(person=drew, role="auditor", unit_id=unit.pk, since=date(2020, 1, 1))
    return person("demo-care"), unit


def an_auditor_names_what_gets_in_the_way():
    drew, unit = an_auditor_from_elsewhere()
    return through(projects.name_hindrance, drew, at=AT, unit=unit, words="Too many audits")


def an_auditor_puts_away_what_a_team_said():
    drew, unit = an_auditor_from_elsewhere()
    with acting_as(system_viewer()):
        said = Hindrance.objects.create(unit_id=unit.pk, words="Too many audits", said_at=AT, changed_at=AT)
    return through(projects.put_away, drew, at=AT, unit=unit, thing="hindrance", pk=said.pk, seen=1)


def a_colleague_puts_away_a_note_of_thanks():
    with acting_as(system_viewer()):
        unit = place("DEMO-WARD-7")
        note = Thanks.objects.get(unit_id=unit.pk, said_by_id=account("demo-leader"), for_id=None)
    return through(projects.put_away, person("demo-nurse"), at=AT, unit=unit, thing="thanks", pk=note.pk, seen=note.edition)


SCENES_2 = {
    scene.__name__: scene for scene in (
        somebody_writes_in_a_closed_review, somebody_closes_a_closed_review, somebody_opens_an_open_review_again,
        a_sponsor_makes_an_idea_of_a_review, a_sponsor_says_how_far_a_project_is, a_member_takes_back_what_the_leader_decided,
        a_member_puts_right_what_another_said, a_team_sends_a_month_before_any_is_over, somebody_without_a_portfolio_asks_for_theirs,
        a_member_asks_to_make_the_story_public, a_member_takes_the_public_story_back, a_member_who_was_the_partner_answers_for_partners,
        an_auditor_names_what_gets_in_the_way, an_auditor_puts_away_what_a_team_said, a_colleague_puts_away_a_note_of_thanks,
    )
}  # fmt: skip
