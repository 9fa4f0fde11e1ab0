"""Rights of people: a copy of everything about them, erasure after a wait, and choices they can take back."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from espalier.access import consents, copies, rights
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.exports.copies import archive, room_file
from espalier.jobs.queue import job, schedule
from espalier.site import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from espalier.access.copies import RequestFacts
    from espalier.access.rights import Subject
    from espalier.access.viewer import Viewer

log = logging.getLogger(__name__)
KEPT, WAIT = timedelta(days=14), timedelta(days=14)


class UnableToErase(UnableTo):
    """The account is not one that can be erased, or not now."""

    code = "erase"


@transaction.atomic
def ask_for_copy(*, actor: Viewer, at: datetime, about: Subject) -> RequestFacts:
    """Have a copy of everything about somebody made; one that is being made already is not begun again."""
    _refuse_unless_theirs(actor, about, erase=False)
    if found := copies.running(about=about, kind=copies.COPY):
        return found
    total = len(rights.holders())
    asked = copies.begin(actor=actor, at=at, kind=copies.COPY, about=about, total=total, kept_until=at + KEPT)
    record(actor=actor, verb="ask-for-copy", object_kind="data-request", object_id=str(asked.pk), at=at, detail=_for(actor, about))
    make_copy.defer(account_id=asked.account_id, request=str(asked.pk), start=0)
    return asked


def _refuse_unless_theirs(actor: Viewer, about: Subject, *, erase: bool) -> None:
    """Refuse whoever asks neither for themselves nor for a person of an organisation they do this for."""
    if why := queries.no_to_asking(viewer=actor, about=about, erase=erase):
        raise PermissionDenied(f"{why}.")


def _for(actor: Viewer, about: Subject) -> dict[str, object]:
    return {"own": about.account_id == actor.account_id, "person": about.person_id}


@job("site.make_copy")
def make_copy(*, viewer: Viewer, request: str, start: int) -> None:
    """Gather one room, then ask for the next: so the page can say how far it is, and no transaction is long."""
    try:
        asked = copies.one(viewer=viewer, pk=UUID(request), lock=True)
    except NotFoundHere:
        return
    if asked.state != "asked" or asked.done != start:
        return  # done already
    try:
        with transaction.atomic():
            _gather(asked, start) if start < asked.total else _join(asked)
    except Exception:  # whatever it was, the person who waits is told
        log.exception("Part %s of the copy %s could not be made.", start, request)
        copies.change(asked.pk, state="failed")


def _gather(asked: RequestFacts, start: int) -> None:
    holders = rights.holders()
    if start < len(holders):
        holder = holders[start]
        sections = rights.told(holder, about=asked.about, read=lambda table: copies.rows_of(asked, table))
        copies.add_part(asked, kind="room", number=start, content=room_file(holder.name, holder.title, sections))
    copies.change(asked.pk, done=start + 1)
    make_copy.defer(account_id=asked.account_id, request=str(asked.pk), start=start + 1)


def _join(asked: RequestFacts) -> None:
    whole = archive(copies.parts(asked, kind="room"), at=asked.asked_at)
    copies.forget_parts(asked, kind="room")
    for number, content in enumerate(copies.stretches(whole)):
        copies.add_part(asked, kind="whole", number=number, content=content)
    copies.change(asked.pk, state="ready")


@transaction.atomic
def fetch_copy(*, actor: Viewer, at: datetime, pk: UUID) -> RequestFacts:
    """Write down that a copy was fetched; only whose it is may."""
    asked = copies.one(viewer=actor, pk=pk)
    if asked.account_id != actor.account_id or asked.kind != copies.COPY or asked.state != "ready":
        raise NotFoundHere("There is no such file.")
    if asked.kept_until is not None and asked.kept_until <= at:
        raise NotFoundHere("This copy was kept for 14 days and is gone. Ask for a new one: it takes minutes.")
    copies.change(pk, result=asked.result | {"fetched": asked.result.get("fetched", 0) + 1})
    record(actor=actor, verb="fetch", object_kind="data-request", object_id=str(pk), at=at)
    return asked


def copy_content(*, actor: Viewer, pk: UUID) -> Iterator[bytes]:
    """Read a finished copy, a stretch at a time."""
    return copies.parts(copies.one(viewer=actor, pk=pk), kind="whole")


@transaction.atomic
def look_at_erasure(*, actor: Viewer, at: datetime, about: Subject) -> RequestFacts:
    """Begin an erasure by looking at what would go. Nothing goes until it is confirmed and the wait is over."""
    _refuse_unless_theirs(actor, about, erase=True)
    kind = copies.kind_of_account(about.account_id)
    if kind == "house":
        raise UnableToErase("This is an account of the house itself.", to_do="It holds nothing about a person.")
    if found := copies.running(about=about, kind=copies.ERASE):
        return found
    asked = copies.begin(actor=actor, at=at, kind=copies.ERASE, about=about)
    record(actor=actor, verb="look-at-erasure", object_kind="data-request", object_id=str(asked.pk), at=at, detail=_for(actor, about))
    return asked


@transaction.atomic
def confirm_erasure(*, actor: Viewer, at: datetime, pk: UUID) -> RequestFacts:
    """Ask for good: it is carried out after the wait, and can be taken back until then."""
    asked = copies.one(viewer=actor, pk=pk, lock=True)
    if asked.kind != copies.ERASE or asked.state not in copies.OPEN:
        raise NotFoundHere("There is nothing to confirm.")
    if copies.kind_of_account(asked.about_id) == "made up":
        raise UnableToErase(
            "This is a made-up person of the demonstration, whom others use too.", to_do="Real people are erased after 14 days."
        )
    if asked.state == "asked":
        copies.change(pk, state="waiting", due_at=at + WAIT)
        record(actor=actor, verb="ask-for-erasure", object_kind="data-request", object_id=str(pk), at=at)
    return copies.one(viewer=actor, pk=pk)


@transaction.atomic
def take_back_erasure(*, actor: Viewer, at: datetime, pk: UUID) -> None:
    """Keep everything after all. Taking back twice changes nothing."""
    asked = copies.one(viewer=actor, pk=pk, lock=True)
    if asked.kind != copies.ERASE or asked.state == "done":
        raise NotFoundHere("There is nothing to take back: it has been carried out.")
    if asked.state in copies.OPEN:
        copies.change(pk, state="taken-back", due_at=None)
        record(actor=actor, verb="take-back-erasure", object_kind="data-request", object_id=str(pk), at=at)


@transaction.atomic
def carry_out_erasure(*, actor: Viewer, at: datetime, pk: UUID) -> None:
    """Erase whoever's wait is over. The database looks again that it is, and that the house asks."""
    asked = next((one for one in copies.due(at=at) if one.pk == pk), None)
    if asked is None:
        raise NotFoundHere("Nothing is due under this number.")
    ended = copies.end_sessions(asked.about_id, at=at)
    gone = {table: number for table, number in copies.erase(pk, at=at).items() if number}
    copies.change(pk, state="done", result=gone | ({"django_session": ended} if ended else {}))
    record(actor=actor, verb="erase", object_kind="data-request", object_id=str(pk), at=at, detail={"rows": gone})


def carry_out_erasures(*, actor: Viewer, at: datetime) -> int:
    """Erase everybody whose wait is over. One that cannot be erased stops no other, and is tried again the next night."""
    erased = 0
    for asked in copies.due(at=at):
        try:
            carry_out_erasure(actor=actor, at=at, pk=asked.pk)
            erased += 1
        except Exception:
            log.exception("The erasure %s could not be carried out.", asked.pk)
    return erased


@schedule("site.erase-what-is-due", cron="40 2 * * *")
def erase_daily(*, viewer: Viewer, at: datetime) -> None:
    """Carry out what is due, every night, as the house."""
    del viewer
    with acting_as(system_viewer()) as house:
        carry_out_erasures(actor=house, at=at)


@transaction.atomic
def choose(*, actor: Viewer, at: datetime, code: str, given: bool) -> None:
    """Say yes or no to one of the choices. Each word is kept with its day, and the newest counts."""
    if consents.say(actor=actor, at=at, code=code, given=given):
        record(actor=actor, verb="choose", object_kind="choice", object_id=code, at=at, detail={"given": given})
