"""What a story says of a test: only what is over is judged."""

from datetime import date

import pytest

from espalier.projects.presenters.stories import result
from espalier.projects.queries.stories_told import Try


def one(state, *, held, late=False):
    return Try(5, date(2026, 5, 1), None, state, "", "Falls", "count", 0, None, None, 5.0, 5.6, held, "", late)


@pytest.mark.parametrize("held", [True, False, None])
def test_a_test_that_runs_is_told_and_not_judged(held):
    assert result(one("running", held=held)) == "We expected at most 5. So far it is 5.6."


def test_what_is_over_is_judged_by_what_was_written_before():
    assert result(one("done", held=False)) == "We expected at most 5. It was 5.6. Not as expected."
    assert result(one("studying", held=True)) == "We expected at most 5. It was 5.6. As expected."
    assert "it does not count" in result(one("done", held=None, late=True))
