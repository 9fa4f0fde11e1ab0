"""What a person does with a file: gives it, says how it is read, agrees, takes it back, has it forgotten."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.imports import files, work
from espalier.imports.kinds import kind_of
from espalier.imports.mapping import Layout, plain
from espalier.imports.models import Upload
from espalier.imports.progress import quiet
from espalier.imports.states import OPEN, WORKING, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.progress import Tell

UNDO_DAYS = 14
WORK = "imports.work"  # the job of tasks.py, by name: it calls this file
log = logging.getLogger(__name__)


class UnableToLoad(UnableTo):
    """A file cannot be taken now; nothing of it was stored."""

    code = "load"


@transaction.atomic
def keep_file(*, actor: Viewer, at: datetime, kind: str, name: str, content: Iterable[bytes], size: int, pk: UUID | None = None) -> UUID:
    """Take a file in and, when it is small, read it; one that cannot be read leaves nothing behind."""
    if reason := kind_of(kind).may_use(viewer=actor):
        raise UnableToLoad(reason)
    if reason := kind_of(kind).held_back():
        raise UnableToLoad(reason)
    if actor.account_id is None:
        raise UnableToLoad("Sign in to load a file.")
    if not size or size > files.MOST:
        what = "The file is empty." if not size else f"The file has {size // 1_000_000} MB. The most is {files.MOST // 1_000_000} MB."
        raise UnableToLoad(what, to_do="Choose another one, or split it into smaller files.")
    upload = Upload(
        kind=kind, account_id=actor.account_id, owner_id=kind_of(kind).owner_of(viewer=actor), name=_tidy(name), size=size, at=at
    )  # fmt: skip
    upload.pk = pk or upload.pk
    upload.save(force_insert=True)
    mark = hashlib.sha256()
    files.keep(upload, _marked(content, mark.update))
    upload.mark = mark.hexdigest()
    record(actor=actor, verb="give", object_kind="file", object_id=str(upload.pk), at=at, detail={"kind": kind, "size": size})
    _go_on(upload, actor, at)
    return upload.pk


def _marked(content: Iterable[bytes], update: Callable[[bytes], object]) -> Iterable[bytes]:
    for stretch in content:
        update(stretch)
        yield stretch


def _tidy(name: str) -> str:
    """Return a file's name as it can be shown: its last part, without what cannot be printed."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return plain("".join(letter for letter in last if letter.isprintable())).strip()[:200] or "file"


@transaction.atomic
def choose_table(*, actor: Viewer, at: datetime, pk: UUID, table: int) -> None:
    """Say which of a file's tables is meant."""
    upload = _locked(actor, pk, *OPEN)
    if not 0 <= table < len(upload.tables):
        raise UnableToLoad("Select one of the tables.")
    work.choose(upload, table)
    upload.state, upload.summary = State.READ, {}
    upload.save()
    record(actor=actor, verb="choose", object_kind="file", object_id=str(upload.pk), at=at, detail={"table": table})


@transaction.atomic
def choose_columns(*, actor: Viewer, at: datetime, pk: UUID, layout: Layout) -> dict[str, str]:
    """Say which column is which, and have the file checked; returns what the mapping lacks, by field."""
    upload = _locked(actor, pk, *OPEN)
    if upload.chosen is None:
        raise UnableToLoad("Choose the table first.")
    upload.mapping = layout.as_json()
    if wrong := work.lacks(upload, actor):
        return wrong
    upload.state, upload.trouble = State.CHECKING, {}
    work.remember(upload, at=at)
    record(actor=actor, verb="check", object_kind="file", object_id=str(upload.pk), at=at)
    _go_on(upload, actor, at)
    return {}


@transaction.atomic
def agree(*, actor: Viewer, at: datetime, pk: UUID, seen: str, take_good: bool, remove: bool) -> str:
    """Agree to what was shown, and have it stored. A second press finds the work under way or done, and changes nothing."""
    upload = _locked(actor, pk)
    if upload.state != State.CHECKED:
        return str(upload.state)
    if not seen or seen != upload.seen:
        raise UnableToLoad("This page is older than the newest check.", to_do="Look at the check again.")
    if upload.summary["problems"] and not take_good:
        raise UnableToLoad("There are problems in the file.", to_do="Mend them, or say that you take only the good rows.")
    upload.take_good, upload.remove, upload.state, upload.trouble = take_good, remove, State.STORING, {}
    detail = {"take_good": take_good, "remove": remove}
    record(actor=actor, verb="agree", object_kind="file", object_id=str(upload.pk), at=at, detail=detail)
    _go_on(upload, actor, at)
    return str(upload.state)


