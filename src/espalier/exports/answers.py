"""A file as the answer to somebody's click: what kind it is and what it is called."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse

from espalier.common.errors import NotFoundHere

if TYPE_CHECKING:
    from collections.abc import Callable

    from espalier.exports.shapes import Document, Picture

KINDS = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def file_response(name: str, kind: str, content: bytes | str) -> HttpResponse:
    """Answer with a file to keep, under a name that every system can store."""
    answer = HttpResponse(content, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{file_name(name)}.{kind}"'
    return answer


def file_name(title: str) -> str:
    """Return a name of plain letters, digits and hyphens.

    >>> file_name('Board: "Riverside" / May'), file_name("…")
    ('board-riverside-may', 'file')
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80] or "file"


def made(kind: str, document: Document) -> bytes:
    """Make a document as one kind of file. The libraries are loaded when somebody asks, never with a page."""
    from espalier.exports import columns, pages, slides, workbooks

    makers: dict[str, Callable[[], bytes]] = {
        "pdf": partial(pages.pdf, document),
        "pptx": partial(slides.deck, document),
        "xlsx": partial(workbooks.workbook, document),
        "parquet": partial(columns.parquet, document.pictures),
        "png": partial(_dots, document),
        "svg": partial(_lines, document),
    }
    if kind not in makers:
        raise NotFoundHere(f"We make no files of the kind {kind[:10]!r}.")
    return makers[kind]()


def _dots(document: Document) -> bytes:
    from espalier.exports.images import png

    return png(_only(document).svg)


def _lines(document: Document) -> bytes:
    return _only(document).svg.encode()


def _only(document: Document) -> Picture:
    """Return the chart of a document of one; a picture of several is what no file of dots can be."""
    if len(document.pictures) != 1:
        raise NotFoundHere("A picture is made of one chart. Take the slides or the pages for several.")
    return document.pictures[0]
