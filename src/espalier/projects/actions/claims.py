"""Money for partners: offered, asked for, agreed, paid or declined with a reason.

None of it goes into the project's history, which its whole team reads: money is between the partner and who leads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.models import Claim, Member, PartnerRole, Project
from espalier.projects.queries.partners import claim as read_claim
from espalier.projects.queries.projects import project as read_project
from espalier.projects.rules.days import MONEY_AHEAD, can_be_meant
from espalier.projects.rules.partners import KINDS, MOST_PENCE, MOVED_ON, PARTNER, TEAM, steps_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.viewer import Viewer


@transaction.atomic
def claim_money(*, actor: Viewer, at: datetime, project: int, kind: str, pence: int, on_day: date, words: str) -> int:
    """Ask for money back, or for the payment of one's time. Who has stopped may still ask for what is theirs."""
    mine = Member.objects.filter(project_id=project, account_id=actor.account_id or 0, role="partner", until=None).exists()
    if not mine and not PartnerRole.objects.filter(project_id=project, account_id=actor.account_id or 0).exists():
        raise NotFoundHere("You have no part in such a project.")
    return _made(actor, at, project, account_id=actor.account_id or 0, kind=kind, pence=pence, on_day=on_day, words=words, state="claimed")


@transaction.atomic
def offer_money(*, actor: Viewer, at: datetime, project: int, account_id: int, kind: str, pence: int, on_day: date, words: str) -> int:
    """Offer money to a partner before they have to ask; they take it with one press."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    if not any(one.account_id == account_id and one.role == "partner" for one in found.members):
        raise NotFoundHere("There is no such partner in this project.")
    return _made(actor, at, project, account_id=account_id, kind=kind, pence=pence, on_day=on_day, words=words, state="offered")


def _made(actor: Viewer, at: datetime, project: int, *, kind: str, pence: int, on_day: date, words: str, **facts: object) -> int:
    if kind not in KINDS or not 0 < pence <= MOST_PENCE:
        raise UnableTo("That is no amount we can store.", to_do="Enter pounds and pence, from £0.01 to £10,000.")
    can_be_meant(on_day, today=timezone.localdate(at), code="on_day", ahead=MONEY_AHEAD)
    said = " ".join(words.split())[:200]
    made = Claim.objects.create(project_id=project, kind=kind, pence=pence, on_day=on_day, words=said, made_at=at, **facts)
    _record(actor, at, project, made.pk, verb=made.state)
    return made.pk


@transaction.atomic
def answer_claim(*, actor: Viewer, at: datetime, pk: int, to: str, seen: str, reason: str = "", paid_on: date | None = None) -> None:
    """Take a claim one step on, or an offer back. seen is the state the person saw: two people who answer at once do not answer twice."""
    standing = read_claim(viewer=actor, pk=pk)
    whose = PARTNER if standing.account_id == actor.account_id else TEAM
    if whose == TEAM and not read_project(viewer=actor, pk=standing.project_id).may_lead:
        raise PermissionDenied("Who leads or coaches the project answers claims.")
    if to not in steps_of(standing.state, whose=whose, by_team=standing.by_team) or standing.state != seen:
        raise UnableTo(MOVED_ON, to_do="Look at where it is now.", code="moved-on")
    if to == "declined" and not reason.strip():
        raise UnableTo("There is no reason.", to_do="Say kindly why, so that the partner knows.")
    facts: dict[str, object] = {
        "state": to,
        "reason": reason.strip()[:300] if to == "declined" else "",
        "paid_on": paid_on if to == "paid" else None,
    }
    if whose == TEAM:
        facts |= {"answered_at": at, "decided_by_id": actor.account_id}
    if not Claim.objects.filter(pk=pk, state=seen).update(**facts):  # somebody else answered in the same moment
        raise UnableTo(MOVED_ON, to_do="Look at where it is now.", code="moved-on")
    _record(actor, at, standing.project_id, pk, verb=to)


def _record(actor: Viewer, at: datetime, project: int, pk: int, *, verb: str) -> None:
    owner = Project.objects.filter(pk=project).values_list("owner_id", flat=True).first()
    record(actor=actor, verb=verb, object_kind="claim", object_id=str(pk), at=at, detail={"project": project}, owner_id=owner)
