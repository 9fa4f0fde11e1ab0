"""One check of a register of projects: what each row says, which place and leader it means, and which project it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from espalier.common.names import alike
from espalier.imports.kinds import PATIENT, Checked, Record, Trouble
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.models.projects import OPEN_TO
from espalier.projects.queries.importing import People, brought_before, projects_called
from espalier.projects.queries.typed import registers
from espalier.projects.rules.days import AIM_AHEAD, START_AHEAD, wrong_day
from espalier.projects.rules.standing import OVER
from espalier.projects.rules.typed import (
    MOST_AIM,
    MOST_TEXT,
    MOST_TITLE,
    TypedProject,
    UnableToReadTyped,
    columns_of,
    differing,
    mark_of,
    of_patients,
    score_of,
    state_of,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Key, Line
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.importing import Here

NUMBER, TITLE, AIM, PLACE, LEADER, START, END, STATE, METHOD, SCORE, UPDATED, PROGRAMME, SYSTEM, OPEN = range(14)
WORDS = (TITLE, AIM, LEADER, STATE, METHOD, PROGRAMME, SYSTEM)  # cells in which somebody may have written about a patient
MOST_WORD = 60
USUAL_METHOD = "model-for-improvement"
# By column of a register: what it fills of a project, for rows of a file that has no such column.
FILLS = {
    AIM: ("aim",), LEADER: ("leader_said", "leader"), START: ("starts_on",), END: ("ends_on",), STATE: ("state_said", "state"),
    METHOD: ("method_said", "method"), SCORE: ("score",), UPDATED: ("score_on",), PROGRAMME: ("programme",), OPEN: ("open_to",),
}  # fmt: skip
CALLED = {
    "unit_id": "place", "title": "title", "aim_what": "aim", "state": "state", "method": "way of working", "open_to": "readers",
    "ended_on": "last day", "aim_by": "day by which", "why_stopped": "reason for stopping",
}  # fmt: skip


class Slips:
    """What is wrong with a file's rows, gathered while they are read."""

    def __init__(self) -> None:
        self.all: list[Trouble] = []

    def wrong(self, line: Line, at: int, what: str, to_do: str, cause: str, *, key: Key | None = None, elsewhere: bool = False) -> None:
        """Note a cell for which its row cannot be taken."""
        self.all.append(Trouble(line.row, line.columns[at], line.texts[at], what, to_do, cause, key=key, elsewhere=elsewhere))

    def warn(self, line: Line, at: int, what: str, to_do: str, cause: str) -> None:
        """Note a cell that a person should look at."""
        self.all.append(Trouble(line.row, line.columns[at], line.texts[at], what, to_do, cause, warning=True))

    def patients(self, line: Line, cells: Sequence[int]) -> None:
        """Refuse rows that point at a patient. What stands in such a cell is not shown: a page is one place more for it to be."""
        for at in cells:
            words, sure = of_patients(line.texts[at])
            if sure:
                what, to_do = f"This looks like {words}", "Take it out of the file. Nothing here is about single patients."
                self.all.append(Trouble(line.row, line.columns[at], "", what, to_do, PATIENT))
            elif words:
                to_do = "Take it out if it is about a patient. By storing the file you say that it is not."
                self.all.append(Trouble(line.row, line.columns[at], "", f"This looks like {words}", to_do, "person", warning=True))

    def day(self, line: Line, at: int, *, today: date, ahead: int) -> None:
        """Refuse a day whose year was mistyped."""
        day = line.values[at].day if line.values[at] else None
        if day and (wrong := wrong_day(day, today=today, ahead=ahead)):
            what = "This day is too long ago" if wrong == "early" else "This day is too far ahead"
            self.wrong(line, at, what, "Check the year.", wrong)

    def read(self, line: Line, at: int, how: Callable[[str], Any]) -> Any:
        """Read one cell; where that cannot be done, say so and go on with the row's other cells."""
        try:
            return how(line.texts[at])
        except UnableToReadTyped as problem:
            self.wrong(line, at, problem.what.rstrip("."), problem.to_do, f"{at}-{problem.what[:30]}")
            return None

    @property
    def stopping(self) -> int:
        """How many of them stop their row."""
        return sum(not one.warning for one in self.all)


