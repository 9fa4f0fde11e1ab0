"""A measure of one's own and its first figures, without leaving the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from espalier.common.errors import UnableTo
from espalier.measures import actions as measures
from espalier.measures import queries as known
from espalier.projects.actions.keeping import keep
from espalier.projects.actions.measuring import changing, choose_measure
from espalier.projects.queries.measuring import one_counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer


@transaction.atomic
def make_measure(*, actor: Viewer, at: datetime, project: int, told: Mapping[str, Any], once: UUID) -> int:
    """Make a measure at the project's place and take it into the project; the same form sent twice makes one. Returns its number."""
    found = changing(actor=actor, project=project)
    code = measures.define_measure(actor=actor, at=at, unit=found.unit, told=told, once=once)
    return choose_measure(actor=actor, at=at, project=project, measure=code, unit=found.unit, kind="outcome")


@transaction.atomic
def put_in_figures(
    *, actor: Viewer, at: datetime, project: int, counted: int, numbers: Sequence[tuple[date, float, float | None]]
) -> UUID:
    """Put in the figures of several periods, all of them or none; nothing that stands there is written over. Returns what undo takes."""
    found = changing(actor=actor, project=project)
    one = one_counted(viewer=actor, project=found, pk=counted)
    if not numbers:
        raise UnableTo("There is no figure to keep.", to_do="Type at least one.", code="figures")
    rows = known.typed_rows(definition=one.definition, numbers=numbers)
    facts: dict[str, Any] = {"actor": actor, "at": at, "definition": one.definition, "unit": one.unit, "rows": rows}
    if measures.enter_block(**facts, dry_run=True).changed:
        what, to_do = "Somebody else put figures in meanwhile.", "Open the page again and look at what stands there."
        raise UnableTo(what, to_do=to_do, code="meanwhile")
    done = measures.enter_block(**facts)
    after = {"periods": [day.isoformat() for day in done.new]}
    keep(actor=actor, at=at, project_id=project, kind="counted", object_id=counted, what="figures", after=after)
    return done.batch
