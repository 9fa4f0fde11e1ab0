"""Where somebody may begin a project, and whom they may take into its team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from espalier.access.deciding import can_each
from espalier.organisations import queries as organisations
from espalier.projects import permissions

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.projects import ProjectFacts

FOUND = 12


def places_to_begin(*, viewer: Viewer) -> tuple[UnitFacts, ...]:
    """Return the places at which the viewer may begin a project, those where they hold a role themselves first."""
    there = organisations.within_reach(viewer=viewer)
    may = can_each(viewer=viewer, do=permissions.START, unit_ids=[one.pk for one in there])
    held = {grant.unit_id for grant in viewer.grants}
    return tuple(sorted((one for one in there if may[one.pk]), key=lambda one: (one.pk not in held, one.name)))


def start_here(*, measure: str, unit: UnitFacts) -> str:
    """Return where a project about a chart begins; "" where the place has closed."""
    return "" if unit.closed_on else f"/projects/new/?{urlencode({'measure': measure, 'place': unit.code})}"


@dataclass(frozen=True, slots=True)
class Found:
    """A colleague who can be taken in; account_id is 0 for one who has never signed in, and cannot be yet."""

    account_id: int
    name: str
    post: str
    place: str


def people_near(*, viewer: Viewer, project: ProjectFacts) -> tuple[Found, ...]:
    """Return people of the project's own place who are not in its team yet: most teams are made of them."""
    inside = {one.account_id for one in project.members}
    there = organisations.accounts_at(viewer=viewer, unit_ids=[project.unit.pk])
    return tuple(Found(pk, name, "", project.unit.name) for pk, name in sorted(there.items(), key=lambda one: one[1]) if pk not in inside)


def people_to_add(*, viewer: Viewer, project: ProjectFacts, text: str) -> tuple[Found, ...]:
    """Find colleagues by name, as far as the viewer may see names; those in the team already are left out.

    Those of the project's own place come first, with partners, who hold no post anywhere.
    """
    near = tuple(one for one in people_near(viewer=viewer, project=project) if all(w in one.name.lower() for w in text.lower().split()))
    posts = organisations.find_people(viewer=viewer, text=text, limit=FOUND)
    accounts = organisations.accounts_of_people(viewer=viewer, people=[one.person_id for one in posts])
    inside = {one.account_id for one in project.members} | {one.account_id for one in near}
    found = (Found(accounts.get(one.person_id, 0), one.person, one.title, one.unit_name) for one in posts)
    return (*near, *(one for one in found if one.account_id not in inside))[:FOUND]


def is_colleague(*, viewer: Viewer, account_id: int) -> bool:
    """Whether an account is somebody whose name the viewer may see: numbers tried out in a form take nobody in."""
    return account_id in organisations.names_of_accounts(viewer=viewer, accounts=[account_id])
