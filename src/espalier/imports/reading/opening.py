"""Open a file somebody gave us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.imports import tables
from espalier.imports.reading.book import LIMITS, Kind, Limits, SheetBuilder, UnableToReadFile, Workbook

if TYPE_CHECKING:
    from pathlib import Path


def open_file(path: Path, *, name: str, limits: Limits = LIMITS) -> Workbook:
    """Read the file at `path`, called `name` by the person who gave it, or say why it cannot be read."""
    try:
        found = tables.read_tables(name, path.read_bytes())
    except tables.UnableToReadFile as error:
        raise UnableToReadFile(error.what, where=error.where, to_do=error.to_do, code=error.code) from error
    words: dict[str, int] = {}
    builders = []
    for table in found:
        builder = SheetBuilder(table.sheet, words)
        for row in table.rows:
            builder.add(row, bytes(Kind.TEXT if text else Kind.EMPTY for text in row))
        builders.append(builder)
    shared = tuple(words)
    return Workbook(name, "xlsx" if found[0].sheet else "csv", tuple(builder.build(shared) for builder in builders))
