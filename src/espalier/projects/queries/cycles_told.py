"""What tests of change tell others: charts, to-do lists, the evidence of a project, and who wants to take a change back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, Exists, Max, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils import timezone

from espalier.common.todo import MOST, Asking, Due
from espalier.measures import queries as measures
from espalier.projects.models import Counted, Cycle, Edit, Member, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from espalier.access.viewer import Viewer

STUDY_WITHIN, SOON = timedelta(days=7), timedelta(days=14)  # a study is due while people still remember what happened
STUDIES = frozenset({"leader", "member", "partner"})  # from whom a study is due; coach and sponsor see it on the page
OPEN = ("planning", "active", "sustaining")


def tried_on(*, measure_code: OuterRef, unit_id: int) -> ArraySubquery:
    """Give what measures asks along for one chart: the tests that predicted it, oldest first, of projects one may read."""
    here = Counted.objects.filter(pk=OuterRef("counted_id"), unit_id=unit_id, measure_code=OuterRef(measure_code))
    rows = Cycle.objects.filter(Exists(here)).order_by("starts_on", "pk")
    href = Concat(Value("/projects/"), Cast("project_id", CharField()), Value("/tests/"), Cast("number", CharField()), Value("/"))
    names = ("number", "title", "starts_on", "ends_on", "decision")
    return ArraySubquery(rows.values_list(JSONObject(**{name: name for name in names}, href=href, project="project__title"))[:60])


@dataclass(frozen=True, slots=True)
class CycleEvidence:
    """What the record says of a project's tests, for the score that its evidence supports."""

    measures: Mapping[str, int]  # how many of each kind
    kept_by_two: int  # measures with somebody to step in
    planned: int
    begun: int
    with_prediction: int
    decided: int
    adopted: int
    last_on: date | None  # when the newest test began


def cycle_facts(project_id: int) -> CycleEvidence:
    """Count what a project has measured and tried, in two questions."""
    kinds = Counted.objects.filter(project_id=project_id, removed_at=None).order_by().values_list("kind")
    two = Count("pk", filter=Q(keeper_id__isnull=False, second_id__isnull=False))
    rows = list(kinds.annotate(many=Count("pk"), kept=two))
    foreseen = Q(predicted__isnull=False) | Q(predicted_low__isnull=False) | Q(predicted_high__isnull=False)
    today = timezone.localdate()
    told = Cycle.objects.filter(project_id=project_id, typed=False).aggregate(
        planned=Count("pk", filter=Q(starts_on__gt=today, decision="")), begun=Count("pk", filter=Q(starts_on__lte=today)),
        with_prediction=Count("pk", filter=foreseen & Q(counted__isnull=False)), decided=Count("pk", filter=~Q(decision="")),
        adopted=Count("pk", filter=Q(decision="adopt")), last_on=Max("starts_on"),
    )  # fmt: skip
    return CycleEvidence(measures={row[0]: row[1] for row in rows}, kept_by_two=sum(row[2] for row in rows), **told)


def tests_asking(*, viewer: Viewer, at: datetime) -> Asking:
    """Ask for the studies, figures and tasks that are due from the viewer in their projects, the most pressing first.

    One question for all of it, and one or two more for whoever keeps figures of a place where they do not belong.
    """
    today = timezone.localdate(at)
    mine = Member.objects.filter(account_id=viewer.account_id or 0, until=None, project__state__in=OPEN).order_by("project_id")
    rows = mine.annotate(tasks=_tasks(viewer, today), studies=_studies(today), kept=_kept(viewer))
    columns = ("role", "project_id", "project__title", "tasks", "studies", "kept")
    return Asking.of(rows.values(*columns), lambda found: _told(viewer, found, today))


def _told(viewer: Viewer, rows: Sequence[dict[str, Any]], today: date) -> list[Due]:
    lines = [line for row in rows for line in _lines(row["role"], row["project_id"], row["project__title"], row["tasks"], row["studies"])]
    return sorted([*lines, *_figures(viewer, rows, today)], key=lambda one: (one.due_on is None, one.due_on or today))[:MOST]


def _tasks(viewer: Viewer, today: date) -> ArraySubquery:
    own = Task.objects.filter(project_id=OuterRef("project_id"), account_id=viewer.account_id or 0, done_at=None, removed_at=None)
    soon = own.filter(Q(due_on=None) | Q(due_on__lte=today + SOON)).order_by("due_on", "pk")
    return ArraySubquery(soon.values_list(JSONObject(words="words", due="due_on", number="cycle__number"))[:MOST])


def _studies(today: date) -> ArraySubquery:
    over = Cycle.objects.filter(project_id=OuterRef("project_id"), decision="", ends_on__lt=today, typed=False).order_by("ends_on")
    return ArraySubquery(over.values_list(JSONObject(number="number", ends="ends_on"))[:MOST])


def _kept(viewer: Viewer) -> ArraySubquery:
    whose = Q(keeper_id=viewer.account_id) | Q(second_id=viewer.account_id)
    kept = Counted.objects.filter(whose, project_id=OuterRef("project_id"), removed_at=None)
    return ArraySubquery(kept.values_list(JSONObject(code="measure_code", unit="unit_id"))[:MOST])


def _lines(role: str, pk: int, title: str, tasks: list[dict[str, Any]], studies: list[dict[str, Any]]) -> Iterator[Due]:
    for one in tasks:
        href = f"/projects/{pk}/tests/{one['number']}/#do" if one["number"] else f"/projects/{pk}/"
        yield Due(one["words"], do="Open it", href=href, place=title, due_on=date.fromisoformat(one["due"]) if one["due"] else None)
    if role in STUDIES:
        for one in studies:
            ends, href = date.fromisoformat(one["ends"]), f"/projects/{pk}/tests/{one['number']}/#study"
            words = f"Test {one['number']}: study what happened"
            yield Due(words, do="Study it", href=href, place=title, since_on=ends + timedelta(days=1), due_on=ends + STUDY_WITHIN)


def _figures(viewer: Viewer, rows: Sequence[dict[str, Any]], today: date) -> tuple[Due, ...]:
    """Figures this person keeps, or steps in for, where they are not asked for them anyway because they belong there."""
    own = measures.own_places(viewer=viewer)
    wanted = {(one["code"], one["unit"]) for row in rows for one in row["kept"]}
    return measures.due_at(viewer=viewer, wanted=[pair for pair in wanted if pair[1] not in own], today=today)


@dataclass(frozen=True, slots=True)
class EditFacts:
    """One change that can be taken back."""

    pk: UUID
    kind: str
    what: str


def edit_of(text: str) -> UUID | None:
    """Return the number of a change as a form sends it; anything else is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def last_edit(*, project_id: int, kind: str, object_id: int) -> EditFacts | None:
    """Return the newest change of a thing, for the button "Undo" beside it."""
    rows = Edit.objects.filter(project_id=project_id, kind=kind, object_id=object_id).order_by("-at")
    row = rows.values_list("pk", "kind", "what").first()
    return EditFacts(*row) if row else None
