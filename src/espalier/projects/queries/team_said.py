"""What a team keeps for itself, as far as a viewer may see it: row-level security leaves it to the people of the place.

Each is a question that is not asked yet, so that a page asks all of them in one statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from espalier.common.todo import Asking, answers
from espalier.organisations import queries as organisations
from espalier.projects.models import Hindrance, Idea, Project, Promise, Thanks

if TYPE_CHECKING:

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

    Row = dict[str, Any]

GOING_ON = ("planning", "active", "sustaining")
NAMED, SAID, THANKED, ON_HOME = 30, 40, 8, 5  # so many of each at most
A_WHILE, LATELY, NEW = timedelta(days=365), timedelta(days=60), timedelta(days=30)  # how long what is over stays on a page


@dataclass(frozen=True, slots=True)
class HindranceFacts:
    """Something that gets in the way of a good day. Who said it is not among what pages get."""

    pk: int
    words: str
    state: str
    reason: str
    edition: int
    said_on: date
    worked_on_by_id: int | None
    worked_on_by: str  # "" for nobody, and for somebody who is gone
    project_id: int | None
    project: str  # "" where the viewer may not read it
    idea_id: str | None
    idea: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """What somebody said they would do, and what became of it."""

    pk: int
    words: str
    state: str
    became: str
    edition: int
    said_on: date
    said_by: str
    by_on: date
    late: bool
    removed: bool = False


@dataclass(frozen=True, slots=True)
class ThanksFacts:
    """A thank-you note; to is "" for the whole team."""

    pk: int
    words: str
    edition: int
    said_on: date
    said_by: str
    to: str
    to_all: bool
    is_mine: bool  # the viewer wrote it, or it is for them: they may put it away
    removed: bool = False


def _said_on(row: Row) -> date:
    return timezone.localdate(datetime.fromisoformat(row["said_at"]))


def hindrances_asking(viewer: Viewer, unit: UnitFacts, today: date) -> Asking:
    """Those that stand, the ones nobody works on first; and what became of those of the last weeks."""
    standing = Q(state__in=("open", "working")) | Q(changed_at__date__gte=today - LATELY)
    order = Case(When(state="open", then=0), When(state="working", then=1), default=2, output_field=IntegerField())
    rows = Hindrance.objects.filter(standing, unit_id=unit.pk, removed_at=None).annotate(order=order)
    return _ask_hindrances(viewer, rows.order_by("order", "-changed_at", "-pk"))


def _ask_hindrances(viewer: Viewer, rows: QuerySet[Hindrance]) -> Asking:
    rows = rows.annotate(
        by=organisations.name_of(viewer=viewer, account=OuterRef("worked_on_by_id")),
        project=Subquery(Project.objects.filter(pk=OuterRef("project_id")).values("title")),
        idea=Subquery(Idea.objects.filter(pk=OuterRef("idea_id"), removed_at=None).values("words")),
    )  # fmt: skip
    columns = (
        "pk", "words", "state", "reason", "edition", "said_at", "worked_on_by_id", "by", "project_id", "project", "idea_id", "idea",
        "removed_at",
    )  # fmt: skip
    return Asking.of(rows.values(*columns)[:NAMED], lambda found: [_hindrance(row) for row in found])


def _hindrance(row: Row) -> HindranceFacts:
    return HindranceFacts(
        row["pk"], row["words"], row["state"], row["reason"], row["edition"], _said_on(row), row["worked_on_by_id"], row["by"] or "",
        row["project_id"], row["project"] or "", row["idea_id"], row["idea"] or "", removed=row["removed_at"] is not None,
    )  # fmt: skip


def promises_asking(viewer: Viewer, unit: UnitFacts, today: date) -> Asking:
    """Those that stand, the first due first; then what became of the others in a year."""
    shown = Q(state="open") | Q(changed_at__date__gte=today - A_WHILE)
    order = Case(When(state="open", then=0), default=1, output_field=IntegerField())
    rows = Promise.objects.filter(shown, unit_id=unit.pk, removed_at=None).annotate(order=order)
    return _ask_promises(viewer, rows.order_by("order", "by_on", "-changed_at"), today)


def _ask_promises(viewer: Viewer, rows: QuerySet[Promise], today: date) -> Asking:
    rows = rows.annotate(by=organisations.name_of(viewer=viewer, account=OuterRef("said_by_id")))
    columns = ("pk", "words", "state", "became", "edition", "said_at", "by", "by_on", "removed_at")
    return Asking.of(rows.values(*columns)[:SAID], lambda found: [_promise(row, today) for row in found])


def _promise(row: Row, today: date) -> PromiseFacts:
    by = date.fromisoformat(row["by_on"])
    return PromiseFacts(
        row["pk"], row["words"], row["state"], row["became"], row["edition"], _said_on(row), row["by"] or "", by,
        late=row["state"] == "open" and by < today, removed=row["removed_at"] is not None,
    )  # fmt: skip


def notes_asking(viewer: Viewer, unit: UnitFacts, today: date) -> Asking:
    """The notes of the last weeks, newest first."""
    rows = Thanks.objects.filter(unit_id=unit.pk, removed_at=None, said_at__date__gte=today - LATELY)
    return _ask_thanks(viewer, rows.order_by("-said_at", "-pk"))


def _ask_thanks(viewer: Viewer, rows: QuerySet[Thanks]) -> Asking:
    name, me = organisations.name_of, viewer.account_id
    rows = rows.annotate(by=name(viewer=viewer, account=OuterRef("said_by_id")), to=name(viewer=viewer, account=OuterRef("for_id")))
    columns = ("pk", "words", "edition", "said_at", "said_by_id", "for_id", "by", "to", "removed_at")
    return Asking.of(rows.values(*columns)[:THANKED], lambda found: [_note(row, me) for row in found])


def _note(row: Row, me: int | None) -> ThanksFacts:
    return ThanksFacts(
        row["pk"], row["words"], row["edition"], _said_on(row), row["by"] or "", row["to"] or "", to_all=row["for_id"] is None,
        is_mine=me in {row["said_by_id"], row["for_id"]}, removed=row["removed_at"] is not None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Earlier:
    """Everything a team kept that its page no longer shows, newest first."""

    hindrances: tuple[HindranceFacts, ...]
    promises: tuple[PromiseFacts, ...]
    thanks: tuple[ThanksFacts, ...]


def earlier(*, viewer: Viewer, unit: UnitFacts, today: date) -> Earlier:
    """Return what the page of a team no longer shows: what is over, and what was put away."""
    gone = Q(removed_at__isnull=False)
    over = Hindrance.objects.filter(gone | Q(state__in=("better", "not-now")), unit_id=unit.pk).order_by("-changed_at", "-pk")
    past = Promise.objects.filter(gone | ~Q(state="open"), unit_id=unit.pk).order_by("-changed_at", "-pk")
    said = Thanks.objects.filter(gone | Q(said_at__date__lt=today - LATELY), unit_id=unit.pk).order_by("-said_at", "-pk")
    asked = [_ask_hindrances(viewer, over), _ask_promises(viewer, past, today), _ask_thanks(viewer, said)]
    return Earlier(*(tuple(one.tell(rows)) for one, rows in zip(asked, answers(asked), strict=True)))


def hindrance(*, viewer: Viewer, unit: UnitFacts, pk: int) -> HindranceFacts | None:
    """Return one hindrance of a team, also one that was put away; none where the viewer is not of it."""
    asked = _ask_hindrances(viewer, Hindrance.objects.filter(pk=pk, unit_id=unit.pk))
    return next(iter(asked.tell(answers([asked])[0])), None)


def promise(*, viewer: Viewer, unit: UnitFacts, pk: int, today: date) -> PromiseFacts | None:
    """Return one promise made to a team."""
    asked = _ask_promises(viewer, Promise.objects.filter(pk=pk, unit_id=unit.pk), today)
    return next(iter(asked.tell(answers([asked])[0])), None)


def goes_on_in(*, viewer: Viewer, unit: UnitFacts) -> tuple[tuple[str, str], ...]:
    """Return the projects and shared ideas of a place in which a hindrance can go on, as a list to choose from."""
    del viewer
    projects = Project.objects.filter(unit_id=unit.pk, state__in=GOING_ON).order_by("-changed_at").values_list("pk", "title")[:NAMED]
    ideas = Idea.objects.filter(unit_id=unit.pk, shared_with_team=True, removed_at=None, state__in=("new", "trying"))
    shared = ideas.order_by("-made_at").values_list("pk", "words")[:NAMED]
    going = [(f"project {pk}", f"Project: {title}") for pk, title in projects]
    return tuple(going + [(f"idea {pk}", f"Idea: {words[:60]}") for pk, words in shared])


def people_of(*, viewer: Viewer, unit: UnitFacts) -> tuple[tuple[int, str], ...]:
    """Return the people of a place by name, with the viewer left in."""
    return tuple(sorted(organisations.accounts_at(viewer=viewer, unit_ids=[unit.pk]).items(), key=lambda one: one[1]))


@dataclass(frozen=True, slots=True)
class Thanked:
    """A note for somebody's own page."""

    words: str
    said_by: str
    on: date
    place: str
    href: str
    to_all: bool


def thanks_asking(*, viewer: Viewer, today: date) -> Asking:
    """Ask for the thanks of the last weeks to the viewer, or to the whole team they are of."""
    me = viewer.account_id or 0
    there = organisations.numbered(OuterRef("unit_id"))
    rows = Thanks.objects.filter(Q(for_id=me) | Q(for_id=None), removed_at=None, said_at__date__gte=today - NEW)
    rows = rows.exclude(said_by_id=me).annotate(
        by=organisations.name_of(viewer=viewer, account=OuterRef("said_by_id")), code=Subquery(there.values("code")),
        place=Subquery(there.values("name")), to_all=Case(When(for_id=None, then=Value(1)), default=Value(0)),
    )  # fmt: skip
    columns = ("words", "by", "said_at", "place", "code", "to_all")
    return Asking.of(rows.order_by("-said_at", "-pk").values(*columns)[:ON_HOME], lambda found: [_thanked(row) for row in found])


def _thanked(row: Row) -> Thanked:
    return Thanked(row["words"], row["by"] or "", _said_on(row), row["place"], f"/units/{row['code']}/#thanks", bool(row["to_all"]))
