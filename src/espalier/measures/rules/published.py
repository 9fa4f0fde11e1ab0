"""Find out which published file somebody gives us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.common.errors import UnableTo
from espalier.measures.rules.ae import parse_ae
from espalier.measures.rules.sickness import parse_sickness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.imports.tables import Table
    from espalier.measures.rules.figures import Reading


class UnableToRecognise(UnableTo):
    """No sheet has the headings of a file we know."""

    code = "unknown-file"


def parse_published(tables: Sequence[Table]) -> Reading:
    """Read the sheets of one file as whatever they are, by their headings; the file's name says nothing."""
    for table in tables:
        if (reading := parse_ae(table)) is not None:
            return reading
    if (reading := parse_sickness(tables)) is not None:
        return reading
    rows = tables[0].rows if tables else ()
    headings = next((", ".join(cell for cell in row[:6] if cell) for row in rows if any(row)), "")
    raise UnableToRecognise(
        f"This is not a file of figures that can be read. It begins with: {headings[:120]}",
        where=tables[0].file if tables else "",
        to_do='Give the monthly A&E file (headings "Period, Org Code, …") or the sickness workbook with its Table 4.',
    )
