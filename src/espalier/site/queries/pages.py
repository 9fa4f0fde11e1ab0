"""What the pages of this room gather from the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied

from espalier.access import tokens
from espalier.access.deciding import anywhere
from espalier.access.roles import all_roles
from espalier.common.errors import NotFoundHere, Suggestion
from espalier.framework import queries as framework
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects import queries as projects
from espalier.site.rules import HelpPage, read_help

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from espalier.access.decisions import Decision
    from espalier.access.tokens import TokenFacts
    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Card, Definition, UnitCharts
    from espalier.organisations.queries import Agreement, Colleague, Relations, UnitFacts
    from espalier.projects.queries import TeamPage

CHANGING, PEOPLE, PRIDE = ("ae-4-hours", "ae-admissions-per-attendance"), ("staff-sickness-absence",), ("team-joy",)
TEAM, TEAM_MEASURES = "DEMO-WARD-7", ("team-hand-hygiene", "team-medicine-errors")
CARDS = 6  # charts on a unit's page; the others are one link away
ASKED = 4  # names of people to ask
JOY = "staff-experience"  # the gap whose charts stand above care on a team's page
LISTED = 60  # of one kind below a unit; more are a search away


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """The four questions of the front door, each with what answers it today."""

    changing: tuple[Card, ...]
    people: tuple[Card, ...]
    trying: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """Units of one kind directly below another."""

    kind: str
    total: int
    units: tuple[UnitFacts, ...]


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Everything the page of a unit says."""

    unit: UnitFacts
    on: date
    charts: UnitCharts
    ask: tuple[Colleague, ...]  # only for colleagues
    up: tuple[UnitFacts, ...]
    below: tuple[Below, ...]
    counts: tuple[tuple[str, str, int], ...]
    relations: Relations
    inside: bool  # whether the viewer holds a role at the unit or its organisation
    may_change: bool = False  # whether the viewer may rename, move or close it
    sees_people: bool = False  # whether they may see who works here and who holds which role
    sees_sharing: bool = False  # whether they are of the organisation that shares
    team: TeamPage | None = None  # where the place is one team's: what it is trying, and for its people what they keep for themselves

    @property
    def of_the_team(self) -> bool:
        """Whether the viewer is of the team whose page this is."""
        return self.team is not None and self.team.of_the_team


def front_door(*, viewer: Viewer) -> FrontDoor:
    """Gather two charts of what is changing, one of our people and two of a team."""
    england = organisations.find(viewer=viewer, codes=[organisations.NATION, TEAM])
    nation, team = england.get(organisations.NATION), england.get(TEAM)
    cards = measures.cards_of_unit(viewer=viewer, unit=nation, only=CHANGING + PEOPLE) if nation else ()
    local = measures.cards_of_unit(viewer=viewer, unit=team, only=TEAM_MEASURES + PRIDE) if team else ()
    return FrontDoor(
        changing=tuple(card for card in cards if card.definition.code in CHANGING),
        people=tuple(card for card in (*cards, *local) if card.definition.code in PEOPLE + PRIDE),
        trying=tuple(card for card in local if card.definition.code in TEAM_MEASURES),
    )


def capabilities(*, viewer: Viewer) -> tuple[framework.Door, ...]:
    """Return the four capabilities of the framework, each with whether it works here."""
    return framework.front_door(viewer=viewer)[0]


def unit_page(*, viewer: Viewer, code: str, today: date, kept: str = "") -> UnitPage:
    """Gather a unit's charts, its place in the tree and its history; a closed unit is shown as on its last day.

    kept is what a person of the team stored a moment ago, and may take back.
    """
    unit = organisations.unit(viewer=viewer, code=code)
    on = min(today, unit.closed_on) if unit.closed_on else today
    children, counts = organisations.contents(viewer=viewer, unit_id=unit.pk, on=on)
    listed: dict[str, list[UnitFacts]] = {}
    for child in children:
        listed.setdefault(child.kind_plural, []).append(child)
    up, people = organisations.way_up_and_people(viewer=viewer, unit_id=unit.pk, on=on)
    is_team = _is_team(unit, alone=not children)
    charts = measures.charts_of_unit(viewer=viewer, unit=unit, today=on, size=CARDS, first=JOY if is_team else "")
    return UnitPage(
        unit=unit, on=on, charts=charts, ask=_ask(people, (*up, unit)),
        up=up, below=tuple(Below(kind, len(several), tuple(several[:LISTED])) for kind, several in listed.items()),
        counts=counts, relations=organisations.relations(viewer=viewer, unit_id=unit.pk),
        inside=_inside(viewer, unit, up), may_change=bool(organisations.may_look_after(viewer=viewer, unit=unit, today=today)),
        sees_people=_sees_people(viewer, unit, up),
        sees_sharing=_inside(viewer, unit, up, but=all_roles().outside) and any(one.is_organisation for one in (unit, *up)),
        team=_team(viewer, unit, charts, today, kept) if is_team and not unit.closed_on else None,
    )  # fmt: skip


def _is_team(unit: UnitFacts, *, alone: bool) -> bool:
    """Whether a place is one team's: it lies in an organisation, or is a small one in which nothing else lies."""
    return unit.rank > organisations.ORGANISATION_RANK if not unit.is_organisation else alone


def _team(viewer: Viewer, unit: UnitFacts, charts: UnitCharts, today: date, kept: str) -> TeamPage:
    """Gather the team's own part; what of its figures is missing is known from the charts."""
    late = [
        projects.Waiting(one.card.definition.short_name, f"{one.card.href}enter/")
        for one in charts.late
        if one.card.definition.words.get("entered_by") == "teams"
    ]
    has_joy = any(one.definition.gap == JOY for one in charts.cards)
    return projects.team_page(viewer=viewer, unit=unit, today=today, late=late, has_joy=has_joy, kept=kept)


