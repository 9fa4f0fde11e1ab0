"""One check of a register of tests of change: which project each row names, and what it says was planned, seen and decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from espalier.common.names import alike
from espalier.imports.kinds import Checked, Record
from espalier.projects.actions.importing_check import MOST_WORD, Slips
from espalier.projects.queries.importing import projects_named, tried_before
from espalier.projects.queries.typed import registers
from espalier.projects.rules.days import TEST_AHEAD
from espalier.projects.rules.typed import MOST_PREDICTION, MOST_TEXT, MOST_TITLE, TypedTest, decision_of, mark_of, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Line
    from espalier.projects.queries.importing import Named

PROJECT, NUMBER, TITLE, PLAN, PREDICTION, PREDICTED, DO, STUDY, RESULT, ACT, START, END, SYSTEM = range(13)
WORDS = (PROJECT, TITLE, PLAN, PREDICTION, DO, STUDY, ACT, SYSTEM)
# By column of a register: what it fills of a test, for rows of a file that has no such column.
FILLS = {
    PLAN: ("plan",), PREDICTION: ("prediction",), PREDICTED: ("predicted",), DO: ("happened",), STUDY: ("learned",), RESULT: ("result",),
    ACT: ("act", "decision"), END: ("ends_on",),
}  # fmt: skip


class TestsCheck:
    """One check of one register of tests; it looks everything up once."""

    __test__ = False  # a check, not a test of ours

    def __init__(self, viewer: Viewer, at: datetime, lines: Sequence[Line]) -> None:
        self.viewer, self.today, self.lines, self.words, self.slips = viewer, timezone.localdate(at), lines, registers(), Slips()
        self.named = projects_named(viewer=viewer, texts={line.texts[PROJECT] for line in lines})
        self.given = [any(line.columns[at] >= 0 or line.texts[at] for line in lines[:1]) for at in range(SYSTEM + 1)]

    def run(self) -> Checked:
        """Return the records and what is wrong."""
        rows = [(line, row) for line in self.lines if (row := self._row(line)) is not None]
        self.before = tried_before(viewer=self.viewer, marks={self._mark(row) for _, row in rows})
        records = [self._record(line, row) for line, row in rows]
        return Checked(tuple(records), tuple(self.slips.all))

    def _row(self, line: Line) -> TypedTest | None:
        """Read one row; every slip in it is named."""
        before = self.slips.stopping
        project = self._project(line)
        if project is None and self.slips.all[-1].elsewhere:
            return None  # what else it says is another's matter
        self.slips.patients(line, WORDS)
        row = self._read(line, project)
        return row if self.slips.stopping == before else None

    def _project(self, line: Line) -> Named | None:
        """Find the project a row names: by its number in the same register, else by number or title in any."""
        called, system = alike(line.texts[PROJECT]), alike(line.texts[SYSTEM])
        found = self.named.get((system, called)) or self.named.get(("", called), ())
        mine = [one for one in found if one.mine]
        if len(mine) == 1:
            return mine[0]
        if mine:
            self.slips.wrong(line, PROJECT, "Several projects have this name", "Write the project's old number.", "several-projects")
        elif found:
            what, to_do = "You do not change this project", "Leave these rows out. Its own team brings them in."
            self.slips.wrong(line, PROJECT, what, to_do, "not-yours", elsewhere=True)
        else:
            to_do = "Bring in the projects first. Then use the old number, or the whole title."
            self.slips.wrong(line, PROJECT, "We know no such project", to_do, "project")
        return None

    def _read(self, line: Line, project: Named | None) -> TypedTest | None:
        texts, values = line.texts, line.values
        start, end = (values[at].day if values[at] else None for at in (START, END))
        title = " ".join(texts[TITLE].split()) or shortened(" ".join(texts[PLAN].split()), MOST_TITLE)
        self._fits(line, title, start, end)
        if project is None or not (begun := start or end):
            return None
        return TypedTest(
            project.pk, " ".join(texts[SYSTEM].split()), " ".join(texts[NUMBER].split()), title, texts[PLAN].strip(),
            texts[PREDICTION].strip(), values[PREDICTED], values[RESULT], texts[DO].strip(), texts[STUDY].strip(), texts[ACT].strip(),
            self._decision(line), begun, end,
        )  # fmt: skip

    def _fits(self, line: Line, title: str, start: Any, end: Any) -> None:
        if not title:
            self.slips.wrong(line, TITLE, "It does not say what was tested", "Fill in a title or the plan.", "no-title")
        if not (start or end):
            self.slips.wrong(line, START, "There is no day", "Fill in when the test began or ended.", "no-day")
        if start and end and end < start:
            self.slips.wrong(line, END, "The last day is before the first", "Check both days.", "backwards")
        for at in (START, END):
            self.slips.day(line, at, today=self.today, ahead=TEST_AHEAD)
        for at, most in ((TITLE, MOST_TITLE), (NUMBER, MOST_WORD), (SYSTEM, MOST_WORD)):
            self._at_most(line, at, most)
        for at in (PLAN, PREDICTION, DO, STUDY, ACT):
            self._at_most(line, at, MOST_TEXT)
        if MOST_PREDICTION < len(line.texts[PREDICTION].strip()) <= MOST_TEXT:
            what = f"The test shows the first {MOST_PREDICTION} letters of the prediction"
            self.slips.warn(line, PREDICTION, what, "All of it stays beside the test, as the register has it.", "long-prediction")

    def _at_most(self, line: Line, at: int, most: int) -> None:
        if (length := len(line.texts[at].strip())) > most:
            self.slips.wrong(line, at, f"It has {length:,} letters. The most is {most:,}", "Shorten it.", f"long-{at}")

    def _decision(self, line: Line) -> str:
        decision = decision_of(line.texts[ACT], self.words.decisions)
        if line.texts[ACT].strip() and not decision:
            to_do = "The words are kept. To say what was decided, begin with adopt, adapt or abandon."
            self.slips.warn(line, ACT, "It does not begin with a decision", to_do, "decision")
        return decision

    def _mark(self, row: TypedTest) -> tuple[int, str]:
        return row.project_id, mark_of(system=row.system, number=row.number, otherwise=f"{row.title} {row.starts_on}")

    def _record(self, line: Line, row: TypedTest) -> Record:
        mark = self._mark(row)
        if said := self.before.get(mark):
            row = row._replace(**{name: getattr(said, name) for at, names in FILLS.items() if not self.given[at] for name in names})
        return Record(("test", *mark), row, line.row, line.columns[TITLE], line.texts[TITLE])
