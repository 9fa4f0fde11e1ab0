"""What a file would change: lines made records, compared with what stands, counted and put into words."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from espalier.imports.kinds import PATIENT, Change, Record, Trouble
from espalier.imports.mapping import Layout, Read, lines_of, plain_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Key, Kind, Values
    from espalier.imports.progress import Tell
    from espalier.imports.reading import FoundTable

SHOWN_TROUBLES, SHOWN_CHANGES = 100, 25


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing would do. `mark` names exactly these changes, so that nobody agrees to one thing and gets another."""

    asks: dict[str, Any]
    ready: int
    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    same: int
    removed: tuple[Change, ...]
    troubles: tuple[Trouble, ...]
    filtered: int
    empty: int
    rows_out: int = 0  # rows that stay out, however much is wrong with each; where figures run across, each of them is a row

    @property
    def mark(self) -> str:
        """Return a name for these changes."""
        said = repr(sorted(map(repr, (*self.new, *self.changed, *self.removed))))
        return hashlib.sha256(said.encode()).hexdigest()


def outcome_of(
    *, kind: Kind, viewer: Viewer, at: datetime, table: FoundTable, layout: Layout, tell: Tell, lock: bool = False
) -> Outcome:
    """Work out what a table would change; with lock nobody can change what stands until the transaction ends."""
    read = lines_of(table, kind, layout, tell)
    if read.asks:
        return Outcome(read.asks, 0, (), (), 0, (), (), read.filtered, read.empty)
    tell("Checking rows", 0, len(read.lines))
    checked = kind.check(viewer=viewer, at=at, lines=read.lines)
    tell("Comparing with what is there", 0, len(checked.records))
    records, twice = _once(checked.records, kind.words.twice)
    standing = kind.standing(viewer=viewer, records=records, lock=lock)
    new, changed = [], []
    for record in records:
        old = standing.get(record.key)
        if old is None:
            new.append(Change(record.key, None, record.values))
        elif old != record.values:
            changed.append(Change(record.key, old, record.values))
    along = _along(kind, viewer, at, read) if read.broken else ()
    troubles = sorted((*read.troubles, *along, *checked.troubles, *twice), key=lambda one: (one.row, one.cause != PATIENT, one.column))
    removed = _removed(standing, records, [one for one in troubles if not one.warning])
    return Outcome(
        {}, len(records), tuple(new), tuple(changed), len(records) - len(new) - len(changed), removed, tuple(troubles), read.filtered,
        read.empty, len({(one.row, one.column if layout.across else 0) for one in troubles if not one.warning}),
    )  # fmt: skip


def _along(kind: Kind, viewer: Viewer, at: datetime, read: Read) -> tuple[Trouble, ...]:
    """Return what else is wrong with rows of which a cell could not be read, so that nobody mends a file once for each slip."""
    told = {(one.row, one.column) for one in read.troubles}
    found = kind.check(viewer=viewer, at=at, lines=read.broken).troubles
    return tuple(one for one in found if not one.warning and (one.row, one.column) not in told)


def _removed(standing: Mapping[Key, Values], records: Sequence[Record], wrong: Sequence[Trouble]) -> tuple[Change, ...]:
    """Return what stands and is not in the file. A row that cannot be read may be about any of it, so then nothing is."""
    if any(one.key is None and not one.elsewhere for one in wrong):
        return ()
    here = {record.key for record in records} | {one.key for one in wrong}
    return tuple(Change(key, old, None) for key, old in standing.items() if key not in here)


def _once(records: Sequence[Record], differs: str) -> tuple[list[Record], list[Trouble]]:
    """Keep one record of each key. The same said twice is counted once; two that differ are both for a person to look at."""
    first: dict[Any, Record] = {}
    clash: dict[Any, list[Record]] = {}
    troubles = []
    for record in records:
        known = first.setdefault(record.key, record)
        if known is record:
            continue
        if known.values == record.values:
            what = f"It says the same as row {known.row + 1}"
            troubles.append(Trouble(record.row, record.column, record.text, what, "It is counted once.", "same-twice", warning=True))
        else:
            clash.setdefault(record.key, [known]).append(record)
    for key, several in clash.items():
        for one in several:
            others = ", ".join(str(other.row + 1) for other in several if other is not one)
            what = f"Row {others[:60]} {differs}"
            troubles.append(Trouble(one.row, one.column, one.text, what, "Keep one of them.", "twice", key=key))
    return [record for key, record in first.items() if key not in clash], troubles


def summary_of(*, kind: Kind, viewer: Viewer, table: FoundTable, outcome: Outcome) -> dict[str, Any]:
    """Put an outcome into what a page shows: counts, problems by cause, and the first of each in words."""
    wrong = [one for one in outcome.troubles if not one.warning]
    warned = [one for one in outcome.troubles if one.warning]
    names = {column.at: column.name for column in table.columns}
    words: dict[str, Any] = plain_all({
        "ready": outcome.ready, "new": len(outcome.new), "changed": len(outcome.changed), "same": outcome.same,
        "removed": len(outcome.removed), "problems": len(wrong), "rows_out": outcome.rows_out,
        "warnings": len(warned), "filtered": outcome.filtered,
        "empty": outcome.empty, "left_out": len(table.left_out),
        "causes": _causes(wrong), "shown": [told(one, names) for one in wrong[:SHOWN_TROUBLES]],
        "warned": [told(one, names) for one in warned[:SHOWN_TROUBLES]],
        "changes": _words(kind, viewer, outcome.changed), "removals": _words(kind, viewer, outcome.removed),
        "news": _words(kind, viewer, outcome.new), "asks": outcome.asks,
        "too_many": kind.too_many(removed=len(outcome.removed), standing=len(outcome.removed) + len(outcome.changed) + outcome.same),
    })  # fmt: skip
    return words


def told(one: Trouble, names: dict[int, str]) -> dict[str, Any]:
    """Tell one trouble: row and column as people count, what was found, what is wrong, and what to do."""
    column = names.get(one.column, "").replace(" › ", ", ")
    return {"row": one.row + 1 if one.row >= 0 else 0, "column": column[:80], "value": one.value[:80], "what": one.what, "to_do": one.to_do}


def _causes(troubles: Sequence[Trouble]) -> list[dict[str, Any]]:
    """Group problems by what mends them, the commonest first."""
    counts = Counter(one.cause for one in troubles)
    first = {one.cause: one for one in reversed(troubles)}
    return [
        {"what": first[cause].what, "to_do": first[cause].to_do, "count": count, "row": first[cause].row + 1}
        for cause, count in counts.most_common(12)
    ]


def _words(kind: Kind, viewer: Viewer, changes: Sequence[Change]) -> list[list[str]]:
    return [[one.what, one.old, one.new] for one in kind.shown(viewer=viewer, changes=changes[:SHOWN_CHANGES])]
