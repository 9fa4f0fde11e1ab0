"""From reports and board pages to documents: one document feeds the page, every file and what is frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from espalier.exports import words
from espalier.exports.shapes import Document, Heading, Picture, Row, Table, Words
from espalier.ui.filters import and_list, day, plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.exports.shapes import Block
    from espalier.insight.queries import Chosen, Content, Gap, PackFacts, PaperFacts
    from espalier.measures.queries import Pair

UNKNOWN = "We do not know yet."
FILES = (("pptx", "Slides (PowerPoint)"), ("pdf", "Pages (PDF)"), ("xlsx", "Workbook (Excel)"), ("parquet", "Figures (Parquet)"))
PACKS = (
    ("pages", "Pages (PDF), 250 charts in each, with a workbook of all figures"),
    ("pictures", "Drawings (SVG), one file a chart, with a workbook of all figures"),
)
STATES = {"waiting": "being made", "ready": "ready", "failed": "could not be made"}

latest, sign = words.latest, words.sign


def report(paper: PaperFacts, pictures: Mapping[Pair, Picture], on: date) -> Document:
    """Lay out a report: each chart with the words under it."""
    content = paper.content
    return Document(
        title=content.title, place=paper.unit.name, made_on=on, for_whom=content.for_whom, introduction=content.introduction,
        blocks=tuple(_block(one, pictures) for one in content.charts),
    )  # fmt: skip


def _block(one: Chosen, pictures: Mapping[Pair, Picture]) -> Block:
    picture = pictures.get((one.measure, one.unit))
    if picture is None:
        return Words(f"A chart that stood here cannot be shown to you now ({one.measure}, {one.unit}).")
    return replace(picture, words=one.words)


def board(paper: PaperFacts, pictures: Mapping[Pair, Picture], gaps: Sequence[Gap], on: date) -> Document:
    """Lay out a board page: the rows, what worries us, what was decided, the question, and the words somebody signed."""
    content = paper.content
    blocks: list[Block] = [_row(gap, content, pictures) for gap in gaps]
    if content.concerns:
        lines = tuple((one.what, one.who or "nobody yet", one.doing, _day(one.by)) for one in content.concerns)
        blocks.append(Table("What worries us, and who is on it", ("Concern", "Who owns it", "What they are doing", "By when"), lines))
    if content.decisions:
        decided = tuple((one.what, _day(one.on), one.became or "not known yet") for one in content.decisions)
        blocks.append(Table("What we decided last time, and what became of it", ("Decided", "When", "What became of it"), decided))
    if content.question:
        blocks += [Heading("One question for the board"), Words(content.question)]
    if content.signed:
        signed = f"{content.signed.words}\n\n{content.signed.name}, {_day(content.signed.on)}"
        blocks += [Heading("In our own words"), Words(signed)]
    return Document(title=content.title, place=paper.unit.name, made_on=on, for_whom="the board", blocks=tuple(blocks), compact=True)


def document(paper: PaperFacts, pictures: Mapping[Pair, Picture], gaps: Sequence[Gap], on: date) -> Document:
    """Lay out whichever it is."""
    return report(paper, pictures, on) if paper.kind == "report" else board(paper, pictures, gaps, on)


def _row(gap: Gap, content: Content, pictures: Mapping[Pair, Picture]) -> Row:
    heading = f"{gap.name} · {gap.beside}" if gap.beside else gap.name
    ours = [(one, pictures.get((one.measure, one.unit))) for one in content.charts if one.gap == gap.code]
    shown = tuple(replace(picture, words=one.words) for one, picture in ours if picture)
    return Row(heading, "" if shown else f"{UNKNOWN} {gap.when_empty}", shown)


def _day(text: str) -> str:
    return day(date.fromisoformat(text)) if text else "no date"


def since_words(titles: Sequence[str]) -> str:
    """Say which charts have other figures now than those that were frozen."""
    if not titles:
        return "Every chart still has the figures it had then."
    named = f"{and_list(list(titles[:6]))}{' and more' if len(titles) > 6 else ''}"
    return f"{plural(len(titles), 'chart has', 'charts have')} new figures since: {named}."


def progress_words(pack: PackFacts) -> str:
    """Say how far an archive is."""
    return f"{pack.done:,} of {plural(pack.total, 'chart')}"
