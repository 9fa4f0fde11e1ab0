"""Every refusal written by hand is taken out, one at a time; the route table or a stranger's action must notice.

A refusal is a `raise PermissionDenied` or a raise that passes on the reason of a decision. It is taken out of the running
function (its code is compiled again without that statement), so that all of them are tried in one process.
"""

import pytest
from tests.isolation.probing import meets, noticed, refusals, without

pytestmark = pytest.mark.django_db
ALL = list(refusals())


def test_there_are_refusals_to_take_out():
    assert len(ALL) >= 20


@pytest.mark.slow
@pytest.mark.parametrize("refusal", ALL, ids=str)
def test_a_refusal_that_is_gone_is_noticed(refusal, tmp_path, tmp_path_factory):
    meets(tmp_path_factory)
    with without(refusal):
        assert noticed(refusal, tmp_path_factory, tmp_path)
