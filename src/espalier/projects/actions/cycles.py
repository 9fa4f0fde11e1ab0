"""Tests of change: begun with four answers, carried out, studied and decided. Nothing that somebody did not see is overwritten."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.actions.cycles_checked import check_box, check_due, check_measure, check_numbers, check_start, has_begun
from espalier.projects.actions.diagram_idea import drivers_held, hang_idea
from espalier.projects.actions.keeping import keep
from espalier.projects.actions.measuring import changing
from espalier.projects.models import Cycle, Node, Project, Task
from espalier.projects.queries.cycles import test_page
from espalier.projects.rules.cycles import AFTER, BOXES, DECISIONS, next_free, seen_of, stage
from espalier.projects.rules.predictions import Prediction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts


class TestChangedMeanwhile(UnableTo):
    """Somebody else changed the same box; both are shown and nothing is overwritten."""

    __test__ = False  # an error, not a test of ours
    code = "changed"

    def __init__(self, now: Mapping[str, Any]) -> None:
        self.now = now
        super().__init__("Somebody else changed this while you were writing.", to_do="Look at both, then save again.")


@dataclass(frozen=True, slots=True)
class NewTest:
    """The four answers with which a test begins: what, what you expect, when, who."""

    idea_id: int | None
    idea: str  # words of a new change idea, where none was chosen
    counted_id: int | None
    predicted: float | None
    predicted_low: float | None
    predicted_high: float | None
    starts_on: date
    who: str
    follows: int | None = None  # the number of the test it goes on from
    prediction: str = ""


def ensure_idea(*, actor: Viewer, at: datetime, project: ProjectFacts, pk: int | None, words: str) -> Node:
    """Return the change idea that is meant: one of the project, or a new one on its driver diagram. Held: nobody else changes it now."""
    mine = Node.objects.select_for_update(no_key=True).filter(project_id=project.pk, kind="idea", removed_at=None)
    words = " ".join(words.split())
    if pk is not None and (chosen := mine.filter(pk=pk).first()):
        return chosen
    if not words:
        raise UnableTo("A test needs a change to try.", to_do="Choose an idea, or say in a few words what you want to try.", code="idea")
    diagram = drivers_held(at=at, project=project)
    if found := mine.filter(words__iexact=words).first():  # looked for while the picture is held: two who type the same make one idea
        return found
    made = hang_idea(at=at, diagram=diagram, words=words)
    after = {"kind": "idea", "words": made.words}
    keep(actor=actor, at=at, project_id=project.pk, kind="node", object_id=made.pk, what="add", after=after)
    return made


@transaction.atomic
def begin_test(*, actor: Viewer, at: datetime, project: int, new: NewTest) -> int:
    """Begin a test of a change; returns its number. It goes on from another where it follows one, and both make a ramp."""
    found = changing(actor=actor, project=project)
    today = timezone.localdate(at)
    check_start(new.starts_on, today=today)
    if new.counted_id is not None:
        check_measure(project, new.counted_id)
    check_numbers(new.counted_id, Prediction(new.predicted, new.predicted_low, new.predicted_high), actor=actor, project=found)
    before = Cycle.objects.filter(project_id=project, number=new.follows).first() if new.follows else None
    idea = ensure_idea(actor=actor, at=at, project=found, pk=new.idea_id, words=new.idea)
    Project.objects.select_for_update().get(pk=project)  # two begun at once get two numbers
    if already := _begun_already(project, idea.pk, before, new):
        return already
    number = next_free(Cycle.objects.filter(project_id=project).values_list("number", flat=True))
    made = Cycle.objects.create(
        project_id=project, idea=idea, follows=before, number=number, title=idea.words[:200], counted_id=new.counted_id,
        prediction=new.prediction[:500], predicted=new.predicted, predicted_low=new.predicted_low, predicted_high=new.predicted_high,
        who=new.who[:200], starts_on=new.starts_on,
        state=stage(starts_on=new.starts_on, ends_on=None, decision="", today=today),
        begun_by_id=actor.account_id, changed_at=at,
    )  # fmt: skip
    _set_idea(idea.pk, "testing", at)
    if new.starts_on <= today:
        Project.objects.filter(pk=project, state="planning").update(state="active")
    after = {name: _plain(value) for name, value in asdict(new).items()} | {"number": number}
    keep(actor=actor, at=at, project_id=project, kind="cycle", object_id=made.pk, what="begin", after=after)
    return number


def _begun_already(project: int, idea: int, before: Cycle | None, new: NewTest) -> int | None:
    """Return the number of a test that is the same in all and undecided: the form was sent twice."""
    answers = ("counted_id", "predicted", "predicted_low", "predicted_high", "starts_on")
    numbers: dict[str, Any] = {name: getattr(new, name) for name in answers}
    same = Cycle.objects.filter(project_id=project, idea_id=idea, follows=before, decision="", who=new.who[:200])
    return same.filter(**numbers).values_list("number", flat=True).first()


def _set_idea(pk: int | None, state: str, at: datetime) -> None:
    Node.objects.filter(pk=pk or 0).exclude(state=state).update(state=state, version=F("version") + 1, changed_at=at)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, float, str, bool)) else str(value)


@transaction.atomic
def change_test(*, actor: Viewer, at: datetime, project: int, number: int, box: str, told: Mapping[str, Any], seen: str) -> None:
    """Save one box of a test. What somebody else wrote in the same box meanwhile is shown, never overwritten."""
    found = changing(actor=actor, project=project)
    standing = _locked(project, number)
    now = {name: getattr(standing, name) for name in BOXES[box]}
    new = now | {name: told[name] for name in BOXES[box] if name in told}
    if _same(box, now, new):
        return
    if seen_of(box, now) != seen:
        raise TestChangedMeanwhile(now)
    changed = {name: value for name, value in new.items() if _plain(value) != _plain(now[name])}
    check_box(standing, new, changed, actor=actor, at=at, project=found)
    _store(standing, changed, actor=actor, at=at, project=project)


def _same(box: str, now: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return seen_of(box, now) == seen_of(box, new)


def _locked(project: int, number: int) -> Cycle:
    found = Cycle.objects.select_for_update().filter(project_id=project, number=number).first()
    if found is None:
        raise NotFoundHere("This project has no such test.")
    return found


def _store(standing: Cycle, changed: Mapping[str, Any], *, actor: Viewer, at: datetime, project: int, what: str = "change") -> None:
    changed = {**changed, **_stands(standing, changed, at)}
    before = {name: _plain(getattr(standing, name)) for name in changed}
    Cycle.objects.filter(pk=standing.pk).update(**changed, version=F("version") + 1, changed_at=at)
    after = {name: _plain(value) for name, value in changed.items()}
    keep(actor=actor, at=at, project_id=project, kind="cycle", object_id=standing.pk, what=what, before=before, after=after)


def _stands(standing: Cycle, changed: Mapping[str, Any], at: datetime) -> dict[str, str]:
    """Keep where the test stands along with each change, for whoever counts tests without looking at their days."""
    days = {name: changed.get(name, getattr(standing, name)) for name in ("starts_on", "ends_on", "decision")}
    now = stage(**days, today=timezone.localdate(at))
    return {} if now == standing.state else {"state": now}


@transaction.atomic
def decide_test(*, actor: Viewer, at: datetime, project: int, number: int, decision: str, seen: str) -> None:
    """Adopt, adapt or abandon: the test is over, its result is kept as the measure said it, and the idea moves on."""
    found = changing(actor=actor, project=project)
    if decision not in DECISIONS:
        raise UnableTo("Nothing was chosen.", to_do="Choose to adopt, adapt or abandon the change.", code="decision")
    standing = _locked(project, number)
    if standing.decision == decision:
        return
    if seen_of("act", {"decision": standing.decision}) != seen:
        raise TestChangedMeanwhile({"decision": standing.decision})
    today = timezone.localdate(at)
    if decision != "abandon":  # what will not be tried need not wait for its day
        has_begun(standing, today=today)
    told = test_page(viewer=actor, project=found, number=number, today=today).cycle.found
    result = standing.result if standing.typed else told.value if told else None
    changed = {"decision": decision, "decided_on": today, "result": result}
    if standing.ends_on is None or standing.ends_on > today:  # what is decided is over
        changed["ends_on"] = max(today, standing.starts_on)
    _set_idea(standing.idea_id, AFTER[decision], at)  # before the project's row, as whoever changes the picture does
    _store(standing, changed, actor=actor, at=at, project=project, what="decide")


@transaction.atomic
def add_task(*, actor: Viewer, at: datetime, project: int, number: int, words: str, account_id: int | None, due_on: date | None) -> int:
    """Write down what somebody will do for a test; returns its number."""
    found = changing(actor=actor, project=project)
    if not (words := " ".join(words.split())):
        raise UnableTo("A task needs a few words.", to_do="Say what is to be done.", code="words")
    if account_id is not None and account_id not in {one.account_id for one in found.members}:
        raise UnableTo("Only people of the project can be asked.", to_do="Take them into the team first.", code="account_id")
    standing = _locked(project, number)
    if due_on is not None:
        check_due(due_on, today=timezone.localdate(at), first=min(timezone.localdate(found.begun_at), standing.starts_on))
    made = Task.objects.create(
        project_id=project, cycle=standing, words=words[:300], account_id=account_id, due_on=due_on, added_at=at
    )
    keep(actor=actor, at=at, project_id=project, kind="task", object_id=made.pk, what="add", before={"removed": True},
         after={"removed": False, "words": made.words})  # fmt: skip
    return made.pk


@transaction.atomic
def change_task(*, actor: Viewer, at: datetime, project: int, task: int, to: str) -> None:
    """Tick a task off (done), open it again (open), or take it away (removed)."""
    changing(actor=actor, project=project)
    standing = Task.objects.select_for_update().filter(pk=task, project_id=project, removed_at=None).first()
    if standing is None:
        raise NotFoundHere("That task is not there any more.")
    before: dict[str, object] = {"done": standing.done_at is not None}
    if to == "removed":
        Task.objects.filter(pk=task).update(removed_at=at)
        before, after = {"removed": False}, {"removed": True}
    else:
        after = {"done": to == "done"}
        if before == after:
            return
        Task.objects.filter(pk=task).update(done_at=at if to == "done" else None)
    keep(actor=actor, at=at, project_id=project, kind="task", object_id=task, what="change", before=before, after=after)
