"""The record of a project is weighed with its charts, whoever changes it, and each night."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.django_db
OCTOBER = datetime(2018, 10, 5, 9, tzinfo=UTC)  # the figures of the demonstration end with March 2019


@pytest.fixture
def measured(as_person, number):
    """A project of Ward 7 begun in October 2018, with a partner, that looks at the ward's falls."""
    from espalier.organisations import queries as organisations
    from espalier.projects import actions
    from espalier.projects.models import Counted

    with as_person("demo-leader") as alex:
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        aim = actions.Aim(start=9, goal=3, unit="falls")
        pk = actions.begin_project(actor=alex, at=OCTOBER, unit=ward, title="Falls", aim=aim)
        Counted.objects.create(project_id=pk, measure_code="team-falls", unit_id=ward.pk, added_at=OCTOBER)
        actions.add_member(actor=alex, at=OCTOBER, project=pk, account_id=number("demo-partner"), role="partner")
        return pk


def kept(pk, as_person):
    from espalier.projects import queries

    with as_person("demo-leader") as alex:
        return queries.project(viewer=alex, pk=pk)


def months_with_figures(as_person, unit_code, since):
    from espalier.measures.models import Point

    with as_person("demo-leader"):
        points = Point.objects.filter(series__measure__code="team-falls", series__unit__code=unit_code, series__stratum="")
        return points.filter(period_on__gte=since).count()


def test_figures_since_the_month_it_began_are_counted(measured, as_person):
    found = kept(measured, as_person)
    assert found.weighed["measures"] == 1
    assert found.weighed["figures"] == months_with_figures(as_person, "DEMO-WARD-7", "2018-10-01") > 0
    assert found.supports == 1.5  # aim, team and a measure; no test of change is planned


def test_what_a_partner_may_not_see_of_charts_stays_as_it_was(measured, as_person):
    from espalier.projects import actions

    before = kept(measured, as_person)
    with as_person("demo-partner") as bo:
        actions.say_progress(actor=bo, at=OCTOBER, project=measured, said=2.0)
    after = kept(measured, as_person)
    assert (after.said, after.weighed["figures"], after.supports) == (2.0, before.weighed["figures"], before.supports)


def test_a_test_that_began_is_past_planning(measured, as_person):
    from espalier.projects import actions
    from espalier.projects.models import Cycle

    with as_person("demo-leader") as alex:
        Cycle.objects.create(
            project_id=measured, number=1, title="One shift", starts_on=OCTOBER.date(), state="running", changed_at=OCTOBER
        )
        actions.say_progress(actor=alex, at=OCTOBER + timedelta(days=1), project=measured, said=None)
    found = kept(measured, as_person)
    assert (found.state, found.supports) == ("active", 2.5)


def test_each_night_it_is_weighed_anew_as_its_leader(measured, as_person, monkeypatch):
    from espalier.projects.actions import evidence
    from espalier.projects.models import Project

    asked = []
    monkeypatch.setattr(evidence.weigh_one, "defer", lambda **facts: asked.append(facts))
    evidence.weigh_every_night(timestamp=0)
    with as_person("demo-leader") as alex:
        assert {"account_id": alex.account_id, "project_id": measured} in asked
        Project.objects.filter(pk=measured).update(supports=4.5, weighed=None)
        changed = Project.objects.values_list("changed_at", flat=True).get(pk=measured)
    evidence.weigh_one(account_id=alex.account_id, project_id=measured)
    found = kept(measured, as_person)
    assert (found.supports, found.changed_at) == (1.5, changed)
    evidence.weigh_one(account_id=alex.account_id, project_id=10**9)  # one that has gone meanwhile


# ---- Charts: seen as those who lead see them --------------------------------------------------------


def looks_at(as_person, pk, *several, at=OCTOBER):
    """Have the project, begun in January 2018, look at these measures of Ward 7, in this order, and at no other; weighed by its leader."""
    from espalier.organisations import queries as organisations
    from espalier.projects import actions
    from espalier.projects.models import Counted, Project

    with as_person("demo-leader") as alex:
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        Project.objects.filter(pk=pk).update(begun_at=datetime(2018, 1, 5, tzinfo=UTC))
        Counted.objects.filter(project_id=pk, removed_at=None).update(removed_at=at)
        for code, kind in several:
            facts = {"kind": kind, "removed_at": None, "added_at": at}
            Counted.objects.update_or_create(project_id=pk, measure_code=code, unit_id=ward.pk, defaults=facts)
        actions.say_progress(actor=alex, at=at, project=pk, said=None)
    return kept(pk, as_person)


OURS, EVERYBODYS = ("team-speaking-up", "outcome"), ("team-falls", "process")  # only the first is better, and only its own people see it


