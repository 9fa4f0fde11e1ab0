"""Tables in, tables out: one row for each point or each series, without a loop of your own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from plotthedots.batch import Batch
from plotthedots.codes import Assurance, Flag, Variation, Warn
from plotthedots.dependence import lag1
from plotthedots.errors import choices
from plotthedots.evaluation import evaluate
from plotthedots.frames import Columns, opened
from plotthedots.reading import Order, TableError, column_of, days

if TYPE_CHECKING:
    from plotthedots.arrays import Days, Floats, Ints
    from plotthedots.plan import Plan
    from plotthedots.result import Result

Keys = Mapping[str, Sequence[Any] | npt.NDArray[Any]] | Sequence[Any]
Each = Literal["point", "series"]
_EACH: Final = ("point", "series")


@dataclass(frozen=True, eq=False)
class Arranged:
    """A table as series: the batch with its dates, and for each series what it is called in each column of `by`."""

    batch: Batch
    keys: dict[str, npt.NDArray[Any]]
    dates: Days

    def names(self) -> list[str]:
        """Return one name for each series, its keys joined; "All" where nothing divides the table."""
        if not self.keys:
            return ["All"] * self.batch.series
        return [", ".join(str(each) for each in row) for row in zip(*self.keys.values(), strict=True)]


def tidy(result: Result, *, keys: Keys | None = None, dates: npt.ArrayLike | None = None) -> Columns:
    """Return one row for each point, as numpy columns: what is plotted, its lines, its phase and its signals.

    keys: names of the series, or several columns of them. dates: one for each point, if the batch has none.
    kind is "common", "improvement", "concern", "high", "low", "special" or "none" (missing); signals names the rules
    broken there, flags holds them as bits of `Flag`.

    >>> from plotthedots import Batch, Plan, evaluate
    >>> result = evaluate(Batch.of([[4, 5, 3, 4], [1, 9]]), Plan(improvement="down"))
    >>> table = tidy(result, keys=["Elm", "Oak"])
    >>> list(table)[:4], table["series"].tolist(), table["value"].tolist()
    (['series', 'point', 'value', 'centre'], ['Elm', 'Elm', 'Elm', 'Elm', 'Oak', 'Oak'], [4.0, 5.0, 3.0, 4.0, 1.0, 9.0])
    """
    batch, lengths = result.batch, result.batch.lengths
    table = {name: np.repeat(each, lengths) for name, each in _keys(keys, batch.series).items()}
    table["point"] = np.arange(batch.values.size) - np.repeat(batch.offsets[:-1], lengths)
    when = batch.dates if dates is None else np.asarray(dates)
    if when is not None:
        table["date"] = when
    table["value"] = result.values
    if batch.denominators is not None:
        table |= {"numerator": batch.values, "denominator": batch.denominators}
    table |= {"centre": result.centre, "lower": result.lower, "upper": result.upper}
    table["phase"] = np.repeat(_phase_numbers(result), result.pieces.lengths)
    table["kind"] = _named(Variation, result.kinds)
    table["signals"] = _bits(Flag, result.flags)
    table["flags"] = result.flags
    return table


def summarise(result: Result, *, keys: Keys | None = None) -> Columns:
    """Return one row for each series: last value, lines there, variation, assurance, signals and warnings.

    >>> from plotthedots import Batch, Plan, evaluate
    >>> result = evaluate(Batch.of([[4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 12]]), Plan(improvement="down", target=6))
    >>> row = summarise(result)
    >>> row["variation"].item(), row["assurance"].item(), row["signals"].item(), row["observed"].item()
    ('concern', 'random', 'outside-high', 13)
    """
    batch, last = result.batch, result.last
    seen = last >= 0
    at = np.where(seen, batch.offsets[:-1] + last, 0)
    table = dict(_keys(keys, batch.series))
    table["points"] = batch.lengths
    observed = np.concatenate([[0], np.cumsum(~np.isnan(result.values))])
    table["observed"] = observed[batch.offsets[1:]] - observed[batch.offsets[:-1]]
    if batch.dates is not None:
        table["date"] = _pick(batch.dates, at, seen, np.datetime64("NaT"))
    for name, line in (("value", result.values), ("centre", result.centre), ("lower", result.lower), ("upper", result.upper)):
        table[name] = _pick(line, at, seen, np.nan)
    table["target"] = result.targets
    table["variation"] = _named(Variation, result.variation)
    table["assurance"] = _named(Assurance, result.assurance)
    table["signals"] = _bits(Flag, _pick(result.flags, at, seen, 0))
    table["warnings"] = _bits(Warn, result.warnings)
    table["lag1"] = lag1(batch)
    return table


def evaluate_table(
    frame: Any,
    *,
    value: str,
    date: str,
    by: str | Sequence[str] = (),
    denominator: str | None = None,
    plan: Plan | None = None,
    each: Each = "point",
    date_order: Order | None = None,
) -> Any:
    """Judge a data frame and return one of the same kind, with a row for each point (or series).

    frame: polars, pandas, pyarrow or anything else with an Arrow stream (needs the extra `table`), or a dictionary of
    columns. Rows may come in any order: they are sorted by the columns of `by`, then by date. A month (week, day …) that
    a series lacks between its first and last is filled in as a missing point. Two rows for one
    date of a series are an error, never added up.
    With `denominator` the values are numerators.

    >>> rows = {"ward": ["Oak", "Elm", "Oak", "Elm"], "month": ["2024-02", "2024-01", "2024-04", "2024-02"],
    ...         "falls": [3, 5, 4, 6]}
    >>> table = evaluate_table(rows, value="falls", date="month", by="ward")
    >>> [(ward, value) for ward, value in zip(table["ward"].tolist(), table["value"].tolist())]
    [('Elm', 5.0), ('Elm', 6.0), ('Oak', 3.0), ('Oak', nan), ('Oak', 4.0)]
    """
    if each not in _EACH:
        message = f"each cannot be {each!r}. {choices(each, _EACH)}"
        raise TableError("each", message)
    names, read, make = opened(frame)
    keys = [by] if isinstance(by, str) else list(by)
    wanted = {"value": [value], "date": [date], "by": keys, "denominator": [denominator] if denominator else []}
    for purpose, columns in wanted.items():
        for name in columns:
            column_of(names, name, purpose)
    made = arranged(
        {name: read(name) for columns in wanted.values() for name in columns},
        value=value,
        date=date,
        by=keys,
        denominator=denominator,
        date_order=date_order,
    )
    result = evaluate(made.batch, plan)
    return make((tidy if each == "point" else summarise)(result, keys=made.keys))


def arranged(columns: Columns, *, value: str, date: str, by: Sequence[str], denominator: str | None, date_order: Order | None) -> Arranged:
    """Sort rows into series, fill in missing dates and refuse doubled ones."""
    when = _days(columns[date], date, date_order)
    codes, names = _groups([columns[name] for name in by], when.size, by)
    order = np.lexsort((when, codes))
    codes, when = codes[order], when[order]
    _check_doubled(codes, when, order, names, by)
    values = _floats(columns[value], value)[order]
    below = None if denominator is None else _floats(columns[denominator], denominator)[order]
    place, dates, offsets = _filled(codes, when, len(names[0]) if names else 1)
    values = np.where(place < 0, np.nan, values[place]) if values.size else values
    if below is not None:
        below = np.where(place < 0, np.nan, below[place]) if below.size else below
    batch = Batch(values, offsets, below, dates=dates)
    return Arranged(batch, dict(zip(by, names, strict=True)), dates)


def _days(column: npt.NDArray[Any], name: str, order: Order | None) -> Days:
    if column.dtype.kind == "M":
        out = column.astype("datetime64[D]")
    elif column.dtype == object and all(hasattr(one, "isoformat") for one in column if one is not None):
        out = np.array([None if one is None else one.isoformat()[:10] for one in column], dtype="datetime64[D]")
    else:
        out = days([str(one) for one in column.tolist()], name, order)
    gone = np.flatnonzero(np.isnat(out))
    if gone.size:
        message = f"Row {gone[0]} has no date in column {name!r}. Every row needs one; a missing value keeps its date."
        raise TableError("no-date", message)
    return out


def _floats(column: npt.NDArray[Any], name: str) -> Floats:
    try:
        return np.asarray([np.nan if one is None else one for one in column] if column.dtype == object else column, float)
    except (TypeError, ValueError) as error:
        message = f"Column {name!r} does not hold numbers only ({error}). Use numbers, with null where one is missing."
        raise TableError("not-numbers", message) from error


def _groups(columns: Sequence[npt.NDArray[Any]], rows: int, by: Sequence[str]) -> tuple[Ints, list[npt.NDArray[Any]]]:
    """Return the series of each row, and for each column what every series is called there."""
    codes = np.zeros(rows, dtype=np.int64)
    levels: list[npt.NDArray[Any]] = []
    for name, column in zip(by, columns, strict=True):
        if column.dtype == object and any(one is None for one in column):
            row = next(at for at, one in enumerate(column) if one is None)
            message = f"Row {row} has nothing in column {name!r}, so it belongs to no series. Name it or leave the row out."
            raise TableError("no-key", message)
        found, inverse = np.unique(column, return_inverse=True)
        levels.append(found)
        codes = codes * found.size + inverse.reshape(-1)
    used, codes = np.unique(codes, return_inverse=True)
    names: list[npt.NDArray[Any]] = []
    left = used
    for found in reversed(levels):
        names.insert(0, found[left % found.size])
        left = left // found.size
    return codes.reshape(-1), names


def _check_doubled(codes: Ints, when: Days, order: Ints, names: Sequence[npt.NDArray[Any]], by: Sequence[str]) -> None:
    same = np.flatnonzero((codes[1:] == codes[:-1]) & (when[1:] == when[:-1]))
    if same.size == 0:
        return
    at = int(same[0])
    whose = ", ".join(f"{name} {column[codes[at]]}" for name, column in zip(by, names, strict=True))
    rows = sorted(order[at : at + 2].tolist())
    message = (
        f"There are two values for {when[at]}{' of ' + whose if whose else ''} (rows {rows[0]} and {rows[1]}, from 0;"
        f" {same.size} such dates in all). Add them up first, or name the column that tells them apart in by."
    )
    raise TableError("doubled-dates", message)


def _filled(codes: Ints, when: Days, series: int) -> tuple[Ints, Days, Ints]:
    """Return for each point its row (-1: none, a missing date), its date, and where each series begins.

    Dates are filled in where they keep a step: months, or so many days. Irregular dates stay as they are.
    """
    months = when.astype("datetime64[M]")
    inside = (when - months).astype(np.int64)
    ends = when + 1 == (months + 1).astype("datetime64[D]")
    monthly = bool((inside == inside[:1]).all() or ends.all())
    unit = months.astype(np.int64) if monthly else when.astype(np.int64)
    steps = np.diff(unit)[codes[1:] == codes[:-1]]
    step = int(np.gcd.reduce(steps)) if steps.size else 1
    # Days keep a step if most steps are that step; appointments on odd days do not, and nothing is missing between.
    regular = steps.size > 0 and step > 0 and (monthly or np.median(steps) == step)
    bounds = np.searchsorted(codes, np.arange(series + 1))
    if not regular:
        return np.arange(when.size), when, bounds
    counts = np.where(np.diff(bounds) > 0, 1, 0)
    filled = np.flatnonzero(counts)
    counts[filled] = (unit[bounds[filled + 1] - 1] - unit[bounds[filled]]) // step + 1
    offsets = np.concatenate([[0], np.cumsum(counts)])
    own = np.repeat(unit[bounds[:-1][filled]], counts[filled]) + step * (
        np.arange(offsets[-1]) - np.repeat(offsets[:-1][filled], counts[filled])
    )
    place = np.full(offsets[-1], -1, dtype=np.int64)
    place[offsets[codes] + (unit - unit[bounds[codes]]) // step] = np.arange(when.size)
    if not monthly:
        return place, own.astype("datetime64[D]"), offsets
    first = own.astype("datetime64[M]")
    dates = (first + 1).astype("datetime64[D]") - 1 if ends.all() else first.astype("datetime64[D]") + inside[0]
    return place, dates, offsets


def _keys(keys: Keys | None, series: int) -> dict[str, npt.NDArray[Any]]:
    if keys is None:
        return {"series": np.arange(series)}
    named = keys if isinstance(keys, Mapping) else {"series": keys}
    out = {name: np.asarray(each) for name, each in named.items()}
    for name, each in out.items():
        if each.size != series:
            message = f"There are {each.size} names in {name!r} for {series} series. Give one for each, in order."
            raise TableError("keys-size", message)
    return out


def _phase_numbers(result: Result) -> Ints:
    owner = result.pieces.owner
    first = np.searchsorted(owner, owner)
    return np.arange(owner.size) - first


def _pick(line: npt.NDArray[Any], at: Ints, seen: npt.NDArray[np.bool_], otherwise: Any) -> npt.NDArray[Any]:
    if line.size == 0:
        return np.full(at.size, otherwise)
    return np.where(seen, line[at], otherwise).astype(line.dtype)


def _named(kind: type[Variation | Assurance], codes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    words = np.array([one.name.lower() for one in kind])
    return np.asarray(words[codes])


def _bits(kind: type[Flag | Warn], bits: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the names of the bits set, joined by spaces; each combination is written once."""
    found, inverse = np.unique(bits, return_inverse=True)
    words = [" ".join(str(one.name).lower().replace("_", "-") for one in kind if int(each) & int(one)) for each in found]
    return np.array(words, dtype=str)[inverse.reshape(-1)] if words else np.array([], dtype=str)
