"""Where somebody may ask to be taken in, and what whoever answers chooses from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.access.deciding import anywhere
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from espalier.access.decisions import Decision
    from espalier.access.roles import Role
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import RequestFacts, UnitFacts

INVITE = "people.invite"
MOST = 20


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """Somebody who asked, and where and as what they could come in."""

    request: RequestFacts
    places: tuple[UnitFacts, ...]
    roles: tuple[Role, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The places, for a list."""
        return [(one.code, one.name) for one in self.places]

    @property
    def role_choices(self) -> list[tuple[str, str]]:
        """The roles, for a list."""
        return [(one.code, one.name) for one in self.roles]

    def unit(self, code: str) -> UnitFacts:
        """Return one of the places."""
        return next(one for one in self.places if one.code == code)


def may_answer(*, viewer: Viewer) -> Decision:
    """Whether the viewer takes people in anywhere."""
    return anywhere(viewer=viewer, do=INVITE)


def places_called(*, viewer: Viewer, text: str) -> tuple[UnitFacts, ...]:
    """Return organisations and teams that somebody could ask, by name or code: open ones, none above organisations."""
    found = organisations.search(viewer=viewer, text=text.replace("\0", ""), limit=3 * MOST)
    return tuple(one for one in found if one.rank >= organisations.ORGANISATION_RANK and one.closed_on is None)[:MOST]


def answer_page(*, viewer: Viewer, pk: int) -> AnswerPage | None:
    """Return a question that waits for the viewer's answer; None when there is none."""
    asked = organisations.request_to_answer(viewer=viewer, pk=pk)
    if asked is None:
        return None
    owner = organisations.owner_of(viewer=viewer, unit_id=asked.unit.pk)
    near = organisations.within_reach(viewer=viewer)
    owners, may = organisations.owners_of([one.pk for one in near]), organisations.places_to_invite_to(viewer=viewer)
    inside = [one for one in near if one.pk in may and owners[one.pk] == owner and one.pk != asked.unit.pk]
    return AnswerPage(asked, (asked.unit, *inside), organisations.roles_to_invite_for(viewer=viewer, unit=asked.unit))
