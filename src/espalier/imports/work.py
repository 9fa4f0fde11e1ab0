"""The work behind the pages: read a file, check it, store what was agreed, take it back. Each step can be run twice.

A step looks at where the file stands and does only what belongs there, in one transaction with the file's row locked: a
second press, a second browser or a job that is run again finds the work done and leaves it alone.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.imports import files
from espalier.imports.checking import outcome_of, summary_of
from espalier.imports.found import described, mark_of, tables_of
from espalier.imports.kinds import ChangedMeanwhile, Holds, kind_of
from espalier.imports.mapping import guessed, mapping_of, plain_all, wrong_in
from espalier.imports.models import Remembered, Upload
from espalier.imports.states import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.imports.checking import Outcome
    from espalier.imports.progress import Tell
    from espalier.imports.reading import FoundTable

SMALL_BYTES, SMALL_LINES = 300_000, 2_000


def step(upload: Upload, *, viewer: Viewer, at: datetime, tell: Tell) -> None:
    """Do the one step that waits, if one does."""
    steps: dict[str, Callable[[Upload, Viewer, datetime, Tell], None]] = {
        State.READING: _read, State.CHECKING: _check, State.STORING: _store, State.UNDOING: _undo,
    }  # fmt: skip
    if work := steps.get(upload.state):
        work(upload, viewer, at, tell)
        upload.queued = False
        upload.save()


def is_small(upload: Upload) -> bool:
    """Whether a page may wait for the next step: few bytes to read, and few lines where they are counted already."""
    if upload.state == State.READING:
        return upload.size <= SMALL_BYTES
    if upload.state == State.UNDOING:
        counted = upload.summary.get("stored", {})
        return sum(int(counted.get(name, 0)) for name in ("new", "changed", "removed")) <= SMALL_LINES
    table = upload.tables[upload.chosen or 0]
    lines = table["lines" if mapping_of(upload.mapping).across else "rows"]  # what runs across makes lines only where it was chosen
    return upload.size <= SMALL_BYTES and int(lines) <= SMALL_LINES


def _read(upload: Upload, viewer: Viewer, _at: datetime, tell: Tell) -> None:
    tell("Opening the file", 0, 0)
    with files.on_disk(upload) as path:
        upload.tables = plain_all([described(table) for table in tables_of(path, upload.name)])
    upload.state = State.READ
    if len(upload.tables) == 1:
        choose(upload, 0)
    known = [at for at, table in enumerate(upload.tables) if recall(upload, table)]
    if len(known) == 1:  # one table with headings we know: nobody should say again what they have said
        choose(upload, known[0])
        if _says_all(upload) and not lacks(upload, viewer):
            upload.state = State.CHECKING


def choose(upload: Upload, table: int) -> None:
    """Take one of the tables, read as it was the last time or, at first, as we think."""
    upload.chosen = table
    found = upload.tables[table]
    upload.mapping = recall(upload, found) or guessed(kind_of(upload.kind), found).as_json()


def recall(upload: Upload, table: dict[str, Any]) -> dict[str, Any] | None:
    """Return how a table with these headings was read the last time."""
    if upload.owner_id is None:
        return None
    known = Remembered.objects.filter(kind=upload.kind, owner_id=upload.owner_id, headings=table["headings"])
    return known.values_list("mapping", flat=True).first()


def _says_all(upload: Upload) -> bool:
    """Whether what we remember says everything about this file. A month typed for all rows was that file's month, not this one's.

    The month in this file's own title is offered in its place, as it is the first time; the person sees it and says yes.
    """
    fixed, titled = upload.mapping["fixed"], upload.tables[upload.chosen or 0]["titled"]
    typed = [one.code for one in kind_of(upload.kind).fields if one.holds is Holds.PERIOD and fixed.pop(one.code, "")]
    fixed.update({code: titled for code in typed if titled})
    return not typed


def remember(upload: Upload, *, at: datetime) -> None:
    """Keep how this table is read for the next file of the same place."""
    if upload.owner_id is None:
        return
    headings = mark_of(upload.tables[upload.chosen or 0]["names"])
    Remembered.objects.update_or_create(
        kind=upload.kind, owner_id=upload.owner_id, headings=headings, defaults={"mapping": upload.mapping, "at": at}
    )


def open_table(upload: Upload, tell: Tell) -> FoundTable:
    """Open the chosen table again; the file is what counts, not what we noted of it."""
    tell("Opening the file", 0, 0)
    with files.on_disk(upload) as path:
        found = tables_of(path, upload.name)
    if upload.chosen is None or upload.chosen >= len(found):
        raise UnableTo("The table is not there.", where=upload.name, to_do="Choose a table again.", code="no-table")
    return found[upload.chosen]


def _outcome(upload: Upload, table: FoundTable, viewer: Viewer, at: datetime, tell: Tell, *, lock: bool = False) -> Outcome:
    layout = mapping_of(upload.mapping)
    return outcome_of(kind=kind_of(upload.kind), viewer=viewer, at=at, table=table, layout=layout, tell=tell, lock=lock)


def _check(upload: Upload, viewer: Viewer, at: datetime, tell: Tell) -> None:
    table = open_table(upload, tell)
    _note(upload, viewer, table, _outcome(upload, table, viewer, at, tell))


def _note(upload: Upload, viewer: Viewer, table: FoundTable, outcome: Outcome) -> None:
    upload.summary = summary_of(kind=kind_of(upload.kind), viewer=viewer, table=table, outcome=outcome)
    upload.seen = outcome.mark
    upload.state = State.READ if outcome.asks else State.CHECKED


def _store(upload: Upload, viewer: Viewer, at: datetime, tell: Tell) -> None:
    """Store exactly what was agreed to. When what stands has changed since, show the new comparison instead."""
    kind, table = kind_of(upload.kind), open_table(upload, tell)
    agreed = upload.seen
    outcome = _outcome(upload, table, viewer, at, tell, lock=True)
    if outcome.mark != agreed or (upload.summary["problems"] and not upload.take_good):
        _note(upload, viewer, table, outcome)
        other = ChangedMeanwhile()
        upload.trouble = {"what": other.what, "to_do": other.to_do}
        return
    changes = (*outcome.new, *outcome.changed, *(outcome.removed if upload.remove else ()))
    tell("Storing", 0, len(changes))
    batch = uuid.uuid4()
    try:
        if changes:
            kind.store(actor=viewer, at=at, why=f"File {upload.name}"[:300], batch=batch, changes=changes)
    except ChangedMeanwhile as problem:
        _note(upload, viewer, table, _outcome(upload, table, viewer, at, tell))
        upload.trouble = {"what": problem.what, "to_do": problem.to_do}
        return
    counts = {"new": len(outcome.new), "changed": len(outcome.changed), "removed": len(outcome.removed) if upload.remove else 0}
    told = counts | {"same": outcome.same, "left": outcome.rows_out}
    upload.summary |= {"stored": told, "links": kind.links(viewer=viewer, changes=changes)}
    upload.state, upload.batch, upload.stored_at, upload.trouble = State.STORED, batch, at, {}
    detail = counts | {"kind": kind.code, "mark": upload.mark}
    record(actor=viewer, verb="import", object_kind="file", object_id=str(upload.pk), at=at, detail=detail)
    tell("Stored", len(changes), len(changes))


def _undo(upload: Upload, viewer: Viewer, at: datetime, tell: Tell) -> None:
    tell("Taking back", 0, 0)
    if upload.batch is None:
        raise UnableTo("There is nothing to take back.", code="no-batch")
    done = kind_of(upload.kind).undo(actor=viewer, at=at, batch=upload.batch)
    upload.summary |= {"undone": {"back": done.back, "left": len(done.left), "shown": list(done.left[:100])}}
    upload.state, upload.undone_at = State.UNDONE, at
    detail = {"back": done.back, "left": len(done.left)}
    record(actor=viewer, verb="undo", object_kind="file", object_id=str(upload.pk), at=at, detail=detail)


def lacks(upload: Upload, viewer: Viewer) -> dict[str, str]:
    """Return what the mapping of a file still lacks, by field."""
    kind = kind_of(upload.kind)
    choices = {one.code: kind.choices(viewer=viewer, field=one.code) for one in kind.fields}
    return wrong_in(kind, upload.tables[upload.chosen or 0], mapping_of(upload.mapping), choices)
