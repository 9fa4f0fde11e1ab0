"""Figures as a kind of file: the engine of the room imports reads and compares, this room says what a figure is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from espalier.audit.recording import record
from espalier.common.periods import step
from espalier.imports.kinds import Change, ChangedMeanwhile, Checked, Field, Holds, Record, Shown, Trouble, Undone, Words
from espalier.imports.reading.numbers import number_of
from espalier.measures import queries
from espalier.measures.actions.storing import store_figures
from espalier.measures.models import Series
from espalier.measures.queries import importing
from espalier.measures.rules import Figure, UnableToStoreFigure
from espalier.measures.rules.importing import numbers_of, period_of, plainly_differs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Key, Line, Values
    from espalier.measures.queries import Definition
    from espalier.organisations.queries import UnitFacts

MEASURE, PLACE, PERIOD, TOP, BELOW, VALUE = range(6)
FIELDS: tuple[Field, ...] = (
    Field("measure", "Measure", "What is counted.", Holds.TEXT, required=True, roles=("measure",), for_all="choose",
          synonyms=("measure", "measure code", "indicator")),
    Field("place", "Team or organisation", "Its code or its whole name.", Holds.TEXT, required=True, roles=("unit-code", "unit-name"),
          for_all="Its code or name", synonyms=("code", "org code", "organisation code", "team", "ward", "place", "provider", "organisation")),  # noqa: E501
    Field("period", "Month", "The month or day that the figure is for.", Holds.PERIOD, required=True, roles=("period",),
          for_all="Like April 2019", synonyms=("month", "period", "date", "period_on")),
    Field("numerator", "How many", "The number counted, such as falls or days lost.", Holds.NUMBER, roles=("numerator",),
          synonyms=("numerator", "how many", "count", "number")),
    Field("denominator", "Out of how many", "All there were, such as days in bed.", Holds.NUMBER, roles=("denominator",),
          synonyms=("denominator", "out of", "out of how many", "total", "bed days")),
    Field("value", "The figure itself", "Only where the file has no counts, such as a published percentage.", Holds.NUMBER,
          roles=("value",), synonyms=("value", "figure", "rate", "percentage", "%")),
)  # fmt: skip
WHERE_TO_LOOK = 12  # links to charts after storing; more than a person would follow


class Figures:
    """Figures of measures, at places where the viewer may put them in."""

    code = "figures"
    name = "Figures of a measure"
    says = "One row for each place and month, or months across the top."
    fields = FIELDS
    core: tuple[str, ...] = ("numerator", "denominator", "value")
    words = Words(lines=("One row for each place and month, or months across the top: both are read.",))
    in_part = False

    def may_use(self, *, viewer: Viewer) -> str:
        """Say why not, or nothing."""
        if viewer.is_visitor:
            return "Sign in to load a file."
        return "" if viewer.grants else "Only people who belong to a team or an organisation here can load files."

    def held_back(self) -> str:
        """Figures are about nobody: every database takes them."""
        return ""

    def owner_of(self, *, viewer: Viewer) -> int | None:
        """Return the viewer's own place: the first one at which they hold a role."""
        return viewer.grants[0].unit_id if viewer.grants else None

    def choices(self, *, viewer: Viewer, field: str) -> tuple[tuple[str, str], ...]:
        """List the measures this viewer may load; places are typed or stand in the file."""
        return tuple((one.code, one.name) for one in importing.measures_to_load(viewer=viewer)) if field == "measure" else ()

    def lacks(self, *, given: Collection[str], chosen: Mapping[str, str]) -> Mapping[str, str]:
        """Ask for a number of some sort."""
        del chosen
        if {"numerator", "value"} & set(given):
            return {}
        return {"numerator": "Say where the numbers stand: how many, or the figure itself"}

    def check(self, *, viewer: Viewer, at: datetime, lines: Sequence[Line]) -> Checked:
        """Turn lines into figures of places and measures the viewer may load; all else is a problem of its row."""
        return _Check(viewer, at, lines).run()

    def standing(self, *, viewer: Viewer, records: Sequence[Record], lock: bool) -> Mapping[Key, Values]:
        """Return what stands at the records' measures and places, from their first to their last period."""
        return importing.standing(viewer=viewer, keys=(record.key for record in records), lock=lock)

    def shown(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[Shown, ...]:
        """Name place and month, and write the figures."""
        measures, units = _named(viewer, changes)
        return tuple(
            Shown(
                f"{units[change.key[1]].name}, {_when(measures[change.key[0]], change.key[2])}",
                _written(measures[change.key[0]], change.old), _written(measures[change.key[0]], change.new),
            )
            for change in changes
        )  # fmt: skip

    def too_many(self, *, removed: int, standing: int) -> str:
        """Warn of nothing: figures are removed by the month, and each of them is shown."""
        del removed, standing
        return ""

    def links(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[tuple[str, str], ...]:
        """Return the charts of what was stored; with very many places the page that has them all."""
        pairs = list(dict.fromkeys((change.key[0], change.key[1]) for change in changes))[: WHERE_TO_LOOK + 1]
        measures, units = _named(viewer, changes)
        if len(pairs) > WHERE_TO_LOOK:
            return tuple((f"All charts of {one.name}", one.href) for one in measures.values())
        return tuple(
            (f"{measures[measure].name}: {units[unit].name}", f"{measures[measure].href}{units[unit].code}/") for measure, unit in pairs
        )

    def store(self, *, actor: Viewer, at: datetime, why: str, batch: UUID, changes: Sequence[Change]) -> None:
        """Write all changes as one batch; owners of series stay as they are."""
        try:
            with transaction.atomic():
                for owner, several in _by_owner(changes).items():
                    figures = _figures(actor, several)
                    if figures:
                        store_figures(actor=actor, at=at, why=why, figures=figures, owner_id=owner, batch=batch)
                    _remove(actor, at, why, batch, owner, [change.key for change in several if change.new is None])
        except IntegrityError as clash:  # somebody put in the same month a moment ago
            raise ChangedMeanwhile from clash

    def undo(self, *, actor: Viewer, at: datetime, batch: UUID) -> Undone:
        """Put back what stood before the batch, in one statement each; what somebody changed since is left and named."""
        return _undo(actor, at, batch)


FIGURES = Figures()


class _Check:
    """One check of one file; it looks everything up once."""

    def __init__(self, viewer: Viewer, at: datetime, lines: Sequence[Line]) -> None:
        self.viewer, self.today, self.lines = viewer, timezone.localdate(at), lines
        self.measures = {one.code: one for one in importing.measures_to_load(viewer=viewer)}
        self.places = importing.places_to_load(viewer=viewer)
        texts = {line.texts[PLACE] for line in lines}
        self.unknown = {text for text in texts if not self.places.find(text)}
        self.others = importing.known_codes(viewer=viewer, texts=self.unknown)
        self.problems: list[Trouble] = []
        self._found: dict[tuple[str, str], UnitFacts | Trouble] = {}
        self.no_counts: dict[str, Line] = {}

    def run(self) -> Checked:
        """Return the records and what is wrong."""
        records = [record for line in self.lines if (record := self._record(line)) is not None]
        self.problems += [self._without_counts(code, line) for code, line in self.no_counts.items()]
        return Checked(tuple(records), tuple(self.problems))

    def _record(self, line: Line) -> Record | None:
        what = self.measures.get(line.texts[MEASURE].strip().casefold())
        if what is None:
            self._wrong(line, MEASURE, "is no measure that you can load", "Use the measure's code, or choose one for all rows.", "measure")
            return None
        unit = self._place(line, what)
        if unit is None:
            return None
        try:
            period = period_of(what.words.get("frequency", "month"), line.values[PERIOD].day, str(line.values[PERIOD].grain.value))
        except UnableToStoreFigure as problem:
            self._wrong(line, PERIOD, problem.what, problem.to_do, "period")
            return None
        key = (what.pk, unit.pk, period)
        if period > self.today:
            begun = f"This {what.words.get('frequency', 'month')} has not begun yet"
            self._wrong(line, PERIOD, begun, "Leave out periods of the future.", "future", key)
            return None
        if (after := step(period, what.words.get("frequency", "month"), 1)) > self.today:
            to_do = f"It can be put in from {after.day} {after:%B %Y}."
            self._wrong(line, PERIOD, "is not over yet", to_do, "unfinished", key)
            return None
        return self._figure(line, what, key)

    def _figure(self, line: Line, what: Definition, key: Key) -> Record | None:
        top, below, value = line.values[TOP : VALUE + 1]
        try:
            numbers = numbers_of(what.words, top, below, value)
        except UnableToStoreFigure as problem:
            at = {"numerator": TOP, "denominator": BELOW, "value": VALUE}[problem.field]
            at = at if line.columns[at] >= 0 else TOP
            if line.values[at] is None and number_of(line.texts[at]).missing == "suppressed":
                self._wrong(line, at, "is a small number hidden by its publisher", "Leave the whole row out.", "hidden", key)
            else:
                self._wrong(line, at, problem.what, problem.to_do, f"number-{problem.what[:30]}", key)
            return None
        if plainly_differs(value, numbers[2]) and top is not None:
            words = f"The counts come to {numbers[2]:,.2f}"
            self.problems.append(
                Trouble(line.row, line.columns[VALUE], line.texts[VALUE], words, "The counts are used.", "differs", warning=True)
            )
        if numbers[0] is None and what.rolls_up:
            self.no_counts.setdefault(what.code, line)
        shown = TOP if line.columns[TOP] >= 0 else VALUE
        return Record(key, numbers, line.row, line.columns[shown], line.texts[shown])

    def _place(self, line: Line, what: Definition) -> UnitFacts | None:
        text = line.texts[PLACE]
        known = self._found.get((text, what.code))
        if known is None:
            known = self._found[text, what.code] = self._find(text, what)
        if isinstance(known, Trouble):
            self.problems.append(
                Trouble(line.row, line.columns[PLACE], text, known.what, known.to_do, known.cause, elsewhere=known.elsewhere)
            )
            return None
        return known

    def _find(self, text: str, what: Definition) -> UnitFacts | Trouble:
        found = [unit for unit in self.places.find(text) if self.places.may(unit, what)]
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(unit.code for unit in found[:4])
            return Trouble(0, 0, text, "Several places have this name", f"Use a code: {codes}.", "several-places")
        if text.casefold() in self.others or self.places.find(text):
            what_to_do = "Leave these rows out. Their own people load them."
            return Trouble(0, 0, text, "You do not load figures of this place", what_to_do, "not-yours", elsewhere=True)
        if near := self.places.near(text):
            return Trouble(0, 0, text, "We know no such place", f"Did you mean {near}?", f"place-near-{near}")
        return Trouble(0, 0, text, "We know no such place", "Use the place's code or its whole name.", "place", elsewhere=True)

    def _without_counts(self, code: str, line: Line) -> Trouble:
        words = f"{self.measures[code].name} has figures without counts"
        to_do = "They are drawn, but cannot be added up for upper levels."
        return Trouble(line.row, line.columns[VALUE], "", words, to_do, "no-counts", warning=True)

    def _wrong(self, line: Line, at: int, what: str, to_do: str, cause: str, key: Key | None = None) -> None:
        text = line.texts[at]
        self.problems.append(Trouble(line.row, line.columns[at], text, what.rstrip("."), to_do, cause, key=key))


def _named(viewer: Viewer, changes: Sequence[Change]) -> tuple[dict[int, Definition], dict[int, UnitFacts]]:
    return importing.codes_of(viewer=viewer, measures={change.key[0] for change in changes}, units={change.key[1] for change in changes})


def _when(what: Definition, day: date) -> str:
    return f"{day:%B %Y}" if what.words.get("frequency", "month") == "month" else f"{day.day} {day:%B %Y}"


def _written(what: Definition, numbers: Values | None) -> str:
    if numbers is None or numbers[2] is None:
        return ""
    sign = "%" if what.measured_in == "percent" else ""
    counts = f" ({numbers[0]:,g} of {numbers[1]:,g})" if numbers[0] is not None and numbers[1] is not None else ""
    return f"{numbers[2]:,.{what.decimals}f}{sign}{counts}"


def _by_owner(changes: Sequence[Change]) -> dict[int | None, list[Change]]:
    """Group changes by the owner of the series they belong to: the one a person who types would see, or none."""
    pairs = {(change.key[0], change.key[1]) for change in changes}
    rows = Series.objects.filter(measure_id__in={a for a, _ in pairs}, unit_id__in={b for _, b in pairs}, stratum="")
    owners: dict[tuple[int, int], int | None] = {}
    for measure, unit, owner in rows.order_by("owner_id").values_list("measure_id", "unit_id", "owner_id"):
        owners.setdefault((measure, unit), owner)
    grouped: dict[int | None, list[Change]] = {}
    for change in changes:
        grouped.setdefault(owners.get((change.key[0], change.key[1])), []).append(change)
    return grouped


def _figures(actor: Viewer, changes: Sequence[Change]) -> list[Figure]:
    measures, units = _named(actor, changes)
    return [
        Figure(units[unit].code, measures[measure].code, period, *change.new)
        for change in changes if change.new is not None
        for measure, unit, period in (change.key,)
    ]  # fmt: skip


def _remove(actor: Viewer, at: datetime, why: str, batch: UUID, owner: int | None, keys: Iterable[Key]) -> None:
    """Remove figures, keeping what stood."""
    rows = list(keys)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE leaving (measure_id bigint, unit_id bigint, period_on date) ON COMMIT DROP")
        with cursor.copy("COPY leaving FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        gone = (
            " FROM leaving l JOIN measures_series s ON s.measure_id = l.measure_id AND s.unit_id = l.unit_id AND s.stratum = ''"
            " AND s.owner_id IS NOT DISTINCT FROM %(owner)s::bigint"
            " JOIN measures_point p ON p.series_id = s.id AND p.period_on = l.period_on"
        )
        facts = {"owner": owner, "batch": batch, "account": actor.account_id, "at": at, "why": why[:300]}
        cursor.execute(
            "INSERT INTO measures_pointversion (id, series_id, period_on, old_numerator, old_denominator, old_value, removed, batch,"
            " account_id, at, why) SELECT gen_random_uuid(), s.id, p.period_on, p.numerator, p.denominator, p.value, true,"
            " %(batch)s::uuid, %(account)s, %(at)s, %(why)s" + gone,
            facts,
        )
        cursor.execute("DELETE FROM measures_point WHERE id IN (SELECT p.id" + gone + ")", facts)  # noqa: S608
        cursor.execute("DROP TABLE leaving")
    record(actor=actor, verb="remove", object_kind="points", object_id=why[:120], at=at, detail={"removed": len(rows)})


# What a batch wrote, beside what stands now. A figure that was removed stands while nobody has put one in again.
_TAKEN = (
    "CREATE TEMP TABLE taken ON COMMIT DROP AS SELECT v.series_id, v.period_on,"
    " v.old_numerator, v.old_denominator, v.old_value,"
    " v.new_numerator, v.new_denominator, v.new_value, p.id AS point, s.measure_id, s.unit_id,"
    " (v.old_numerator IS NULL AND v.old_denominator IS NULL AND v.old_value IS NULL) AS was_new,"
    " CASE WHEN v.removed THEN p.id IS NULL ELSE p.id IS NOT NULL AND (p.numerator, p.denominator, p.value)"
    " IS NOT DISTINCT FROM (v.new_numerator, v.new_denominator, v.new_value) END AS as_left"
    " FROM measures_pointversion v JOIN measures_series s ON s.id = v.series_id"
    " LEFT JOIN measures_point p ON p.series_id = v.series_id AND p.period_on = v.period_on WHERE v.batch = %s"
)
_BACK = (
    "INSERT INTO measures_pointversion (id, series_id, period_on, old_numerator, old_denominator, old_value, new_numerator,"
    " new_denominator, new_value, removed, batch, account_id, at, why)"
    " SELECT gen_random_uuid(), series_id, period_on, new_numerator, new_denominator, new_value, old_numerator, old_denominator,"
    " old_value, was_new, NULL, %s, %s, 'undone' FROM taken WHERE as_left"
)
_BACK_TO_NOTHING = "DELETE FROM measures_point WHERE id IN (SELECT point FROM taken WHERE as_left AND was_new)"
_BACK_TO_BEFORE = (
    "UPDATE measures_point p SET numerator = t.old_numerator, denominator = t.old_denominator, value = t.old_value FROM taken t"
    " WHERE p.id = t.point AND t.as_left AND NOT t.was_new"
)
_BACK_AGAIN = (
    "INSERT INTO measures_point (series_id, period_on, numerator, denominator, value) SELECT series_id, period_on, old_numerator,"
    " old_denominator, old_value FROM taken WHERE as_left AND NOT was_new AND point IS NULL"
)


def _undo(actor: Viewer, at: datetime, batch: UUID) -> Undone:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM measures_point p JOIN measures_pointversion v ON v.series_id = p.series_id AND v.period_on = p.period_on"
            " WHERE v.batch = %s ORDER BY p.id FOR UPDATE OF p", [batch],
        )  # fmt: skip
        cursor.execute(_TAKEN, [batch])
        cursor.execute("ANALYZE taken")
        _leave_what_is_not_theirs(cursor, actor)
        cursor.execute("SELECT measure_id, unit_id, period_on FROM taken WHERE NOT as_left ORDER BY 1, 2, 3")
        left = [Change(key, None, None) for key in cursor.fetchall()]
        cursor.execute("SELECT count(*) FILTER (WHERE as_left) FROM taken")
        back = int(cursor.fetchone()[0])
        cursor.execute(_BACK, [actor.account_id, at])
        for statement in (_BACK_TO_NOTHING, _BACK_TO_BEFORE, _BACK_AGAIN):
            cursor.execute(statement)
        cursor.execute("DROP TABLE taken")
    record(actor=actor, verb="undo", object_kind="points", object_id=str(batch), at=at, detail={"back": back, "left": len(left)})
    measures, units = _named(actor, left)
    return Undone(back, tuple(f"{units[unit].name}, {_when(measures[measure], day)}" for measure, unit, day in (one.key for one in left)))


def _leave_what_is_not_theirs(cursor: object, actor: Viewer) -> None:
    """Leave places whose figures the person may no longer load: they may have moved since."""
    places = importing.places_to_load(viewer=actor)
    cursor.execute("SELECT DISTINCT measure_id, unit_id FROM taken")  # type: ignore[attr-defined]
    pairs = cursor.fetchall()  # type: ignore[attr-defined]
    measures = queries.of_numbers(viewer=actor, pks={pair[0] for pair in pairs})
    units = places.inside
    closed = [pair for pair in pairs if pair[1] not in units or not places.may(units[pair[1]], measures[pair[0]])]
    for measure, unit in closed:
        cursor.execute("UPDATE taken SET as_left = false WHERE measure_id = %s AND unit_id = %s", [measure, unit])  # type: ignore[attr-defined]
