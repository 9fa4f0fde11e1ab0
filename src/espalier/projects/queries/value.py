"""What a project is worth, as its people say it: lines, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.projects.models import Edit, Value
from espalier.projects.rules.value import RATE, Line, Span, Total, left, stands, totals, worth

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts

COLUMNS = ("pk", "kind", "what", "amount", "per", "low", "high", "releases", "since", "until", "says", "how", "source", "version")


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """One line: from low to high, who says so and how they know."""

    pk: int
    kind: str
    what: str
    amount: str
    per: str
    low: Decimal
    high: Decimal
    releases: bool | None
    since: date
    until: date | None
    says: str
    how: str
    source: str
    version: int

    @property
    def line(self) -> Line:
        """The line as it is added up."""
        return Line(self.kind, self.amount, self.per, self.low, self.high, self.since, self.until, self.how, self.releases)


@dataclass(frozen=True, slots=True)
class Said:
    """One line on the page, and whether it counts today."""

    facts: ValueFacts
    stands: str


@dataclass(frozen=True, slots=True)
class ValuePage:
    """All lines of a project and what they come to on a day."""

    lines: tuple[Said, ...]
    rate: ValueFacts | None
    totals: tuple[Total, ...]
    left: tuple[tuple[bool, Span], ...]  # (yearly, range)
    worth: tuple[tuple[bool, Span], ...]
    not_counted: int  # lines that are over, or still to come


def value_page(*, viewer: Viewer, project: ProjectFacts, today: date) -> ValuePage:
    """Return what is said of a project's worth, and the sums of what counts today."""
    del viewer
    rows = Value.objects.filter(project_id=project.pk, removed_at=None).order_by("since", "pk")
    found = [ValueFacts(*row) for row in rows.values_list(*COLUMNS)]
    rate = next((one for one in found if one.kind == RATE), None)
    said = tuple(Said(one, stands(one.line, today)) for one in found if one.kind != RATE)
    sums = totals((one.facts.line for one in said), on=today)
    priced = rate.line if rate and _holds(rate, today) else None
    return ValuePage(said, rate, sums, left(sums), worth(sums, priced), sum(one.stands != "running" for one in said))


def _holds(rate: ValueFacts, today: date) -> bool:
    """Whether what an hour is worth holds on a day: said once, it never counts as over by itself."""
    return rate.line.since <= today and (rate.line.until is None or today <= rate.line.until)


def one_value(*, viewer: Viewer, project: ProjectFacts, pk: int) -> ValueFacts:
    """Return one line; one that was taken out is answered as if it had never been."""
    del viewer
    row = Value.objects.filter(pk=pk, project_id=project.pk, removed_at=None).values_list(*COLUMNS).first()
    if row is None:
        raise NotFoundHere("This project does not say that any more.", suggestions=(Suggestion(project.title, f"{project.href}value/"),))
    return ValueFacts(*row)


def newest_value_edit(*, viewer: Viewer, project: ProjectFacts) -> UUID | None:
    """Return the newest change of what a project says it is worth, where it can be taken back; for its team alone."""
    del viewer
    if not project.may_change:
        return None
    row = Edit.objects.filter(project_id=project.pk, kind="value").order_by("-at", "-pk").values_list("pk", "what").first()
    return row[0] if row and row[1] != "undo" else None
