"""Open a file somebody gave us, in a process of its own.

A file is read by a child with bounded memory and time, for whatever is wrong with the file (or with a reader) must not
take the pages of everybody else down with it. Its size is asked first: a huge file is refused without being read.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from espalier.imports.reading import wire
from espalier.imports.reading.book import LIMITS, Limits
from espalier.imports.reading.sniffing import refusal

if TYPE_CHECKING:
    from typing import BinaryIO

    from espalier.imports.reading.book import Workbook

SOURCE = str(Path(__file__).resolve().parents[3])
# -I and -S: no site packages, no environment; the child needs the standard library and this package only.
START = "import sys; sys.path.insert(0, sys.argv[1]); from espalier.imports.reading.child import main; main()"
SPLIT = "Split it into smaller files, or save only the sheet and the columns that are needed."
TELL_US = "Save it again as .xlsx or CSV UTF-8 and choose it again; if that does not help, tell your administrator."


def open_file(path: Path, *, name: str, limits: Limits = LIMITS) -> Workbook:
    """Read the file at `path`, called `name` by the person who gave it, or say why it cannot be read.

    What it is is told from its content. Raises UnableToReadFile with a code; nothing of such a file is used.
    """
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            what = f"it has {size / 1e6:,.0f} MB and the most is {limits.file_bytes / 1e6:,.0f} MB"
            raise refusal(name, "file-too-large", what, SPLIT)
        with path.open("rb") as file, tempfile.TemporaryFile() as result:
            ended = _run(file, result, name, limits)
            return _answer(result, ended, name)
    except OSError as error:
        raise refusal(name, "not-there", "it cannot be opened", "Choose it again.") from error


def _run(file: BinaryIO, result: BinaryIO, name: str, limits: Limits) -> int | None:
    """Let the child read; gives how it ended, None when it had to be stopped."""
    told = json.dumps({"name": name, "limits": asdict(limits)})
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", START, SOURCE, told]
    with subprocess.Popen(command, stdin=file, stdout=result, stderr=subprocess.DEVNULL, env={}) as child:  # noqa: S603  our own program
        try:
            return child.wait(limits.wall_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            return None


def _answer(result: BinaryIO, ended: int | None, name: str) -> Workbook:
    if ended is None or ended in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise refusal(name, "too-slow", "it takes far longer to read than a table should", SPLIT)
    if ended == 0:
        result.seek(0)
        try:
            return wire.read_book(result)
        except (ValueError, KeyError, TypeError) as error:
            raise refusal(name, "unreadable", "reading it stopped half way", TELL_US) from error
    raise refusal(name, "unreadable", "reading it stopped half way", TELL_US)
