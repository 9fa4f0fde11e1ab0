"""The reading half of importing: files in, tables a person can map out.

    book = open_file(path, name="Staff.xlsx")        Workbook: sheets of cells as typed, or UnableToReadFile
    for sheet in book.sheets: tables_in(sheet)       FoundTable: header, columns, rows, what was left out and why
    layout = layout_of(table)                        Layout: long or wide, a guess for each column
    long_table(table, layout).rows()                 LongRow: what is mapped, each text with its place in the sheet
    dates_of(texts, kinds), number_of(text)          meaning, asked for only once a person has said which column is which

Knows no web, no database and no measure.
"""

from espalier.imports.reading.book import (
    FORMULA,
    KIND,
    LIMITS,
    Cell,
    Cells,
    Kind,
    Level,
    Limits,
    Merge,
    Problem,
    Sheet,
    UnableToReadFile,
    Workbook,
    column_letters,
)
from espalier.imports.reading.columnkinds import Guess, Role
from espalier.imports.reading.dates import Answers, DateReading, LondonMoment, dates_of, in_london
from espalier.imports.reading.finding import FoundTable, LeftOut, tables_in
from espalier.imports.reading.headings import Column
from espalier.imports.reading.layouts import Layout, LongRow, LongTable, PeriodColumn, Shape, layout_of, long_table
from espalier.imports.reading.numbers import MISSING_WORDS, NumberRead, number_of
from espalier.imports.reading.opening import open_file
from espalier.imports.reading.periodwords import DateRead, Grain, Order, Question

__all__ = [
    "FORMULA",
    "KIND",
    "LIMITS",
    "MISSING_WORDS",
    "Answers",
    "Cell",
    "Cells",
    "Column",
    "DateRead",
    "DateReading",
    "FoundTable",
    "Grain",
    "Guess",
    "Kind",
    "Layout",
    "LeftOut",
    "Level",
    "Limits",
    "LondonMoment",
    "LongRow",
    "LongTable",
    "Merge",
    "NumberRead",
    "Order",
    "PeriodColumn",
    "Problem",
    "Question",
    "Role",
    "Shape",
    "Sheet",
    "UnableToReadFile",
    "Workbook",
    "column_letters",
    "dates_of",
    "in_london",
    "layout_of",
    "long_table",
    "number_of",
    "open_file",
    "tables_in",
]
