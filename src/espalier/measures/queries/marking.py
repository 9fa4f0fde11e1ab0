"""What people said of series, as far as the viewer may see it: for one chart, and for many in one question."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject

from espalier.access.decisions import Decision
from espalier.common.paging import Page, page_of
from espalier.measures import charting
from espalier.measures.models import Mark, MarkVersion, Series
from espalier.measures.permissions import Marking, may_mark
from espalier.measures.queries.comparing import Stretch, stretches
from espalier.measures.rules.marking import EXCLUDE, FREEZE, NOT_NOW, NOTES, PHASES, REBASE, Decided
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer
    from espalier.measures.charting import Block, Judged
    from espalier.measures.queries.definitions import Definition
    from espalier.organisations.queries import UnitFacts

HISTORY_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Marked:
    """One mark as pages show it; notes carry the number under which they stand on the chart."""

    pk: UUID
    kind: str
    starts_on: date
    ends_on: date | None
    words: str
    cause_known: bool | None
    version: int
    account_id: int | None
    at: datetime
    ended_at: datetime | None = None
    number: int = 0
    who: str = ""

    @property
    def is_note(self) -> bool:
        """Whether it only says something, and changes nothing."""
        return self.kind in NOTES


_VERSION = ("pk", "mark_id", "number", "did", "kind", "starts_on", "ends_on", "words", "account_id", "at", "why")
_FIELDS = ("pk", "kind", "starts_on", "ends_on", "words", "cause_known", "version", "account_id", "at", "ended_at")


@dataclass(frozen=True, slots=True)
class Work:
    """What stands beside one chart: notes, baselines, what may be done about them, and what the chart suggests."""

    may: Marking
    standing: tuple[Marked, ...] = ()
    shown: bool = True  # False: drawn as the public sees it
    suggested: date | None = None
    phases: tuple[Stretch, ...] = ()

    @property
    def notes(self) -> tuple[Marked, ...]:
        """Notes and changes tried, oldest period first."""
        return tuple(one for one in self.standing if one.is_note)

    @property
    def decisions(self) -> tuple[Marked, ...]:
        """What changes the chart itself."""
        return tuple(one for one in self.standing if one.kind in PHASES)

    @property
    def seen(self) -> str:
        """A short sign of the decisions as they stand, so that nobody decides on top of what they have not seen."""
        return sign_of(self.decisions)

    @property
    def decided(self) -> Decided:
        """The decisions as the chart takes them."""
        return decided_of(self.decisions)

    def drawn(self) -> tuple[charting.Noted, ...]:
        """The notes as the chart draws them."""
        return drawn(self.standing)


def drawn(marks: Iterable[Marked]) -> tuple[charting.Noted, ...]:
    """Return the notes among marks as charts draw them, under the numbers they have."""
    return tuple(charting.Noted(one.number, one.starts_on, one.words) for one in marks if one.is_note)


def sign_of(decisions: Iterable[Marked | Mark]) -> str:
    """Return a short sign that changes whenever a decision is made, changed or ended."""
    words = " ".join(sorted(f"{one.pk}.{one.version}" for one in decisions if one.ended_at is None))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def decided_of(marks: Iterable[Marked]) -> Decided:
    """Gather decisions into what a chart takes."""
    several = tuple(marks)
    return Decided(
        rebase=tuple(one.starts_on for one in several if one.kind == REBASE),
        freeze=tuple((one.starts_on, one.ends_on) for one in several if one.kind == FREEZE and one.ends_on),
        exclude=tuple(one.starts_on for one in several if one.kind == EXCLUDE),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A mark, and the unit whose series it is about."""

    unit_id: int
    mark: Marked


def asked_along(*, viewer: Viewer, inside: QuerySet[Any, Any], kinds: Collection[str]) -> dict[str, ArraySubquery]:
    """Return what a question about series grouped by measure asks along: their standing marks. Row-level security chooses.

    Asked within a question that is asked anyway, so that a list of two hundred charts costs no question more. Only an
    organisation's own people see any marks, so for everybody else nothing is asked.
    """
    if not viewer.grants:
        return {}
    standing = Mark.objects.filter(
        kind__in=kinds, ended_at=None, series__measure_id=OuterRef("measure_id"), series__unit_id__in=inside, series__stratum=""
    )
    facts = JSONObject(unit="series__unit_id", **{name: name for name in _FIELDS})
    return {"marks": ArraySubquery(standing.order_by("starts_on", "at").values_list(facts))}


