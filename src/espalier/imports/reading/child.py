"""The child process that reads a file: it may use little memory and little time, and knows no secret.

Started by `opening` with the file as its input and an empty environment. What it cannot read it refuses in words; what
stops it dead (memory, time) the parent puts into words.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import BinaryIO

from espalier.imports.reading import sniffing, wire
from espalier.imports.reading.book import Limits, UnableToReadFile

TOO_LARGE = "it needs more memory than a table should"
FEWER = "Split it into smaller files, or save only the columns that are needed."


def main() -> None:
    """Read the file at standard input and write what it holds to standard output."""
    told = json.loads(sys.argv[2])
    limits = Limits(**told["limits"])
    confine(limits)
    file, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        read(told["name"], file, out, limits)
    except UnableToReadFile as error:
        out.seek(0)
        out.truncate()
        wire.write_error(out, error)
    except MemoryError:
        out.seek(0)
        out.truncate()
        wire.write_error(out, sniffing.refusal(told["name"], "too-large", TOO_LARGE, FEWER))
    out.flush()


def confine(limits: Limits) -> None:
    """Bound memory, time and what may be written before the first byte is looked at."""
    import resource

    bounds = (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    )
    for which, most in bounds:
        # Not every system knows each of them; the others still hold.
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))


def read(name: str, file: BinaryIO, out: BinaryIO, limits: Limits) -> None:
    """Read one file and write it to `out`."""
    kind = sniffing.kind_of(name, *_beginning(file))
    if kind == "zip":
        # Each reader is loaded only when needed: half the time of a small file is loading.
        from espalier.imports.reading.xlsx import read_workbook

        sheets, words, notes = read_workbook(name, file, limits)
        about = {"name": name, "format": "xlsx"}
    else:
        from espalier.imports.reading.separated import read_separated

        sheet, words, notes, encoding, separator = read_separated(name, file, limits)
        sheets = [sheet]
        about = {"name": name, "format": "csv", "encoding": encoding, "separator": separator}
    if not any(builder.ids for builder in sheets):
        raise sniffing.refusal(name, "no-cells", "it has no filled cells", "Open it and check that it holds a table.")
    wire.write_book(out, about, sheets, words, notes)


def _beginning(file: BinaryIO) -> tuple[bytes, bytes]:
    head = file.read(sniffing.HEAD_BYTES)
    whole = head + file.read() if head.startswith(sniffing.OLE) else b""
    file.seek(0)
    return head, whole
