"""Notes, changes tried, new baselines and points left out: put on a series, changed, ended and taken back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from espalier.audit.recording import record
from espalier.common.errors import Suggestion, UnableTo
from espalier.measures.models import Mark, MarkVersion, Point, Series
from espalier.measures.permissions import may_mark
from espalier.measures.queries.marking import sign_of
from espalier.measures.rules.marking import FREEZE, NOTE, NOTES, PHASES, REBASE, UnableToMark, checked_words

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Definition
    from espalier.organisations.queries import UnitFacts


@dataclass(frozen=True, slots=True)
class Placed:
    """What was done to a mark; the version is what undo takes back."""

    version: uuid.UUID
    mark: uuid.UUID
    did: str
    kind: str
    already: bool = False  # on undo: it was taken back before, and nothing was done now


@dataclass(frozen=True, slots=True)
class Draft:
    """A mark that somebody wants to save. pk comes with the form, so that pressing twice saves once."""

    pk: uuid.UUID
    kind: str
    starts_on: date
    ends_on: date | None = None
    words: str = ""
    cause_known: bool | None = None


class NotYours(UnableTo):
    """Somebody may not say this of this series."""

    code = "not-allowed"


class DecidedMeanwhile(UnableTo):
    """Somebody else decided about the same chart since the page was opened; both are shown and nothing is overwritten."""

    code = "changed"

    def __init__(self) -> None:
        what = "Somebody else changed the baselines of this chart while you were looking."
        super().__init__(what, to_do="Look at both, then save if yours is still right.")


@transaction.atomic
def place_mark(*, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts, draft: Draft, seen: str) -> Placed:
    """Put a mark on a series. Decisions refuse to stand on top of what the person has not seen; notes stand side by side."""
    _refuse_unless_allowed(actor, unit, draft.kind)
    words = checked_words(draft.kind, draft.words)
    series = _locked(definition, unit)
    if done := MarkVersion.objects.filter(mark_id=draft.pk, series_id=series.pk, number=1).first():
        return Placed(done.pk, draft.pk, done.did, done.kind)  # the same form, sent twice
    standing = list(Mark.objects.filter(series=series, ended_at=None))
    if draft.kind in PHASES:
        if seen != sign_of(one for one in standing if one.kind in PHASES):
            raise DecidedMeanwhile
        _refuse_impossible(draft, series, standing)
    _refuse_without_figure(draft, series)
    mark = Mark(
        pk=draft.pk, series=series, kind=draft.kind, starts_on=draft.starts_on, ends_on=draft.ends_on, words=words,
        cause_known=draft.cause_known, account_id=actor.account_id, at=at,
    )  # fmt: skip
    _insert(mark)
    return _keep(mark, "made", actor=actor, at=at)


@transaction.atomic
def change_mark(
    *, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts, mark: uuid.UUID, words: str, kind: str, version: int
) -> Placed:
    """Say a note or a reason differently; what it said before stays in its history."""
    _refuse_unless_allowed(actor, unit, NOTE)
    series = _locked(definition, unit)
    found = _standing(series, mark)
    _refuse_unless_allowed(actor, unit, found.kind, whose=found.account_id)
    if (kind in NOTES) != (found.kind in NOTES) or (found.kind in PHASES and kind != found.kind):
        raise UnableToMark("A note cannot become a baseline.", to_do="End it, and make a new one.", field="kind")
    tidy = checked_words(kind, words)
    if found.version != version:
        raise UnableTo("Somebody else changed this while you were writing.", to_do="Look at what stands there now.", code="changed")
    found.words, found.kind = tidy, kind
    return _changed(found, "changed", actor=actor, at=at)


@transaction.atomic
def end_mark(*, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts, mark: uuid.UUID, why: str = "") -> Placed:
    """End a mark: the chart no longer follows it, and what it said stays in the history."""
    _refuse_unless_allowed(actor, unit, NOTE)
    found = _standing(_locked(definition, unit), mark)
    _refuse_unless_allowed(actor, unit, found.kind, whose=found.account_id)
    found.ended_at, found.ended_by_id = at, actor.account_id
    return _changed(found, "ended", actor=actor, at=at, why=why)


@transaction.atomic
def undo_mark(*, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts, version: uuid.UUID | None) -> Placed:
    """Take back the last thing done to a mark, unless somebody has changed it since; pressed again it does nothing."""
    _refuse_unless_allowed(actor, unit, NOTE)
    series = _locked(definition, unit)
    last = MarkVersion.objects.filter(pk=version, series_id=series.pk).first() if version else None
    if last is None:
        raise UnableTo("There is nothing to undo.", to_do="Open the chart and look at its notes and baselines.", code="no-version")
    mark = Mark.objects.select_for_update().get(pk=last.mark_id)
    _refuse_unless_allowed(actor, unit, mark.kind, whose=mark.account_id)
    if mark.version != last.number:
        if mark.version == last.number + 1 and (then := _taken_back_by(last)):
            return then
        see = Suggestion("Open the notes and baselines", f"{definition.href}{unit.code}/marks/")
        raise UnableTo("Somebody has changed this since.", to_do="Look at what stands there now.", code="changed-since", see=see)
    if last.did == "changed":
        before = MarkVersion.objects.get(mark_id=mark.pk, number=last.number - 1)
        mark.words, mark.kind = before.words, before.kind
        return _changed(mark, "changed", actor=actor, at=at, why="undone")
    ends = last.did in {"made", "back"}
    mark.ended_at, mark.ended_by_id = (at, actor.account_id) if ends else (None, None)
    return _changed(mark, "ended" if ends else "back", actor=actor, at=at, why="undone")


_UNDOES = {"made": "ended", "back": "ended", "ended": "back", "changed": "changed"}


def _taken_back_by(last: MarkVersion) -> Placed | None:
    """Return the undo that came next to a version, if that is what came."""
    then = MarkVersion.objects.filter(mark_id=last.mark_id, number=last.number + 1, why="undone", did=_UNDOES[last.did]).first()
    return Placed(then.pk, then.mark_id, then.did, then.kind, already=True) if then else None


def _refuse_unless_allowed(actor: Viewer, unit: UnitFacts, kind: str, whose: int | None = None) -> None:
    """Notes may be changed by who wrote them, and by those who may decide."""
    may = may_mark(viewer=actor, unit=unit)
    if not (decision := may.of(notes=kind in NOTES)):
        raise NotYours(decision.reason)
    if whose is not None and whose != actor.account_id and not may.mark:
        raise NotYours("Only who wrote this note, or the team's leader, changes it.")


def _locked(definition: Definition, unit: UnitFacts) -> Series:
    """Return the series, held until the transaction ends: two people who decide at once come one after the other."""
    found = Series.objects.select_for_update().filter(measure_id=definition.pk, unit_id=unit.pk, stratum="").order_by("owner_id").first()
    if found is None:
        raise UnableToMark("This chart is added up from others.", to_do="Put notes and baselines on the charts it is made of.")
    return found


def _standing(series: Series, pk: uuid.UUID) -> Mark:
    found = Mark.objects.filter(pk=pk, series=series, ended_at=None).first()
    if found is None:
        raise UnableTo("That has been ended already, or was never there.", to_do="Look at what stands there now.", code="no-mark")
    return found


def _refuse_without_figure(draft: Draft, series: Series) -> None:
    days = {draft.starts_on, *((draft.ends_on,) if draft.ends_on else ())}
    known = set(Point.objects.filter(series=series, period_on__in=days).values_list("period_on", flat=True))
    if missing := days - known:
        field = "starts_on" if draft.starts_on in missing else "ends_on"
        raise UnableToMark("There is no figure then.", to_do="Choose a time that has a figure.", field=field)


def _refuse_impossible(draft: Draft, series: Series, standing: list[Mark]) -> None:
    """Refuse what a chart could not follow: a baseline that begins with the first figure, ends before it begins, or stands twice."""
    if draft.kind == FREEZE and (draft.ends_on is None or draft.ends_on <= draft.starts_on):
        raise UnableToMark("The last figure of the baseline must come after its first.", to_do="Choose a later one.", field="ends_on")
    if any(one.kind == draft.kind and one.starts_on == draft.starts_on for one in standing):
        raise UnableToMark("That stands there already.", to_do="End it first, or choose another time.", field="starts_on")
    first = Point.objects.filter(series=series).order_by("period_on").values_list("period_on", flat=True).first()
    if draft.kind == REBASE and first == draft.starts_on:
        raise UnableToMark("The baseline begins there already: it is the first figure.", to_do="Choose a later one.", field="starts_on")


def _insert(mark: Mark) -> None:
    try:
        with transaction.atomic():
            mark.save(force_insert=True)
    except IntegrityError as problem:
        what = "This cannot be saved on this chart."
        raise UnableToMark(what, to_do="Open the chart again and start from there.") from problem


def _changed(mark: Mark, did: str, *, actor: Viewer, at: datetime, why: str = "") -> Placed:
    mark.version += 1
    try:
        with transaction.atomic():
            mark.save(force_update=True)
    except IntegrityError as problem:
        raise UnableToMark("The same stands there again already.", to_do="End that one first.") from problem
    return _keep(mark, did, actor=actor, at=at, why=why)


def _keep(mark: Mark, did: str, *, actor: Viewer, at: datetime, why: str = "") -> Placed:
    """Write the version and the event of what was just done."""
    version = uuid.uuid4()
    MarkVersion.objects.create(
        pk=version, mark_id=mark.pk, series_id=mark.series_id, number=mark.version, did=did, kind=mark.kind, starts_on=mark.starts_on,
        ends_on=mark.ends_on, words=mark.words, account_id=actor.account_id, at=at, why=" ".join(why.split())[:300],
    )  # fmt: skip
    record(actor=actor, verb=f"mark-{did}", object_kind="mark", object_id=str(mark.pk), at=at, detail={"kind": mark.kind})
    return Placed(version, mark.pk, did, mark.kind)