def of_series(*, viewer: Viewer) -> dict[str, ArraySubquery]:
    """As asked_along, for a question about series one by one."""
    if not viewer.grants:
        return {}
    standing = Mark.objects.filter(kind__in=PHASES, ended_at=None, series_id=OuterRef("pk"))
    facts = JSONObject(unit="series__unit_id", **{name: name for name in _FIELDS})
    return {"marks": ArraySubquery(standing.order_by("starts_on", "at").values_list(facts))}


def found_in(rows: Iterable[dict[str, Any]] = ()) -> tuple[Found, ...]:
    """Read marks back from what the database wrote as JSON."""
    return tuple(Found(row["unit"], _read(row)) for row in rows)


def _read(row: dict[str, Any]) -> Marked:
    return Marked(
        pk=UUID(row["pk"]), kind=row["kind"], starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None, words=row["words"], cause_known=row["cause_known"],
        version=row["version"], account_id=row["account_id"], at=datetime.fromisoformat(row["at"]),
    )  # fmt: skip


# What is said of a series `s`, for a question in SQL: as asked_along asks it, and from when on a frozen range needs figures.
# Row-level security chooses here too.
SAID_OF_SERIES = """
SELECT jsonb_agg(jsonb_build_object('unit', s.unit_id, 'pk', m.id, 'kind', m.kind, 'starts_on', m.starts_on, 'ends_on', m.ends_on,
                 'words', m.words, 'cause_known', m.cause_known, 'version', m.version, 'account_id', m.account_id, 'at', m.at)
                 ORDER BY m.starts_on, m.at) AS marks,
       min(m.starts_on) FILTER (WHERE m.kind = 'freeze') AS frozen_since
FROM measures_mark m WHERE m.series_id = s.id AND m.ended_at IS NULL
"""


def decided_by_unit(found: Iterable[Found]) -> dict[int, Decided]:
    """Gather decisions by the unit they are about."""
    several: dict[int, list[Marked]] = {}
    for one in found:
        several.setdefault(one.unit_id, []).append(one.mark)
    return {unit: decided_of(marks) for unit, marks in several.items()}


def frozen_since(decided: dict[int, Decided]) -> dict[int, date]:
    """Return, by key, from when on figures are needed because a frozen range rests on them."""
    return {key: min(first for first, _ in one.freeze) for key, one in decided.items() if one.freeze}


def work_on(
    *,
    viewer: Viewer,
    definition: Definition,
    unit: UnitFacts,
    added_up: bool = False,
    of: str = "",
    shown: bool = True,
    found: Iterable[Found] | None = None,
) -> Work:
    """Return what stands beside the chart of one series, with the names of who said it; found is what was read along.

    of names the group of people whose chart it is: nothing is said of groups.
    """
    if added_up or of:
        why = "This chart is of one group. Put notes and baselines on the chart of everybody."
        why = "This chart is added up from others. Put notes and baselines on the charts it is made of." if added_up else why
        no = Decision(allowed=False, reason=why)
        return Work(Marking(no, no))
    may = may_mark(viewer=viewer, unit=unit)
    if not viewer.grants:
        return Work(may)
    if found is None:
        rows = Mark.objects.filter(series__in=_series(definition.pk, unit.pk), ended_at=None).order_by("starts_on", "at")
        marks = [Marked(*row) for row in rows.values_list(*_FIELDS)]
    else:
        marks = [one.mark for one in found if one.unit_id == unit.pk]
    return Work(may, _named(viewer, marks), shown=shown)


def _series(measure_id: int, unit_id: int) -> QuerySet[Series, Any]:
    return Series.objects.filter(measure_id=measure_id, unit_id=unit_id, stratum="").values("pk")


