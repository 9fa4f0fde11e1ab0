"""Invitations as pages and the command line make them."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.core import ratelimit

from espalier.access import signing
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.organisations import actions as organisations
from espalier.organisations import queries

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from espalier.access.requests import Asked
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts


def new_words() -> str:
    """Draw the words of an invitation: nobody can guess them."""
    return queries.draw_words(secrets.choice)


def invite(*, actor: Viewer, at: datetime, unit: UnitFacts, role: str, uses: str = "1", days: str = "14", note: str = "") -> str:
    """Make an invitation and return its words, which are shown once."""
    words = new_words()
    organisations.make_invitation(
        actor=actor, at=at, unit=unit, role=role, words=words, lasts=timedelta(days=int(days)), uses=int(uses), note=note
    )
    return words


def invite_from_command(*, at: datetime, role: str, code: str) -> str:
    """Make an invitation of the house itself and return its words: how an installation gets its first administrator."""
    with acting_as(system_viewer()) as house:
        unit = queries.unit(viewer=house, code=code)
        if not queries.can_be_held(role=role, unit=unit):
            raise organisations.UnableToJoin(f"{role!r} is no role that is held at {unit.name}.", to_do="Choose one of content/roles.yaml.")
        words = new_words()
        organisations.invite_from_command(actor=house, at=at, unit=unit, role=role, words=words)
    return words


def may_try_words(request: HttpRequest) -> bool:
    """Count one try of words from this address; False when there were too many within a minute."""
    return bool(ratelimit.consume(request, action="invitation_words"))


def wrong_words(request: Asked, *, typed: str) -> str:
    """Count a try of these words and say what is wrong with them; "" where they open something."""
    if not may_try_words(request):
        return "Too many tries from here. Wait a minute, then try again"
    if found := queries.invited(viewer=request.viewer, typed=typed, at=request.at):
        own = found.made_by is not None and found.made_by == request.viewer.account_id
        return "You made this invitation yourself. Give its words to somebody else" if own else ""
    return "These words do not open anything, or not any more. Look at each letter, or ask whoever gave them to you"


def can_come_back(request: Asked) -> bool:
    """Whether whoever is signed in could sign in again: by e-mail, PIN, passkey, or as a made-up person."""
    account = signing.account_of(request.viewer)
    if account is None:
        return False
    return bool(
        account.email
        or account.is_demo
        or account.has_usable_password()
        or signing.has_second_step(account)
        or signing.comes_from_provider(account)
    )
