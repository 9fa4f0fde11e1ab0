"""Data frames of any make: in through the Arrow stream that all of them speak, out as the kind that came in.

pyarrow is imported here only, and only when a data frame is handed over; everything else needs numpy alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plotthedots.reading import TableError

if TYPE_CHECKING:
    from collections.abc import Callable

Columns = dict[str, npt.NDArray[Any]]


def opened(frame: Any) -> tuple[list[str], Callable[[str], npt.NDArray[Any]], Callable[[Columns], Any]]:
    """Return the column names, how to read one column, and how to make a frame of the same kind again."""
    if isinstance(frame, Mapping):
        return list(frame), lambda name: np.asarray(frame[name]), dict
    if not hasattr(frame, "__arrow_c_stream__"):
        message = (
            f"A table of type {type(frame).__name__} cannot be read. Give a data frame that speaks Arrow"
            " (polars, pandas 2.2 or later, pyarrow, DuckDB), or a dictionary of columns."
        )
        raise TableError("not-a-table", message)
    arrow = _pyarrow()
    table = arrow.table(frame)
    return table.column_names, lambda name: _column(table, name), _maker(frame, arrow)


def _pyarrow() -> Any:
    try:
        import pyarrow as pa
    except ImportError as error:
        message = (
            "Data frames are read with pyarrow, which is not installed. Type: pip install 'plotthedots[table]'."
            " A dictionary of columns needs nothing."
        )
        raise TableError("needs-pyarrow", message) from error
    return pa


def _column(table: Any, name: str) -> npt.NDArray[Any]:
    """Return a column as numpy: numbers as floats with NaN, dates as days, all else as objects."""
    arrow = _pyarrow()
    column, kind = table[name], table.schema.field(name).type
    types = arrow.types
    if types.is_temporal(kind):
        return np.asarray(column.cast(arrow.timestamp("s")).to_numpy(), dtype="datetime64[D]")
    if types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind) or types.is_boolean(kind):
        if column.null_count == 0 and types.is_integer(kind):
            return np.asarray(column.to_numpy())
        return np.asarray(column.cast(arrow.float64()).to_numpy(), dtype=np.float64)
    return np.array(column.to_pylist(), dtype=object)


def _maker(frame: Any, arrow: Any) -> Callable[[Columns], Any]:
    """Return what makes a frame of the same kind from columns."""
    kind = type(frame).__module__.split(".", 1)[0]

    def make(columns: Columns) -> Any:
        made = arrow.table({name: arrow.array(_plain(column)) for name, column in columns.items()})
        if kind == "pandas":
            return made.to_pandas()
        if kind == "polars":
            import polars as pl

            return pl.from_arrow(made)
        return made

    return make


def _plain(column: npt.NDArray[Any]) -> Any:
    return column.tolist() if column.dtype == object or column.dtype.kind == "U" else column
