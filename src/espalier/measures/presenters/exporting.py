"""Files of the page of many charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.common.errors import NotFoundHere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.measures.queries import Wall


def wall_made(kind: str, wall: Wall, head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Make the table of newest figures as one kind of file."""
    from espalier.exports.columns import table_parquet
    from espalier.exports.workbooks import table_workbook

    what = wall.definition
    if kind == "parquet":
        return table_parquet(head, rows)
    if kind != "xlsx":
        raise NotFoundHere(f"We make no files of the kind {kind[:10]!r} of this table.")
    about: list[tuple[str, object]] = [
        ("Measure", what.name), ("Place", wall.unit.name), ("Newest month", wall.newest), ("What is measured", what.words["definition"]),
        ("Source", what.words["source"]["words"]), ("Average and limits", wall.method), ("Made with", "Espalier"),
    ]  # fmt: skip
    return table_workbook(what.name, head, rows, about)
