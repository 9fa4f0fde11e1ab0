"""Reads of units, the tree on a day, and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Now

from espalier.access.viewer import Held, Viewer
from espalier.organisations.models import Grant, Person

if TYPE_CHECKING:
    from espalier.access.models import Account


def viewer_for(account: Account) -> Viewer:
    """Build the frozen viewer of an account: the person behind it and the roles held today.

    An account without a person yet (somebody who joined a minute ago) is a viewer who holds nothing.
    """
    person = Person.objects.filter(account_id=account.pk).values_list("pk", "name").first()
    if person is None:
        return Viewer(account_id=account.pk, name=account.username)
    held = Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=Now()), person_id=person[0], since__lte=Now())
    grants = tuple(Held(role, unit) for role, unit in held.order_by("unit_id", "role").values_list("role", "unit_id"))
    return Viewer(account_id=account.pk, person_id=person[0], name=person[1], grants=grants)
