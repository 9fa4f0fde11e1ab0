"""Emergency access: asked for, agreed to by somebody else, ended. The organisation is told of each at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import Q

from espalier.access.accounts import email_of
from espalier.access.deciding import can
from espalier.access.roles import all_roles
from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.jobs.queue import job
from espalier.organisations.models import Emergency
from espalier.organisations.queries.emergencies import APPROVE, ASK, HREF
from espalier.organisations.queries.units import units
from espalier.organisations.rules.emergencies import ASKED, LASTS, LEAST, MOST, RUNNING, WAITS, Moments

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts


class UnableToOpen(UnableTo):
    """Emergency access that may not be asked for, agreed to or ended so."""

    code = "emergency"


@transaction.atomic
def ask_emergency(*, actor: Viewer, at: datetime, unit: UnitFacts, reason: str) -> UUID:
    """Ask to read inside an organisation. Nothing is opened by it: somebody there, and somebody else, has to agree."""
    if not (decision := can(viewer=actor, do=ASK, unit_id=unit.pk, name=unit.name)):
        raise UnableToOpen(decision.reason)
    words = " ".join(reason.split())
    if not unit.is_organisation or not LEAST <= len(words) <= MOST:
        raise UnableToOpen(f"Say why, in {LEAST} to {MOST} characters, and for which organisation.", to_do="Those you ask will read it.")
    asker = actor.account_id or 0
    waiting = Emergency.objects.filter(owner_id=unit.pk, account_id=asker, ended_at=None)
    if waiting.filter(Q(until__gt=at) | Q(approved_at=None, asked_at__gt=at - WAITS)).exists():
        raise UnableToOpen(f"You have asked {unit.name} already.", to_do="Wait for the answer, or end it and ask again.")
    made = Emergency.objects.create(owner_id=unit.pk, account_id=asker, name=actor.name[:120], reason=words, asked_at=at)
    _record(actor, "ask", made, at)
    return made.pk


@transaction.atomic
def approve_emergency(*, actor: Viewer, at: datetime, pk: UUID) -> None:
    """Agree: from now it runs for an hour. Nobody agrees to their own, and only somebody of that organisation does."""
    asked = _answerable(actor, pk, at)
    asked.approved_by_id, asked.approved_at, asked.until = actor.account_id, at, at + LASTS
    asked.save(update_fields=["approved_by_id", "approved_at", "until"])
    _record(actor, "approve", asked, at)


@transaction.atomic
def refuse_emergency(*, actor: Viewer, at: datetime, pk: UUID) -> None:
    """Say no. Who asked may ask again, with a better reason."""
    asked = _answerable(actor, pk, at)
    asked.ended_at, asked.ended_by_id = at, actor.account_id
    asked.save(update_fields=["ended_at", "ended_by_id"])
    _record(actor, "refuse", asked, at)


@transaction.atomic
def end_emergency(*, actor: Viewer, at: datetime, pk: UUID) -> None:
    """End it before its hour is over, or take the question back: who asked may, and who may agree. What is over stays over."""
    found = _found(pk)
    if found.account_id != actor.account_id and not (decision := can(viewer=actor, do=APPROVE, unit_id=found.owner_id)):
        raise UnableToOpen(decision.reason)
    if _state(found, at) not in {ASKED, RUNNING}:
        raise UnableToOpen("It is over already.", to_do="Look at the list.")
    found.ended_at, found.ended_by_id = at, actor.account_id
    found.save(update_fields=["ended_at", "ended_by_id"])
    _record(actor, "end", found, at)


@job("organisations.emergency-letter")
def tell_organisation(*, viewer: Viewer, organisation: int, what: str, name: str) -> None:
    """Write to those who may agree at the organisation. The letter names who and where, and never the reason."""
    place = units(viewer=viewer, pks={organisation})[organisation].name
    words = {
        "ask": f"{name} asks for emergency access to {place}. It opens nothing until one of you agrees.",
        "approve": f"Emergency access to {place} has begun for {name}. It lasts 60 minutes and is read-only. You can end it at any time.",
        "refuse": f"Emergency access to {place} for {name} was refused.",
        "end": f"Emergency access to {place} for {name} has ended.",
    }[what]
    for account in to_tell(organisation):
        if to := email_of(account):
            send_mail(f"Espalier: emergency access to {place}", f"{words}\n\n{settings.ADDRESS}{HREF}\n", None, [to])


def to_tell(organisation: int) -> tuple[int, ...]:
    """Return the accounts of those who may agree at an organisation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id FROM organisations_to_tell(%s, %s)", [organisation, sorted(all_roles().with_right(APPROVE))])
        return tuple(account for (account,) in cursor.fetchall())


def _answerable(actor: Viewer, pk: UUID, at: datetime) -> Emergency:
    found = _found(pk)
    if not (decision := can(viewer=actor, do=APPROVE, unit_id=found.owner_id)):
        raise UnableToOpen(decision.reason)
    if found.account_id == actor.account_id:
        raise UnableToOpen("You asked for this yourself.", to_do="Somebody else has to agree.")
    if _state(found, at) != ASKED:
        raise UnableToOpen("It has been answered already, or nobody answered within a day.", to_do="They can ask again.")
    return found


def _found(pk: UUID) -> Emergency:
    found = Emergency.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFoundHere("There is no such emergency access.")
    return found


def _state(one: Emergency, at: datetime) -> str:
    return Moments(one.asked_at, one.approved_at, one.until, one.ended_at).state(at)


def _record(actor: Viewer, verb: str, one: Emergency, at: datetime) -> None:
    """Keep the event for the organisation, and tell it."""
    facts: dict[str, Any] = {"verb": f"emergency-{verb}", "object_kind": "emergency", "object_id": str(one.pk)}
    record(actor=actor, at=at, owner_id=one.owner_id, **facts)
    tell_organisation.defer(account_id=actor.account_id, organisation=one.owner_id, what=verb, name=one.name)
