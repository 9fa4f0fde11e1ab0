"""Figures out, as JSON, CSV or Parquet, and figures in, a batch at a time."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Path, Query
from ninja.responses import Status

from espalier.access.programs import FINDS, MOST, OPTIONAL_TOKEN, USUAL, Problem, may, question
from espalier.access.tokens import ENTER, READ
from espalier.common.cursors import after, cursor_of
from espalier.common.errors import UnableTo
from espalier.exports.tables import csv_text
from espalier.measures import actions, queries
from espalier.measures.api import shapes
from espalier.measures.api.reading import day_of, number_of, which
from espalier.measures.api.shapes import router
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from espalier.access.requests import Asked

JSON, CSV, PARQUET = "application/json", "text/csv", "application/vnd.apache.parquet"
HEAD = ("measure", "unit", "stratum", "period", "numerator", "denominator", "value")
KEY = r"^[\x21-\x7e]{1,200}$"
AS_FILE = {
    CSV: {"schema": {"type": "string"}, "example": "measure,unit,stratum,period,numerator,denominator,value\r\n"},
    PARQUET: {"schema": {"type": "string", "format": "binary"}},
}


class NotAcceptable(UnableTo):
    """None of the kinds of file asked for is one we make."""

    code = "accept"


class TooManyRows(UnableTo):
    """A page was asked for that is longer than a page of its kind can be."""

    code = "limit"


@router.get(
    "/points",
    response={200: shapes.PointPage, 406: Problem} | FINDS,
    operation_id="points",
    url_name="points",
    openapi_extra=OPTIONAL_TOKEN | {"responses": {200: {"content": AS_FILE}}},
)
def points(request: Asked, asked: Annotated[shapes.AskingPoints, Query()]) -> Any:
    """Read figures in bulk.

    `Accept: text/csv` or `application/vnd.apache.parquet` gives a file, with longer pages. In each the header `Link`
    leads to the next page. Figures stored while you walk through are met if they lie ahead; none is met twice.
    """
    may(request, READ)
    kind = request.get_preferred_type([JSON, CSV, PARQUET])
    if kind is None:
        raise NotAcceptable("We cannot answer in that kind of file.", where="header, Accept", to_do=f"Ask for {JSON}, {CSV} or {PARQUET}.")
    limit = asked.limit or (USUAL if kind == JSON else shapes.MOST_IN_FILE)
    if kind == JSON and limit > MOST:
        raise TooManyRows(f"A page of JSON holds {MOST} at most.", where="query, limit", to_do="Ask for fewer, or for text/csv.")
    rows, following = _rows(request, asked, limit)
    answer = _answer(kind, rows, following)
    if following:
        answer["Link"] = f'<{request.path}?{urlencode({**request.GET.dict(), "cursor": following})}>; rel="next"'
    return answer


def _rows(request: Asked, asked: shapes.AskingPoints, limit: int) -> tuple[list[tuple[Any, ...]], str | None]:
    begin = after(asked.cursor, question(request), 2)
    found = queries.list_points(
        viewer=request.viewer, which=which(request, asked), since=asked.since, until=asked.until,
        after=(number_of(begin[0]), day_of(begin[1])) if begin else None, limit=limit + 1,
    )  # fmt: skip
    shown = found[:limit]
    codes = {pk: one.code for pk, one in queries.of_numbers(viewer=request.viewer, pks={one.measure_id for one in shown}).items()}
    places = organisations.units(viewer=request.viewer, pks={one.unit_id for one in shown})
    rows = [
        (
            codes[one.measure_id], places[one.unit_id].code, one.stratum, one.period_on, one.numerator, one.denominator, one.value,
        )
        for one in shown
    ]  # fmt: skip
    more = len(found) > limit
    return rows, cursor_of(question(request), [shown[-1].series_id, shown[-1].period_on.isoformat()]) if more else None


def _answer(kind: str, rows: list[tuple[Any, ...]], following: str | None) -> HttpResponse:
    if kind == CSV:
        return HttpResponse(csv_text(HEAD, rows).removeprefix("\ufeff"), content_type="text/csv; charset=utf-8")
    if kind == PARQUET:
        return HttpResponse(_parquet(rows), content_type=PARQUET)
    page = shapes.PointPage(points=[shapes.PointShape(**dict(zip(HEAD, row, strict=True))) for row in rows], next=following)
    return HttpResponse(page.model_dump_json(), content_type="application/json; charset=utf-8")


def _parquet(rows: list[tuple[Any, ...]]) -> bytes:
    """Write the figures as Parquet, types and all, so that no month is read as text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = (pa.string(), pa.string(), pa.string(), pa.date32(), pa.float64(), pa.float64(), pa.float64())
    columns = list(zip(*rows, strict=True)) or [()] * len(HEAD)
    table = pa.table({name: pa.array(column, kind) for name, column, kind in zip(HEAD, columns, kinds, strict=True)})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


WRITES = FINDS | {409: Problem, 413: Problem, 415: Problem}


@router.post("/points", response={201: shapes.Receipt} | WRITES, operation_id="send_points", url_name="points")
def send_points(
    request: Asked,
    batch: shapes.Batch,
    idempotency_key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern=KEY,
            examples=["2019-04-ward-7"],
            description="Your own name for this batch. The same key with the same batch is stored once and answered alike each time.",
        ),
    ],
) -> Any:
    """Send figures: all of a batch is stored, or none.

    Only for measures whose figures teams put in, at units where the token's person may put them in. If no answer
    comes, send the same batch with the same key again: it is stored once, and an answer that says so carries the
    header `Idempotency-Replayed: true`.
    """
    may(request, ENTER)
    sent = [actions.Sent(place, **one.model_dump()) for place, one in enumerate(batch.figures)]
    mark = hashlib.sha256(batch.model_dump_json().encode()).hexdigest()
    done = actions.post_figures(
        actor=request.viewer, at=request.at, key=idempotency_key, mark=mark, figures=sent, why=batch.why, token=request.token_prefix
    )
    receipt = shapes.Receipt(**done.answer, undo=f"/api/v1/points/batches/{done.answer['batch']}/undo")
    answer = HttpResponse(receipt.model_dump_json(), content_type="application/json; charset=utf-8", status=HTTPStatus.CREATED)
    if done.again:
        answer["Idempotency-Replayed"] = "true"
    return answer


@router.post(
    "/points/batches/{uuid:batch}/undo", response={200: shapes.Undone} | WRITES, operation_id="undo_points", url_name="undo-points"
)
def undo_points(request: Asked, batch: Annotated[UUID, Path(description="The batch's number, from its receipt.")]) -> Any:
    """Take a batch back, for 14 days. A figure that somebody changed since is named and left. Repeating it is safe."""
    may(request, ENTER)
    done = actions.undo_post(actor=request.viewer, at=request.at, batch=batch, token=request.token_prefix)
    return Status(HTTPStatus.OK, done)
