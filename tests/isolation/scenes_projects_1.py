"""Tries inside projects that the database would let through, so that a sentence of the product is all that stops them.

Whoever takes part in a project may write its rows, as far as the database knows. A sponsor, who only reads along, takes part
too, and so does a member where the leader decides: what keeps these out is the refusal in the action, and nothing behind it.
"""

from __future__ import annotations

from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone
from tests.contracts.test_actions import (
    a_month,
    account,
    adopted_project,
    aim_seen,
    alex,
    asking_for_a_coach,
    drew,
    month_sent,
    pat,
    proposed,
    ward_7_project,
)
from tests.isolation.scenes import person, through

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR
from espalier.demo import project_ideas
from espalier.demo.project_core import STILL
from espalier.projects import actions as projects
from espalier.projects.models import Project

FALLS = 1  # the demonstration's project, which Alex leads
CLAIM = 2  # what its partner has asked for and nobody has answered


def with_part(project, leader, role, username="demo-analyst"):
    """Somebody of the hospital, taken into a project by its leader with a part in it."""
    with acting_as(leader["actor"]) as actor:
        projects.add_member(actor=actor, at=timezone.now(), project=project, account_id=account(username), role=role)
    return person(username)


def by_a_sponsor(action, project=FALLS, leader=alex, **facts):
    """Whether somebody who only reads along in a project does something in it."""
    return through(action, with_part(project, leader(), "sponsor"), at=timezone.now(), project=project, **facts)


# ---- What the team writes, by somebody who only reads along -------------------------------------------


def a_sponsor_says_how_an_adopted_change_went():
    return by_a_sponsor(projects.say_how_it_went, adopted_project(), drew, worked="no", named=True)


def a_sponsor_changes_the_aim():
    return by_a_sponsor(projects.change_aim, words={"title": "Quiet nights"}, seen=aim_seen(FALLS))


def a_sponsor_begins_a_diagram():
    return by_a_sponsor(projects.begin_diagram, begun=projects.Begun("fishbone", top="Patients fall"))


def a_sponsor_writes_a_note_to_the_coach():
    return by_a_sponsor(projects.add_note, words="We agreed.")


def a_sponsor_removes_the_note_they_wrote_as_a_member():
    kim = with_part(FALLS, alex(), "member")
    with acting_as(kim):
        note = projects.add_note(actor=kim, at=timezone.now(), project=FALLS, words="We agreed.")
    return by_a_sponsor(projects.remove_note, note=note)


def a_sponsor_asks_no_longer_for_a_coach():
    return by_a_sponsor(projects.withdraw_request, asking_for_a_coach()["project"], pat)


def a_sponsor_sends_the_month():
    facts = a_month()
    return by_a_sponsor(
        projects.save_month, facts.pop("project"), **facts, words=projects.MonthWords("We tried it."), figures={}, seen=0, send=True
    )


def a_sponsor_says_what_changed_because_of_a_partner():
    return by_a_sponsor(projects.say_because, account_id=account("demo-partner"), words="Quieter doors")


# ---- What one part in a project decides, by another ---------------------------------------------------


def a_member_says_no_to_a_coach():
    project = proposed()["project"]
    return through(projects.answer_proposal, with_part(project, pat(), "member"), at=timezone.now(), project=project, agreed=False)


def a_member_brings_the_project_into_a_programme():
    project = ward_7_project()
    return through(projects.join_programme, with_part(project, alex(), "member"), at=timezone.now(), project=project, programme=1)


def a_team_answers_the_month_it_sent():
    facts = month_sent()
    return through(projects.answer_month, facts.pop("actor"), at=timezone.now(), **facts, reply="Well done, us.", complete=True)


def a_leader_answers_for_the_patients():
    return through(projects.answer_measure, at=timezone.now(), **alex(project=FALLS), says="yes")


def the_house_pays_a_partner():
    """A claim is seen by its partner, by who leads or coaches, and by the house, whose jobs run without anybody."""
    return through(projects.answer_claim, system_viewer(), at=timezone.now(), pk=CLAIM, to="agreed", seen="claimed")


# ---- Ideas --------------------------------------------------------------------------------------------


def a_visitor_notes_an_idea_and_is_not_asked_to_sign_in():
    """The database keeps nothing of nobody's, but has no words for a person."""
    try:
        return through(projects.note_idea, VISITOR, at=timezone.now(), idea=UUID(int=41), words="Two chairs by the window")
    except DatabaseError:
        return True


def a_leader_says_who_sees_the_idea_of_another():
    return through(projects.share_idea, at=timezone.now(), **alex(idea=project_ideas.number(2)), shared=True)


def an_idea_becomes_a_project_of_others():
    """Sam reads what the hospital's team does, and takes no part in it."""
    with acting_as(person("demo-nurse")) as sam:
        theirs = Project.objects.get(title=STILL).pk
    return through(projects.became_project, sam, at=timezone.now(), idea=project_ideas.number(1), project=theirs)


SCENES_1 = {
    scene.__name__: scene for scene in (
        a_sponsor_says_how_an_adopted_change_went, a_sponsor_changes_the_aim, a_sponsor_begins_a_diagram,
        a_sponsor_writes_a_note_to_the_coach, a_sponsor_removes_the_note_they_wrote_as_a_member, a_sponsor_asks_no_longer_for_a_coach,
        a_sponsor_sends_the_month, a_sponsor_says_what_changed_because_of_a_partner, a_member_says_no_to_a_coach,
        a_member_brings_the_project_into_a_programme, a_team_answers_the_month_it_sent, a_leader_answers_for_the_patients,
        the_house_pays_a_partner, a_visitor_notes_an_idea_and_is_not_asked_to_sign_in, a_leader_says_who_sees_the_idea_of_another,
        an_idea_becomes_a_project_of_others,
    )
}  # fmt: skip
