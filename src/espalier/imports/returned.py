"""The file that goes back: the rows as they came, with a last column that says what is wrong in each."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from espalier.imports.checking import outcome_of
from espalier.imports.found import PROBLEM
from espalier.imports.kinds import kind_of
from espalier.imports.mapping import mapping_of
from espalier.imports.models import Upload
from espalier.imports.progress import quiet
from espalier.imports.work import open_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.reading import FoundTable

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MOST_IN_A_ROW = 5
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,12})?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def with_problems(*, viewer: Viewer, at: datetime, pk: UUID, ending: str) -> bytes:
    """Return the chosen table with a Problem column, as CSV or XLSX; nothing in it can run as a formula."""
    upload = Upload.objects.get(pk=pk, account_id=viewer.account_id or 0)
    table = open_table(upload, quiet)
    layout = mapping_of(upload.mapping)
    outcome = outcome_of(kind=kind_of(upload.kind), viewer=viewer, at=at, table=table, layout=layout, tell=quiet)
    said: dict[int, list[str]] = {}
    for one in outcome.troubles:
        if one.row >= 0:
            value = f' ("{one.value[:60]}")' if one.value else ""
            said.setdefault(one.row, []).append(f"{one.what}{value}. {one.to_do}")
    rows = _rows(table, {row: " ".join(dict.fromkeys(words[:MOST_IN_A_ROW])) for row, words in said.items()})
    return _csv(rows) if ending == "csv" else _xlsx(rows)


def _rows(table: FoundTable, said: Mapping[int, str]) -> Iterator[list[str]]:
    """Every row of the sheet where it stood, so that row numbers stay those a person knows."""
    at = next((column.at for column in table.columns if column.name == PROBLEM), table.columns[-1].at + 1)
    sheet, heading = table.sheet, table.header[-1]
    for row in range(sheet.height):
        cells = list(sheet.texts(row))
        cells += [""] * (at + 1 - len(cells))
        if row in table.header or row in said or cells[at]:
            cells[at] = PROBLEM if row == heading else said.get(row, "")
        yield cells


def _csv(rows: Iterator[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode("utf-8", errors="replace")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


def _xlsx(rows: Iterator[list[str]]) -> bytes:
    """Numbers as numbers, all else as text: a text that begins with = is shown and never run."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("To mend")
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            if _NUMBER.fullmatch(cell):
                sheet.write_number(at, place, float(cell))
            elif cell:
                sheet.write_string(at, place, cell)
    book.close()
    return out.getvalue()
