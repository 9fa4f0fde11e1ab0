"""Tests of change: in ramps, with what was predicted and what the measure said. A result is worked out anew each time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.periods import step
from espalier.measures import queries as measures
from espalier.projects import permissions
from espalier.projects.models import Cycle, Node, Task
from espalier.projects.queries.foreseen import came_late, kept_late, written_at
from espalier.projects.queries.measuring import CountedFacts, counted_of, drawn
from espalier.projects.queries.typed import typed_test_of
from espalier.projects.rules.cycles import BOXES, Link, ramps, seen_of, settled, stage
from espalier.projects.rules.predictions import (
    Calibration,
    Figure,
    Prediction,
    Result,
    Score,
    Usual,
    calibration,
    result_of,
    score,
    usual_before,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.exports.shapes import Picture
    from espalier.projects.queries.projects import ProjectFacts
    from espalier.projects.rules.typed import TypedTest

COLUMNS = (
    "pk", "number", "title", "idea_id", "follows_id", "counted_id", "prediction", "predicted", "predicted_low", "predicted_high", "who",
    "place", "starts_on", "ends_on", "happened", "result", "learned", "decision", "decided_on", "typed", "version", "begun_by_id",
)  # fmt: skip
MOST = 200


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """One test as it stands, and how its prediction did so far."""

    project_id: int
    pk: int
    number: int
    title: str
    idea_id: int | None
    follows_id: int | None
    counted_id: int | None
    prediction: str
    predicted: float | None
    predicted_low: float | None
    predicted_high: float | None
    who: str
    place: str
    starts_on: date
    ends_on: date | None
    happened: str
    result: float | None
    learned: str
    decision: str
    decided_on: date | None
    typed: bool
    version: int
    begun_by_id: int | None
    idea: str = ""
    state: str = ""
    counted: CountedFacts | None = None
    found: Result | None = None
    usual: Usual | None = None
    score: Score | None = None
    late: bool = False  # its prediction was written when it was over, and so is none

    @property
    def settled(self) -> bool:
        """Whether its prediction stays as it is."""
        return settled(state=self.state, typed=self.typed)

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/{self.project_id}/tests/{self.number}/"

    @property
    def foreseen(self) -> Prediction:
        """What was predicted, in numbers."""
        return Prediction(self.predicted, self.predicted_low, self.predicted_high)

    def seen(self, box: str) -> str:
        """The sign of what one box of its page holds."""
        return seen_of(box, {name: getattr(self, name) for name in BOXES[box]})


def cycles_of(*, project: ProjectFacts, today: date) -> tuple[CycleFacts, ...]:
    """Return the tests of a project in their order, with the words of their ideas, in one question."""
    rows = Cycle.objects.filter(project_id=project.pk).order_by("number").annotate(words=F("idea__words"), written=written_at())
    late = kept_late(project.weighed)
    return tuple(_cycle(project.pk, row, late, today) for row in rows.values_list(*COLUMNS, "words", "written")[:MOST])


def _cycle(project_id: int, row: Sequence[Any], late: frozenset[int], today: date) -> CycleFacts:
    *columns, words, written = row
    one = CycleFacts(project_id, *columns)
    came = came_late(written=written, ends_on=one.ends_on, decided_on=one.decided_on) if written else one.pk in late
    state = stage(starts_on=one.starts_on, ends_on=one.ends_on, decision=one.decision, today=today)
    return replace(one, idea=words or "", state=state, late=came and one.foreseen.said and not one.typed)


def marks(
    cycles: Iterable[CycleFacts], counted: Sequence[CountedFacts], *, title: str
) -> dict[tuple[str, str], tuple[measures.Tried, ...]]:
    """Return the tests of each chart, as the chart marks them: one that names no measure stands on every chart of its project."""
    several = tuple(cycles)
    return {
        one.pair: tuple(
            measures.Tried(each.number, each.title, each.starts_on, each.ends_on, each.decision, each.href, title)
            for each in several if each.counted_id in {None, one.pk}
        )
        for one in counted
    }  # fmt: skip


def figures_of(picture: Picture) -> tuple[Figure, ...]:
    """Return the figures of a chart with their first and last days."""
    return tuple(
        Figure(one.on, step(one.on, picture.grain, 1) - timedelta(days=1), one.value)  # type: ignore[arg-type]
        for one in picture.points if one.value is not None
    )  # fmt: skip


def judged(
    cycles: Iterable[CycleFacts], counted: Sequence[CountedFacts], pictures: Mapping[int, Picture], *, today: date
) -> tuple[CycleFacts, ...]:
    """Give each test its measure, its result as the figures say it today, and the score of its prediction."""
    known = {one.pk: one for one in counted}
    return tuple(_judged(one, known.get(one.counted_id or 0), pictures.get(one.counted_id or 0), today) for one in cycles)


def _judged(one: CycleFacts, counted: CountedFacts | None, picture: Picture | None, today: date) -> CycleFacts:
    if picture is None or counted is None:
        typed = Result(one.result, "last", ()) if one.typed and one.result is not None else None
        if one.typed:  # nobody can see here that a prediction brought from elsewhere came first
            return replace(one, counted=counted, found=typed)
        better = counted.definition.improvement if counted else "none"
        told = None if one.late else score(one.foreseen, typed, None, better=better)  # type: ignore[arg-type]
        return replace(one, counted=counted, found=typed, score=told)
    figures = figures_of(picture)
    found = result_of(figures, since=one.starts_on, until=min(one.ends_on or today, today))
    usual = usual_before(figures, since=one.starts_on)
    told = None if one.typed or one.late else score(one.foreseen, found, usual, better=picture.improvement)  # type: ignore[arg-type]
    return replace(one, counted=counted, found=found, usual=usual, score=told)


@dataclass(frozen=True, slots=True)
class Ramp:
    """Tests that go on from one another."""

    cycles: tuple[CycleFacts, ...]

    @property
    def last(self) -> CycleFacts:
        """The newest of them."""
        return self.cycles[-1]


@dataclass(frozen=True, slots=True)
class TestsPage:
    """All tests of a project, and how good its predictions are."""

    __test__ = False  # a page, not a test of ours

    project: ProjectFacts
    ramps: tuple[Ramp, ...]
    calibration: Calibration
    counted: tuple[CountedFacts, ...]

    @property
    def cycles(self) -> tuple[CycleFacts, ...]:
        """All tests in their order."""
        return tuple(sorted((each for ramp in self.ramps for each in ramp.cycles), key=lambda one: one.number))


def tests_page(*, viewer: Viewer, project: ProjectFacts, today: date) -> TestsPage:
    """Return all tests of a project in ramps."""
    counted = counted_of(viewer=viewer, project=project)
    known = cycles_of(project=project, today=today)
    found = judged(known, counted, drawn(viewer=viewer, counted=counted, tried={}, large=False), today=today)
    return TestsPage(project, _ramps(found), calibration(_finished(found)), counted)


def _finished(cycles: Iterable[CycleFacts]) -> list[Score | None]:
    """Only tests that are over count: one that runs may still come out otherwise."""
    return [one.score for one in cycles if one.state in {"studying", "done"}]


def _ramps(cycles: Sequence[CycleFacts]) -> tuple[Ramp, ...]:
    by_pk = {one.pk: one for one in cycles}
    return tuple(Ramp(tuple(by_pk[pk] for pk in chain)) for chain in ramps([Link(one.pk, one.follows_id) for one in cycles]))


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """Something somebody said they would do."""

    pk: int
    words: str
    account_id: int | None
    due_on: date | None
    done_at: datetime | None
    who: str = ""


@dataclass(frozen=True, slots=True)
class TestPage:
    """One test on one page."""

    __test__ = False  # a page, not a test of ours

    project: ProjectFacts
    cycle: CycleFacts
    ramp: Ramp
    tasks: tuple[TaskFacts, ...]
    picture: Picture | None
    counted: tuple[CountedFacts, ...]
    typed: TypedTest | None = None  # what the register it came from says of it

    @property
    def before(self) -> CycleFacts | None:
        """The test it goes on from."""
        return next((one for one in self.ramp.cycles if one.pk == self.cycle.follows_id), None)

    @property
    def after(self) -> tuple[CycleFacts, ...]:
        """The tests that go on from it."""
        return tuple(one for one in self.ramp.cycles if one.follows_id == self.cycle.pk)


def test_page(*, viewer: Viewer, project: ProjectFacts, number: int, today: date) -> TestPage:
    """Return one test with its tasks, its chart and the ramp it stands in."""
    known = cycles_of(project=project, today=today)
    asked = one_of(known, project=project, number=number)
    counted = counted_of(viewer=viewer, project=project)
    mine = [one for one in counted if one.pk == asked.counted_id]
    pictures = drawn(viewer=viewer, counted=mine, tried=marks(known, mine, title=""))
    found = judged(known, counted, pictures, today=today)
    ramp = next(ramp for ramp in _ramps(found) if any(one.number == number for one in ramp.cycles))
    cycle = next(one for one in ramp.cycles if one.number == number)
    tasks, typed = tasks_of(project=project, cycle=cycle.pk), typed_test_of(viewer=viewer, cycle_id=cycle.pk) if cycle.typed else None
    return TestPage(project, cycle, ramp, tasks, pictures.get(asked.counted_id or 0), counted, typed)


test_page.__test__ = False  # type: ignore[attr-defined]


def one_of(cycles: Iterable[CycleFacts], *, project: ProjectFacts, number: int) -> CycleFacts:
    """Return the test of that number."""
    for one in cycles:
        if one.number == number:
            return one
    raise NotFoundHere("This project has no such test.", suggestions=(Suggestion("All its tests", f"{project.href}tests/"),))


def tasks_of(*, project: ProjectFacts, cycle: int) -> tuple[TaskFacts, ...]:
    """Return the tasks of a test, those not done first."""
    rows = Task.objects.filter(project_id=project.pk, cycle_id=cycle, removed_at=None)
    rows = rows.order_by(F("done_at").asc(nulls_first=True), "due_on", "pk")
    names = {one.account_id: one.name for one in project.members}
    found = rows.values_list("pk", "words", "account_id", "due_on", "done_at")
    return tuple(TaskFacts(*row, who=names.get(row[2] or 0, "")) for row in found)


@dataclass(frozen=True, slots=True)
class Idea:
    """A change idea of the driver diagram."""

    pk: int
    words: str
    state: str


def ideas_of(*, project: ProjectFacts) -> tuple[Idea, ...]:
    """Return the change ideas of a project that have not been taken away."""
    rows = Node.objects.filter(project_id=project.pk, kind="idea", removed_at=None).order_by("rank", "pk")
    return tuple(Idea(*row) for row in rows.values_list("pk", "words", "state")[:MOST])


@dataclass(frozen=True, slots=True)
class Overview:
    """What the project's own page shows of its tests and charts."""

    ramps: tuple[Ramp, ...]
    calibration: Calibration
    counted: tuple[CountedFacts, ...]
    pictures: Mapping[int, Picture]
    as_everybody: bool  # the viewer sees the charts without what staff said on them


def overview_tests(*, viewer: Viewer, project: ProjectFacts) -> Overview | None:
    """Return the charts and ramps for a project's page; None while it has neither, and the page then asks for the first."""
    today = timezone.localdate()
    counted, known = counted_of(viewer=viewer, project=project), cycles_of(project=project, today=today)
    if not counted and not known:
        return None
    pictures = drawn(viewer=viewer, counted=counted, tried={}, large=False)
    found = judged(known, counted, pictures, today=today)
    as_everybody = permissions.sees_as_everybody(viewer=viewer, my_role=project.my_role)
    return Overview(_ramps(found), calibration(_finished(found)), counted, pictures, as_everybody)
