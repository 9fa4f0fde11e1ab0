"""Reports, board pages and what was frozen of them, as far as a viewer may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from espalier.access.roles import all_roles
from espalier.common.errors import NotFoundHere, Suggestion
from espalier.exports.keeping import from_json
from espalier.insight import permissions
from espalier.insight.models import Frozen, Paper, PaperVersion
from espalier.insight.rules import Chosen, Content, Gap, content_from, read_gaps
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.exports.shapes import Document, Picture
    from espalier.measures.queries import Definition
    from espalier.organisations.queries import UnitFacts

A_ROW = 3  # charts of one row that the software chooses where nobody has chosen
ALL = Suggestion("All reports", "/insight/reports/")


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A report or a board page as it stands; pk 0 is a board page that nobody has begun."""

    pk: int
    kind: str
    unit: UnitFacts
    version: int
    content: Content
    changed_at: datetime | None
    removed: bool
    may_write: Decision
    drawn: Mapping[measures.Pair, Picture] | None = field(default=None, compare=False)  # charts that were needed to choose them

    @property
    def href(self) -> str:
        """Its page."""
        return f"/insight/reports/{self.pk}/" if self.kind == "report" else f"/insight/board/{self.unit.code}/"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A report in a list."""

    pk: int
    title: str
    place: str
    charts: int
    changed_at: datetime
    removed: bool


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """What was frozen, in a list."""

    paper: int
    number: int
    title: str
    frozen_on: date
    at: datetime

    @property
    def href(self) -> str:
        """Its page."""
        return f"/insight/papers/{self.paper}/frozen/{self.number}/"


@dataclass(frozen=True, slots=True)
class FrozenFacts:
    """What was frozen, whole: it opens as it stood."""

    paper: int
    number: int
    kind: str
    unit: UnitFacts
    frozen_on: date
    document: Document


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a paper: what, when, and whose."""

    version: int
    what: str
    at: datetime
    who: str


@cache
def gaps() -> tuple[Gap, ...]:
    """Return the rows of a board page, read once: content changes with a new start."""
    return read_gaps(settings.CONTENT_DIR)


def may_write(*, viewer: Viewer, unit: UnitFacts, kind: str) -> Decision:
    """Whether the viewer may write a report or the board page of a place."""
    return permissions.may_write(viewer=viewer, unit=unit, kind=kind)


def writable_units(*, viewer: Viewer) -> tuple[UnitFacts, ...]:
    """Return the places at which the viewer may write reports: those where a role is held."""
    authors = all_roles().with_right(permissions.WRITE)
    held = {one.unit_id for one in viewer.grants if one.role in authors}
    return tuple(sorted(organisations.units(viewer=viewer, pks=held).values(), key=lambda one: (one.kind, one.name))) if held else ()


def papers(*, viewer: Viewer) -> tuple[PaperLine, ...]:
    """List the reports this viewer may see, newest change first."""
    rows = list(Paper.objects.filter(kind="report").order_by("-changed_at")[:200])
    places = organisations.units(viewer=viewer, pks={row.unit_id for row in rows}) if rows else {}
    return tuple(
        PaperLine(row.pk, row.title, places[row.unit_id].name, len(row.content["charts"]), row.changed_at, row.removed_at is not None)
        for row in rows
    )


def paper(*, viewer: Viewer, pk: int) -> PaperFacts:
    """Return a report or board page by its number; what may not be seen is not there."""
    row = Paper.objects.filter(pk=pk).first()
    if row is None:
        raise NotFoundHere("There is no such report, or it is not yours to see.", suggestions=(ALL,))
    unit = organisations.units(viewer=viewer, pks=[row.unit_id])[row.unit_id]
    return _facts(viewer, row, unit)


