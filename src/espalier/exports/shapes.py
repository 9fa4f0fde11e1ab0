"""What a file is made of: charts with their figures, headings, words and tables. Plain facts; no room above is known here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from datetime import date

# XML has no way to write these at all, so one of them in a pasted name would make a workbook or slides unreadable.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_VIEW = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')

Mark = Literal["", "better", "worse", "high", "low"]


def plain(text: object) -> str:
    r"""Return text that every kind of file can hold.

    >>> plain("Ward\x00 7")
    'Ward 7'
    """
    return _UNWRITABLE.sub("", str(text))


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a chart; numbers as pages write them (a percentage is 86.6), None where there is none."""

    on: date
    numerator: float | None
    denominator: float | None
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    rules: tuple[str, ...] = ()  # codes of the rules this period breaks
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart: the drawing itself, every figure behind it, and what it means. Codes, not words, where a reader chooses."""

    kind: ClassVar[str] = "picture"
    measure: str
    unit: str
    name: str
    place: str
    measured_in: str
    decimals: int
    improvement: str
    svg: str
    spark: str
    variation: str
    assurance: str
    value: float | None
    period: date | None
    target: float | None
    points: tuple[Point, ...]
    definition: str
    source: str
    method: str
    made_up: bool = False
    differenced: bool = False  # figures are differences from the same month a year before
    href: str = ""
    grain: str = "month"  # what a period is: day, week, month, quarter or year
    words: str = ""  # what a person wrote under it
    targets: tuple[float | None, ...] | None = None  # of each period, for it may step; None: `target` held throughout

    @property
    def goals(self) -> tuple[float | None, ...]:
        """The target of each period, as the drawing shows it."""
        return (self.target,) * len(self.points) if self.targets is None else self.targets

    @property
    def title(self) -> str:
        """The measure and the place, as the chart page says it."""
        return f"{self.name}: {self.place}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a document; level 1 is a part of it."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Words:
    """One or more paragraphs, parted by empty lines."""

    kind: ClassVar[str] = "words"
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A small table of words."""

    kind: ClassVar[str] = "table"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Several charts beside each other under one heading, with a sentence where there is none."""

    kind: ClassVar[str] = "row"
    heading: str
    words: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing that is no chart: boxes and lines, with the words that say the same."""

    kind: ClassVar[str] = "figure"
    title: str
    svg: str
    alt: str

    @property
    def ratio(self) -> float:
        """How tall it is for its width."""
        found = _VIEW.search(self.svg)
        return float(found[2]) / float(found[1]) if found and float(found[1]) else 1.0


Block = Heading | Words | Table | Picture | Row | Figure


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file: what stands on its first page, and the blocks after it."""

    title: str
    place: str
    made_on: date
    for_whom: str = ""
    introduction: str = ""
    blocks: tuple[Block, ...] = field(default=())
    compact: bool = False  # a board page: small charts, one sheet of paper on its side

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every chart in it, in order, also those that stand beside each other."""
        found: list[Picture] = []
        for block in self.blocks:
            found += [block] if isinstance(block, Picture) else block.pictures if isinstance(block, Row) else ()
        return tuple(found)
