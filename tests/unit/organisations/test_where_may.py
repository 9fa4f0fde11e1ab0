"""Where somebody may do a thing, as a condition inside another question, is where `visible` says they may."""

import pytest
from django.contrib.auth import get_user_model
from tests.contracts.routes import SIGNED_IN

from espalier.access.deciding import visible
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR
from espalier.organisations.models import Below
from espalier.organisations.queries import where_may

# One right that reaches inside an organisation, one that reaches down the tree, one that asks for a second step, and one that
# a role has at its own place only.
RIGHTS = ("ideas.answer", "units.change", "people.records", "figures.enter")


@pytest.mark.django_db
@pytest.mark.parametrize("right", RIGHTS)
def test_it_says_what_visible_says(right):
    somewhere = 0
    for name in SIGNED_IN:
        who = viewer_of(get_user_model().objects.get(username=name))
        with acting_as(who):
            condition = where_may(viewer=who, do=right)
            assert {*Below.objects.filter(condition).values_list("unit_id", flat=True)} == visible(viewer=who, do=right)
            somewhere += bool(visible(viewer=who, do=right))
    assert 0 < somewhere < len(SIGNED_IN)


@pytest.mark.django_db
def test_a_visitor_may_nowhere():
    with acting_as(VISITOR):
        assert not Below.objects.filter(where_may(viewer=VISITOR, do="ideas.answer")).exists()
