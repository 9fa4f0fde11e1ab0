"""Read the published figures that come with the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.common.errors import UnableTo
from espalier.imports.tables import read_tables_at
from espalier.measures.rules.published import parse_published

if TYPE_CHECKING:
    from pathlib import Path

    from espalier.measures.rules.figures import Figure

# The sheets of one workbook are packed one by one and belong together again here.
PACKED = (
    ("ae_attendances_2016_2019.parquet",),
    ("sickness_2023_table_1.parquet", "sickness_2023_table_4.parquet"),
)


def open_figures(content: Path) -> tuple[Figure, ...]:
    """Read every packed file of content/data into figures, or raise with the first thing wrong in one."""
    figures: list[Figure] = []
    for files in PACKED:
        reading = parse_published([table for file in files for table in read_tables_at(content / "data" / file)])
        if reading.problems:
            raise UnableTo(str(reading.problems[0]), where=files[0], to_do="Pack the file again.", code="packed-file")
        figures.extend(reading.figures)
    return tuple(figures)
