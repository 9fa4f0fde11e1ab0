"""Who was invited, who asks to be taken in, and who may give which role by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from espalier.access.deciding import can, visible
from espalier.access.decisions import YES, Decision
from espalier.access.registry import viewer_numbered
from espalier.access.roles import all_roles
from espalier.organisations.models import Assignment, Grant, Invitation, JoinRequest
from espalier.organisations.queries.deciding import KnowsTree
from espalier.organisations.queries.holding import names_of_accounts
from espalier.organisations.queries.roles import can_be_held, roles_to_give
from espalier.organisations.queries.units import units
from espalier.organisations.rules.joining import draw, normal, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from espalier.access.roles import Role
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries.units import UnitFacts

INVITE, GIVE = "people.invite", "roles.give"
BY_POST = "team-member"  # what everybody with a post is, as the view organisations_held says


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation is for, as whoever brings its words is told."""

    unit_id: int
    place: str
    role: str
    expires_at: datetime
    made_by: int | None  # an account's number; None: the house itself, from the command line

    @property
    def role_name(self) -> str:
        """What the role is called."""
        return all_roles().roles[self.role].name

    @property
    def about(self) -> str:
        """What somebody with the role does."""
        return all_roles().roles[self.role].about

    @property
    def is_outside(self) -> bool:
        """Whether whoever takes it up is not of the staff."""
        return self.role in all_roles().outside

    @property
    def needs_second_step(self) -> bool:
        """Whether a PIN is not enough for it."""
        return all_roles().needs_second_step(self.role)


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An invitation as the page of those who made it shows it; its words are not kept."""

    pk: int
    unit_id: int
    place: str
    role_name: str
    starts_with: str
    note: str
    uses_allowed: int
    uses: int
    made_by: str
    expires_at: datetime
    stopped_at: datetime | None

    def works(self, at: datetime) -> bool:
        """Whether somebody could still bring it."""
        return self.stopped_at is None and at < self.expires_at and self.uses < self.uses_allowed


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Somebody's wish to be taken in."""

    pk: int
    account_id: int
    unit: UnitFacts
    name: str
    email: str
    message: str
    asked_at: datetime
    answer: str
    why: str


def digest_of(typed: str) -> str:
    """Return what is stored of an invitation: keyed, because five words alone could be tried out by a fast machine."""
    return salted_hmac("espalier.invitation", normal(typed), algorithm="sha256").hexdigest()


def draw_words(choose: Callable[[Sequence[str]], str]) -> str:
    """Draw the words of a new invitation; choose must be a source nobody can guess."""
    return draw(words_of(settings.CONTENT_DIR), choose)


def accounts_at(*, viewer: Viewer, unit_ids: Collection[int]) -> dict[int, str]:
    """Return the accounts, with names, of people who hold a post or a role at these units today."""
    del viewer  # row-level security shows the organisation's own people only
    today = Q(until=None) | Q(until__gt=Now())
    rows: dict[int, str] = {}
    for kind in (Grant, Assignment):
        held = kind.objects.filter(today, since__lte=Now(), unit_id__in=unit_ids, person__account__isnull=False)
        rows |= dict(held.values_list("person__account_id", "person__name"))
    return rows


