"""Definitions of measures, as pages show them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from espalier.access.decisions import Decision
from espalier.common.errors import NotFoundHere, Suggestion
from espalier.measures.models import Measure, MeasureUse, MeasureVersion, Series
from espalier.measures.permissions import may_define, may_edit
from espalier.measures.rules import dimensions_of, load_dimensions, targets_of
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.common.periods import Grain
    from espalier.measures.rules import Dimension
    from espalier.organisations.queries import UnitFacts


ABOVE_ORGANISATIONS = ("nation", "region", "system", "national-group")  # there an organisation's own measures are not listed


@dataclass(frozen=True, slots=True)
class Definition:
    """What is measured and how: the file in content/measures or what a page asked for, with its number in the database."""

    pk: int
    code: str
    name: str
    short_name: str
    gap: str
    measured_in: str
    decimals: int
    improvement: str
    roll_up: str
    made_up: bool
    target: float | None  # the newest one
    words: Mapping[str, Any] = field(compare=False)  # the whole file, for the pages that show it
    version: int = 1
    scope: str = "open"
    organisation_id: int | None = None  # the organisation that made it; None for the library
    made_for_id: int | None = None
    retired_at: datetime | None = None

    @property
    def frequency(self) -> Grain:
        """How often it is counted: the length of one period."""
        grain: Grain = self.words["frequency"]
        return grain

    def target_on(self, day: date | None) -> float | None:
        """Return the target that held on a day; without a day the newest."""
        held = [value for since, value in targets_of(self.words) if day is None or since is None or since <= day]
        return held[-1] if held else None

    @property
    def rolls_up(self) -> bool:
        """Whether places above have a figure worked out from those below."""
        return self.roll_up in {"sum", "mean"}

    @property
    def is_local(self) -> bool:
        """Whether an organisation made it on a page."""
        return self.organisation_id is not None

    @property
    def href(self) -> str:
        """The measure's page."""
        return f"/measures/{self.code}/"


_COLUMNS = ("pk", "definition", "version", "scope", "organisation_id", "made_for_id", "retired_at")


def _of(pk: int, words: Mapping[str, Any], version: int, scope: str, *rest: Any) -> Definition:
    plain = {
        key: words[key] for key in ("code", "name", "short_name", "gap", "measured_in", "decimals", "improvement", "roll_up", "made_up")
    }
    organisation_id, made_for_id, retired_at = rest
    targets = targets_of(words)
    facts = {**words, "retired": True} if retired_at else words
    return Definition(
        pk=pk, target=targets[-1][1] if targets else None, words=facts, version=version, scope=scope, organisation_id=organisation_id,
        made_for_id=made_for_id, retired_at=retired_at, **plain,
    )  # fmt: skip


def definitions(*, viewer: Viewer, at: UnitFacts | None = None, which: Q | None = None) -> tuple[Definition, ...]:
    """Return the library in the order of pages, and with `at` also what organisations made and use at or below a place.

    Definitions are for everybody; figures may not be. Above organisations their own measures are left out: a region
    has thousands, and none of them is about the region. Retired ones are found by their address only. `which` narrows further.
    """
    wanted = Q(organisation_id=None)
    if at is not None and at.kind not in ABOVE_ORGANISATIONS:
        inside = organisations.below(viewer=viewer, unit_id=at.pk)
        wanted |= Q(pk__in=MeasureUse.objects.filter(unit_id__in=inside).values("measure_id"))
    rows = Measure.objects.filter(wanted, which or Q(), retired_at=None).order_by("place", "code")
    return tuple(_of(*row) for row in rows.values_list(*_COLUMNS))


def named(*, viewer: Viewer, codes: Collection[str]) -> dict[str, Definition]:
    """Return definitions by code, those an organisation made on a page too; unknown codes are absent."""
    del viewer
    return {one.code: one for one in (_of(*row) for row in Measure.objects.filter(code__in=codes).values_list(*_COLUMNS))}


def along(code: OuterRef) -> Subquery:
    """Return, for another room's question, the definition behind a code in its rows; `read` makes it of what comes back."""
    return Subquery(Measure.objects.filter(code=code).values(told=JSONObject(**{name: name for name in _COLUMNS}))[:1])


def read(told: Mapping[str, Any]) -> Definition:
    """Make a definition of what `along` brought."""
    retired = told["retired_at"]
    return _of(*(told[name] for name in _COLUMNS[:-1]), datetime.fromisoformat(retired) if retired else None)


def of_numbers(*, viewer: Viewer, pks: Collection[int]) -> dict[int, Definition]:
    """Return definitions by number, whoever made them and retired ones too: for what names a measure that is there."""
    del viewer
    return {one.pk: one for one in (_of(*row) for row in Measure.objects.filter(pk__in=pks).values_list(*_COLUMNS))}


