"""What a staff system's words mean here: a name, an address, a post in a team; and which role a group stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from espalier.organisations.rules.scim.kinds import ENTERPRISE

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_NAME, LONGEST_TITLE, LONGEST_NUMBER, LONGEST_ADDRESS = 120, 120, 40, 254
NO_TITLE = "Member of staff"
MAPPING = re.compile(r"^espalier-(?:role:(?P<role>[a-z-]{1,40})|team):(?P<unit>[A-Za-z0-9][A-Za-z0-9._-]{0,39})$")
ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@dataclass(frozen=True, slots=True)
class Meant:
    """What we need of a user."""

    name: str
    email: str
    title: str
    number: str
    teams: tuple[str, ...]  # where the post may be, the most exact first: codes or names
    manager: str  # the id of another user
    is_active: bool | None  # None: not said


@dataclass(frozen=True, slots=True)
class Mapped:
    """The role a group stands for, and where."""

    role: str
    unit: str


def meant(document: Mapping[str, Any]) -> Meant:
    """Read a user.

    >>> meant({"userName": "s.okafor@example.org", "name": {"givenName": "Sam", "familyName": "Okafor"}}).name
    'Sam Okafor'
    """
    name, more = document.get("name") or {}, document.get(ENTERPRISE) or {}
    parts = " ".join(part for part in (name.get("givenName"), name.get("familyName")) if part)
    called = document.get("displayName") or parts or name.get("formatted") or document["userName"]
    teams = tuple(str(more[one]).strip() for one in ("department", "division", "organization") if more.get(one))
    return Meant(
        name=" ".join(str(called).split())[:LONGEST_NAME] or "No name",
        email=_address(document),
        title=str(document.get("title") or NO_TITLE).strip()[:LONGEST_TITLE] or NO_TITLE,
        number=str(more.get("employeeNumber") or "").strip()[:LONGEST_NUMBER],
        teams=teams,
        manager=str((more.get("manager") or {}).get("value") or ""),
        is_active=document.get("active"),
    )


def _address(document: Mapping[str, Any]) -> str:
    """Return the main address, or the first, or the name to sign in with where that is one."""
    emails = document.get("emails") or []
    ordered = sorted(emails, key=lambda one: (not one.get("primary"), one.get("type") != "work"))
    for text in (*(str(one.get("value") or "") for one in ordered), str(document["userName"])):
        if ADDRESS.match(text) and len(text) <= LONGEST_ADDRESS:
            return text
    return ""


def mapped_by_name(name: str) -> Mapped | None:
    """Return what a group's name says it stands for.

    >>> mapped_by_name("espalier-role:qi-lead:RJ1")
    Mapped(role='qi-lead', unit='RJ1')
    >>> mapped_by_name("espalier-team:RJ1-W7").role
    'team-member'
    >>> mapped_by_name("All staff") is None
    True
    """
    found = MAPPING.match(name.strip())
    return Mapped(found["role"] or "team-member", found["unit"]) if found else None
