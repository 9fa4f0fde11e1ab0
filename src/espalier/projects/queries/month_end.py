"""A team's month end: it lands on the oldest month that is not sent, with the figures all teams keep and three short texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.measures import queries as measures
from espalier.projects import permissions
from espalier.projects.models import ProgrammeMeasure, ProgrammeTeam, Submission
from espalier.projects.queries.programmes import SharedMeasure
from espalier.projects.queries.projects import project
from espalier.projects.rules.programmes import COMPLETED, DRAFT, landing, months_due

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Definition, Known
    from espalier.projects.queries.projects import ProjectFacts

JOIN = Suggestion("Programmes", "/projects/programmes/")


@dataclass(frozen=True, slots=True)
class Taking:
    """A project's part in a programme, as its month end needs it."""

    programme_id: int
    title: str
    starts_on: date
    ends_on: date | None
    lead_id: int | None
    second_id: int | None
    since: date
    measures: tuple[tuple[int, str, str], ...]

    @property
    def href(self) -> str:
        """The programme's page."""
        return f"/projects/programmes/{self.programme_id}/"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a team has written for a month, and what came of it; version 0 is nothing stored yet."""

    period_on: date
    pk: int = 0
    state: str = DRAFT
    tried: str = ""
    learned: str = ""
    need: str = ""
    said: float | None = None
    version: int = 0
    saved_at: datetime | None = None
    saved_by_id: int | None = None
    submitted_at: datetime | None = None
    submitted_by_id: int | None = None
    pulled_back_at: datetime | None = None
    reply: str = ""
    replied_at: datetime | None = None
    replied_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """One figure that is asked for."""

    measure: SharedMeasure
    definition: Definition
    standing: Known | None
    may: Decision
    two_numbers: bool


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """Everything the page says; codes and numbers, not words."""

    project: ProjectFacts
    taking: Taking
    month: date | None  # None on the first day, while no month is over yet
    months: tuple[tuple[date, str], ...]  # each that is asked for and how it stands, newest first
    sent: Sent | None
    boxes: tuple[Box, ...]
    may_answer: Decision
    just_saved: bool = False  # this version was stored a moment ago: it can be taken back

    @property
    def href(self) -> str:
        """The page, which lands on the oldest month that is not sent."""
        return f"{self.project.href}month/"

    def href_of(self, month: date | None) -> str:
        """The page of one month."""
        return f"{self.href}?month={month:%Y-%m}" if month else self.href

    @property
    def is_open(self) -> bool:
        """Whether what stands can be typed over."""
        return bool(self.project.may_change) and self.sent is not None and self.sent.state == DRAFT

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do with this month."""
        return self.sent is not None and self.sent.state == COMPLETED

    @property
    def missing(self) -> tuple[date, ...]:
        """The months that are not sent, oldest first."""
        return tuple(month for month, state in reversed(self.months) if state == DRAFT)

    def name_of(self, account_id: int | None) -> str:
        """What somebody is called, among those who take part; "" for others."""
        return next((one.name for one in self.project.members if one.account_id == account_id), "")


def month_end(*, viewer: Viewer, pk: int, month: date | None, at: datetime, saved: int = 0) -> MonthEnd:
    """Land on the oldest month that is not sent, unless another is asked for; where all are sent, on the newest."""
    found = project(viewer=viewer, pk=pk)
    taking = _taking(pk)
    due = months_due(since=taking.since, starts_on=taking.starts_on, ends_on=taking.ends_on, today=timezone.localdate(at))
    rows = {row.period_on: row for row in _rows(pk, taking.programme_id)}
    states = {period: row.state for period, row in rows.items()}
    if month and month not in due and month not in rows:
        see = Suggestion("The month that is next", f"{found.href}month/")
        raise NotFoundHere("Nothing is asked of this team for that month.", suggestions=(see,))
    asked = month or landing(due, states) or (due[-1] if due else None)
    leads = viewer.account_id in {taking.lead_id, taking.second_id}
    sent = (rows.get(asked) or Sent(asked)) if asked else None
    return MonthEnd(
        project=found, taking=taking, month=asked, sent=sent, just_saved=bool(sent and saved and sent.version == saved),
        months=tuple((one, states.get(one, DRAFT)) for one in sorted({*due, *rows}, reverse=True)),
        boxes=_boxes(viewer, found, taking, asked) if asked else (),
        may_answer=permissions.may_answer(viewer=viewer, my_role=found.my_role, leads=leads),
    )  # fmt: skip


def _taking(pk: int) -> Taking:
    kept = ProgrammeMeasure.objects.filter(programme_id=OuterRef("programme_id")).order_by("added_at", "pk")
    rows = ProgrammeTeam.objects.filter(project_id=pk, until=None).annotate(
        kept=ArraySubquery(kept.values_list(JSONObject(pk="pk", code="measure_code", kind="kind")))
    )
    of = [f"programme__{name}" for name in ("title", "starts_on", "ends_on", "lead_id", "second_id")]
    if (row := rows.values_list("programme_id", *of, "since", "kept").first()) is None:
        raise NotFoundHere("This project is in no programme, so nobody asks for its month.", suggestions=(JOIN,))
    return Taking(*(*row[:7], tuple((one["pk"], one["code"], one["kind"]) for one in row[7])))


def _rows(pk: int, programme_id: int) -> tuple[Sent, ...]:
    columns = (
        "period_on", "pk", "state", "tried", "learned", "need", "said", "version", "saved_at", "saved_by_id", "submitted_at",
        "submitted_by_id", "pulled_back_at", "reply", "replied_at", "replied_by_id",
    )  # fmt: skip
    return tuple(Sent(*row) for row in Submission.objects.filter(project_id=pk, programme_id=programme_id).values_list(*columns))


def _boxes(viewer: Viewer, found: ProjectFacts, taking: Taking, month: date) -> tuple[Box, ...]:
    known = measures.named(viewer=viewer, codes=[code for _, code, _ in taking.measures]) if taking.measures else {}
    # A figure for each week has no one number for a month: those are put in on their own page.
    there = [(SharedMeasure(*one, known[one[1]]), known[one[1]]) for one in taking.measures if one[1] in known]
    there = [(shared, what) for shared, what in there if what.frequency == "month"]
    if not there:
        return ()
    stands = measures.standing(viewer=viewer, measures=[what.pk for _, what in there], unit_ids=[found.unit.pk], period_on=month)
    may = measures.may_enter_each(viewer=viewer, wanted=[(found.unit, what.words) for _, what in there])
    return tuple(
        Box(shared, what, stands.get((what.pk, found.unit.pk)), decision, measures.two_numbers(what))
        for (shared, what), decision in zip(there, may, strict=True)
    )
