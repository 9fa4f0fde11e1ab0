"""Ideas as far as a viewer may see them: their own, and those that colleagues shared; row-level security decides which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Min, Q, Value, When

from espalier.access.deciding import visible
from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.todo import Asking, Due, day_of
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.models import Idea, Project

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

IDEAS = "/projects/ideas/"
MOST = 100
COLUMNS = (
    "pk", "words", "edition", "state", "reason", "shared_with_team", "owner_id", "account_id", "made_at", "changed_at", "answered_at",
    "read_at", "project_id", "unit_id", "answered_by_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IdeaFacts:
    """An idea and what became of it. Names are "" for whoever may not see them, and for those who are gone."""

    pk: UUID
    words: str
    edition: int
    state: str
    reason: str
    shared: bool
    owner_id: int | None
    account_id: int
    made_at: datetime
    changed_at: datetime
    answered_at: datetime | None
    read_at: datetime | None
    project_id: int | None
    unit: UnitFacts | None
    author: str
    answered_by: str  # "" also where it was the author
    project: str  # the project's title, where the viewer may read it
    is_mine: bool
    may_answer: bool

    @property
    def href(self) -> str:
        """Its page."""
        return f"{IDEAS}{self.pk}/"

    @property
    def is_unread(self) -> bool:
        """Whether somebody answered and the author has not said that they read it."""
        return self.is_mine and self.answered_at is not None and self.read_at is None


@dataclass(frozen=True, slots=True)
class IdeasPage:
    """One's own ideas, those of colleagues, and where one may note them."""

    mine: tuple[IdeaFacts, ...]
    theirs: tuple[IdeaFacts, ...]
    places: tuple[UnitFacts, ...]  # the nearest first
    more: bool  # whether there are others than the newest


def my_units(*, viewer: Viewer) -> tuple[UnitFacts, ...]:
    """Return the places where the viewer belongs, the nearest to their work first."""
    held = {one.unit_id for one in viewer.grants}
    found = organisations.units(viewer=viewer, pks=held).values() if held else ()
    return tuple(sorted(found, key=lambda one: (-one.rank, one.name)))


def place_for(*, viewer: Viewer, wanted: int | None) -> int | None:
    """Return the place an idea is of: the wanted one where the viewer belongs there, else the nearest; none for who belongs nowhere."""
    places = [one.pk for one in my_units(viewer=viewer)]
    return wanted if wanted in places else next(iter(places), None)


def idea_facts(*, viewer: Viewer, pk: UUID, taken_back: bool = False) -> IdeaFacts:
    """Return one idea; one that is not there and one that is not shared with the viewer are answered alike."""
    row = Idea.objects.filter(pk=pk, removed_at__isnull=not taken_back).values(*COLUMNS).first()
    if row is None or (taken_back and row["account_id"] != viewer.account_id):
        raise NotFoundHere("There is no such idea, or it is not shared with you.", suggestions=(Suggestion("Ideas", IDEAS),))
    return _facts(viewer, [row])[0]


def ideas_page(*, viewer: Viewer, places: tuple[UnitFacts, ...], words: str = "", state: str = "") -> IdeasPage:
    """Return the viewer's own ideas and those shared with them, newest first; only some of them where words or a state are asked for.

    places are those of `my_units`, which the page has asked already.
    """
    found, me = Idea.objects.filter(removed_at=None), viewer.account_id or 0
    if words:
        found = found.filter(Q(words__icontains=words) | Q(reason__icontains=words))
    if state:
        found = found.filter(state=state)
    mine = list(found.filter(account_id=me).order_by("-made_at", "pk").values(*COLUMNS)[: MOST + 1])
    others = found.exclude(account_id=me).filter(shared_with_team=True)
    theirs = list(others.order_by("-made_at", "pk").values(*COLUMNS)[: MOST + 1])
    facts = _facts(viewer, [*mine[:MOST], *theirs[:MOST]], known=places)
    own = min(len(mine), MOST)
    return IdeasPage(facts[:own], facts[own:], places, more=max(len(mine), len(theirs)) > MOST)


def _facts(viewer: Viewer, rows: list[dict[str, Any]], known: tuple[UnitFacts, ...] = ()) -> tuple[IdeaFacts, ...]:
    names = organisations.names_of_accounts(viewer=viewer, accounts=_numbers(rows, "account_id", "answered_by_id"))
    units = {one.pk: one for one in known}
    if lacking := _numbers(rows, "unit_id") - units.keys():
        units |= organisations.units(viewer=viewer, pks=lacking)
    projects = dict(Project.objects.filter(pk__in=_numbers(rows, "project_id")).values_list("pk", "title"))
    reached = visible(viewer=viewer, do=permissions.ANSWER_IDEAS) if any(row["account_id"] != viewer.account_id for row in rows) else set()
    return tuple(_one(viewer, row, names, units, projects, row["unit_id"] in reached) for row in rows)


def _numbers(rows: list[dict[str, Any]], *columns: str) -> set[int]:
    return {number for row in rows for column in columns if isinstance(number := row[column], int)}


def _one(
    viewer: Viewer, row: dict[str, Any], names: dict[int, str], units: dict[int, UnitFacts], projects: dict[int, str], may_answer: bool
) -> IdeaFacts:
    facts = dict(row)
    unit, by, mine = facts.pop("unit_id"), facts.pop("answered_by_id"), row["account_id"] == viewer.account_id
    return IdeaFacts(
        unit=units.get(unit), author=names.get(row["account_id"], ""), is_mine=mine, may_answer=mine or may_answer,
        answered_by=names.get(by, "") if by != row["account_id"] else "", project=projects.get(row["project_id"], ""),
        shared=facts.pop("shared_with_team"), **facts,
    )  # fmt: skip


def ideas_asking(*, viewer: Viewer, at: datetime) -> Asking:
    """Ask what was answered and not read yet, and whether shared ideas wait for the viewer's word: one question for both."""
    del at
    mine = Q(account_id=viewer.account_id)
    answered = mine & Q(answered_at__isnull=False, read_at=None)
    waiting = Q(state="new", shared_with_team=True) & organisations.where_may(viewer=viewer, do=permissions.ANSWER_IDEAS) & ~mine
    kind = Case(When(answered, then=Value("answered")), When(waiting, then=Value("waiting")))
    rows = Idea.objects.filter(answered | waiting, removed_at=None).annotate(kind=kind).values("kind").annotate(
        many=Count("pk"), since=Min(Case(When(answered, then=F("answered_at")), default=F("made_at")))
    )  # fmt: skip
    return Asking.of(rows.order_by("kind"), lambda found: [_due(**row) for row in found])


def _due(kind: str, many: int, since: str) -> Due:
    on = day_of(since)
    if kind == "answered":
        what = "Somebody answered your idea" if many == 1 else f"{many} of your ideas were answered"
        return Due(what, do="Read", href=f"{IDEAS}#mine", since_on=on)
    what = "An idea waits for your answer" if many == 1 else f"{many} ideas wait for your answer"
    return Due(what, do="Answer", href=f"{IDEAS}?state=new#theirs", since_on=on)