def _sees_people(viewer: Viewer, unit: UnitFacts, up: tuple[UnitFacts, ...]) -> bool:
    """Whether to offer who works here: as `can` decides it, of what the page has at hand. The page that opens asks again."""
    names, only_here = all_roles().with_right(organisations.NAMES), all_roles().only_here
    near = {one.pk for one in up if one.rank >= organisations.ORGANISATION_RANK}
    return any(
        held.role in names and (held.unit_id == unit.pk or (held.unit_id in near and held.role not in only_here)) for held in viewer.grants
    )


def _inside(viewer: Viewer, unit: UnitFacts, up: tuple[UnitFacts, ...], *, but: Collection[str] = ()) -> bool:
    """Whether the viewer holds a role at a unit or its organisation; but says which roles do not count."""
    at = {held.unit_id for held in viewer.grants if held.role not in but}
    return bool(at & {one.pk for one in (unit, *up) if one.is_organisation or one == unit})


def _ask(at: Mapping[int, tuple[Colleague, ...]], way: tuple[UnitFacts, ...]) -> tuple[Colleague, ...]:
    """Return who can be asked about a unit, the nearest first; above organisations nobody answers for single figures."""
    near = [one.pk for one in reversed(way) if one.rank >= organisations.ORGANISATION_RANK]
    return tuple(colleague for pk in near for colleague in at.get(pk, ()))[:ASKED]


@dataclass(frozen=True, slots=True)
class Taker:
    """A unit with which figures may be shared, and how many people would see them there."""

    unit: UnitFacts
    people: int


@dataclass(frozen=True, slots=True)
class SharingPage:
    """What a unit shares, what it could share, and with whom."""

    unit: UnitFacts
    up: tuple[UnitFacts, ...]
    decision: Decision  # whether this viewer may decide
    agreements: tuple[Agreement, ...]
    measures: tuple[Definition, ...]
    takers: tuple[UnitFacts, ...]
    open_to_all: tuple[Definition, ...]  # measures kept here whose figures anybody sees

    @property
    def href(self) -> str:
        """The page's address."""
        return f"{self.unit.href}sharing/"

    def name_of(self, measure_code: str) -> str:
        """Return a measure's name; "" is all that the unit shares."""
        return next((one.name for one in self.measures if one.code == measure_code), measure_code) or "All shared measures"


def sharing_page(*, viewer: Viewer, code: str, today: date) -> SharingPage:
    """Gather what a unit shares, for people inside its organisation; nobody else is told."""
    unit = organisations.unit(viewer=viewer, code=code)
    up = organisations.way_up(viewer=viewer, unit_id=unit.pk, on=today)
    has_one = any(one.is_organisation for one in (unit, *up))
    if not has_one or not organisations.holds_inside(viewer=viewer, unit_id=unit.pk):
        nothing = f"{unit.name} shares nothing itself. The organisations in it share with it, each on a page of its own."
        raise PermissionDenied(f"Only people of {unit.name}, or of its organisation, see what it shares." if has_one else nothing)
    shared, open_to_all = measures.kept_measures(viewer=viewer, unit_id=unit.pk)
    return SharingPage(
        unit=unit, up=up,
        decision=organisations.may_agree(viewer=viewer, unit=unit),
        agreements=organisations.agreements(viewer=viewer, unit_id=unit.pk, on=today),
        measures=shared, takers=organisations.above_organisation(up), open_to_all=open_to_all,
    )  # fmt: skip


def taker(*, viewer: Viewer, page: SharingPage, code: str) -> Taker:
    """Return who would see what is shared with one of the page's units."""
    unit = next(one for one in page.takers if one.code == code)
    return Taker(unit, organisations.people_at(viewer=viewer, unit_id=unit.pk))


@dataclass(frozen=True, slots=True)
class TokensPage:
    """A person's tokens, those that work and the newest of those that do not, and the places a new one may be for."""

    working: tuple[TokenFacts, ...]
    ended: tuple[TokenFacts, ...]
    places: tuple[UnitFacts, ...]
    names: Mapping[int, str]  # of the places the tokens are for
    may: Decision  # make one


def tokens_page(*, viewer: Viewer, at: datetime) -> TokensPage:
    """Gather the tokens of whoever is looking."""
    mine = tokens.mine(viewer=viewer)
    ended = tuple(one for one in mine if not one.works(at))[:LISTED]
    named = organisations.units(viewer=viewer, pks={one.unit_id for one in mine if one.unit_id is not None})
    return TokensPage(
        working=tuple(one for one in mine if one.works(at)), ended=ended, places=organisations.within_reach(viewer=viewer),
        names={pk: one.name for pk, one in named.items()}, may=anywhere(viewer=viewer, do=tokens.MAKE),
    )  # fmt: skip


@cache
def help_pages() -> dict[str, HelpPage]:
    """Return all help pages; they change only with a new release, so they are read once."""
    return read_help(settings.CONTENT_DIR / "help")


def help_page(*, viewer: Viewer, slug: str) -> HelpPage:
    """Return one help page."""
    del viewer
    pages = help_pages()
    if slug not in pages:
        raise NotFoundHere(
            "There is no help page of that name.", suggestions=tuple(Suggestion(p.title, f"/help/{p.slug}/") for p in pages.values())
        )
    return pages[slug]
