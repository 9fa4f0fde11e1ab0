"""Pages to print and to listen to: PDF/UA-1, with tags, title, language, and words for every drawing.

The drawings go in as lines, never as dots, so they stay sharp and small. All text is handed over as data: a name that looks
like a command of the typesetter is printed as it stands.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from espalier.exports import words
from espalier.exports.shapes import Figure, Heading, Picture, Row, Table, Words, plain
from espalier.ui.filters import day

if TYPE_CHECKING:
    from espalier.exports.shapes import Block, Document

TEMPLATE = Path(__file__).with_name("document.typ")


_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_TRIES = 12
_TALLEST = 1.25  # how tall a drawing may be for the width of the page
_OUTSIDE_EVERY_FONT = re.compile("[^\u0000-\u024f\u2010-\u2027\u2030-\u203a]")


def pdf(document: Document) -> bytes:
    """Set a document as PDF/UA-1. The typesetter itself refuses what would break that promise, such as a drawing without words.

    A letter that no font of this machine has (a smiling face, often) is printed as "?": a page with one letter less is
    better than no page.
    """
    import typst

    facts = json.dumps(_facts(document), ensure_ascii=False)
    for _ in range(_TRIES):
        try:
            return _set(facts)
        except typst.TypstError as problem:
            lacking = _NOT_SHOWN.findall(f"{problem} {problem.diagnostic}")
            if not lacking:
                raise
            facts = _without(facts, "".join(lacking))
    return _set(_OUTSIDE_EVERY_FONT.sub("?", facts))


def _set(facts: str) -> bytes:
    import typst

    return bytes(typst.compile(TEMPLATE.read_bytes(), format="pdf", pdf_standards="ua-1", sys_inputs={"document": facts}))


def _without(facts: str, letters: str) -> str:
    return facts.translate({ord(letter): "?" for letter in letters if ord(letter) > 127})


def _facts(document: Document) -> dict[str, Any]:
    lead = [document.place, f"for {document.for_whom}" if document.for_whom else "", day(document.made_on)]
    return {
        "title": plain(document.title) or "Charts", "place": plain(document.place), "lead": plain(" · ".join(filter(None, lead))),
        "introduction": _paragraphs(document.introduction),
        "footer": plain(f"{document.title} · {words.MADE_WITH}, {day(document.made_on)}"),
        "compact": document.compact, "blocks": [_block(one, compact=document.compact) for one in document.blocks],
    }  # fmt: skip


def _block(block: Block, *, compact: bool) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": plain(block.text), "level": block.level}
    if isinstance(block, Words):
        return {"kind": "words", "words": _paragraphs(block.text)}
    if isinstance(block, Table):
        cells = [[plain(cell) or "–" for cell in row] for row in block.rows]
        head = [plain(one) for one in block.head]
        return {"kind": "table", "caption": plain(block.caption), "head": head, "rows": cells, "shares": words.shares(block)}
    if isinstance(block, Row):
        charts = [_chart(one, small=compact) for one in block.pictures]
        return {"kind": "row", "heading": plain(block.heading), "words": _paragraphs(block.words), "charts": charts}
    if isinstance(block, Figure):
        wide = min(1.0, _TALLEST / block.ratio)  # one that is tall is made narrower, so that it stays on its page
        return {"kind": "figure", "title": plain(block.title), "svg": plain(block.svg), "alt": plain(block.alt), "wide": wide}
    return {"kind": "chart", **_chart(block, small=False)}


def _chart(one: Picture, *, small: bool) -> dict[str, Any]:
    return {
        "title": plain(one.title), "latest": words.latest(one), "sign": words.sign(one), "meaning": words.meaning(one),
        "alt": plain(words.alternative(one)), "words": _paragraphs(one.words), "source": plain(words.source(one)),
        "method": plain(f"{words.middle(one)} and usual range: {one.method}."), "svg": plain(one.spark if small and one.spark else one.svg),
    }  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    return [plain(part).strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
