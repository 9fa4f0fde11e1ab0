"""Hand what was read from the child process to its parent, as counted bytes.

No pickle and nothing that could run: the parent trusts the child no more than the file. A first line of JSON says what
follows; cells are three plain arrays a sheet; texts stand once, as one JSON list.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO

from espalier.imports.reading.book import Level, Merge, Problem, Sheet, UnableToReadFile, Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.imports.reading.book import SheetBuilder

MOST_HEADER = 50_000_000


def write_error(out: BinaryIO, error: UnableToReadFile) -> None:
    """Send a refusal."""
    out.write(json.dumps({"error": [error.what, error.where, error.to_do, error.code]}).encode() + b"\n")


def write_book(out: BinaryIO, book: dict[str, str], sheets: list[SheetBuilder], words: dict[str, int], notes: list[Problem]) -> None:
    """Send what was read. `book` holds name, format, encoding and separator."""
    built = [builder.build(()) for builder in sheets]
    header = {
        "book": book,
        "notes": [asdict(note) for note in notes],
        "sheets": [
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "width": sheet.width,
                "rows": len(sheet.starts),
                "cells": len(sheet.ids),
                "hidden_rows": sorted(sheet.hidden_rows),
                "hidden_columns": sorted(sheet.hidden_columns),
                "merged": [[m.top, m.left, m.bottom, m.right] for m in sheet.merged],
                "problems": [asdict(problem) for problem in sheet.problems],
            }
            for sheet in built
        ],
    }
    out.write(json.dumps(header).encode() + b"\n")
    for sheet in built:
        sheet.starts.tofile(out)
        sheet.ids.tofile(out)
        out.write(sheet.kinds)
    out.write(json.dumps(list(words), ensure_ascii=False).encode("utf-8", "replace"))


def read_book(source: BinaryIO) -> Workbook:
    """Read what the child sent, or raise the refusal it sent; ValueError when it is not what a child sends."""
    header = json.loads(source.readline(MOST_HEADER))
    if "error" in header:
        what, where, to_do, code = header["error"]
        raise UnableToReadFile(what, where=where, to_do=to_do, code=code)
    parts = [(_array(source, sheet["rows"]), _array(source, sheet["cells"]), source.read(sheet["cells"])) for sheet in header["sheets"]]
    words: tuple[str, ...] = tuple(json.loads(source.read()))
    sheets = tuple(_sheet(told, *part, words) for told, part in zip(header["sheets"], parts, strict=True))
    return Workbook(**header["book"], sheets=sheets, notes=_problems(header["notes"]))


def _array(source: BinaryIO, length: int) -> array[int]:
    numbers = array("I")
    numbers.frombytes(source.read(length * numbers.itemsize))
    if len(numbers) != length:
        raise ValueError("the child stopped half way")
    return numbers


def _sheet(told: dict[str, Any], starts: array[int], ids: array[int], kinds: bytes, words: Sequence[str]) -> Sheet:
    if len(kinds) != len(ids) or starts[-1] != len(ids) or (ids and max(ids) >= len(words)):
        raise ValueError("the child's arrays do not fit together")
    return Sheet(
        told["name"], told["hidden"], starts, ids, kinds, words, frozenset(told["hidden_rows"]), frozenset(told["hidden_columns"]),
        tuple(Merge(*block) for block in told["merged"]), _problems(told["problems"]), told["width"],
    )  # fmt: skip


def _problems(told: list[dict[str, Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(**{**problem, "level": Level(problem["level"])}) for problem in told)
