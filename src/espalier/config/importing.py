"""Load a newer published file from the command line: what it would change, then the change, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.common.errors import UnableTo
from espalier.imports.tables import FileProblem, read_tables_at
from espalier.measures import actions as measures
from espalier.organisations import actions as organisations

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

Say = Callable[[str], None]
SHOWN = 20  # problems and changes said one by one; the rest is a number


def load(kind: str, path: Path, *, as_of: date | None, dry_run: bool, say: Say) -> int:
    """Load one file; nothing of a file with a problem in it is stored."""
    kinds = {"places": _places, "figures": _figures, "ae": _figures, "sickness": _figures}
    if kind not in kinds:
        raise UnableTo(f"There is no kind of file called {kind!r}.", to_do="Use places or figures.", code="import-kind")
    if not path.is_file():
        raise UnableTo(f"There is no file {path}.", to_do="Check the name.", code="no-file")
    with acting_as(system_viewer()):
        return kinds[kind](path, as_of, dry_run, say)


def _places(path: Path, as_of: date | None, dry_run: bool, say: Say) -> int:
    done = organisations.import_units(
        actor=system_viewer(),
        at=timezone.now(),  # noqa: TID251  a command is where time enters
        file=path.name,
        content=path.read_bytes(),
        as_of=as_of,
        dry_run=dry_run,
    )
    if _wrong(done.problems, say):
        return 1
    say(f"{path.name}: {len(done.new):,} new, {len(done.changed):,} changed, {done.unchanged:,} as they were.")
    _some([f"new: {unit.code} {unit.name}" for unit in done.new], say)
    _some([f"changed: {one.code} {one.name}, {one.what}: {one.old or 'nothing'} → {one.new}" for one in done.changed], say)
    if done.unplaced:
        say(f"{len(done.unplaced):,} stand directly under England, because the file does not say where they belong.")
    say("Stored." if done.stored else "Nothing was stored: this was a dry run.")
    return 0


def _figures(path: Path, as_of: date | None, dry_run: bool, say: Say) -> int:
    del as_of
    reading = measures.read_published(read_tables_at(path))
    if _wrong(reading.problems, say):
        return 1
    done = measures.store_figures(
        actor=system_viewer(),
        at=timezone.now(),  # noqa: TID251  a command is where time enters
        why=f"Published file {path.name}",
        figures=reading.figures,
        dry_run=dry_run,
    )
    say(f"{path.name}: {done.new:,} new, {done.changed:,} changed, {done.unchanged:,} as they were.")
    if done.unknown_units:
        say(f"Left out, because nobody knows these codes yet (load places first): {', '.join(done.unknown_units[:SHOWN])}")
    say("Nothing was stored: this was a dry run." if dry_run else "Stored.")
    return 0


def _wrong(problems: Sequence[FileProblem], say: Say) -> bool:
    if problems:
        say(f"Nothing was stored: {len(problems):,} problem{'s' if len(problems) > 1 else ''}.")
        _some([str(problem) for problem in problems], say)
    return bool(problems)


def _some(lines: Sequence[str], say: Say) -> None:
    for line in lines[:SHOWN]:
        say(f"  {line}")
    if len(lines) > SHOWN:
        say(f"  … and {len(lines) - SHOWN:,} more.")
