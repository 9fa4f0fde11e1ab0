"""Load the made-up country through the product's own bulk paths, once; a second run finds it there."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.national import world

AT = datetime(2026, 1, 15, 9, tzinfo=UTC)


class Clock:
    """Says how long each part took, with how much was done."""

    def __init__(self) -> None:
        self.began = time.perf_counter()

    def say(self, what: str, number: int = 0) -> None:
        seconds, self.began = time.perf_counter() - self.began, time.perf_counter()
        rate = f", {number / seconds:,.0f} a second" if number else ""
        print(f"  {seconds:7.1f} s  {what}{f': {number:,}' if number else ''}{rate}", flush=True)


def load(scale: float) -> None:
    """Load places, organisations, teams, people, definitions and figures."""
    from django.conf import settings

    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.demo import england
    from espalier.measures import actions as measures

    clock = Clock()
    england.load(only_if_empty=True, say=lambda _: None)
    clock.say("the demonstration: real places and figures")
    actor = system_viewer()
    everybody = world.organisations(scale, places())
    _units(actor, everybody, clock)
    with tempfile.TemporaryDirectory() as folder, acting_as(actor):
        world.write_definitions(Path(folder), (settings.CONTENT_DIR / "measures" / "schema.json").read_text())
        clock.say("definitions", measures.publish_definitions(actor=actor, at=AT, folder=Path(folder)))
    _figures(actor, everybody, clock)
    _tidy()
    clock.say("VACUUM and ANALYZE")


def add_people(scale: float) -> None:
    """Add everybody who works there, and those as whom pages are measured; a second run finds them there."""
    from benchmarks.national import people

    people.load(Clock())
    _readers(world.organisations(scale, places()))


def _readers(everybody: list[world.Organisation]) -> None:
    """Add the people whose own pages are measured: a nurse, a trust's lead, a system's, the nation's, and a newcomer."""
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.organisations import actions as organisations

    largest = max(everybody, key=lambda one: one.teams)
    named = (
        ("bench-nurse", "Nurse", "Staff nurse", f"{largest.code}-T0001", "team-member"),
        ("bench-trust", "Trust lead", "Head of improvement", largest.code, "qi-lead"),
        ("bench-system", "System lead", "Improvement lead", largest.system, "system-lead"),
        ("bench-lead", "National lead", "National lead", "ENG", "national-lead"),
    )
    actor = system_viewer()
    readers = [organisations.NewPerson(code, f"{name} (made up)", post, unit, role, made_up=True) for code, name, post, unit, role in named]
    with acting_as(actor):
        organisations.add_people(actor=actor, at=AT, people=readers, since=date(2019, 1, 1))


def places() -> list[tuple[str, str]]:
    """Return the real (region, system) pairs of today into which organisations are put."""
    from espalier.access.viewer import VISITOR
    from espalier.organisations import queries

    nation = queries.unit(viewer=VISITOR, code=queries.NATION)
    regions = [one for one in queries.children(viewer=VISITOR, unit_id=nation.pk, on=AT.date()) if one.kind == "region"]
    return [
        (region.code, system.code)
        for region in regions
        for system in queries.children(viewer=VISITOR, unit_id=region.pk, on=AT.date())
        if system.kind == "system"
    ]


def _units(actor, everybody: list[world.Organisation], clock: Clock) -> None:
    from espalier.access.door import acting_as
    from espalier.organisations import actions as organisations

    for merged, as_of in ((False, date(2018, 12, 1)), (True, AT.date())):
        with acting_as(actor):
            done = organisations.import_units(
                actor=actor, at=AT, file="etr.csv", content=world.edition(everybody, merged=merged), as_of=as_of, source="made up"
            )
        assert not done.problems, done.problems[:3]
    clock.say("organisations, in two editions of a file", len(everybody))
    with acting_as(actor):
        added = organisations.add_units(actor=actor, at=AT, units=world.units_below(everybody), since=date(2018, 12, 1))
    clock.say("divisions and teams", added)
    largest = max(everybody, key=lambda one: one.teams)
    people = [
        organisations.NewPerson("bench-analyst", "An analyst (made up)", "Analyst", largest.code, "analyst", made_up=True),
        organisations.NewPerson("bench-leader", "A leader (made up)", "Team leader", f"{largest.code}-T0000", "team-leader", made_up=True),
        organisations.NewPerson("bench-nation", "Somebody national (made up)", "Analyst", "ENG", "analyst", made_up=True),
    ]
    with acting_as(actor):
        organisations.add_people(actor=actor, at=AT, people=people, since=date(2019, 1, 1))


def _figures(actor, everybody: list[world.Organisation], clock: Clock) -> None:
    from espalier.access.door import acting_as
    from espalier.measures import actions as measures

    stored = 0
    portion: list[measures.Figure] = []
    taken = 0.0

    def store() -> None:
        nonlocal stored, taken
        began = time.perf_counter()
        with acting_as(actor):
            stored += measures.store_figures(actor=actor, at=AT, why="Made up to measure speed", figures=portion).new
        taken += time.perf_counter() - began
        portion.clear()

    for number, one in enumerate(one for one in world.measures() if not one.by_teams):
        portion += world.figures(everybody, one, number)
        if len(portion) >= world.CHUNK:
            store()
        if number % 50 == 49:
            rate = stored / max(taken, 0.001)
            print(f"           {number + 1} measures, {stored:,} figures, {rate:,.0f} a second in the product", flush=True)
    if portion:
        store()
    clock.say("figures of organisations", stored)
    before = stored
    for some in world.team_figures(everybody):
        portion += some
        store()
    clock.say("figures of teams", stored - before)


def _tidy() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("measures_point", "measures_series", "organisations_below", "organisations_unit", "organisations_relation"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
