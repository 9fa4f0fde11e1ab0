"""Measures made and changed on pages: each change is a version, a form sent twice makes one, and nothing is deleted."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from espalier.audit.recording import record
from espalier.common.errors import Suggestion, UnableTo
from espalier.common.names import alike
from espalier.measures.models import Measure, MeasureUse, MeasureVersion, Point
from espalier.measures.permissions import may_define, may_edit
from espalier.measures.rules.definitions import check_definition
from espalier.measures.rules.local import FIXED, MEANING, code_from, local_definition
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from espalier.access.decisions import Decision
    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Definition
    from espalier.organisations.queries import UnitFacts


class UnableToDefine(UnableTo):
    """Somebody may not say what is measured here."""

    code = "not-allowed"


class NameTaken(UnableTo):
    """A measure of that name is there: two of one name cannot be told apart in a list."""

    code = "name-taken"


class MeaningChanged(UnableTo):
    """What is counted would change: figures before and after may not compare, which somebody must have seen."""

    code = "meaning"


class DefinedMeanwhile(UnableTo):
    """Somebody else changed the definition since the form was opened; nothing is overwritten."""

    code = "changed"

    def __init__(self, now: Mapping[str, Any]) -> None:
        self.now = now
        super().__init__("Somebody else changed this definition while you were writing.", to_do="Look at both, then save again.")


@transaction.atomic
def define_measure(*, actor: Viewer, at: datetime, unit: UnitFacts, told: Mapping[str, Any], once: uuid.UUID) -> str:
    """Make a measure for a unit, owned by its organisation, and return its code; the same form sent twice makes one."""
    _refuse_unless(may_define(viewer=actor, unit=unit))
    _wait_for(str(once))
    if made := MeasureVersion.objects.filter(pk=once, account_id=actor.account_id).values_list("measure__code", flat=True).first():
        return made
    home = _organisation_of(actor, unit, at)
    _refuse_second(told["name"], home.pk, unit)
    first = code_from(told["name"], home.code, ())
    code = code_from(told["name"], home.code, set(Measure.objects.filter(code__startswith=first).values_list("code", flat=True)))
    definition = local_definition(told, code=code, version=1, place=unit.name)
    check_definition(definition, settings.CONTENT_DIR / "measures", where=told["name"][:60])
    measure = Measure.objects.create(code=code, organisation_id=home.pk, made_for_id=unit.pk, **_columns(definition))
    _keep(once, measure, definition, actor=actor, at=at, why="made", comparable=True)
    MeasureUse.objects.create(measure=measure, unit_id=unit.pk, account_id=actor.account_id, at=at)
    record(actor=actor, verb="define", object_kind="measure", object_id=code, at=at, detail={"unit": unit.code})
    return code


@transaction.atomic
def revise_measure(
    *, actor: Viewer, at: datetime, definition: Definition, told: Mapping[str, Any], seen: int, why: str, understood: bool = False
) -> int:
    """Store a new version of a definition and return its number; where nothing changed there is no new version.

    A change of what is counted is stored only when it is understood that figures before and after may not compare.
    """
    measure = _locked(actor, definition)
    if measure.version != seen:
        raise DefinedMeanwhile(measure.definition)
    home = measure.definition["source"]["words"].removeprefix("Counted by ")
    new = measure.definition | local_definition(told, code=measure.code, version=measure.version, place=home)
    new = {line: value for line, value in new.items() if line not in {"targets", "splits", "family"} or told.get(line)}
    if new == measure.definition:
        return measure.version
    if alike(new["name"]) != alike(measure.name) and measure.organisation_id and definition.made_for_id:
        where = organisations.units(viewer=actor, pks=[definition.made_for_id])[definition.made_for_id]
        _refuse_second(new["name"], measure.organisation_id, where, besides=measure.pk)
    changed = [line for line in new if new[line] != measure.definition.get(line)]
    if set(changed) & set(FIXED) and Point.objects.filter(series__measure_id=measure.pk).exists():
        what = "Figures stand under this measure already, so how often and in what it is counted cannot change."
        raise UnableTo(what, to_do="Make a new measure and keep this one for the old figures.", code="fixed")
    comparable = not set(changed) & set(MEANING)
    if not comparable and not understood:
        raise MeaningChanged("You change what is counted.", to_do="Figures before and after may not compare.")
    new["version"] = measure.version + 1
    check_definition(new, settings.CONTENT_DIR / "measures", where=measure.code)
    Measure.objects.filter(pk=measure.pk).update(**_columns(new))
    measure.refresh_from_db()
    _keep(uuid.uuid4(), measure, new, actor=actor, at=at, why=why, comparable=comparable)
    record(actor=actor, verb="revise", object_kind="measure", object_id=measure.code, at=at, detail={"version": new["version"]})
    return measure.version


@transaction.atomic
def retire_measure(*, actor: Viewer, at: datetime, definition: Definition) -> None:
    """Take a measure out of use: its figures stay and are found by their address, new ones are not asked for."""
    measure = _locked(actor, definition)
    Measure.objects.filter(pk=measure.pk, retired_at=None).update(retired_at=at)
    record(actor=actor, verb="retire", object_kind="measure", object_id=measure.code, at=at)


@transaction.atomic
def bring_back_measure(*, actor: Viewer, at: datetime, definition: Definition) -> None:
    """Take a retired measure into use again."""
    measure = _locked(actor, definition)
    Measure.objects.filter(pk=measure.pk).update(retired_at=None)
    record(actor=actor, verb="bring-back", object_kind="measure", object_id=measure.code, at=at)


@transaction.atomic
def use_measure(*, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts) -> None:
    """Say that a unit uses a measure; saying it twice changes nothing."""
    _refuse_unless(may_define(viewer=actor, unit=unit))
    _, new = MeasureUse.objects.get_or_create(
        measure_id=definition.pk, unit_id=unit.pk, defaults={"account_id": actor.account_id, "at": at}
    )
    if new:
        record(actor=actor, verb="use", object_kind="measure", object_id=definition.code, at=at, detail={"unit": unit.code})


@transaction.atomic
def stop_using_measure(*, actor: Viewer, at: datetime, definition: Definition, unit: UnitFacts) -> None:
    """Say that a unit no longer uses a measure; figures stay where they are."""
    _refuse_unless(may_define(viewer=actor, unit=unit))
    gone, _ = MeasureUse.objects.filter(measure_id=definition.pk, unit_id=unit.pk).delete()
    if gone:
        record(actor=actor, verb="stop-using", object_kind="measure", object_id=definition.code, at=at, detail={"unit": unit.code})


def _refuse_unless(decision: Decision) -> None:
    if not decision:
        raise UnableToDefine(decision.reason)


def _refuse_second(name: str, organisation_id: int, unit: UnitFacts, besides: int | None = None) -> None:
    """Refuse a name that stands in the library, or among what the organisation or the place measures; what is retired is free."""
    _wait_for(f"measure of {organisation_id}")
    used = MeasureUse.objects.filter(unit_id__in=[organisation_id, unit.pk]).values("measure_id")
    there = Measure.objects.filter(Q(organisation_id=None) | Q(organisation_id=organisation_id) | Q(pk__in=used), retired_at=None)
    for code, other in there.exclude(pk=besides or 0).values_list("code", "name"):
        if alike(other) == alike(name):
            see = Suggestion(f"Use it here: {other}", f"/measures/{code}/definition/?unit={unit.code}")
            raise NameTaken("There is a measure of that name already.", to_do="Use it here, or choose another name.", see=see)


def _wait_for(key: str) -> None:
    """Let two requests with the same form, or name, come one after the other, so that the second finds what the first made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _organisation_of(actor: Viewer, unit: UnitFacts, at: datetime) -> UnitFacts:
    """Return the organisation a unit belongs to today: the nearest above it, or itself."""
    up = (*organisations.way_up(viewer=actor, unit_id=unit.pk, on=at.date()), unit)
    return next((one for one in reversed(up) if one.is_organisation), unit)


def _locked(actor: Viewer, definition: Definition) -> Measure:
    """Return a measure that the actor may change, held until the end of the transaction."""
    made_for = organisations.units(viewer=actor, pks=[definition.made_for_id]) if definition.made_for_id else {}
    _refuse_unless(may_edit(viewer=actor, made_for=made_for.get(definition.made_for_id or 0)))
    return Measure.objects.select_for_update().get(pk=definition.pk)


def _columns(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns the database is asked for, beside the whole definition."""
    plain = {name: definition[name] for name in ("version", "place", "name", "gap", "roll_up", "made_up")}
    return {**plain, "scope": definition.get("scope", "open"), "definition": dict(definition)}


def _keep(
    key: uuid.UUID, measure: Measure, definition: Mapping[str, Any], *, actor: Viewer, at: datetime, why: str, comparable: bool
) -> None:
    MeasureVersion.objects.create(
        pk=key, measure=measure, number=definition["version"], definition=dict(definition), comparable=comparable,
        account_id=actor.account_id, at=at, why=why[:300],
    )  # fmt: skip