class Check:
    """One check of one register; it looks everything up once."""

    def __init__(self, viewer: Viewer, at: datetime, lines: Sequence[Line]) -> None:
        self.viewer, self.today, self.lines = viewer, timezone.localdate(at), lines
        self.places = organisations.places_where(viewer=viewer, do=permissions.START)
        self._places = {text: self._place(text) for text in {line.texts[PLACE] for line in lines}}
        self.others = {code.casefold() for code in organisations.find(viewer=viewer, codes=[text.strip().upper() for text in self._places])}
        self.given = [any(line.columns[at] >= 0 or line.texts[at] for line in lines[:1]) for at in range(OPEN + 1)]
        self.people, self.words, self.slips = People.of(viewer), registers(), Slips()

    def run(self) -> Checked:
        """Return the records and what is wrong."""
        rows = [(line, row) for line in self.lines if (row := self._row(line)) is not None]
        marks = {self._mark(row) for _, row in rows}
        self.before = brought_before(viewer=self.viewer, marks=marks)
        self.called = projects_called(
            viewer=self.viewer, units={row.unit_id for _, row in rows}, titles={row.title for _, row in rows}
        )  # fmt: skip
        records = [record for line, row in rows if (record := self._record(line, row)) is not None]
        return Checked(tuple(records), tuple(self.slips.all))

    # ---- what a row says

    def _row(self, line: Line) -> TypedProject | None:
        """Read one row; every slip in it is named, so that nobody mends a register once for each."""
        before = self.slips.stopping
        unit = self._places[line.texts[PLACE]]
        if isinstance(unit, Trouble):
            if line.texts[PLACE].strip().casefold() in self.others:
                what = "You do not begin projects at this place"
                self.slips.wrong(line, PLACE, what, "Leave these rows out. Its own people bring them in.", "not-yours", elsewhere=True)
                return None  # what else it says is another's matter
            self.slips.wrong(line, PLACE, unit.what, unit.to_do, unit.cause)
        self.slips.patients(line, WORDS)
        row = self._read(line, None if isinstance(unit, Trouble) else unit)
        return row if self.slips.stopping == before else None

    def _read(self, line: Line, unit: UnitFacts | None) -> TypedProject:
        texts, days = line.texts, [line.values[at].day if line.values[at] else None for at in (START, END, UPDATED)]
        open_to = alike(texts[OPEN]) if alike(texts[OPEN]) in OPEN_TO else "team"
        row = TypedProject(
            self.places.owners[unit.pk] if unit else 0, _one_line(texts[SYSTEM])[:MOST_WORD], _one_line(texts[NUMBER]),
            _one_line(texts[TITLE]), texts[AIM].strip(), unit.pk if unit else 0, _one_line(texts[LEADER]), None, days[0], days[1],
            _one_line(texts[STATE]), self.slips.read(line, STATE, lambda text: state_of(text, self.words.states)) or "planning",
            _one_line(texts[METHOD]), self._method(line), self.slips.read(line, SCORE, score_of), days[2],
            _one_line(texts[PROGRAMME]), open_to,
        )  # fmt: skip
        self._fits(line, row)
        if row.state in OVER and row.ends_on and row.ends_on > self.today:
            what = "The project is over here, but this day has not come yet"
            self.slips.warn(line, END, what, "The project comes in without a last day.", "over-to-come")
            return row._replace(ends_on=None)
        return row

    def _fits(self, line: Line, row: TypedProject) -> None:
        """Name what is too long or does not go together."""
        for at, text, most in (
            (TITLE, row.title, MOST_TITLE), (AIM, row.aim, MOST_TEXT), (NUMBER, row.number, MOST_WORD),
            (LEADER, row.leader_said, MOST_TITLE), (STATE, row.state_said, MOST_TITLE), (METHOD, row.method_said, MOST_TITLE),
            (PROGRAMME, row.programme, MOST_TITLE),
        ):  # fmt: skip
            if len(text) > most:
                self.slips.wrong(line, at, f"It has {len(text):,} letters. The most is {most:,}", "Shorten it.", f"long-{at}")
        if not row.title:
            self.slips.wrong(line, TITLE, "The title is missing", "Fill it in.", "no-title")
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            self.slips.wrong(line, END, "The last day is before the first", "Check both days.", "backwards")
        for at, ahead in ((START, START_AHEAD), (END, AIM_AHEAD)):
            self.slips.day(line, at, today=self.today, ahead=ahead)
        if row.score_on and row.score_on > self.today:
            self.slips.wrong(line, UPDATED, "This day has not come yet", "Check it.", "future")
        else:
            self.slips.day(line, UPDATED, today=self.today, ahead=0)
        if MOST_AIM < len(row.aim) <= MOST_TEXT:
            what = f"The aim has {len(row.aim):,} letters: the project shows the first {MOST_AIM}"
            self.slips.warn(line, AIM, what, "All of it stays beside the project, as the register has it.", "long-aim")

    def _method(self, line: Line) -> str:
        text = alike(line.texts[METHOD])
        if text and text not in self.words.methods:
            to_do = "The Model for Improvement is taken. It can be changed."
            self.slips.warn(line, METHOD, "We do not know this way of working", to_do, "method")
        return self.words.methods.get(text, USUAL_METHOD)

    def _place(self, text: str) -> UnitFacts | Trouble:
        found = self.places.find(text)
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(unit.code for unit in found[:4])
            return Trouble(0, 0, text, "Several places have this name", f"Use a code: {codes}.", "several-places")
        if near := self.places.near(text):
            return Trouble(0, 0, text, "We know no such place", f"Did you mean {near}?", f"place-near-{near}")
        to_do = "Use the code or the whole name of a place where you may begin projects."
        return Trouble(0, 0, text, "We know no such place", to_do, "place")

    # ---- what it comes to

    def _mark(self, row: TypedProject) -> tuple[int, str]:
        return row.register, mark_of(system=row.system, number=row.number, otherwise=f"{row.unit_id} {row.title}")

    def _record(self, line: Line, row: TypedProject) -> Record | None:
        mark = self._mark(row)
        key: Key = ("project", *mark)
        here = self.before.get(mark)
        if here and not (here.said and here.mine):
            what, to_do = "This project is here already, and others look after it", "Leave the row out, or ask its team to take it over."
            self.slips.wrong(line, NUMBER if row.number else TITLE, what, to_do, "not-yours", key=key, elsewhere=True)
            return None
        row = self._with_leader(line, self._as_before(row, here.said) if here and here.said else row, here.said if here else None)
        if here and here.said:
            self._stays(line, row, here)
        elif (row.unit_id, row.title.casefold()) in self.called:
            self.slips.warn(line, TITLE, "A project of this name is here already", "Check that this is another one.", "same-name")
        return Record(key, row, line.row, line.columns[TITLE], line.texts[TITLE])

    def _as_before(self, row: TypedProject, said: TypedProject) -> TypedProject:
        """Leave what the file has no column for as the register said it before."""
        return row._replace(**{name: getattr(said, name) for at, names in FILLS.items() if not self.given[at] for name in names})

    def _with_leader(self, line: Line, row: TypedProject, said: TypedProject | None) -> TypedProject:
        """Find the leader. Somebody who was known when the register first named them stays known, until it names somebody else."""
        if not row.leader_said:
            return row._replace(leader=None)
        found = self.people.find(row.leader_said, row.register)
        if isinstance(found, int):
            return row._replace(leader=found)
        if said and said.leader and alike(said.leader_said) == alike(row.leader_said):
            return row._replace(leader=said.leader)
        what = found or "Nobody of this name has signed in here"
        to_do = "The project is stored without a leader, and you look after it. Write the work e-mail address, or name a leader later."
        self.slips.warn(line, LEADER, what, to_do, "leader")
        return row._replace(leader=None)

    def _stays(self, line: Line, row: TypedProject, here: Here) -> None:
        if here.said is None:
            return
        _, stays = differing(columns_of(here.said), columns_of(row), here.now)
        if stays:
            what = f"Somebody changed this here since: {', '.join(CALLED[name] for name in stays)}"
            self.slips.warn(line, TITLE, what, "What they wrote stays. What the register says is kept beside it.", "changed-here")


def _one_line(text: str) -> str:
    return " ".join(text.split())
