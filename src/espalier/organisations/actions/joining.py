"""How people come in: by themselves, by an invitation in words, and taken in by an organisation they asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from espalier.access.actions import refuse_unless_house
from espalier.access.door import acting_as
from espalier.access.embedding import hold_real_people
from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.organisations.models import Assignment, Grant, Invitation, JoinRequest, Person
from espalier.organisations.queries.holding import owner_of
from espalier.organisations.queries.joining import (
    BY_POST,
    digest_of,
    invited,
    inviting_roles,
    may_invite,
    may_invite_for,
    request_to_answer,
)

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

LONGEST, MOST_USES, MOST_ASKED = timedelta(days=90), 100, 5
OWN_WORDS = "You made this invitation yourself, and nobody gives themselves a role."


class UnableToJoin(UnableTo):
    """An invitation that does not work, or a request that cannot be made or answered."""

    code = "joining"


@transaction.atomic
def add_myself(*, actor: Viewer, at: datetime, name: str, work_email: str = "", is_partner: bool = False) -> int:
    """Make the person behind the actor's own new account; until an organisation takes them in, only they see it."""
    with acting_as(actor):
        made = Person.objects.create(account_id=actor.account_id, name=name[:120], work_email=work_email, is_partner=is_partner)
        record(actor=actor, verb="join", object_kind="person", object_id=str(made.pk), at=at)
    return int(made.pk)


@transaction.atomic
def make_invitation(
    *,
    actor: Viewer,
    at: datetime,
    unit: UnitFacts,
    role: str,
    words: str,
    lasts: timedelta = timedelta(days=14),
    uses: int = 1,
    note: str = "",
) -> int:
    """Store an invitation; its words go to the page that asked for it and nowhere else."""
    if not (decision := may_invite_for(viewer=actor, unit=unit, role=role)):
        raise UnableToJoin(decision.reason)
    return _store(actor, at, unit, role=role, words=words, lasts=lasts, uses=uses, note=note)


@transaction.atomic
def invite_from_command(
    *, actor: Viewer, at: datetime, unit: UnitFacts, role: str, words: str, lasts: timedelta = timedelta(days=2), uses: int = 1
) -> int:
    """Store an invitation of the house itself, for an installation's first administrator: whoever may run commands may do this."""
    refuse_unless_house(actor)
    return _store(actor, at, unit, role=role, words=words, lasts=lasts, uses=uses, note="from the command line")


def _store(actor: Viewer, at: datetime, unit: UnitFacts, *, role: str, words: str, lasts: timedelta, uses: int, note: str) -> int:
    if not timedelta(0) < lasts <= LONGEST or not 1 <= uses <= MOST_USES:
        raise UnableToJoin(f"An invitation works for {LONGEST.days} days and {MOST_USES} people at most.", to_do="Choose less.")
    hold_real_people(adding=uses)
    made = Invitation.objects.create(
        unit_id=unit.pk, role=role, digest=digest_of(words), starts_with=words.partition(" ")[0][:20], note=note[:80], uses_allowed=uses,
        made_by_id=actor.account_id, made_at=at, expires_at=at + lasts,
    )  # fmt: skip
    detail = {"role": role, "unit": unit.code, "uses": uses, "until": (at + lasts).isoformat()}
    record(actor=actor, verb="invite", object_kind="invitation", object_id=str(made.pk), at=at, detail=detail)
    return int(made.pk)


@transaction.atomic
def stop_invitation(*, actor: Viewer, at: datetime, unit: UnitFacts, pk: int) -> None:
    """Stop an invitation at once; who has taken it up stays."""
    if not (decision := may_invite(viewer=actor, unit=unit)):
        raise UnableToJoin(decision.reason)
    if not Invitation.objects.filter(pk=pk, unit_id=unit.pk).exists():
        raise NotFoundHere("There is no such invitation here.")
    Invitation.objects.filter(pk=pk, stopped_at=None).update(stopped_at=at)
    record(actor=actor, verb="stop", object_kind="invitation", object_id=str(pk), at=at)


@transaction.atomic
def accept_invitation(*, actor: Viewer, at: datetime, typed: str) -> int:
    """Take an invitation up as the person signed in; returns the unit. The database gives the role: nobody gives it to themselves."""
    found, row = invited(viewer=actor, typed=typed, at=at), None
    if found is not None and found.made_by is not None and found.made_by == actor.account_id:
        raise UnableToJoin(OWN_WORDS, to_do="Give them to somebody else, or stop them.")
    if found is not None:
        with connection.cursor() as cursor:
            statement = "SELECT unit_id, role, invitation FROM organisations_accept(%s, %s, %s)"
            cursor.execute(statement, [digest_of(typed), at, inviting_roles()])
            row = cursor.fetchone()
    if row is None:
        raise UnableToJoin("These words do not work any more.", to_do="Ask whoever invited you for new ones.")
    detail = {"role": row[1], "unit": row[0]}
    record(actor=actor, verb="accept", object_kind="invitation", object_id=str(row[2]), at=at, detail=detail)
    return int(row[0])


