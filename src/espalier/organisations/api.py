"""Units for programs: the tree of organisations and teams, with the day as part of the question."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from ninja import Field, Query, Router, Schema

from espalier.access.programs import CODE, FINDS, MOST, OPTIONAL_TOKEN, USUAL, Code, Cursor, may, question
from espalier.access.tokens import READ
from espalier.common.cursors import after, cursor_of
from espalier.organisations import queries

if TYPE_CHECKING:
    from espalier.access.requests import Asked
    from espalier.organisations.queries import UnitFacts

router = Router(tags=["units"])


class UnitRow(Schema):
    """A nation, region, system, organisation or team."""

    code: str = Field(examples=["RR8"])
    name: str = Field(examples=["Leeds Teaching Hospitals NHS Trust"])
    kind: str = Field(description="A code: nation, region, system, trust, ward, team and others.", examples=["trust"])
    kind_name: str = Field(description="The kind in words.", examples=["Trust"])
    is_organisation: bool = Field(description="Whether it decides about its own data and that of its teams.")
    country: str = Field(description="E England, W Wales.", examples=["E"])
    opened_on: date | None = Field(description="First day; null where we do not know it.")
    closed_on: date | None = Field(description="The day it closed; null while it is open.")
    made_up: bool = Field(description="Made up for the demonstration: no such place.")


class UnitLink(Schema):
    """A unit that another one is part of."""

    code: str = Field(examples=["Y63"])
    name: str = Field(examples=["North East and Yorkshire"])
    kind: str = Field(examples=["region"])


class UnitWhole(UnitRow):
    """A unit, what it is part of, and where we know it from."""

    source: str = Field(description="The file it was read from.")
    on: date = Field(description="The day of which part_of speaks.")
    part_of: list[UnitLink] = Field(description="What it lay in on that day, the nation first.")


class UnitPage(Schema):
    """A page of units, in the order of their codes."""

    units: list[UnitRow]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class Asking(Schema):
    """What the list is asked for."""

    q: str | None = Field(None, max_length=100, description="Words of the name, in any order, or a code.", examples=["leeds"])
    kind: Code | None = Field(None, description="Only this kind.", examples=["trust"])
    below: Code | None = Field(None, description="Only what lies below this code.", examples=["Y63"])
    on: date | None = Field(None, description="As it was on this day; with below, who lay below it then. Without: today.")
    limit: int = Field(USUAL, ge=1, le=MOST, description="How many at most.")
    cursor: Cursor | None = Field(None, description="Where to go on: `next` of the page before.")


@router.get("", response={200: UnitPage} | FINDS, operation_id="units", url_name="units", openapi_extra=OPTIONAL_TOKEN)
def units(request: Asked, asked: Annotated[Asking, Query()]) -> dict[str, Any]:
    """List organisations and teams.

    Ordered by code, and a cursor names the last code shown: units that open or close meanwhile shift nothing.
    """
    may(request, READ)
    begin = after(asked.cursor, question(request), 1)
    inside = queries.unit(viewer=request.viewer, code=asked.below).pk if asked.below else None
    found = queries.list_units(
        viewer=request.viewer, text=asked.q or "", kind=asked.kind or "", inside=inside, on=asked.on, after=begin[0] if begin else "",
        limit=asked.limit + 1,
    )  # fmt: skip
    more = len(found) > asked.limit
    shown = found[: asked.limit]
    return {"units": [_row(one) for one in shown], "next": cursor_of(question(request), [shown[-1].code]) if more else None}


@router.get("/{code}", response={200: UnitWhole} | FINDS, operation_id="unit", url_name="unit", openapi_extra=OPTIONAL_TOKEN)
def unit(
    request: Asked,
    code: Annotated[str, Field(pattern=CODE, description="Its code.", examples=["RR8"])],
    on: Annotated[date | None, Query(description="The day of which to say what it was part of. Without: today, or its last day.")] = None,
) -> dict[str, Any]:
    """Show one organisation or team, and what it is part of."""
    may(request, READ)
    found = queries.unit(viewer=request.viewer, code=code)
    day = on or (min(request.at.date(), found.closed_on) if found.closed_on else request.at.date())
    up = queries.way_up(viewer=request.viewer, unit_id=found.pk, on=day)
    above = [{"code": one.code, "name": one.name, "kind": one.kind} for one in up]
    return {**_row(found), "source": found.source, "on": day, "part_of": above}


def _row(one: UnitFacts) -> dict[str, Any]:
    names = ("code", "name", "kind", "kind_name", "is_organisation", "country", "opened_on", "closed_on", "made_up")
    return {name: getattr(one, name) for name in names}
