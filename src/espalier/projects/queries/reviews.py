"""Learning reviews as far as a viewer may see them: row-level security decides which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.access.roles import all_roles
from espalier.common.errors import NotFoundHere, Suggestion
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.models import Member, Project, Review
from espalier.projects.rules.reviews import SECTIONS, hints

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

ALL = Suggestion("All learning reviews", "/projects/reviews/")
MOST = 100


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """One section as it stands."""

    key: str
    title: str
    asks: str
    words: str
    was: str
    version: int
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """One learning review, and whether the viewer may write in it."""

    pk: int
    unit: UnitFacts
    owner_id: int
    title: str
    happened_on: date | None
    sections: tuple[SectionFacts, ...]
    state: str
    open_to: str
    begun_at: datetime
    changed_at: datetime
    may_write: Decision
    may_reopen: bool  # it is closed, and the viewer is of the team that wrote it

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/reviews/{self.pk}/"

    def section(self, key: str) -> SectionFacts:
        """Return one section."""
        found = next((one for one in self.sections if one.key == key), None)
        if found is None:
            raise NotFoundHere("A learning review has no such part.", suggestions=(ALL,))
        return found


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review in a list."""

    pk: int
    title: str
    place: str
    happened_on: date | None
    state: str
    open_to: str
    changed_at: datetime

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/reviews/{self.pk}/"


def reviews(*, viewer: Viewer) -> tuple[ReviewLine, ...]:
    """Return the reviews a viewer may see, those changed last first."""
    rows = list(
        Review.objects.order_by("-changed_at", "-pk").values_list(
            "pk", "title", "unit_id", "happened_on", "state", "open_to", "changed_at"
        )[:MOST]
    )
    places = organisations.units(viewer=viewer, pks={row[2] for row in rows}) if rows else {}
    return tuple(ReviewLine(row[0], row[1], places[row[2]].name, *row[3:]) for row in rows)


def review(*, viewer: Viewer, pk: int) -> ReviewFacts:
    """Return one review; one that does not exist and one the viewer may not see are answered alike."""
    row = Review.objects.filter(pk=pk).first()
    if row is None:
        raise NotFoundHere("There is no such learning review, or it is not open to you.", suggestions=(ALL,))
    mine = row.unit_id in _team_of(viewer)
    return ReviewFacts(
        pk=row.pk, unit=organisations.units(viewer=viewer, pks=[row.unit_id])[row.unit_id], owner_id=row.owner_id or 0, title=row.title,
        happened_on=row.happened_on, sections=_sections(row.sections), state=row.state, open_to=row.open_to, begun_at=row.begun_at,
        changed_at=row.changed_at, may_reopen=mine and row.state == "closed",
        may_write=permissions.may_write_review(viewer=viewer, of_the_team=mine, state=row.state),
    )  # fmt: skip


def _team_of(viewer: Viewer) -> set[int]:
    """Where the viewer is of the team: the places at which they hold something as staff, as the database has it too."""
    return {held.unit_id for held in viewer.grants if held.role not in all_roles().outside}


def _sections(stored: dict[str, dict[str, object]]) -> tuple[SectionFacts, ...]:
    found = []
    for one in SECTIONS:
        at = stored.get(one.key, {})
        words = str(at.get("words", ""))
        version = int(str(at.get("version", 0)))
        # The family's words stand as they were said.
        hinted = () if one.key == "patient-and-family" else hints(words)
        found.append(SectionFacts(one.key, one.title, one.asks, words, str(at.get("was", "")), version, hinted))
    return tuple(found)


def places_to_review(*, viewer: Viewer) -> tuple[UnitFacts, ...]:
    """Return the places for which the viewer may begin a review: those where they hold something that lets them begin work."""
    may = all_roles().with_right(permissions.START)
    held = {one.unit_id for one in viewer.grants if one.role in may}
    return tuple(sorted(organisations.units(viewer=viewer, pks=held).values(), key=lambda one: (-one.rank, one.name))) if held else ()


def projects_for_ideas(*, viewer: Viewer) -> tuple[tuple[int, str], ...]:
    """Return the projects into whose driver diagram the viewer may put an idea."""
    mine = Member.objects.filter(account_id=viewer.account_id or 0, until=None).exclude(role__in=permissions.READS).values("project_id")
    return tuple(Project.objects.filter(pk__in=mine).order_by("-changed_at").values_list("pk", "title")[:MOST])
