"""Loading real places, and loading a newer file over them. The tests' database has real England in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from tests.logbook import events

from espalier.access.viewer import Viewer
from espalier.imports.tables import UnableToReadFile
from espalier.organisations.actions import UnitsPreview, import_units, load_open_places
from espalier.organisations.models import PART_OF, SUCCEEDED_BY, Below, Relation, Unit

pytestmark = pytest.mark.django_db

AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
TODAY = date(2026, 5, 1)
SOMEBODY = Viewer()


def ods(*rows: tuple[str, str, str, str, str, str]) -> bytes:
    lines = []
    for code, name, region, system, opened, closed in rows:
        cells = [code, name, region, system, *[""] * 6, opened, closed, *[""] * 15]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return ("\n".join(lines) + "\n").encode()


SAME = ("R1H", "BARTS HEALTH NHS TRUST", "Y56", "QMF", "20120401", "")
NEW = ("R9Z", "A BRAND NEW NHS TRUST", "Y62", "QYG", "20250401", "")
RENAMED = ("RJ1", "GUY'S NHS FOUNDATION TRUST", "Y56", "QKK", "19930401", "")
MOVED = ("R0A", "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST", "Y62", "QYG", "20171001", "")
CLOSED = ("RMP", "TAMESIDE AND GLOSSOP INTEGRATED CARE NHS FOUNDATION TRUST", "Y62", "QOP", "19940401", "20260331")
NOWHERE = ("R9Y", "A TRUST FROM ELSEWHERE NHS TRUST", "", "", "20250401", "")


def load(*rows: tuple[str, str, str, str, str, str], dry_run: bool = False) -> UnitsPreview:
    return import_units(actor=SOMEBODY, at=AT, file="etr.csv", content=ods(*rows), dry_run=dry_run)


def everything() -> tuple[list[Any], list[Any], list[Any]]:
    return (
        sorted(Unit.objects.values_list("code", "name", "opened_on", "closed_on")),
        sorted(Relation.objects.values_list("child__code", "parent__code", "kind", "since", "until").iterator(), key=str),
        sorted(Below.objects.values_list("ancestor__code", "unit__code", "since", "until").iterator(), key=str),
    )


def parent_on(code: str, day: date) -> str:
    return Below.objects.get(unit__code=code, depth=1, since__lte=day, until__gt=day).ancestor.code


def test_real_england_is_stored_whole_and_a_second_load_changes_nothing() -> None:
    assert Unit.objects.filter(made_up=False).count() == 8519
    day = date(2016, 4, 1)
    assert Below.objects.filter(ancestor__code="Y56", unit__code="R1H", since__lte=day, until__gt=day).count() == 1
    carried_back = Relation.objects.filter(child__code="R1H", kind=PART_OF, until__gt=day).order_by("until").first()
    assert carried_back is not None
    assert carried_back.inferred
    before = everything()
    again = load_open_places(actor=SOMEBODY, at=AT, content_dir=settings.CONTENT_DIR)
    assert (again.units, again.relations) == (0, 0)
    assert everything() == before


def test_the_published_file_of_the_packed_edition_changes_nothing() -> None:
    content = (settings.CONTENT_DIR / "data" / "trusts_2025.parquet").read_bytes()
    preview = import_units(actor=SOMEBODY, at=AT, file="trusts_2025.parquet", content=content)
    assert (preview.new, preview.changed, preview.unchanged, preview.problems) == ((), (), 210, ())


def test_a_dry_run_tells_what_is_new_changed_and_unchanged_and_stores_nothing() -> None:
    before = everything()
    preview = load(SAME, NEW, RENAMED, MOVED, CLOSED, NOWHERE, dry_run=True)
    assert [unit.code for unit in preview.new] == ["R9Z", "R9Y"]
    assert {(c.code, c.what, c.old, c.new) for c in preview.changed} == {
        ("RJ1", "name", "Guy's and St Thomas' NHS Foundation Trust", "Guy's NHS Foundation Trust"),
        ("R0A", "part_of", "QOP", "QYG"),
        ("RMP", "closed_on", "", "2026-03-31"),
    }
    assert (preview.unchanged, preview.unplaced, preview.stored) == (1, ("R9Y",), False)
    assert everything() == before


def test_what_the_dry_run_told_is_stored_and_a_second_time_nothing_is_left_to_do() -> None:
    told = load(SAME, NEW, RENAMED, MOVED, CLOSED, NOWHERE, dry_run=True)
    done = load(SAME, NEW, RENAMED, MOVED, CLOSED, NOWHERE)
    assert replace(done, stored=False) == told
    assert Unit.objects.get(code="RJ1").name == "Guy's NHS Foundation Trust"
    assert parent_on("R0A", date(2026, 4, 30)) == "QOP"
    assert parent_on("R0A", TODAY) == "QYG"
    assert parent_on("R9Z", TODAY) == "QYG"
    assert parent_on("R9Y", TODAY) == "ENG"
    assert not Below.objects.filter(unit__code="RMP", depth=1, until__gt=TODAY).exists()
    assert Below.objects.filter(unit__code="RMP", depth=1, since__lte=date(2026, 3, 31), until__gt=date(2026, 3, 31)).exists()
    again = load(SAME, NEW, RENAMED, MOVED, CLOSED, NOWHERE)
    assert (again.new, again.changed, again.unchanged) == ((), (), 6)


def test_a_row_that_is_wrong_keeps_all_rows_out() -> None:
    before = everything()
    preview = load(NEW, (*RENAMED[:4], "31/04/1993", ""))
    assert (preview.stored, len(preview.problems)) == (False, 1)
    assert everything() == before
    with pytest.raises(UnableToReadFile):
        import_units(actor=SOMEBODY, at=AT, file="etr.csv", content=b"<html>sign in</html>")
    assert everything() == before


def test_a_coarse_file_does_not_tear_a_practice_out_of_its_network() -> None:
    before = parent_on("A81001", TODAY)
    assert before.startswith("U")
    preview = load(("A81001", "THE DENSHAM SURGERY", "Y63", "QHM", "19740401", ""))
    assert {change.what for change in preview.changed} == {"opened_on"}
    assert parent_on("A81001", TODAY) == before


def test_a_file_can_give_a_nameless_provider_its_name_and_place() -> None:
    assert parent_on("Y02147", TODAY) == "ENG"
    load(("Y02147", "SOME WALK IN CENTRE", "Y56", "QKK", "20080401", ""))
    assert Unit.objects.get(code="Y02147").name == "Some Walk in Centre"
    assert parent_on("Y02147", TODAY) == "QKK"


def test_loading_leaves_an_event_and_a_dry_run_leaves_none() -> None:
    count = len(events())
    load(NEW, dry_run=True)
    assert len(events()) == count
    load(NEW)
    (event,) = events(verb="import", object_kind="units")
    assert len(events()) == count + 1
    assert (event.verb, event.detail["new"]) == ("import", 1)


def test_mergers_are_stored_with_both_heirs() -> None:
    heirs = Relation.objects.filter(child__code="RW6", kind=SUCCEEDED_BY).values_list("parent__code", "since")
    assert set(heirs) == {("RM3", date(2021, 10, 1)), ("R0A", date(2021, 10, 1))}
    assert Relation.objects.filter(child__code="RW6", kind=PART_OF).latest("until").until == date(2021, 10, 1)


