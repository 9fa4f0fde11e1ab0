"""The hostile corpus: each case makes one file and says what must come of it, read with which cells or refused with which code.

Expected values come from how the file is made here and from the calendar, never from what the reader said.
Rows are those of the table "Bad input" that the product promises to survive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from espalier.imports.reading import Workbook

Content = bytes | Callable[[], bytes] | Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """One file. `cells` are texts of the first sheet by their names ("A1"); `then` looks further and must give `gives`."""

    row: str
    name: str
    content: Content
    refused: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    notes: frozenset[str] = frozenset()
    then: Callable[[Workbook], object] | None = None
    gives: object = None
    file: str = "file.csv"
    writes: bool = False  # `content` writes the file itself, because it would not fit in memory

    def __str__(self) -> str:
        return f"{self.row}: {self.name}"

    def make(self, path: Path) -> None:
        if self.writes:
            self.content(path)  # type: ignore[operator,call-arg,arg-type]
        else:
            path.write_bytes(self.content if isinstance(self.content, bytes) else self.content())  # type: ignore[operator,call-arg]


# Those that make or read a great deal: seconds each. They run in the long suite.
LONG = frozenset({
    "100,000 parts", "1.2 million rows without a cell", "a million sheets", "450 MB of spaces in one sheet", "one text of 100 MB",
    "1.1 million filled cells in a workbook", "1.1 million rows of CSV", "a million shared texts", "one long text pointed to 200,000 times",
    "200,000 merged blocks", "50 million line ends", "50 million separators", "50 million quotation marks", "1.1 million cells of CSV",
    "20 million rows without a cell, each well packed", "50 MB without a line end",
})  # fmt: skip


def is_long(case: Case) -> bool:
    """Whether a case is one of those."""
    return case.name in LONG


def all_cases() -> tuple[Case, ...]:
    from tests.hostile import bombs, contents, kinds, shapes

    return (*contents.CASES, *bombs.CASES, *kinds.CASES, *shapes.CASES)
