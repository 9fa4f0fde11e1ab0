"""The record of a project is weighed with its charts, whoever changes it, and each night."""

from datetime import UTC, datetime, timedelta

import pytest

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
        Cycle.objects.create(project_id=measured, number=1, title="One shift", starts_on=OCTOBER.date(), state="running", changed_at=OCTOBER)
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
