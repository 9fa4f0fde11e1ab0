"""From text to numbers and dates: CSV files as people have them, read without guessing in silence."""

from __future__ import annotations

import csv
import re
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from plotthedots.errors import PlotTheDotsError, choices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from plotthedots.arrays import Days, Floats

Order = Literal["dmy", "mdy"]
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MISSING: Final = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "..", ":", "*"})
_ISO: Final = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ]\d.*)?$")
_NAMED: Final = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3,9})[ -](\d{4}|\d{2})$")
_NUMBERS: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: \d.*)?$")
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?$")
_LAST_MONTH: Final = 12
_CENTURY: Final = 100


class TableError(PlotTheDotsError):
    """A table or file cannot be read as series."""


def read_csv(path: Path) -> dict[str, list[str]]:
    """Read a CSV file into columns of text; UTF-8 or what Excel writes, with commas, semicolons or tabs."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(cell.strip() for cell in row)]
    if not rows:
        message = f"{path.name} is empty. It needs a line of column names and one line for each value."
        raise TableError("empty", message)
    names = [name.strip() for name in rows[0]]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(names):
            message = f"Line {number} of {path.name} has {len(row)} cells, but there are {len(names)} column names."
            raise TableError("cells", message)
    return {name: [row[at].strip() for row in rows[1:]] for at, name in enumerate(names)}


def column_of(columns: dict[str, list[str]] | Sequence[str], name: str, purpose: str) -> str:
    """Return the name if there is such a column; otherwise say which one may have been meant."""
    if name in columns:
        return name
    near = [one for one in columns if one.lower() == name.lower()]
    guess = f"Did you mean {near[0]!r}? Known: {', '.join(map(repr, columns))}." if near else choices(name, columns)
    message = f"There is no column {name!r} for {purpose}. {guess}"
    raise TableError("no-column", message)


def numbers(texts: Sequence[str], name: str) -> Floats:
    """Return numbers from text; "1,234" and "95%" are understood, NA and an empty cell are missing.

    >>> numbers(["1,234", "95%", "", "NA"], "value").tolist()
    [1234.0, 0.95, nan, nan]
    """
    return np.array([_number(text, name, row) for row, text in enumerate(texts, start=2)], dtype=np.float64)


def _number(text: str, name: str, row: int) -> float:
    if text.lower() in _MISSING:
        return float("nan")
    plain = text.replace(",", "") if _THOUSANDS.match(text.rstrip("% ")) else text
    try:
        return float(plain.rstrip("% ")) / _CENTURY if plain.endswith("%") else float(plain)
    except ValueError:
        where = name if name.startswith("--") else f"Line {row}, column {name!r}"
        message = f"{where}: {text!r} is not a number. Leave the cell empty where a value is missing."
        raise TableError("not-a-number", message) from None


def days(texts: Sequence[str], name: str, order: Order | None = None) -> Days:
    """Return dates from text: 2024-04-01, 2024-04, April 2024, 1 Apr 2024, or 01/04/2024.

    A column such as 01/04/2024, 02/04/2024 may mean April or January and February: that is an error unless `order` says
    which, or another date of the column settles it (31/05/2024).

    >>> days(["Apr 2024", "May 2024"], "month").tolist() == days(["2024-04", "2024-05-01"], "month").tolist()
    True
    """
    found = [_NUMBERS.match(text) for text in texts]
    order = order or _settled([match for match in found if match], name)
    out = []
    for row, text in enumerate(texts, start=2):
        parts = _parts(text, order)
        try:
            out.append(date(*parts) if parts else None)
        except ValueError:
            parts = None
        if parts is None:
            message = f"Line {row}, column {name!r}: {text!r} is not a date. Write dates as 2024-04-01."
            raise TableError("not-a-date", message)
    return np.array(out, dtype="datetime64[D]")


def _parts(text: str, order: Order | None) -> tuple[int, int, int] | None:
    """Return year, month and day, the first where none is given."""
    if match := _ISO.match(text):
        year, month, day = match.groups()
        return int(year), int(month or 1), int(day or 1)
    if match := _NAMED.match(text):
        named_day, word, named_year = match.groups()
        if word[:3].lower() not in _MONTHS:
            return None
        full = int(named_year) if len(named_year) > 2 else 2000 + int(named_year)
        return full, _MONTHS.index(word[:3].lower()) + 1, int(named_day or 1)
    if match := _NUMBERS.match(text):
        one, two, last = (int(each) for each in match.groups())
        return (last, two, one) if order == "dmy" else (last, one, two)
    return None


def _settled(found: Sequence[re.Match[str]], name: str) -> Order | None:
    """Return the order of day and month if some date allows only one."""
    if not found:
        return None
    first = [match for match in found if int(match[1]) > _LAST_MONTH]
    second = [match for match in found if int(match[2]) > _LAST_MONTH]
    if first and second:
        message = f"Column {name!r} has {first[0][0]!r} (day first) and {second[0][0]!r} (month first). Write all dates as 2024-04-01."
        raise TableError("mixed-dates", message)
    if first or second:
        return "dmy" if first else "mdy"
    one = found[0][0]
    message = (
        f"Column {name!r}: {one!r} may begin with the day or with the month, and no date there settles it."
        " Say which (--date-order dmy or mdy; date_order= in Python), or write dates as 2024-04-01."
    )
    raise TableError("ambiguous-dates", message)
