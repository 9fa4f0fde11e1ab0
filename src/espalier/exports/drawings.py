"""One drawing of boxes as a page to print and to listen to: PDF/UA-1, with the same as a list after it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from espalier.exports import words
from espalier.exports.shapes import plain
from espalier.ui.filters import day

if TYPE_CHECKING:
    from datetime import date

TEMPLATE = Path(__file__).with_name("drawing.typ")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing and all its words: rows are level (1 is the first), what it is, and what it says."""

    title: str
    place: str
    made_on: date
    svg: str
    alt: str
    says: str
    rows: tuple[tuple[int, str, str], ...]


def drawing_pdf(drawn: Drawn) -> bytes:
    """Set a drawing as PDF. Every text is data: what looks like a command of the typesetter is printed as it stands."""
    import typst

    facts = {
        "title": plain(drawn.title), "place": plain(drawn.place), "lead": plain(f"{drawn.place} · {day(drawn.made_on)}"),
        "footer": plain(f"{drawn.title} · {words.MADE_WITH}, {day(drawn.made_on)}"), "svg": plain(drawn.svg),
        "alt": plain(drawn.alt), "says": plain(drawn.says),
        "rows": [{"level": level, "kind": plain(kind), "text": plain(text)} for level, kind, text in drawn.rows],
    }  # fmt: skip
    sent = {"drawing": json.dumps(facts, ensure_ascii=False)}
    return bytes(typst.compile(TEMPLATE.read_bytes(), format="pdf", pdf_standards="ua-1", sys_inputs=sent))
