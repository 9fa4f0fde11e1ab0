"""Roles given to people and ended: dated, never to oneself, each with its event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.organisations.models import Grant, Person
from espalier.organisations.queries.roles import can_be_held, givers, may_give

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts


LAST = "You are the only one who gives out roles at {}. Without you nobody could give one again."


class UnableToGive(UnableTo):
    """A role that this person may not give, or that cannot be held there; the code names the box that it is about."""

    code = "role"


class NotSure(UnableToGive):
    """Somebody is about to end their own role and was not asked yet."""

    code = "sure"


@transaction.atomic
def give_role(*, actor: Viewer, at: datetime, unit: UnitFacts, person_id: int, role: str, until: date | None = None) -> int:
    """Give somebody a role at a unit from today; one they hold already is kept, with its new last day.

    Nobody gives themselves a role: whoever could would decide alone what they may do.
    """
    _refuse_unless_allowed(actor, unit)
    if not can_be_held(role=role, unit=unit):
        raise UnableToGive(f"That role is not held at {unit.name}.", to_do="Choose one from the list.")
    if person_id == actor.person_id:
        raise UnableToGive("You cannot give yourself a role.", to_do="Ask somebody else who gives out roles.", code="person")
    if until is not None and until <= at.date():
        raise UnableToGive("The last day is not after today.", to_do="Choose a later day, or leave it empty.", code="until")
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFoundHere("There is no such person here.")
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=at.date()), person=person, role=role, unit_id=unit.pk).first()
    grant = held or Grant(person=person, role=role, unit_id=unit.pk, since=at.date())
    before, grant.until, grant.given_by_id = grant.until, until, actor.account_id
    grant.save()
    detail = {"role": role, "unit": unit.code, "until": until and until.isoformat(), "before": before and before.isoformat()}
    record(actor=actor, verb="give", object_kind="role", object_id=str(person_id), at=at, detail=detail)
    return int(grant.pk)


@transaction.atomic
def end_role(*, actor: Viewer, at: datetime, unit: UnitFacts, grant_id: int, sure: bool = False) -> None:
    """End a role today: the next page its holder opens is without it. Ending it twice is one end.

    Whoever is the last to give out roles in an organisation keeps that role: nobody in it could ever give one again.
    One's own role is ended only by somebody who was asked and is sure: they cannot take it back themselves.
    """
    _refuse_unless_allowed(actor, unit)
    _refuse_last(actor, at, unit, grant_id)
    grant = Grant.objects.select_for_update().filter(pk=grant_id, unit_id=unit.pk).first()
    if grant is None:
        raise NotFoundHere("There is no such role here.")
    if grant.person_id == actor.person_id and not sure:
        raise NotSure("This is your own role.", to_do="Say that you are sure. Only somebody else can give it back to you.")
    if grant.since >= at.date():
        grant.delete()  # given today: a day that begins and ends the same is no stretch of time; the event keeps it
    elif grant.until is None or grant.until > at.date():
        grant.until = at.date()
        grant.save()
    detail = {"role": grant.role, "unit": unit.code}
    record(actor=actor, verb="end", object_kind="role", object_id=str(grant.person_id), at=at, detail=detail)


def _refuse_last(actor: Viewer, at: datetime, unit: UnitFacts, grant_id: int) -> None:
    """Refuse where it is the actor's own and nobody else gives out roles here. Two who end theirs at once wait in line."""
    locked = givers(unit_id=unit.pk, on=at.date()).select_for_update(of=("self",)).order_by("pk")
    if list(locked.values_list("pk", "person_id")) == [(grant_id, actor.person_id)]:
        raise UnableToGive(LAST.format(unit.name), to_do="Give somebody else the role first. Then you can end yours.", code="last")


def _refuse_unless_allowed(actor: Viewer, unit: UnitFacts) -> None:
    if not (decision := may_give(viewer=actor, unit=unit)):
        raise UnableToGive(decision.reason)


__all__ = ["NotSure", "UnableToGive", "end_role", "give_role"]
