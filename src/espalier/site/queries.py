"""What the pages of this room gather from the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.framework import queries as framework
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.site.rules import HelpPage, read_help

if TYPE_CHECKING:
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Card, Definition, UnitCharts
    from espalier.organisations.queries import Colleague, Relations, UnitFacts

CHANGING, PEOPLE, PRIDE = ("ae-4-hours", "ae-admissions-per-attendance"), ("staff-sickness-absence",), ("team-joy",)
TEAM, TEAM_MEASURES = "DEMO-WARD-7", ("team-hand-hygiene", "team-medicine-errors")
ASKED = 4  # names of people to ask
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


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    units: tuple[UnitFacts, ...]
    near: tuple[UnitFacts, ...]
    measures: tuple[Definition, ...]
    help: tuple[HelpPage, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was found."""
        return not (self.units or self.measures or self.help)


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


def unit_page(*, viewer: Viewer, code: str, today: date) -> UnitPage:
    """Gather a unit's charts, its place in the tree and its history; a closed unit is shown as on its last day."""
    unit = organisations.unit(viewer=viewer, code=code)
    on = min(today, unit.closed_on) if unit.closed_on else today
    children, counts = organisations.contents(viewer=viewer, unit_id=unit.pk, on=on)
    listed: dict[str, list[UnitFacts]] = {}
    for child in children:
        listed.setdefault(child.kind_plural, []).append(child)
    up = organisations.way_up(viewer=viewer, unit_id=unit.pk, on=on)
    return UnitPage(
        unit=unit, on=on, charts=measures.charts_of_unit(viewer=viewer, unit=unit, today=on), ask=_ask(viewer, (*up, unit)), up=up,
        below=tuple(Below(kind, len(several), tuple(several[:LISTED])) for kind, several in listed.items()),
        counts=counts, relations=organisations.relations(viewer=viewer, unit_id=unit.pk),
    )  # fmt: skip


def _ask(viewer: Viewer, way: tuple[UnitFacts, ...]) -> tuple[Colleague, ...]:
    """Return who can be asked about a unit, the nearest first; above organisations nobody answers for single figures."""
    near = [one.pk for one in reversed(way) if one.rank >= organisations.ORGANISATION_RANK]
    at = organisations.colleagues(viewer=viewer, places=near)
    return tuple(colleague for pk in near for colleague in at.get(pk, ()))[:ASKED]


def search(*, viewer: Viewer, text: str) -> Found:
    """Search organisations and teams, measures and help pages; near matches only where nothing matched."""
    units = organisations.search(viewer=viewer, text=text)
    words = text.lower().split()
    definitions = tuple(
        one for one in measures.definitions(viewer=viewer) if words and all(word in f"{one.name} {one.code}".lower() for word in words)
    )
    pages = tuple(page for page in help_pages().values() if words and all(word in page.title.lower() for word in words))
    near = organisations.near_matches(viewer=viewer, text=text) if not units else ()
    return Found(units=units, near=near, measures=definitions, help=pages)


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
