"""Ideas that come from elsewhere hang on the driver diagram like any other box."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.models import Diagram
from espalier.projects.rules.diagrams import LEVELS, sign_of, tree

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def alex():
    viewer = viewer_of(get_user_model().objects.get(username="demo-leader"))
    with acting_as(viewer):
        yield viewer


@pytest.fixture
def project(alex):
    """A project that has no picture yet."""
    ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
    return actions.begin_project(actor=alex, at=AT, unit=ward, title="Quiet nights", aim=actions.Aim())


def begun(alex, project, idea):
    new = actions.NewTest(
        idea_id=None, idea=idea, counted_id=None, predicted=None, predicted_low=None, predicted_high=None, starts_on=date(2026, 11, 23),
        who="Sam",
    )  # fmt: skip
    return actions.begin_test(actor=alex, at=AT, project=project, new=new)


def picture(project):
    pk = Diagram.objects.get(project_id=project, kind="drivers").pk
    return pk, tree(queries.boxes_of(pk))


def test_a_new_idea_of_a_test_begins_a_whole_picture(alex, project):
    begun(alex, project, "Ear plugs")
    begun(alex, project, "Slippers for staff")
    _, tops = picture(project)
    (top,) = tops
    assert [(one.box.words, one.box.kind) for one in top.walk()] == [
        ("Quiet nights", "aim"), ("Other ideas", "primary"), ("Not under a driver yet", "secondary"), ("Ear plugs", "idea"),
        ("Slippers for staff", "idea"),
    ]  # fmt: skip
    assert all(one.box.kind == LEVELS["drivers"][one.depth] for one in top.walk())


def test_the_same_words_are_the_same_idea(alex, project):
    assert begun(alex, project, "Ear plugs") == begun(alex, project, " ear  plugs ")
    _, (top,) = picture(project)
    assert [one.box.words for one in top.walk() if one.box.kind == "idea"] == ["Ear plugs"]


def test_the_idea_moves_under_a_driver_and_the_empty_ones_go(alex, project):
    begun(alex, project, "Ear plugs")
    diagram, (top,) = picture(project)
    waiting = top.below[0]
    add = {"actor": alex, "at": AT, "diagram": diagram}
    first = actions.add_node(**add, spot=actions.Spot(top.box.pk, None), words=actions.Words("Less noise"))
    second = actions.add_node(**add, spot=actions.Spot(first, None), words=actions.Words("Noise is not heard"))
    idea = waiting.below[0].below[0].box
    actions.move_node(actor=alex, at=AT, node=idea.pk, seen=idea.version, spot=actions.Spot(second, None))
    _, (top,) = picture(project)
    empty = next(one for one in top.below if one.box.pk == waiting.box.pk)
    actions.remove_node(actor=alex, at=AT, node=empty.box.pk, seen=sign_of(empty))
    _, (top,) = picture(project)
    assert [one.box.words for one in top.walk()] == ["Quiet nights", "Less noise", "Noise is not heard", "Ear plugs"]
    begun(alex, project, "Slippers for staff")
    _, (top,) = picture(project)
    assert [one.box.words for one in top.walk()][-2:] == ["Not under a driver yet", "Slippers for staff"]


def test_an_idea_out_of_a_review_hangs_there_too(alex, project):
    ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
    review = actions.begin_review(actor=alex, at=AT, unit=ward, title="A dose given twice", happened_on=None)
    actions.make_idea(actor=alex, at=AT, pk=review, project=project, words="One chart at a time")
    _, (top,) = picture(project)
    assert [one.box.words for one in top.walk()][-2:] == ["Not under a driver yet", "One chart at a time"]
