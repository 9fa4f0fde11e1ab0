"""What a test of change refuses kindly: days and numbers that cannot be, and studying what has not begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from espalier.common.errors import UnableTo
from espalier.projects.models import Counted
from espalier.projects.queries.measuring import counted_of
from espalier.projects.rules.cycles import FORESEEN, settled, stage
from espalier.projects.rules.days import FIRST, TASK_AHEAD, TEST_AHEAD, wrong_day
from espalier.projects.rules.predictions import Prediction, impossible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.projects.models import Cycle
    from espalier.projects.queries.projects import ProjectFacts

NUMBERS = ("predicted", "predicted_low", "predicted_high")


def check_box(
    standing: Cycle, new: Mapping[str, Any], changed: Mapping[str, Any], *, actor: Viewer, at: datetime, project: ProjectFacts
) -> None:
    """Refuse what a box of a test cannot hold, as far as it was changed."""
    today = timezone.localdate(at)
    stays_foreseen(standing, changed, today=today)
    _ends_after(standing, new)
    if changed.get("ends_on") is not None:
        _ends_soon(standing, changed["ends_on"], today=today)
    if "starts_on" in changed:
        check_start(changed["starts_on"], today=today)
    if "learned" in changed:
        has_begun(standing, today=today)
    if changed.get("counted_id") is not None:
        check_measure(project.pk, changed["counted_id"])
    if changed.keys() & {*NUMBERS, "counted_id"}:
        check_numbers(new["counted_id"], Prediction(*(new[name] for name in NUMBERS)), actor=actor, project=project)


def stays_foreseen(standing: Cycle, changed: Mapping[str, Any], *, today: date) -> None:
    """Refuse to write what was expected of a test when it is over: whoever can see the figures predicts nothing."""
    state = stage(starts_on=standing.starts_on, ends_on=standing.ends_on, decision=standing.decision, today=today)
    if settled(state=state, typed=standing.typed) and changed.keys() & set(FORESEEN):
        what = "This test is over, so what you expected of it stays as it was written."
        raise UnableTo(what, to_do="Begin the next test, and say there what you expect.", code="predicted")


def _ends_after(standing: Cycle, new: Mapping[str, Any]) -> None:
    starts, ends = new.get("starts_on", standing.starts_on), new.get("ends_on", standing.ends_on)
    if ends is not None and ends < starts:
        to_do = f"It began on {starts:%-d %B %Y}: choose that day or a later one."
        raise UnableTo("The test would end before it began.", to_do=to_do, code="ends_on")


def _ends_soon(standing: Cycle, ends: date, *, today: date) -> None:
    """Refuse a last day far ahead, and one that is still to come where the test was decided."""
    if standing.decision and ends > today:
        what = "This test is decided, so its last day is not still to come."
        raise UnableTo(what, to_do="Choose today or an earlier day.", code="ends_on")
    if wrong_day(ends, today=today, ahead=TEST_AHEAD):
        raise UnableTo("That day is too far ahead.", to_do="A test ends within the next two years.", code="ends_on")


def check_due(due: date, *, today: date, first: date) -> None:
    """Refuse a day on which no task can be due: mostly the year was mistyped. first: when the project or the test began."""
    wrong = wrong_day(due, today=today, ahead=TASK_AHEAD, first=first)
    if wrong == "early":
        raise UnableTo("That day is before all this began.", to_do=f"Choose {first:%-d %B %Y} or later.", code="due_on")
    if wrong:
        raise UnableTo("That day is too far ahead.", to_do=f"Choose a day within the next {TASK_AHEAD} years.", code="due_on")


def check_start(starts_on: date, *, today: date) -> None:
    """Refuse a first day that is long ago or far ahead: mostly the year was mistyped."""
    wrong = wrong_day(starts_on, today=today, ahead=TEST_AHEAD)
    if wrong == "early":
        raise UnableTo("That day is too long ago.", to_do=f"A test starts on {FIRST:%-d %B %Y} or later.", code="starts_on")
    if wrong:
        raise UnableTo("That day is too far ahead.", to_do="A test starts within the next two years.", code="starts_on")


def has_begun(standing: Cycle, *, today: date) -> None:
    """Refuse to study or decide a test that lies ahead."""
    if standing.starts_on > today:
        what = f"This test starts on {standing.starts_on:%-d %B %Y}: you can study it and decide from that day on."
        raise UnableTo(what, to_do="If it has begun, change in the plan when it starts.", code="planned")


def check_measure(project: int, counted: int) -> None:
    """Refuse a measure that is not one of the project."""
    if not Counted.objects.filter(pk=counted, project_id=project, removed_at=None).exists():
        raise UnableTo("This project does not have that measure.", to_do="Choose one of its measures.", code="measure")


def check_numbers(counted: int | None, foreseen: Prediction, *, actor: Viewer, project: ProjectFacts) -> None:
    """Refuse a prediction that the measure can never come to."""
    if counted is None or not foreseen.said:
        return
    known = {one.pk: one.definition.measured_in for one in counted_of(viewer=actor, project=project)}
    wrong = impossible(foreseen, measured_in=known.get(counted, ""))
    if wrong == "below":
        raise UnableTo("This measure is never below 0.", to_do="Predict 0 or more.", code="predicted")
    if wrong:
        raise UnableTo("This measure is never above 100%.", to_do="Predict 100% or less.", code="predicted")
