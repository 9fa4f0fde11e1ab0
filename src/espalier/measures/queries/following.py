"""What a person has saved, follows, and would be told of now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, Max, OuterRef, Q, Subquery

from espalier.access.accounts import email_of
from espalier.access.deciding import can_each
from espalier.common.errors import NotFoundHere, Suggestion
from espalier.measures.models import Digest, Follow, PointVersion, SavedView, Series
from espalier.measures.permissions import NOTE
from espalier.measures.queries.changes import Changes, changes
from espalier.measures.queries.definitions import Definition, of_numbers
from espalier.measures.queries.late import behind, by_teams, missing, stretches
from espalier.measures.rules import expected_until, steps
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from typing import Any

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts


@dataclass(frozen=True, slots=True)
class View:
    """A saved page of many charts."""

    pk: int
    name: str
    definition: Definition
    place: UnitFacts
    choices: tuple[tuple[str, str], ...]
    shared_with: UnitFacts | None
    mine: bool
    made_at: datetime
    removed: bool

    @property
    def href(self) -> str:
        """The page itself, whose own rights hold for whoever opens it."""
        return f"{self.definition.href}?{urlencode([('unit', self.place.code), *self.choices])}"


@dataclass(frozen=True, slots=True)
class Followed:
    """A place, or a measure there, that the viewer hears of."""

    pk: int
    unit: UnitFacts
    definition: Definition | None
    below: bool
    how_often: str
    gone: bool = False  # figures that others shared, and have taken back

    @property
    def href(self) -> str:
        """What is followed."""
        if self.definition is None:
            return self.unit.href
        return f"{self.definition.href}?unit={self.unit.code}" if self.below else f"{self.definition.href}{self.unit.code}/"


@dataclass(frozen=True, slots=True)
class LateNow:
    """A series that became late since the last letter."""

    definition: Definition
    unit: UnitFacts
    last: date
    behind: int
    is_open: bool

    @property
    def href(self) -> str:
        """The chart."""
        return f"{self.definition.href}{self.unit.code}/"


@dataclass(frozen=True, slots=True)
class Letter:
    """What one letter would say, or says."""

    how_often: str
    since: datetime | None  # None: nothing is followed so often
    follows: int
    changes: Changes | None
    late: tuple[LateNow, ...]

    @property
    def signals(self) -> int:
        """How many charts newly stand out."""
        return sum(one.is_signal for one in self.changes.rows) if self.changes else 0

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say: then nothing is sent."""
        return not (self.signals or self.late)


def follow_of(*, viewer: Viewer, unit_id: int, measure_id: int | None, below: bool = False) -> str:
    """Return how often the viewer hears of a chart (or of a place): a code, or '' when they do not."""
    if viewer.is_visitor:
        return ""
    mine = Follow.objects.filter(account_id=viewer.account_id or 0, unit_id=unit_id, below=below)
    mine = mine.filter(measure__isnull=True) if measure_id is None else mine.filter(measure_id=measure_id)
    return mine.values_list("how_often", flat=True).first() or ""


def mail_address(*, viewer: Viewer) -> str:
    """Return where letters to the viewer go, '' where there is no address."""
    return email_of(viewer.account_id)


def follows(*, viewer: Viewer) -> tuple[Followed, ...]:
    """Return everything the viewer follows, by name."""
    rows = list(Follow.objects.filter(account_id=viewer.account_id or 0).values_list("pk", "unit_id", "measure_id", "below", "how_often"))
    if not rows:
        return ()
    facts = organisations.units(viewer=viewer, pks={row[1] for row in rows})
    known = of_numbers(viewer=viewer, pks={row[2] for row in rows if row[2]})
    seen = set(Series.objects.filter(measure_id__in=known, unit_id__in=facts).order_by().values_list("unit_id", "measure_id").distinct())
    mine = {pk for pk, may in can_each(viewer=viewer, do=NOTE, unit_ids=list(facts)).items() if may}
    taken = {pk for pk, one in known.items() if one.scope == "shared"}
    found = [
        Followed(pk, facts[unit], known.get(measure or 0), below, often,
                 gone=measure in taken and not below and unit not in mine and (unit, measure) not in seen)
        for pk, unit, measure, below, often in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.unit.name, one.definition.name if one.definition else "")))


def saved_views(*, viewer: Viewer, with_removed: int | None = None) -> tuple[View, ...]:
    """Return the viewer's own saved views and those shared with where they belong; of removed ones only the one named."""
    rows = SavedView.objects.filter(Q(removed_at__isnull=True) | Q(pk=with_removed, account_id=viewer.account_id or 0))
    return _views(viewer, rows.order_by("name", "pk").values_list(*_COLUMNS))