@transaction.atomic
def take_back(*, actor: Viewer, at: datetime, pk: UUID) -> str:
    """Take back what a file stored, for two weeks; what somebody changed since is left and named."""
    upload = _locked(actor, pk)
    if upload.state != State.STORED or upload.stored_at is None:
        return str(upload.state)
    if at > upload.stored_at + timedelta(days=UNDO_DAYS):
        raise UnableToLoad(f"This was stored more than {UNDO_DAYS} days ago.", to_do="Load a file with the right figures.")
    upload.state = State.UNDOING
    record(actor=actor, verb="take-back", object_kind="file", object_id=str(upload.pk), at=at)
    _go_on(upload, actor, at)
    return str(upload.state)


@transaction.atomic
def forget(*, actor: Viewer, at: datetime, pk: UUID) -> None:
    """Remove a file that was given; figures stored from it stay."""
    upload = _locked(actor, pk, *(state for state in State if state not in {State.STORING, State.UNDOING}))
    upload.delete()
    record(actor=actor, verb="forget", object_kind="file", object_id=str(pk), at=at)


@transaction.atomic
def forget_old(*, actor: Viewer, at: datetime) -> int:
    """Remove every file given more than two weeks ago. What was stored from them stays, and can no longer be undone here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT imports_forget(%s)", [at - timedelta(days=UNDO_DAYS)])
        gone = int(cursor.fetchone()[0])
    if gone:
        record(actor=actor, verb="forget", object_kind="files", object_id="old", at=at, detail={"files": gone})
    return gone


@transaction.atomic
def go_on(*, actor: Viewer, at: datetime, pk: UUID, tell: Tell) -> None:
    """Do the step that waits for a file, as the job does. An error of ours is noted on the file, never left as silence."""
    upload = Upload.objects.select_for_update().filter(pk=pk).first()
    if upload is None:
        return  # it was forgotten, or who gave it has left: nobody waits
    try:
        with transaction.atomic():
            while upload.state in WORKING:
                work.step(upload, viewer=actor, at=at, tell=tell)
    except UnableTo as problem:
        _refused(upload, problem.what, problem.to_do)
    except Exception:
        log.exception("file %s could not be worked on", pk)
        _refused(upload, "Something went wrong here, and it is our mistake.", "The file is kept. Try again later.", failed=True)


def _refused(upload: Upload, what: str, to_do: str, *, failed: bool = False) -> None:
    facts: dict[str, Any] = {"trouble": {"what": plain(what), "to_do": plain(to_do)}, "queued": False}
    facts["state"] = State.FAILED if failed else State.REFUSED
    Upload.objects.filter(pk=upload.pk).update(**facts)


def _locked(actor: Viewer, pk: UUID, *states: State) -> Upload:
    """Return the file with its row locked, for whoever gave it; for everybody else there is none."""
    upload = Upload.objects.select_for_update().filter(pk=pk, account_id=actor.account_id or 0).first()
    if upload is None:
        raise NotFoundHere("There is no such file. Files are kept for two weeks.")
    if states and upload.state not in states:
        busy = upload.state in WORKING
        raise UnableToLoad("The file is being worked on." if busy else "That is done already.", to_do="Open the file again.")
    return upload


def _go_on(upload: Upload, actor: Viewer, at: datetime) -> None:
    """Do the next step now when it is small; else leave it to the queue, in this very transaction."""
    while upload.state in WORKING and work.is_small(upload):
        work.step(upload, viewer=actor, at=at, tell=quiet)
    upload.queued = upload.state in WORKING
    upload.save()
    if upload.queued:
        app.configure_task(WORK).defer(account_id=actor.account_id, upload=str(upload.pk))
