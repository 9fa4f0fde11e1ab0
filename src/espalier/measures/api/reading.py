"""Reading measures and series: the same queries and the same words as the pages."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from ninja import Field, Query

from espalier.access.programs import CODE, FINDS, OPTIONAL_TOKEN, may, question
from espalier.access.tokens import READ
from espalier.common.cursors import UnableToContinue, after, cursor_of
from espalier.measures import presenters, queries
from espalier.measures.api import shapes
from espalier.measures.api.shapes import router
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from espalier.access.requests import Asked
    from espalier.measures.queries import Chart, Definition

_ROW = ("code", "version", "name", "short_name", "gap", "measured_in", "improvement", "roll_up", "target", "made_up")


@router.get(
    "/measures", response={200: shapes.MeasurePage} | FINDS, operation_id="measures", url_name="measures", openapi_extra=OPTIONAL_TOKEN
)
def measures(request: Asked, asked: Annotated[shapes.AskingMeasures, Query()]) -> dict[str, Any]:
    """List what is counted."""
    may(request, READ)
    begin = after(asked.cursor, question(request), 1)
    words = (asked.q or "").lower().split()
    found = sorted(queries.definitions(viewer=request.viewer), key=lambda one: one.code)
    found = [
        one
        for one in found
        if (not begin or one.code > begin[0])
        and (not asked.gap or one.gap == asked.gap)
        and all(word in f"{one.name} {one.code}".lower() for word in words)
    ]
    shown = found[: asked.limit]
    more = len(found) > asked.limit
    return {"measures": [_row(one) for one in shown], "next": cursor_of(question(request), [shown[-1].code]) if more else None}


@router.get(
    "/measures/{code}",
    response={200: shapes.MeasureWhole} | FINDS,
    operation_id="measure",
    url_name="measure",
    openapi_extra=OPTIONAL_TOKEN,
)
def measure(request: Asked, code: Annotated[str, Field(pattern=CODE, examples=["team-falls"])]) -> dict[str, Any]:
    """Show one measure, with its definition as it holds now."""
    may(request, READ)
    one = queries.definition(viewer=request.viewer, code=code)
    words = one.words
    more = {name: words.get(name) or "" for name in ("why", "definition", "numerator", "chart", "rules")}
    return {**_row(one), **more, "denominator": words.get("denominator"), "file": dict(words)}


def _row(one: Definition) -> dict[str, Any]:
    row = {name: one.words.get(name, getattr(one, name, None)) for name in _ROW}
    return {**row, "target": one.target, "frequency": one.words.get("frequency", "month"), "entered_by": one.words.get("entered_by")}


def which(request: Asked, asked: shapes.AskingWhich) -> queries.Which:
    """Turn codes into what is asked for; a code nobody knows is 404, with near matches."""
    return queries.Which(
        measure_id=queries.definition(viewer=request.viewer, code=asked.measure).pk if asked.measure else None,
        unit_id=organisations.unit(viewer=request.viewer, code=asked.unit).pk if asked.unit else None,
        inside=organisations.unit(viewer=request.viewer, code=asked.below).pk if asked.below else None,
        stratum=asked.stratum,
    )


def number_of(text: str) -> int:
    """Read a number of a cursor."""
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise UnableToContinue
    return int(text)


def day_of(text: str) -> date:
    """Read a day of a cursor."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnableToContinue from None


@router.get(
    "/series", response={200: shapes.SeriesPage} | FINDS, operation_id="series_list", url_name="series-list", openapi_extra=OPTIONAL_TOKEN
)
def series_list(request: Asked, asked: Annotated[shapes.AskingSeries, Query()]) -> dict[str, Any]:
    """List which measures have figures at which units."""
    may(request, READ)
    begin = after(asked.cursor, question(request), 1)
    found = queries.list_series(
        viewer=request.viewer, which=which(request, asked), after=number_of(begin[0]) if begin else 0, limit=asked.limit + 1
    )
    shown, more = found[: asked.limit], len(found) > asked.limit
    codes = {pk: one.code for pk, one in queries.of_numbers(viewer=request.viewer, pks={one.measure_id for one in shown}).items()}
    places = organisations.units(viewer=request.viewer, pks={one.unit_id for one in shown})
    rows = [
        {
            "measure": codes[one.measure_id], "unit": places[one.unit_id].code, "unit_name": places[one.unit_id].name,
            "stratum": one.stratum, "open": one.owner_id is None, "first": one.first, "last": one.last,
        }
        for one in shown
    ]  # fmt: skip
    return {"series": rows, "next": cursor_of(question(request), [shown[-1].pk]) if more else None}


@router.get(
    "/series/{measure}/{unit}",
    response={200: shapes.SeriesWhole} | FINDS,
    operation_id="series",
    url_name="series",
    openapi_extra=OPTIONAL_TOKEN,
)
def series(
    request: Asked,
    measure: Annotated[str, Field(pattern=CODE, examples=["team-falls"])],
    unit: Annotated[str, Field(pattern=CODE, examples=["DEMO-WARD-7"])],
    asked: Annotated[shapes.AskingChart, Query()],
) -> dict[str, Any]:
    """Show one series with its analysis: figures, average, usual range, signals, and what they say.

    Stored at the unit, or added up from what lies below it where the measure adds up. Notes and baselines that the
    token's person may see are honoured as on the page, and `baselines` says which.
    """
    may(request, READ)
    where = organisations.unit(viewer=request.viewer, code=unit)
    until = date.fromisoformat(f"{asked.until}-01") if asked.until else None
    shown = queries.chart(
        viewer=request.viewer, measure=measure, unit=where, compare=asked.compare, everything=asked.months == "all", rules=asked.rules,
        until=until, marked=asked.marks == "shown", stratum=asked.stratum,
    )  # fmt: skip
    return _whole(shown, asked.stratum)


def _whole(shown: Chart, stratum: str) -> dict[str, Any]:
    same = ("compare", "rules", "method", "added_up", "period", "value", "variation", "assurance", "observed", "late")
    covered = shown.coverage
    return {
        "measure": shown.definition.code, "version": shown.definition.words.get("version", 1), "unit": shown.unit.code,
        "unit_name": shown.unit.name, "stratum": stratum, "target": shown.definition.target,
        **{name: getattr(shown, name) for name in same},
        "coverage": {"on": covered.on, "reported": covered.reported, "expected": covered.expected} if covered else None,
        "centre": shown.lines.centre, "lower": shown.lines.lower, "upper": shown.lines.upper,
        "chance": _finite(shown.chance), "lag1": _finite(shown.lag1), "words": list(presenters.sentences(shown)),
        "signals": [{"rule": one.rule, "side": one.side, "points": one.points, "since": one.since} for one in shown.signals],
        "baselines": [
            {"kind": one.kind, "since": one.starts_on, "until": one.ends_on, "words": one.words}
            for one in (shown.work.decisions if shown.work.shown and shown.compare == "each-month" else ())
        ],
        "points": [
            {
                "period": row.month, "numerator": row.numerator, "denominator": row.denominator, "value": row.value,
                "centre": row.centre, "lower": row.lower, "upper": row.upper, "rules": list(row.rules), "left_out": row.left_out,
            }
            for row in shown.rows
        ],
    }  # fmt: skip


def _finite(number: float) -> float | None:
    """JSON knows no NaN: what cannot be worked out is null."""
    return number if math.isfinite(number) else None