def _named(viewer: Viewer, marks: list[Marked]) -> tuple[Marked, ...]:
    """Give notes their numbers and every mark the name of who made it."""
    names = organisations.names_of_accounts(viewer=viewer, accounts={one.account_id for one in marks})
    return tuple(replace(one, who=names.get(one.account_id or 0, "")) for one in numbered(marks))


def numbered(marks: Iterable[Marked]) -> tuple[Marked, ...]:
    """Give notes the numbers under which they stand on the chart, in the order they are given."""
    several = tuple(marks)
    numbers = {one.pk: place for place, one in enumerate([one for one in several if one.is_note], start=1)}
    return tuple(replace(one, number=numbers.get(one.pk, 0)) for one in several)


def looked_at(work: Work, judged: Judged, *, compare: str) -> Work:
    """Add what only the judged chart can say: its phases, and where a new one might begin."""
    if compare != "each-month":
        return work
    phases = stretches(judged, 0) if work.shown and work.decided else ()
    return replace(work, phases=phases, suggested=_suggested(work, judged))


def _suggested(work: Work, judged: Judged) -> date | None:
    """Suggest to those who may decide, where no range is frozen, and not what somebody has set aside."""
    if not (work.may.mark and work.shown) or work.decided.freeze:
        return None
    found = charting.suggestion(judged)
    aside = {one.starts_on for one in work.standing if one.kind == NOT_NOW}
    return None if found in aside else found


def reaching(block: Block, usual: int, decided: Decided) -> int:
    """Return how many periods a chart must show: the usual number, or back to where a frozen baseline begins."""
    days = block.months(0)
    firsts = [len(days) - bisect_left(days, first) for first, _ in decided.freeze]
    return max([usual, *firsts])


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history of marks."""

    version: UUID
    mark: UUID
    number: int
    did: str
    kind: str
    starts_on: date
    ends_on: date | None
    words: str
    account_id: int | None
    at: datetime
    why: str
    who: str = ""
    newest: bool = False  # nobody has changed the mark since, so this can be taken back


@dataclass(frozen=True, slots=True)
class MarksPage:
    """Everything said of one series, and all that became of it."""

    definition: Definition
    unit: UnitFacts
    work: Work
    changes: tuple[Change, ...]
    page: Page

    @property
    def chart_href(self) -> str:
        """The chart's address."""
        return f"{self.definition.href}{self.unit.code}/"


def marks_page(*, viewer: Viewer, definition: Definition, unit: UnitFacts, page: str = "1") -> MarksPage:
    """Return all marks of one series with their history, newest change first."""
    later = MarkVersion.objects.filter(mark_id=OuterRef("mark_id"), number__gt=OuterRef("number"))
    versions = MarkVersion.objects.filter(series_id__in=_series(definition.pk, unit.pk))
    which = page_of(page, size=HISTORY_A_PAGE, total=versions.count())
    rows = versions.annotate(newest=~Exists(later)).order_by("-at", "-number").values_list(*_VERSION, "newest")[which.start : which.stop]
    work = work_on(viewer=viewer, definition=definition, unit=unit)
    changes = [replace(Change(*row[:-1]), newest=row[-1]) for row in rows]
    people = organisations.names_of_accounts(viewer=viewer, accounts={one.account_id for one in changes})
    told = tuple(replace(one, who=people.get(one.account_id or 0, "")) for one in changes)
    return MarksPage(definition, unit, work, told, which)


def mark_of(*, viewer: Viewer, definition: Definition, unit: UnitFacts, pk: UUID) -> Marked | None:
    """Return one mark of a series, ended ones too; None where there is none, or none this viewer may see."""
    del viewer
    row = Mark.objects.filter(pk=pk, series__in=_series(definition.pk, unit.pk)).values_list(*_FIELDS).first()
    return Marked(*row) if row else None


def version_of(*, viewer: Viewer, definition: Definition, unit: UnitFacts, version: UUID | None) -> Change | None:
    """Return what was done a moment ago, so that it can be said and taken back."""
    if version is None or not viewer.grants:
        return None
    row = MarkVersion.objects.filter(pk=version, series_id__in=_series(definition.pk, unit.pk)).values_list(*_VERSION).first()
    return Change(*row) if row else None
