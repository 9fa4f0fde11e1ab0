"""A register of tests of change as a kind of file. They stay marked as typed: they show that somebody wrote them down, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from espalier.access.deciding import anywhere
from espalier.imports.kinds import ChangedMeanwhile, Field, Holds, Shown, Words
from espalier.projects import permissions
from espalier.projects.actions.importing_tests_check import (
    ACT,
    DO,
    END,
    NUMBER,
    PLAN,
    PREDICTED,
    PREDICTION,
    PROJECT,
    RESULT,
    START,
    STUDY,
    SYSTEM,
    TITLE,
    TestsCheck,
)  # fmt: skip
from espalier.projects.actions.importing_tests_store import store_tests, undo_tests
from espalier.projects.models import Project
from espalier.projects.queries.importing import tried_before
from espalier.projects.rules.typed import TypedTest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Change, Checked, Key, Line, Record, Undone, Values

_FIELDS = {
    PROJECT: Field("project", "Project", "Its number in the old register, or its whole title.", Holds.TEXT, required=True,
                   for_all="Its old number or title",
                   synonyms=("project ref", "project id", "project number", "project code", "project title", "project name", "project")),
    NUMBER: Field("number", "Number of the test", "With it the same file loaded again changes only what is new in it.", Holds.TEXT,
                  synonyms=("pdsa id", "pdsa number", "cycle number", "cycle no", "cycle", "test number", "ref", "number", "no")),
    TITLE: Field("title", "What was tested", "A few words. Without them the plan stands in.", Holds.TEXT,
                 synonyms=("pdsa title", "title", "change tested", "change", "change idea", "test", "name")),
    PLAN: Field("plan", "Plan or objective", "What they wanted to find out, and how.", Holds.TEXT,
                synonyms=("plan", "objective", "objectives", "overview", "aim of test")),
    PREDICTION: Field("prediction", "Prediction, in words", "What they thought would happen.", Holds.TEXT,
                      synonyms=("prediction", "predictions", "predicted outcome", "hypothesis")),
    PREDICTED: Field("predicted", "Prediction, as a number", "It is shown and never scored: nobody can see here that it came first.",
                     Holds.NUMBER, synonyms=("predicted value", "prediction number", "predicted number")),
    DO: Field("do", "Do", "What happened.", Holds.TEXT, synonyms=("do", "what happened", "what happened?")),
    STUDY: Field("study", "Study", "What they learned.", Holds.TEXT,
                 synonyms=("study", "results", "what did you learn", "learning", "findings")),
    RESULT: Field("result", "Result, as a number", "As it was typed.", Holds.NUMBER,
                  synonyms=("result value", "result number", "actual value")),
    ACT: Field("act", "Act", "Such as adopt, adapt or abandon, with any words after it.", Holds.TEXT,
               synonyms=("act", "decision", "outcome", "next steps")),
    START: Field("start", "First day", "When the test began.", Holds.DAY,
                 synonyms=("start date", "date started", "started", "start", "date")),
    END: Field("end", "Last day", "When it ended.", Holds.DAY, synonyms=("end date", "date ended", "completion date", "end")),
    SYSTEM: Field("system", "Which register", "The name its projects came under, if they had one.", Holds.TEXT, for_all="Such as Life QI",
                  synonyms=("system", "register", "source")),
}  # fmt: skip
WORDS = Words(
    one="test", many="tests", place="project", twice="has the same test with other words",
    nothing="No row of this table says what was tested.", empty="without a test",
    lines=("A register of PDSA cycles has one row for each test of change. Bring in its projects first.",),
)  # fmt: skip
WHERE_TO_LOOK = 12
SAID = {
    "title": "title", "plan": "plan", "prediction": "prediction", "predicted": "predicted", "happened": "do", "learned": "study",
    "result": "result", "act": "act", "starts_on": "from", "ends_on": "until",
}  # fmt: skip


class Tests:
    """Tests of change of a register kept elsewhere, for projects that the viewer changes."""

    __test__ = False  # a kind of file, not a test of ours
    code = "pdsa"
    name = "PDSA cycles of a register"
    says = "One row for each test, naming its project."
    fields = tuple(_FIELDS[at] for at in sorted(_FIELDS))
    core: tuple[str, ...] = ("title", "plan", "prediction", "do", "study", "act")
    words = WORDS
    in_part = True

    def may_use(self, *, viewer: Viewer) -> str:
        """Say why not, or nothing."""
        return anywhere(viewer=viewer, do=permissions.START).reason

    def held_back(self) -> str:
        """A register is about work: every database takes it."""
        return ""

    def owner_of(self, *, viewer: Viewer) -> int | None:
        """Return the viewer's own place: the first one at which they hold a role."""
        return viewer.grants[0].unit_id if viewer.grants else None

    def choices(self, *, viewer: Viewer, field: str) -> tuple[tuple[str, str], ...]:
        """Nothing is chosen from a list: projects are too many."""
        del viewer, field
        return ()

    def lacks(self, *, given: Collection[str], chosen: Mapping[str, str]) -> Mapping[str, str]:
        """Ask for what was tested, and for a day."""
        del chosen
        if not {"title", "plan"} & set(given):
            return {"title": "Say where it stands what was tested: a title, or the plan"}
        return {} if {"start", "end"} & set(given) else {"start": "Say where the day stands: first or last day"}

    def check(self, *, viewer: Viewer, at: datetime, lines: Sequence[Line]) -> Checked:
        """Turn rows into tests of projects that the viewer changes; all else is a problem of its row."""
        return TestsCheck(viewer, at, lines).run()

    def standing(self, *, viewer: Viewer, records: Sequence[Record], lock: bool) -> Mapping[Key, Values]:
        """Return what registers said of these tests before. A test that is not in the file stays."""
        marks = {(record.key[1], record.key[2]) for record in records}
        return {("test", *mark): said for mark, said in tried_before(viewer=viewer, marks=marks, lock=lock).items()}

    def shown(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[Shown, ...]:
        """Name the project and the test, and of a change only what differs."""
        del viewer
        titles = dict(Project.objects.filter(pk__in={change.key[1] for change in changes}).values_list("pk", "title"))
        return tuple(_shown(change, titles) for change in changes)

    def too_many(self, *, removed: int, standing: int) -> str:
        """Warn of nothing: no test is removed for not being in a file."""
        del removed, standing
        return ""

    def links(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[tuple[str, str], ...]:
        """Return the tests of the projects they belong to."""
        del viewer
        rows = Project.objects.filter(pk__in={change.key[1] for change in changes}).order_by("title").values_list("pk", "title")
        if len(rows) > WHERE_TO_LOOK:
            return (("All projects", "/projects/"),)
        return tuple((f"Tests of {title}", f"/projects/{pk}/tests/") for pk, title in rows)

    def store(self, *, actor: Viewer, at: datetime, why: str, batch: UUID, changes: Sequence[Change]) -> None:
        """Write all changes as one batch."""
        del why
        try:
            with transaction.atomic():
                store_tests(actor=actor, at=at, batch=batch, changes=changes)
        except IntegrityError as clash:  # somebody began a test, or brought in the same row, a moment ago
            raise ChangedMeanwhile from clash

    def undo(self, *, actor: Viewer, at: datetime, batch: UUID) -> Undone:
        """Remove what the batch brought and put the rest back; what somebody changed since is left and named."""
        return undo_tests(actor=actor, at=at, batch=batch)


TESTS = Tests()


def _shown(change: Change, titles: Mapping[int, str]) -> Shown:
    old = TypedTest(*change.old) if change.old is not None else None
    new = TypedTest(*change.new) if change.new is not None else None
    about = new or old
    if about is None:
        raise ValueError("A change needs something before or after it.")
    differ = {name for name in SAID if old and new and getattr(old, name) != getattr(new, name)}
    wanted = differ or set(SAID) - {"title"}
    return Shown(f"{titles.get(about.project_id, 'A project')}: {about.title}", _written(old, wanted), _written(new, wanted))


def _written(one: TypedTest | None, wanted: Collection[str]) -> str:
    if one is None:
        return ""
    told = ((words, getattr(one, name)) for name, words in SAID.items() if name in wanted)
    return "; ".join(f"{words}: {_said(value)}" for words, value in told if value not in ("", None))


def _said(value: object) -> str:
    if isinstance(value, (str, float)):
        return f"{value:g}" if isinstance(value, float) else value[:120]
    day: date = value  # type: ignore[assignment]
    return f"{day.day} {day:%B %Y}"