def board_page(*, viewer: Viewer, unit: UnitFacts) -> PaperFacts:
    """Return a place's board page; where nobody has begun one, or it may not be seen, what the open figures make of it."""
    row = Paper.objects.filter(kind="board", unit_id=unit.pk).first()
    if row is not None:
        return _facts(viewer, row, unit)
    allowed = permissions.may_write(viewer=viewer, unit=unit, kind="board")
    content, drawn = first_cut(viewer=viewer, unit=unit)
    return PaperFacts(0, "board", unit, 0, content, None, removed=False, may_write=allowed, drawn=drawn)


def _facts(viewer: Viewer, row: Paper, unit: UnitFacts) -> PaperFacts:
    allowed = permissions.may_write(viewer=viewer, unit=unit, kind=row.kind)
    return PaperFacts(
        row.pk,
        row.kind,
        unit,
        row.version,
        content_from(row.content),
        row.changed_at,
        removed=row.removed_at is not None,
        may_write=allowed,
    )


def first_cut(*, viewer: Viewer, unit: UnitFacts) -> tuple[Content, dict[measures.Pair, Picture]]:
    """Choose the first charts of each row by the order of measures: a beginning, for people to change."""
    known = measures.definitions(viewer=viewer)
    there = measures.pictures(viewer=viewer, pairs=[(one.code, unit.code) for one in known], among=known)
    chosen: list[Chosen] = []
    for gap in gaps():
        ours = [one.code for one in known if one.gap == gap.code and (one.code, unit.code) in there][:A_ROW]
        chosen += [Chosen(f"first-{code}", code, unit.code, gap=gap.code) for code in ours]
    return Content(title=f"Board page: {unit.name}"[:200], charts=tuple(chosen)), there


def pictures_of(
    *, viewer: Viewer, paper: PaperFacts, large: bool = True, among: Sequence[Definition] | None = None
) -> Mapping[measures.Pair, Picture]:
    """Return the charts of a paper, all in the same few questions."""
    if paper.drawn is not None:
        return paper.drawn
    pairs = [(one.measure, one.unit) for one in paper.content.charts]
    return measures.pictures(viewer=viewer, pairs=pairs, large=large, among=among) if pairs else {}


def history(*, viewer: Viewer, pk: int) -> tuple[Step, ...]:
    """List the changes of a paper, newest first."""
    rows = list(PaperVersion.objects.filter(paper_id=pk).order_by("-version").values_list("version", "what", "at", "account_id")[:50])
    names = organisations.names_of_accounts(viewer=viewer, accounts={row[3] for row in rows}) if rows else {}
    return tuple(Step(version, what, at, names.get(account, "somebody who has left")) for version, what, at, account in rows)


def frozen_lines(*, viewer: Viewer, pk: int | None = None) -> tuple[FrozenLine, ...]:
    """List what was frozen, of one paper or of all, newest first."""
    del viewer
    rows = Frozen.objects.order_by("-at")
    rows = rows.filter(paper_id=pk) if pk is not None else rows
    return tuple(FrozenLine(*row) for row in rows.values_list("paper_id", "number", "title", "frozen_on", "at")[:50])


def frozen(*, viewer: Viewer, pk: int, number: int) -> FrozenFacts:
    """Open what was frozen, as it stood."""
    row = Frozen.objects.filter(paper_id=pk, number=number).first()
    if row is None:
        raise NotFoundHere("Nothing was frozen under this address, or it is not yours to see.", suggestions=(ALL,))
    unit = organisations.units(viewer=viewer, pks=[row.unit_id])[row.unit_id]
    return FrozenFacts(row.paper_id, row.number, row.kind, unit, row.frozen_on, from_json(row.document))


def new_since(*, viewer: Viewer, document: Document) -> tuple[str, ...]:
    """Name the charts whose figures are no longer those that were frozen: new months, corrected ones, or none to be seen."""
    was = {(one.measure, one.unit): one for one in document.pictures}
    now = measures.pictures(viewer=viewer, pairs=was, large=False, small=False) if was else {}
    return tuple(one.title for pair, one in was.items() if pair not in now or _figures(now[pair]) != _figures(one))


def _figures(picture: Picture) -> Mapping[date, float | None]:
    return {point.on: point.value for point in picture.points}