def definition(*, viewer: Viewer, code: str) -> Definition:
    """Return one definition, or an error that carries near matches."""
    if row := Measure.objects.filter(code=code).values_list(*_COLUMNS).first():
        return _of(*row)
    known = {one.code: one for one in definitions(viewer=viewer)}
    close = difflib.get_close_matches(code.lower(), known, n=4, cutoff=0.4) or list(known)[:4]
    suggestions = tuple(Suggestion(known[match].name, known[match].href) for match in close)
    raise NotFoundHere(f"We know no measure called {code[:40]!r}.", suggestions=suggestions)


@dataclass(frozen=True, slots=True)
class Version:
    """What the definition said from a moment on."""

    number: int
    at: datetime
    by: int | None  # the account; names are looked up when shown
    why: str
    comparable: bool
    changed: tuple[str, ...]  # which lines differ from the version before


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """Everything the page of a definition says."""

    definition: Definition
    owner: UnitFacts | None
    versions: tuple[Version, ...]  # newest first
    names: Mapping[int, str]
    users: tuple[UnitFacts, ...]
    more_users: int
    here: UnitFacts | None  # the place the reader comes from
    used_here: bool
    may_edit: Decision
    may_use: Decision


USERS_SHOWN = 200


def definition_page(*, viewer: Viewer, measure: str, here: UnitFacts | None) -> DefinitionPage:
    """Return a definition with its versions and who uses it; here is the place somebody comes from, if any."""
    what = definition(viewer=viewer, code=measure)
    users = _users(what)
    facts = organisations.units(viewer=viewer, pks={*users[:USERS_SHOWN], *filter(None, [what.organisation_id, what.made_for_id])})
    versions = versions_of(viewer=viewer, definition=what)
    made_for = facts.get(what.made_for_id or 0)
    return DefinitionPage(
        definition=what, owner=facts.get(what.organisation_id or 0), versions=versions,
        names=organisations.names_of_accounts(viewer=viewer, accounts={one.by for one in versions if one.by}),
        users=tuple(sorted((facts[pk] for pk in users[:USERS_SHOWN]), key=lambda one: one.name)),
        more_users=max(0, len(users) - USERS_SHOWN), here=here, used_here=bool(here and here.pk in users),
        may_edit=may_edit(viewer=viewer, made_for=made_for),
        may_use=may_define(viewer=viewer, unit=here) if here else Decision(allowed=False, reason="Open a ward or team first."),
    )  # fmt: skip


def _users(what: Definition) -> list[int]:
    """Return the units that said they use it or have figures of their own."""
    said = MeasureUse.objects.filter(measure_id=what.pk).values_list("unit_id")
    return [pk for (pk,) in said.union(Series.objects.filter(measure_id=what.pk).values_list("unit_id")).order_by("unit_id")]


def versions_of(*, viewer: Viewer, definition: Definition) -> tuple[Version, ...]:
    """Return the versions of a definition, newest first, each with the lines that changed."""
    del viewer
    rows = list(MeasureVersion.objects.filter(measure_id=definition.pk).order_by("number"))
    before: Mapping[str, Any] = {}
    found = []
    for row in rows:
        lines = {*before, *row.definition} - {"version"}
        changed = tuple(sorted(line for line in lines if before.get(line) != row.definition.get(line))) if before else ()
        found.append(Version(row.number, row.at, row.account_id, row.why, row.comparable, changed))
        before = row.definition
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class NewMeasurePage:
    """What the page for a new measure says."""

    unit: UnitFacts
    may_define: Decision
    dimensions: tuple[Dimension, ...]


def new_measure_page(*, viewer: Viewer, unit: UnitFacts | None) -> NewMeasurePage:
    """Return where a measure would be made, and whether this viewer may."""
    if unit is None:
        raise NotFoundHere("A measure is made for a place.", suggestions=(Suggestion("Find your ward or team", "/search/"),))
    return NewMeasurePage(unit=unit, may_define=may_define(viewer=viewer, unit=unit), dimensions=dimensions())


@cache
def _known_dimensions() -> tuple[dict[str, Any], ...]:
    return load_dimensions(settings.CONTENT_DIR)


def dimensions() -> tuple[Dimension, ...]:
    """Return every dimension of the content folder."""
    known = _known_dimensions()
    return dimensions_of({"splits": [one["code"] for one in known]}, known)


def splits_of(definition: Definition) -> tuple[Dimension, ...]:
    """Return by what a measure is split, each with its groups."""
    return dimensions_of(definition.words, _known_dimensions()) if definition.words.get("splits") else ()


COLUMNS = _COLUMNS  # for a question about something else that asks for the definition along


def of_row(row: tuple[Any, ...]) -> Definition:
    """Make a definition of the columns named in COLUMNS."""
    return _of(*row)
