"""Somebody of the viewer's organisation, found for a request about their data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Now

from espalier.access.roles import all_roles
from espalier.organisations.models import Assignment, Grant, Person

if TYPE_CHECKING:
    from collections.abc import Collection

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked for. Nothing else about them is needed."""

    pk: int
    account_id: int | None
    owner_ids: tuple[int, ...]


def person_asked_for(*, viewer: Viewer, pk: int) -> Asked | None:
    """Return the one person somebody asks for by number; the database shows a viewer people of their own organisations only."""
    if viewer.is_visitor:
        return None
    row = Person.objects.filter(pk=pk).values_list("pk", "account_id", "owner_ids").first()
    return Asked(row[0], row[1], tuple(row[2])) if row else None


def person_to_ask_for(*, viewer: Viewer, text: str) -> tuple[Asked, ...]:
    """Find people by their whole work e-mail, whole name or an employer's number: two are enough to say there are several."""
    if viewer.is_visitor or not text:
        return ()
    numbered = Assignment.objects.filter(number=text).values("person_id")
    found = Person.objects.filter(Q(work_email__iexact=text) | Q(name__iexact=text) | Q(pk__in=numbered)).order_by("pk")
    return tuple(Asked(pk, account, tuple(owners)) for pk, account, owners in found.values_list("pk", "account_id", "owner_ids")[:2])


def accounts_of_people(*, viewer: Viewer, people: Collection[int]) -> dict[int, int]:
    """Return the accounts of people by their numbers, without those who have never signed in; only colleagues are ever there."""
    if viewer.is_visitor or not people:
        return {}
    return dict(Person.objects.filter(pk__in=people, account_id__isnull=False).values_list("pk", "account_id"))


def staff_among(*, viewer: Viewer, accounts: Collection[int]) -> frozenset[int]:
    """Return those of some accounts who are staff today, by a post or by a role that is no partner's, as far as the viewer sees them."""
    if viewer.is_visitor or not accounts:
        return frozenset()
    today = Q(since__lte=Now()) & (Q(until=None) | Q(until__gt=Now()))
    posts = Assignment.objects.filter(today, person__account_id__in=accounts).values_list("person__account_id", flat=True)
    roles = Grant.objects.filter(today, person__account_id__in=accounts).exclude(role__in=all_roles().outside)
    return frozenset(one for one in posts.union(roles.values_list("person__account_id", flat=True)) if one is not None)
