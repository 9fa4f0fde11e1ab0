"""What a unit agrees to share with a unit above its organisation, and takes back: each dated, each in plain sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.organisations.models import Sharing
from espalier.organisations.queries import SUMS, above_organisation, may_agree, way_up

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts


class UnableToShare(UnableTo):
    """An agreement that this person may not give, or that makes no sense."""

    code = "sharing"


@transaction.atomic
def share(*, actor: Viewer, at: datetime, unit: UnitFacts, shared_with: UnitFacts, measure_code: str = "", by_name: bool = False) -> int:
    """Agree that the unit's shared figures count in the sum of a unit above; by_name lets it see them as they are, too.

    An agreement that stands already is changed, so that there is one answer to "what do we share?". The database stores
    the sum anew in this same transaction.
    """
    _refuse_unless_allowed(actor, unit)
    if shared_with not in above_organisation(way_up(viewer=actor, unit_id=unit.pk, on=at.date())):
        raise UnableToShare(f"{shared_with.name} does not stand above {unit.name}.", to_do="Choose one from the list.")
    facts: dict[str, Any] = {"unit_id": unit.pk, "shared_with_id": shared_with.pk, "what": SUMS, "measure_code": measure_code}
    standing = Sharing.objects.select_for_update().filter(Q(until=None) | Q(until__gt=at.date()), **facts).first()
    if standing is None:
        standing, _ = Sharing.objects.update_or_create(
            **facts, since=at.date(), defaults={"by_name": by_name, "until": None, "given_by_id": actor.account_id}
        )
    elif standing.by_name != by_name:
        standing.by_name, standing.given_by_id = by_name, actor.account_id
        standing.save()
    detail = {"with": shared_with.code, "measure": measure_code, "by_name": by_name}
    record(actor=actor, verb="share", object_kind="unit", object_id=unit.code, at=at, detail=detail)
    return int(standing.pk)


@transaction.atomic
def withdraw(*, actor: Viewer, at: datetime, unit: UnitFacts, sharing_id: int) -> None:
    """Take an agreement back: the stored sum is made without the unit before this transaction ends, for all its periods."""
    _refuse_unless_allowed(actor, unit)
    standing = Sharing.objects.select_for_update().filter(pk=sharing_id, unit_id=unit.pk, what=SUMS).first()
    if standing is None:
        raise UnableToShare("That is not shared.", to_do="Look at the list.")
    if standing.since >= at.date():
        standing.delete()  # given today: a day that begins and ends the same is no stretch of time; the event keeps it
    elif standing.until is None or standing.until > at.date():
        standing.until = at.date()
        standing.save()
    record(actor=actor, verb="withdraw", object_kind="unit", object_id=unit.code, at=at, detail={"sharing": sharing_id})


def _refuse_unless_allowed(actor: Viewer, unit: UnitFacts) -> None:
    if not (decision := may_agree(viewer=actor, unit=unit)):
        raise UnableToShare(decision.reason)
