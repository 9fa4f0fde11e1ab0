"""What the pages about one's own account, and about people who are locked out, show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from espalier.access import pins, sessions, signing
from espalier.access.deciding import anywhere, visible
from espalier.access.roles import all_roles
from espalier.common.errors import NotFoundHere
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from espalier.access.decisions import Decision
    from espalier.access.requests import Asked
    from espalier.access.sessions import OpenSession
    from espalier.access.signing import Key
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import RequestFacts

UNLOCK = "people.records"


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One's own account."""

    person_id: int | None
    name: str
    username: str
    email: str
    roles: tuple[tuple[str, str, str], ...]  # role, place, address
    keys: tuple[Key, ...]
    has_pin: bool
    may_have_pin: bool
    needs_second_step: bool
    is_strong: bool
    sessions: tuple[OpenSession, ...]
    asked: tuple[RequestFacts, ...]
    providers: tuple[tuple[str, str], ...]  # code and name of those that could be connected

    @property
    def passkeys(self) -> tuple[Key, ...]:
        """The passkeys alone."""
        return tuple(key for key in self.keys if key.kind == "webauthn")

    @property
    def apps(self) -> tuple[Key, ...]:
        """The apps for codes alone."""
        return tuple(key for key in self.keys if key.kind == "totp")


@dataclass(frozen=True, slots=True)
class LockedPerson:
    """Somebody whose name is locked for a while."""

    account_id: int
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class LockedPage:
    """People who tried too often, and whether the viewer may unlock them."""

    may: Decision
    locked: tuple[LockedPerson, ...]

    def one(self, account: str) -> LockedPerson:
        """Return one of them by the number a page sent."""
        for person in self.locked:
            if str(person.account_id) == account:
                return person
        raise NotFoundHere("Nobody here is locked out by that number, or the time is over.")


def account_page(request: Asked) -> AccountPage:
    """Return everything about the account of whoever is signed in."""
    viewer = request.viewer
    mine = signing.account_of(viewer)
    places = organisations.units(viewer=viewer, pks={held.unit_id for held in viewer.grants})
    names = all_roles().roles
    roles = tuple((names[one.role].name, places[one.unit_id].name, places[one.unit_id].href) for one in viewer.grants if one.role in names)
    return AccountPage(
        person_id=viewer.person_id, name=viewer.name, username=mine.username if mine else "", email=mine.email if mine else "", roles=roles,
        keys=signing.keys_of(mine) if mine else (), has_pin=bool(mine and mine.has_usable_password()),
        may_have_pin=bool(mine and not mine.is_demo and not sessions.needs_second_step(viewer)),
        needs_second_step=sessions.needs_second_step(viewer), is_strong=viewer.is_strong, sessions=_sessions(request, viewer),
        asked=organisations.my_requests(viewer=viewer), providers=tuple((one.code, one.name) for one in settings.PROVIDERS),
    )  # fmt: skip


def _sessions(request: HttpRequest, viewer: Viewer) -> tuple[OpenSession, ...]:
    return sessions.mine(request, viewer=viewer)


def locked_page(*, viewer: Viewer, at: datetime) -> LockedPage:
    """Return who is locked out among the people whose records the viewer looks after."""
    may = anywhere(viewer=viewer, do=UNLOCK)
    if not may:
        return LockedPage(may, ())
    names = organisations.accounts_at(viewer=viewer, unit_ids=visible(viewer=viewer, do=UNLOCK))
    found = pins.locked_among(names.keys(), at=at)
    return LockedPage(may, tuple(LockedPerson(one.account_id, names[one.account_id], one.until) for one in found))