def invited(*, viewer: Viewer, typed: str, at: datetime) -> Invited | None:
    """Return what these words invite to; None when they invite to nothing, or no longer: also when their maker may no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_id, place, role, expires_at, made_by FROM organisations_invited(%s, %s)", [digest_of(typed), at])
        row = cursor.fetchone()
    found = Invited(*row) if row else None
    return found if found is not None and _may_still_invite(viewer, found) else None


def _may_still_invite(viewer: Viewer, found: Invited) -> bool:
    """Whether the maker of an invitation could make it again today. How they are signed in meanwhile is no matter."""
    if found.made_by is None:
        return True
    maker = replace(viewer_numbered(found.made_by), is_strong=True)
    place = units(viewer=viewer, pks={found.unit_id}).get(found.unit_id)
    return place is not None and bool(may_invite_for(viewer=maker, unit=place, role=found.role))


def inviting_roles() -> list[str]:
    """Return the roles whose holders may invite at all, for the database to look for when words are brought."""
    return sorted(all_roles().with_right(INVITE))


def rights_at(*, viewer: Viewer, unit_id: int) -> frozenset[str]:
    """Return every right the viewer has at a unit, in one question."""
    if not viewer.grants:
        return frozenset()
    reached = KnowsTree().counting(viewer=viewer, unit_ids=[unit_id]).get(unit_id, {})
    roles = all_roles()
    return frozenset(
        right.code
        for right in roles.rights.values()
        if roles.with_right(right.code) & reached.get(right.reach, frozenset()) and (viewer.is_strong or not right.second_step)
    )


def may_invite(*, viewer: Viewer, unit: UnitFacts) -> Decision:
    """Whether the viewer may invite people to a unit."""
    return can(viewer=viewer, do=INVITE, unit_id=unit.pk, name=unit.name)


def roles_to_invite_for(*, viewer: Viewer, unit: UnitFacts) -> tuple[Role, ...]:
    """Return the roles an invitation of this viewer may give at a unit: never one that may do more than they may themselves.

    What everybody with a post may do counts as theirs. Who gives out roles may also give what needs no second step.
    """
    rights = rights_at(viewer=viewer, unit_id=unit.pk)
    if INVITE not in rights:
        return ()
    own = rights | all_roles().roles[BY_POST].may
    needs = {right.code for right in all_roles().rights.values() if right.second_step} if GIVE in rights else set(all_roles().rights)
    return tuple(role for role in roles_to_give(unit=unit) if (role.may & needs) <= own)


def may_invite_for(*, viewer: Viewer, unit: UnitFacts, role: str) -> Decision:
    """Whether the viewer may give this role at a unit by an invitation, or by taking somebody in."""
    if not (decision := may_invite(viewer=viewer, unit=unit)):
        return decision
    if not can_be_held(role=role, unit=unit):
        return Decision(allowed=False, reason=f"That role is not held at {unit.name}.")
    if all(role != one.code for one in roles_to_invite_for(viewer=viewer, unit=unit)):
        return Decision(allowed=False, reason="That role may do more than you may yourself. Ask whoever gives out roles.")
    return YES


def invitations(*, viewer: Viewer, unit_ids: frozenset[int]) -> tuple[InvitationFacts, ...]:
    """Return the invitations to these units, newest first."""
    rows: list[tuple[Any, ...]] = list(
        Invitation.objects.filter(unit_id__in=unit_ids).order_by("-made_at", "-pk").values_list(
            "pk", "unit_id", "unit__name", "role", "starts_with", "note", "uses_allowed", "uses", "made_by_id", "expires_at", "stopped_at"
        )[:200]
    )  # fmt: skip
    names = names_of_accounts(viewer=viewer, accounts={row[8] for row in rows})
    roles = {code: role.name for code, role in all_roles().roles.items()}
    facts: list[tuple[Any, ...]] = [
        (*row[:3], roles.get(row[3], row[3]), *row[4:8], names.get(row[8], "Espalier"), *row[9:]) for row in rows
    ]
    return tuple(InvitationFacts(*one) for one in facts)


def places_to_invite_to(*, viewer: Viewer) -> frozenset[int]:
    """Return every unit to which the viewer may invite somebody."""
    return visible(viewer=viewer, do=INVITE)


_REQUEST = ("pk", "account_id", "unit_id", "name", "email", "message", "asked_at", "answer", "why")


def _requests(viewer: Viewer, **condition: object) -> tuple[RequestFacts, ...]:
    rows = list(JoinRequest.objects.filter(**condition).order_by("asked_at", "pk").values_list(*_REQUEST)[:200])
    known = units(viewer=viewer, pks={row[2] for row in rows})
    return tuple(RequestFacts(row[0], row[1], known[row[2]], *row[3:]) for row in rows)


def requests_to_answer(*, viewer: Viewer) -> tuple[RequestFacts, ...]:
    """Return who asks to be taken in where the viewer may do so, who waited longest first."""
    places = places_to_invite_to(viewer=viewer)
    return _requests(viewer, unit_id__in=places, answer="") if places else ()


def request_to_answer(*, viewer: Viewer, pk: int) -> RequestFacts | None:
    """Return one of them."""
    return next(iter(_requests(viewer, pk=pk, unit_id__in=places_to_invite_to(viewer=viewer), answer="")), None)


def my_requests(*, viewer: Viewer) -> tuple[RequestFacts, ...]:
    """Return whom the viewer asked, and what came of it."""
    return _requests(viewer, account_id=viewer.account_id) if viewer.account_id else ()
