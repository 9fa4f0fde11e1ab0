"""Complaints about data: sent by anybody, acknowledged, answered, and never forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction

from espalier.access.accounts import email_of
from espalier.access.actions import refuse_unless_house
from espalier.access.deciding import can
from espalier.access.decisions import Decision
from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.organisations.models import Complaint
from espalier.organisations.queries.complaints import ALERT, ANSWER
from espalier.organisations.rules.receipts import mark_of, new_number, new_words, words_of

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random
    from uuid import UUID

    from espalier.access.viewer import Viewer


class UnableToAnswer(UnableTo):
    """The complaint cannot be answered so, or not by this person."""

    code = "complaint"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person keeps. The words are here and nowhere else."""

    number: str
    words: str


@transaction.atomic
def send_complaint(*, actor: Viewer, at: datetime, words: str, owner_id: int | None, name: str, email: str, chance: Random) -> Receipt:
    """Take a complaint in and return its receipt, which is shown once. Nobody needs an account or an address."""
    made = Receipt(new_number(chance), new_words(chance, words_of(settings.CONTENT_DIR)))
    Complaint.objects.bulk_create([
        Complaint(
            number=made.number, receipt=mark_of(made.words), owner_id=owner_id, account_id=actor.account_id, words=words, name=name,
            email=email, sent_at=at,
        )
    ])  # fmt: skip
    record(actor=actor, verb="complain", object_kind="complaint", object_id=made.number, at=at, detail={"owner": owner_id})
    return made


def _may_answer(viewer: Viewer, found: Complaint) -> Decision:
    """Whether the viewer answers this complaint; one that names no organisation lies with whoever answers for all of it."""
    if found.owner_id is not None:
        return can(viewer=viewer, do=ANSWER, unit_id=found.owner_id)
    tops = [held.unit_id for held in viewer.grants]
    decisions = [can(viewer=viewer, do=ANSWER, unit_id=unit_id) for unit_id in tops]
    return next((one for one in decisions if one), Decision(allowed=False, reason="Only who looks after this Espalier answers it."))


def _mine_to_answer(actor: Viewer, pk: UUID) -> Complaint:
    found = Complaint.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFoundHere("There is no such complaint.")
    if not (decision := _may_answer(actor, found)):
        raise UnableToAnswer(decision.reason)
    return found


@transaction.atomic
def acknowledge_complaint(*, actor: Viewer, at: datetime, pk: UUID) -> None:
    """Say that somebody has read it and looks into it. The law gives 30 days for that."""
    found = _mine_to_answer(actor, pk)
    if found.acknowledged_at is None:
        Complaint.objects.filter(pk=pk).update(acknowledged_at=at, acknowledged_by_id=actor.account_id)
        record(actor=actor, verb="acknowledge", object_kind="complaint", object_id=found.number, at=at)
        _write_to(found, "Somebody has read your complaint and looks into it.")


@transaction.atomic
def answer_complaint(*, actor: Viewer, at: datetime, pk: UUID, answer: str) -> None:
    """Answer it. What was answered once is not rewritten: a person may have read it."""
    found = _mine_to_answer(actor, pk)
    if found.answered_at is not None:
        raise UnableToAnswer("This complaint has been answered already.", to_do="Read the answer below.")
    if not answer.strip():
        raise UnableToAnswer("There is no answer yet.", to_do="Write what you found and what is done about it.")
    first = {} if found.acknowledged_at else {"acknowledged_at": at, "acknowledged_by_id": actor.account_id}
    Complaint.objects.filter(pk=pk).update(answer=answer.strip(), answered_at=at, answered_by_id=actor.account_id, **first)
    record(actor=actor, verb="answer", object_kind="complaint", object_id=found.number, at=at)
    _write_to(found, "Your complaint has been answered.")


def _write_to(found: Complaint, words: str) -> None:
    """Write to whoever left an address: that there is something to read, never what stands in it."""
    if not found.email:
        return
    body = (
        f"{words}\n\nNumber: {found.number}\nRead it with the words of your receipt: {settings.ADDRESS}/complaints/receipt/\n\n"
        "If you are unhappy with the answer, you can tell the Information Commissioner's Office: https://ico.org.uk/make-a-complaint/\n"
    )
    EmailMessage(f"Your complaint {found.number}", body, to=[found.email]).send()


@transaction.atomic
def remind_of_complaints(*, actor: Viewer, at: datetime) -> int:
    """Write once to whoever must answer when a complaint is 20 days old, and return how many letters went."""
    refuse_unless_house(actor)
    late = list(Complaint.objects.select_for_update().filter(answered_at=None, reminded_at=None, sent_at__lte=at - ALERT))
    for found in late:
        addresses = [address for account in _answerers(found.owner_id or 0) if (address := email_of(account))]
        if addresses or (not found.owner_id and settings.CONTACT):
            _remind(found, addresses or [settings.CONTACT])
        Complaint.objects.filter(pk=found.pk).update(reminded_at=at)
        record(actor=actor, verb="remind", object_kind="complaint", object_id=found.number, at=at, detail={"letters": len(addresses)})
    return len(late)


def _remind(found: Complaint, addresses: list[str]) -> None:
    body = (
        f"Complaint {found.number} came on {found.sent_at:%d %B %Y} and is not answered.\nIt must be by day 30.\n\n"
        f"{settings.ADDRESS}/admin-tools/complaints/{found.pk}/\n"
    )
    for address in addresses:
        EmailMessage(f"Complaint {found.number} needs an answer", body, to=[address]).send()


def _answerers(place: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_answerers(%s)", [place])
        return [int(account) for (account,) in cursor.fetchall()]