def saved_view(*, viewer: Viewer, pk: int, removed: bool = False) -> View:
    """Return one saved view the viewer may see. What is not shared with them is as if it were not there."""
    rows = SavedView.objects.filter(pk=pk, removed_at__isnull=not removed)
    found = _views(viewer, rows.values_list(*_COLUMNS))
    if not found:
        raise NotFoundHere("There is no saved page of that number.", suggestions=(Suggestion("Your saved pages", "/measures/views/"),))
    return found[0]


_COLUMNS = ("pk", "name", "measure_id", "place_id", "choices", "unit_id", "account_id", "made_at", "removed_at")


def _views(viewer: Viewer, rows: Iterable[tuple[Any, ...]]) -> tuple[View, ...]:
    several = list(rows)
    if not several:
        return ()
    known = of_numbers(viewer=viewer, pks={row[2] for row in several})
    facts = organisations.units(viewer=viewer, pks={pk for row in several for pk in (row[3], row[5]) if pk})
    return tuple(
        View(
            pk, name, known[measure], facts[place], tuple(sorted(choices.items())), facts.get(unit or 0),
            account == viewer.account_id, made, removed is not None,
        )
        for pk, name, measure, place, choices, unit, account, made, removed in several
    )  # fmt: skip


def letter(*, viewer: Viewer, how_often: str, today: date) -> Letter:
    """Gather what is new, since the last letter of this rhythm, at everything the viewer follows so often."""
    last = Digest.objects.filter(account_id=OuterRef("account_id"), how_often=OuterRef("how_often")).order_by("-sent_at").values("sent_at")
    rows = list(
        Follow.objects.filter(account_id=viewer.account_id or 0, how_often=how_often)
        .annotate(last=Subquery(last[:1]))
        .values_list("unit_id", "measure_id", "below", "since_at", "last")
    )
    if not rows:
        return Letter(how_often, None, 0, None, ())
    since = rows[0][4] or min(row[3] for row in rows)
    where = Q(pk__in=[])
    for unit, measure, below, *_ in rows:
        one = Q(unit_id__in=organisations.below(viewer=viewer, unit_id=unit)) if below else Q(unit_id=unit)
        where |= one & Q(measure_id=measure) if measure else one
    return Letter(how_often, since, len(rows), changes(viewer=viewer, where=where, since=since), _late_since(viewer, where, since, today))


def _late_since(viewer: Viewer, where: Q, since: datetime, today: date) -> tuple[LateNow, ...]:
    """Return what became late since a moment: what was late before has been said before."""
    there = stretches(viewer=viewer, where=where)
    # By number: what an organisation made on a page is followed too, and is not in the library.
    known = of_numbers(viewer=viewer, pks={row.measure_id for row in there}) if there else {}
    used = [one for one in known.values() if one.retired_at is None]
    still = [row for row in there if known[row.measure_id].retired_at is None]
    rows, _ = missing(viewer=viewer, wanted=used, there=still, today=today)
    late = [(row, what, due) for row, what, due in rows if behind(row, what, due) > 0]
    published = _published_since(since) if any(not by_teams(what) for _, what, _ in late) else set()
    fresh = [
        (row, what, due) for row, what, due in late
        if (by_teams(what) and _was_in_time(row.last, what, since)) or (not by_teams(what) and (what.pk, due) in published)
    ]  # fmt: skip
    facts = organisations.units(viewer=viewer, pks={row.unit_id for row, *_ in fresh}) if fresh else {}
    return tuple(LateNow(what, facts[row.unit_id], row.last, behind(row, what, due), row.owner_id is None) for row, what, due in fresh)


def _was_in_time(last: date, what: Definition, since: datetime) -> bool:
    due = expected_until(what.words, newest=None, today=since.date())
    return due is not None and steps(last, due, what.frequency) <= 0


def _published_since(since: datetime) -> set[tuple[int, date]]:
    """Return the newest months published since, by measure: against these others have just become late."""
    newest = (
        PointVersion.objects.filter(at__gt=since, old_value__isnull=True).order_by().values_list("series_id").annotate(on=Max("period_on"))
    )
    months = dict(newest)
    found: dict[int, date] = {}
    for pk, measure in Series.objects.filter(pk__in=list(months)).values_list("pk", "measure_id"):
        found[measure] = max(months[pk], found.get(measure, months[pk]))
    return set(found.items())


def rhythms(*, viewer: Viewer) -> dict[str, int]:
    """Return how many things the viewer follows in each rhythm."""
    rows = Follow.objects.filter(account_id=viewer.account_id or 0).order_by().values_list("how_often").annotate(number=Count("pk"))
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that was written, and what became of it."""

    pk: int
    how_often: str
    at: datetime
    signals: int
    late: int
    due: int
    state: str


def letters_sent(*, viewer: Viewer) -> tuple[Sent, ...]:
    """Return the viewer's newest letters."""
    rows = Digest.objects.filter(account_id=viewer.account_id or 0).order_by("-sent_at")
    return tuple(Sent(*row) for row in rows.values_list("pk", "how_often", "sent_at", "signals", "late", "due", "state")[:10])