def test_who_sees_some_of_the_charts_does_not_weigh_the_others_away(measured, as_person):
    from espalier.projects import actions

    before = looks_at(as_person, measured, OURS, EVERYBODYS)
    assert before.weighed["better"] and before.weighed["held"] > 0
    with as_person("demo-partner") as bo:
        actions.say_progress(actor=bo, at=OCTOBER, project=measured, said=2.0)
    assert kept(measured, as_person).weighed == before.weighed


def test_a_measure_without_figures_is_not_better(measured, as_person):
    assert looks_at(as_person, measured, OURS).weighed["better"]
    after = looks_at(as_person, measured, ("team-missed-appointments", "outcome"))
    assert (after.weighed["better"], after.weighed["held"], after.weighed["figures"], after.weighed["which"]) == (False, 0, 0, "")


def test_a_measure_that_was_taken_out_is_not_better(measured, as_person):
    assert looks_at(as_person, measured, OURS).weighed["better"]
    after = looks_at(as_person, measured, ("team-missed-appointments", "balancing"))
    assert not after.weighed["better"] and after.weighed["held"] == 0
    assert not looks_at(as_person, measured).weighed["better"]


@pytest.mark.parametrize("how", ["nobody leads", "the account of who leads was closed"])
def test_where_nobody_who_leads_can_look_charts_stay_as_they_were(measured, as_person, number, how):
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.projects import actions
    from espalier.projects.models import Member, Project

    before = looks_at(as_person, measured, OURS)
    with acting_as(system_viewer()):
        if how == "nobody leads":
            Member.objects.filter(project_id=measured, role="leader").update(until=OCTOBER)
        else:
            get_user_model().objects.filter(pk=number("demo-leader")).update(is_active=False)
    with as_person("demo-partner") as bo:
        actions.say_progress(actor=bo, at=OCTOBER, project=measured, said=2.0)
        after = Project.objects.values_list("weighed", flat=True).get(pk=measured)
    assert {name: after[name] for name in ("better", "held", "which")} == {
        name: before.weighed[name] for name in ("better", "held", "which")
    }


@pytest.mark.parametrize(("kind", "said"), [
    ("outcome", "the main measure “{}” is better than usual"), ("process", "the measure “{}” is better than usual"),
])  # fmt: skip
def test_the_reason_names_the_measure_that_is_better(measured, as_person, signed_in, kind, said):
    from espalier.measures import queries as measures

    found = looks_at(as_person, measured, ("team-falls", "outcome"), ("team-speaking-up", kind))
    with as_person("demo-leader") as alex:
        name = measures.named(viewer=alex, codes={"team-speaking-up"})["team-speaking-up"].name
    assert found.weighed["which"] == name
    page = signed_in("demo-leader").get(f"/projects/{measured}/progress/").content.decode()
    assert said.format(name) in page


# ---- People who leave ------------------------------------------------------------------------------


def both(pk, as_person):
    found = kept(pk, as_person)
    return found.weighed["people"], found.weighed["partner"]


@pytest.mark.parametrize("way", ["stops", "leaves", "taken out", "taken in and taken back"])
def test_who_leaves_counts_no_longer_at_once(measured, as_person, number, way):
    from espalier.projects import actions
    from espalier.projects.queries.overview import last_change

    days = [OCTOBER + timedelta(days=day) for day in range(4)]
    later, who = days[3], number("demo-partner")
    if way == "taken in and taken back":
        with as_person("demo-leader") as alex:
            actions.leave_project(actor=alex, at=days[1], project=measured, account_id=who)
            actions.add_member(actor=alex, at=days[2], project=measured, account_id=who, role="partner")
    assert both(measured, as_person) == (2, True)
    with as_person("demo-partner" if way in {"stops", "leaves"} else "demo-leader") as somebody:
        if way == "stops":
            actions.stop_partner(actor=somebody, at=later, project=measured)
        elif way == "taken in and taken back":
            edit = last_change(viewer=somebody, pk=measured)
            actions.undo_in_project(actor=somebody, at=later, project=measured, edit=edit.pk)
        else:
            actions.leave_project(actor=somebody, at=later, project=measured, account_id=who)
    assert both(measured, as_person) == (1, False)


def test_who_was_taken_out_and_is_put_back_counts_at_once(measured, as_person, number):
    from espalier.projects import actions
    from espalier.projects.queries.overview import last_change

    with as_person("demo-leader") as alex:
        actions.leave_project(actor=alex, at=OCTOBER + timedelta(days=1), project=measured, account_id=number("demo-partner"))
        edit = last_change(viewer=alex, pk=measured)
        actions.undo_in_project(actor=alex, at=OCTOBER + timedelta(days=2), project=measured, edit=edit.pk)
    assert both(measured, as_person) == (2, True)