@transaction.atomic
def ask_to_join(*, actor: Viewer, at: datetime, unit: UnitFacts, message: str = "") -> int:
    """Ask an organisation or a team of one to take the actor in; asking again while the first waits changes the message."""
    me = Person.objects.filter(account_id=actor.account_id or 0).first()
    if me is None:
        raise UnableToJoin("Sign in first.", to_do="Join with your work e-mail, then ask.")
    waiting = JoinRequest.objects.filter(account_id=actor.account_id or 0, answer="")
    if waiting.exclude(unit_id=unit.pk).count() >= MOST_ASKED:
        raise UnableToJoin(f"You wait for {MOST_ASKED} answers.", to_do="Take one back first.")
    facts = {"message": message[:500], "name": me.name, "email": me.work_email, "asked_at": at}
    one, _ = JoinRequest.objects.update_or_create(
        account_id=actor.account_id or 0, unit_id=unit.pk, answer="", defaults=facts, create_defaults=facts | {"person": me}
    )
    record(actor=actor, verb="ask", object_kind="joining", object_id=str(one.pk), at=at, detail={"unit": unit.code})
    return int(one.pk)


@transaction.atomic
def take_back_request(*, actor: Viewer, at: datetime, pk: int) -> None:
    """Take one's own question back."""
    changed = JoinRequest.objects.filter(pk=pk, account_id=actor.account_id or 0, answer="").update(answer="withdrawn", answered_at=at)
    if not changed:
        raise NotFoundHere("There is no such question of yours.")
    record(actor=actor, verb="withdraw", object_kind="joining", object_id=str(pk), at=at)


@transaction.atomic
def take_in(*, actor: Viewer, at: datetime, pk: int, unit: UnitFacts, role: str, title: str = "") -> None:
    """Take somebody in who asked: a post where a job title is given, and a role. unit may lie below the place they asked."""
    one = _open(actor, pk)
    if one.account_id == actor.account_id:
        raise UnableToJoin("You asked this yourself, and nobody takes themselves in.", to_do="Ask a colleague to answer.")
    if owner_of(viewer=actor, unit_id=unit.pk) != one.owner_id:
        raise UnableToJoin("They asked another organisation.", to_do="Choose a place in the one they asked.")
    if not (decision := may_invite_for(viewer=actor, unit=unit, role=role)):
        raise UnableToJoin(decision.reason)
    today = at.date()
    if title:
        Assignment.objects.create(person_id=one.person_id, unit_id=unit.pk, role_title=title[:120], since=today)
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=today), person_id=one.person_id, role=role, unit_id=unit.pk)
    if not (title and role == BY_POST) and not held.exists():
        Grant.objects.create(person_id=one.person_id, role=role, unit_id=unit.pk, since=today, given_by_id=actor.account_id)
    JoinRequest.objects.filter(pk=pk).update(answer="adopted", answered_at=at, answered_by_id=actor.account_id)
    detail = {"person": one.person_id, "role": role, "unit": unit.code, "post": bool(title)}
    record(actor=actor, verb="take in", object_kind="joining", object_id=str(pk), at=at, detail=detail)


@transaction.atomic
def decline(*, actor: Viewer, at: datetime, pk: int, why: str = "") -> None:
    """Say no, with a word the person reads."""
    _open(actor, pk)
    JoinRequest.objects.filter(pk=pk).update(answer="declined", answered_at=at, answered_by_id=actor.account_id, why=why[:300])
    record(actor=actor, verb="decline", object_kind="joining", object_id=str(pk), at=at)


def _open(actor: Viewer, pk: int) -> JoinRequest:
    """Return a question that waits for this actor's answer, locked: two who answer at once must not both be heard."""
    locked = JoinRequest.objects.select_for_update().filter(pk=pk, answer="").first()
    if locked is None or request_to_answer(viewer=actor, pk=pk) is None:
        raise NotFoundHere("Nobody waits for an answer here, or somebody else has just given it.")
    return locked


__all__ = [
    "UnableToJoin", "accept_invitation", "add_myself", "ask_to_join", "decline", "invite_from_command", "make_invitation",
    "stop_invitation", "take_back_request", "take_in",
]  # fmt: skip
