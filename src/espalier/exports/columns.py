"""Figures for analysts: one row a chart and period, with types, limits and flags."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from espalier.exports.shapes import Picture

COLUMNS = (
    "measure", "measure_name", "place", "place_name", "period", "numerator", "denominator", "value", "centre", "lower_limit",
    "upper_limit", "rules_broken", "mark",
)  # fmt: skip
_NUMBERS = frozenset({"numerator", "denominator", "value", "centre", "lower_limit", "upper_limit"})


def rows(pictures: Iterable[Picture]) -> Iterable[tuple[Any, ...]]:
    """Give every figure of every chart as one row, in the order of COLUMNS."""
    for one in pictures:
        for p in one.points:
            yield (
                one.measure, one.name, one.unit, one.place, p.on, p.numerator, p.denominator, p.value, p.centre, p.lower, p.upper,
                " ".join(p.rules), p.mark,
            )  # fmt: skip


def parquet(pictures: Sequence[Picture]) -> bytes:
    """Write charts as Parquet; what each measure means, its source and method stand in the file's own notes.

    Figures keep every digit: what is read back equals what is stored.
    """
    import pyarrow as pa

    about = {
        one.measure: {
            "name": one.name, "measured_in": one.measured_in, "improvement": one.improvement, "target": one.target,
            "definition": one.definition, "source": one.source, "method": one.method, "made_up": one.made_up,
            "compared_with_the_year_before": one.differenced,
        } for one in pictures
    }  # fmt: skip
    schema = pa.schema(
        [(name, pa.float64() if name in _NUMBERS else pa.date32() if name == "period" else pa.string()) for name in COLUMNS],
        metadata={"espalier": json.dumps(about, ensure_ascii=False, sort_keys=True)},
    )
    columns: list[tuple[Any, ...]] = list(zip(*rows(pictures), strict=True)) or [()] * len(COLUMNS)
    table = pa.table([pa.array(column, type=kind.type) for column, kind in zip(columns, schema, strict=True)], schema=schema)
    return stored(table)


def table_parquet(head: Sequence[str], body: Sequence[Sequence[Any]]) -> bytes:
    """Write a table as Parquet; the kinds of its columns are found from what stands in them."""
    import pyarrow as pa

    columns: list[tuple[Any, ...]] = list(zip(*body, strict=True)) or [()] * len(head)
    return stored(pa.table(dict(zip(head, [pa.array(column) for column in columns], strict=True))))


def joined(parts: Sequence[bytes]) -> Any:
    """Read several files that parquet() made and lay them one below the other."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = [pq.read_table(io.BytesIO(part)) for part in parts]  # type: ignore[no-untyped-call]
    about: dict[str, Any] = {}
    for table in tables:
        about |= about_of(table)
    whole = pa.concat_tables([table.replace_schema_metadata(None) for table in tables]) if tables else pa.table({})
    return whole.replace_schema_metadata({"espalier": json.dumps(about, ensure_ascii=False, sort_keys=True)})


def about_of(table: Any) -> dict[str, dict[str, Any]]:
    """Return what each measure of a table means, by its code."""
    found: dict[str, dict[str, Any]] = json.loads((table.schema.metadata or {}).get(b"espalier", b"{}"))
    return found


def rows_of(table: Any) -> Iterable[tuple[Any, ...]]:
    """Return the rows of a table, one after the other."""
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def stored(table: Any) -> bytes:
    """Write a table as Parquet."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")  # type: ignore[no-untyped-call]
    return buffer.getvalue()
