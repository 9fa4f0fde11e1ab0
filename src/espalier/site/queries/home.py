"""What somebody's own page gathers: what is due from them in any room, where they belong, what they follow, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import Resolver404, resolve
from django.utils import timezone

from espalier.access.deciding import anywhere
from espalier.access.roles import all_roles
from espalier.common import todo
from espalier.imports import due as imports
from espalier.insight import queries as insight
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects import queries as projects
from espalier.ui.filters import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.common.todo import Asking, Due
    from espalier.measures.queries import AtPlace, Changes, Mine
    from espalier.organisations.queries import MyPlace, SharedWithMe, UnitFacts
    from espalier.projects.queries import Thanked

# Every room that has something to do for people, in the order of the page where days are equal. A contract test finds a
# room with a `due` that is not here.
ROOMS: Mapping[str, Callable[..., tuple[Due, ...]]] = {
    "organisations": organisations.due, "measures": measures.due, "projects": projects.due, "insight": insight.due, "imports": imports.due,
}  # fmt: skip
# Those whose part of it is asked for together with the others', in one statement.
ASKING: Mapping[str, Callable[..., tuple[Asking, ...]]] = {
    "organisations": organisations.asking, "projects": projects.asking, "insight": insight.asking, "imports": imports.asking,
}  # fmt: skip
KINDS = {
    "organisations": ("thing about people, access or complaints", "things about people, access or complaints"),
    "measures": ("figure to put in", "figures to put in"),
    "insight": ("report or board page to go on with", "reports or board pages to go on with"),
    "projects": ("thing to do about ideas and projects", "things to do about ideas and projects"),
    "imports": ("file that waits for your word", "files that wait for your word"),
}  # fmt: skip
MOST_DUE, PLACES = 12, 4
THANKS = "thanks"
LOADS = ("figures.enter", "figures.publish", "people.records")
# What is done under Admin tools: whoever may do any of it anywhere finds the way there.
ADMINISTERS = (
    "roles.give", "people.records", "connections.change", "audit.read", "emergency.ask", "emergency.approve", "complaints.answer",
    "records.remove", "units.change",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HomePlace:
    """A place where somebody belongs, with its people and the charts that need a look first."""

    place: MyPlace
    charts: AtPlace | None
    is_above: bool  # a system, region or nation: it has no figures of its own, others share with it
    sees_people: bool  # whether their role there shows them who works there


@dataclass(frozen=True, slots=True)
class Home:
    """Everything somebody's own page says; codes and numbers, not words."""

    name: str
    at: datetime
    due: tuple[Due, ...]
    due_total: int
    places: tuple[HomePlace, ...]
    more_places: tuple[MyPlace, ...]
    is_partner: bool  # takes part without being of the staff, and nothing else
    mine: Mine | None
    shared: tuple[tuple[UnitFacts, SharedWithMe], ...]
    names: Mapping[str, str]  # of the measures that are shared
    may_load: bool
    may_administer: bool
    thanks: tuple[Thanked, ...] = ()  # said to them, or to the whole of a team they are of, in the last weeks

    @property
    def is_new(self) -> bool:
        """Whether they belong to no place yet."""
        return not self.places

    @property
    def changes(self) -> Changes | None:
        """What is new among their charts."""
        return self.mine.changes if self.mine else None


def gather_by_room(*, viewer: Viewer, at: datetime, known: Mapping[str, tuple[Due, ...]] | None = None) -> dict[str, tuple[Due, ...]]:
    """Return what is due from somebody by room; known is what was asked already."""
    asked = dict(known or {})
    asked |= todo.gather({room: asking(viewer=viewer, at=at) for room, asking in ASKING.items() if room not in asked})
    return {room: asked[room] if room in asked else due(viewer=viewer, at=at) for room, due in ROOMS.items()}


def gather(*, viewer: Viewer, at: datetime, known: Mapping[str, tuple[Due, ...]] | None = None) -> tuple[Due, ...]:
    """Return what is due from somebody in all rooms, what is late first."""
    today = timezone.localdate(at)
    found = [line for lines in gather_by_room(viewer=viewer, at=at, known=known).values() for line in lines]
    return tuple(sorted(found, key=lambda one: (not one.overdue(today), one.due_on is None, one.due_on or today)))


def due_in_words(rooms: Mapping[str, tuple[Due, ...]]) -> tuple[str, ...]:
    """Say how many things of each kind are due: kinds and numbers, and nothing of what they are about. A letter can go astray."""
    return tuple(plural(len(lines), *KINDS.get(room, ("other thing",))) for room, lines in rooms.items() if lines)


def home(*, viewer: Viewer, at: datetime) -> Home:
    """Gather somebody's own page in as few questions as a page may ask."""
    roles = {held.role for held in viewer.grants}
    keeping = measures.keeps(viewer=viewer)
    held, facts = organisations.my_places(viewer=viewer, also={one.unit_id for one in keeping.follows})
    inside = [one.unit.pk for one in held]
    mine = measures.mine(viewer=viewer, keeping=keeping, facts=facts, held=inside, at=at) if inside or keeping.follows else None
    asked = _ask(viewer, at)
    thanks = asked.pop(THANKS)
    due = gather(viewer=viewer, at=at, known={"measures": mine.due if mine else (), **asked})
    above = [one.unit.pk for one in held if one.unit.rank < organisations.ORGANISATION_RANK]
    charts = {one.unit.pk: one for one in mine.places} if mine else {}
    names = all_roles().with_right(organisations.NAMES)
    shown = {one.unit_id for one in viewer.grants if one.role in names}
    places = tuple(HomePlace(one, charts.get(one.unit.pk), one.unit.pk in above, one.unit.pk in shown) for one in held)
    shared = organisations.shared_with_me(viewer=viewer, unit_ids=above) if above else ()
    return Home(
        name=viewer.name, at=at, due=due[:MOST_DUE], due_total=len(due), places=places[:PLACES],
        more_places=tuple(one.place for one in places[PLACES:]), is_partner=bool(roles) and roles <= all_roles().outside, mine=mine,
        shared=tuple((facts[one.shared_with], one) for one in shared),
        names=_names(viewer, {one.measure_code for one in shared}),
        may_load=any(anywhere(viewer=viewer, do=right) for right in LOADS), may_administer=administers(viewer=viewer),
        thanks=thanks,
    )  # fmt: skip


def _ask(viewer: Viewer, at: datetime) -> dict[str, tuple[Any, ...]]:
    """Ask what is due in the rooms and who said thank you, in one statement. Thanks are not due: no letter counts them."""
    rooms = {room: asking(viewer=viewer, at=at) for room, asking in ASKING.items()}
    return todo.gather(rooms | {THANKS: (projects.thanks_asking(viewer=viewer, today=timezone.localdate(at)),)})


def _names(viewer: Viewer, codes: set[str]) -> dict[str, str]:
    """Return what the measures that are shared are called."""
    return {code: one.name for code, one in measures.named(viewer=viewer, codes=codes - {""}).items()} if codes - {""} else {}


def administers(*, viewer: Viewer) -> bool:
    """Whether there is anything under Admin tools for somebody; it asks nothing of the database."""
    return any(anywhere(viewer=viewer, do=right) for right in ADMINISTERS)


def there(path: str) -> bool:
    """Whether a page of this address is served here: a link is drawn only to what opens."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
