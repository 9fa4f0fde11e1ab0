"""The packed files give the England that was: mergers, renames, closures, regions, practices."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from espalier.organisations.rules import (
    PART_OF,
    SUCCEEDED_BY,
    RelationFact,
    Tree,
    UnitFact,
    load_changes,
    load_kinds,
    load_tree,
)

CONTENT = Path(__file__).resolve().parents[3] / "content"
DATA = CONTENT / "data"
LAST = "9999-12-31"


@pytest.fixture(scope="module")
def tree() -> Tree:
    return load_tree(CONTENT)


@pytest.fixture(scope="module")
def units(tree: Tree) -> dict[str, UnitFact]:
    return {unit.code: unit for unit in tree.units}


@pytest.fixture(scope="module")
def parents(tree: Tree) -> dict[str, list[RelationFact]]:
    found: dict[str, list[RelationFact]] = {}
    for relation in tree.relations:
        if relation.kind == PART_OF:
            found.setdefault(relation.child, []).append(relation)
    return found


def parent_on(parents: dict[str, list[RelationFact]], code: str, day: date) -> str | None:
    there = [r for r in parents.get(code, []) if (r.since is None or r.since <= day) and (r.until is None or day < r.until)]
    assert len(there) <= 1
    return there[0].parent if there else None


# ---- between the editions of 2021 and 2025 ---------------------------------------------------------------------------

# Public facts: old code, last day, who carried on. Days are those the NHS announced.
MERGERS = [
    ("RW6", "Pennine Acute Hospitals NHS Trust", date(2021, 9, 30), {"RM3", "R0A"}),
    ("RXH", "Brighton and Sussex University Hospitals NHS Trust", date(2021, 3, 31), {"RYR"}),
    ("RTV", "North West Boroughs Healthcare NHS Foundation Trust", date(2021, 5, 31), {"RW4"}),
    ("RD3", "Poole Hospital NHS Foundation Trust", date(2020, 9, 30), {"R0D"}),
    ("RDZ", "Royal Bournemouth and Christchurch Hospitals NHS Foundation Trust", date(2020, 9, 30), {"R0D"}),
    ("RT3", "Royal Brompton and Harefield NHS Foundation Trust", date(2021, 1, 31), {"RJ1"}),
    ("RBZ", "Northern Devon Healthcare NHS Trust", date(2022, 3, 31), {"RH8"}),
    ("RA4", "Yeovil District Hospital NHS Foundation Trust", date(2023, 3, 31), {"RH5"}),
    ("RVY", "Southport and Ormskirk Hospital NHS Trust", date(2023, 6, 30), {"RBN"}),
    ("R1C", "Solent NHS Trust", date(2024, 9, 30), {"RW1"}),
    ("RAP", "North Middlesex University Hospital NHS Trust", date(2024, 12, 31), {"RAL"}),
    ("RRP", "Barnet, Enfield and Haringey Mental Health NHS Trust", date(2024, 10, 31), {"G6V2S"}),
    ("RY9", "Hounslow and Richmond Community Healthcare NHS Trust", date(2024, 10, 31), {"RAX"}),
]
RENAMED = {
    "RAX": "Kingston and Richmond NHS Foundation Trust",
    "RBN": "Mersey and West Lancashire Teaching Hospitals NHS Trust",
    "RH8": "Royal Devon University Healthcare NHS Foundation Trust",
    "RHU": "Portsmouth Hospitals University NHS Trust",
    "RJC": "South Warwickshire University NHS Foundation Trust",
    "RQX": "Homerton Healthcare NHS Foundation Trust",
    "RRE": "Midlands Partnership University NHS Foundation Trust",
    "RW1": "Hampshire and Isle of Wight Healthcare NHS Foundation Trust",
    "RWD": "United Lincolnshire Teaching Hospitals NHS Trust",
    "RXF": "Mid Yorkshire Teaching NHS Trust",
}


@pytest.mark.parametrize(("code", "name", "last_day", "heirs"), MERGERS, ids=[m[0] for m in MERGERS])
def test_a_merged_trust_ends_on_its_last_day_and_names_who_carried_on(
    tree: Tree, units: dict[str, UnitFact], parents: dict[str, list[RelationFact]], code: str, name: str, last_day: date, heirs: set[str],
) -> None:
    unit = units[code]
    assert (unit.name, unit.closed_on) == (name, last_day)
    follows = [r for r in tree.relations if r.kind == SUCCEEDED_BY and r.child == code]
    assert {r.parent for r in follows} == heirs
    next_day = date.fromordinal(last_day.toordinal() + 1)
    assert {r.since for r in follows} == {next_day}
    assert parent_on(parents, code, last_day) is not None
    assert parent_on(parents, code, next_day) is None


def test_a_renamed_trust_keeps_its_code_and_bears_the_new_name(tree: Tree, units: dict[str, UnitFact]) -> None:
    assert {r.code for r in tree.renamings} >= set(RENAMED)
    assert {code: units[code].name for code in RENAMED} == RENAMED


def test_a_trust_that_closed_without_a_known_heir_says_so(tree: Tree, units: dict[str, UnitFact]) -> None:
    assert units["RYK"].closed_on == date(2024, 9, 30)
    assert not [r for r in tree.relations if r.kind == SUCCEEDED_BY and r.child == "RYK"]


def test_two_trusts_moved_with_the_boundary_of_july_2022(parents: dict[str, list[RelationFact]]) -> None:
    for code in ("RXK", "RXT"):
        assert parent_on(parents, code, date(2022, 6, 30)) == "QUA"
        assert parent_on(parents, code, date(2022, 7, 1)) == "QHL"


def test_what_we_only_recall_is_never_marked_as_checked(tree: Tree) -> None:
    by_child = {r.child: r for r in tree.relations if r.kind == SUCCEEDED_BY}
    assert by_child["RXH"].verified
    assert not by_child["RA4"].verified
    assert all(s.verified == (not s.source.startswith("Recalled")) for s in load_changes(CONTENT / "units").successions)


# ---- the tree as a whole ---------------------------------------------------------------------------------------------


def test_every_trust_of_the_two_editions_is_there_with_its_days(units: dict[str, UnitFact]) -> None:
    for edition in ("trusts_2021", "trusts_2025"):
        frame = pl.read_parquet(DATA / f"{edition}.parquet")
        assert frame.height in {218, 210}
        for row in frame.iter_rows(named=True):
            unit = units[row["code"]]
            assert unit.kind == "trust"
            assert unit.opened_on == date(int(row["opened"][:4]), int(row["opened"][4:6]), int(row["opened"][6:]))
            if row["closed"]:
                assert unit.closed_on == date(int(row["closed"][:4]), int(row["closed"][4:6]), int(row["closed"][6:]))


def test_seven_regions_42_systems_and_wales_is_not_england(
    units: dict[str, UnitFact], parents: dict[str, list[RelationFact]],
) -> None:
    kinds = Counter(unit.kind for unit in units.values())
    assert (kinds["region"], kinds["system"], kinds["board"]) == (7, 42, 42)
    assert kinds["practice"] == pl.read_parquet(DATA / "practices_2022.parquet").height
    welsh = {code for code, unit in units.items() if unit.country == "W"}
    assert welsh == {"WAL", "RT4", "RQF", "RYT"}
    for code in welsh - {"WAL"}:
        assert {r.parent for r in parents[code]} == {"WAL"}
    assert "WAL" not in parents


def test_every_parent_is_higher_and_nobody_has_two_at_once(
    tree: Tree, units: dict[str, UnitFact], parents: dict[str, list[RelationFact]],
) -> None:
    ranks = {kind.code: kind.rank for kind in load_kinds(CONTENT / "units")}
    for code, stays in parents.items():
        ordered = sorted((str(r.since or ""), str(r.until or LAST)) for r in stays)
        assert all(before[1] <= after[0] for before, after in pairwise(ordered)), code
        assert all(ranks[units[r.parent].kind] < ranks[units[code].kind] for r in stays), code
    keys = [(r.child, r.parent, r.kind, r.since) for r in tree.relations]
    assert len(keys) == len(set(keys))
    assert {unit.code for unit in tree.units} - set(parents) == {"ENG", "WAL"}


@pytest.mark.parametrize("day", [date(2016, 4, 1), date(2022, 1, 1), date(2024, 1, 1)])
def test_every_practice_lies_in_the_system_and_region_its_own_row_names(parents: dict[str, list[RelationFact]], day: date) -> None:
    moved_later = {"02Q"}  # Bassetlaw went to Nottinghamshire in July 2022, with its practices
    for row in pl.read_parquet(DATA / "practices_2022.parquet").iter_rows(named=True):
        if row["CCG_CODE"] in moved_later and day > date(2022, 6, 30):
            continue
        chain, code = [], row["PRACTICE_CODE"]
        while code := parent_on(parents, code, day) or "":
            chain.append(code)
        assert row["STP_CODE"] in chain, (row["PRACTICE_CODE"], chain)
        assert row["COMM_REGION_CODE"] in chain
        assert chain[-1] == "ENG"


def test_what_happened_before_the_files_is_inferred_and_what_they_say_is_not(parents: dict[str, list[RelationFact]]) -> None:
    for code in ("RJ1", "A81001", "U89141", "QMJ"):
        early, late = sorted(parents[code], key=lambda r: str(r.since or ""))[::len(parents[code]) - 1 or 1]
        assert early.inferred
        assert not late.inferred
        assert late.until is None


def test_a_network_without_name_is_no_network(units: dict[str, UnitFact]) -> None:
    assert "U" not in units
    assert not [unit for unit in units.values() if unit.name.lower() == "unallocated"]


def test_every_provider_of_the_figures_has_a_name_or_says_that_it_has_none(units: dict[str, UnitFact]) -> None:
    codes = set(pl.read_parquet(DATA / "ae_attendances_2016_2019.parquet")["org_code"])
    assert len(codes) == 274
    assert codes <= set(units)
    nameless = {code for code in codes if "not known" in units[code].name}
    assert all(code in units[code].name for code in nameless)
    named = {code for name, column in (("trusts_2021", "code"), ("trusts_2025", "code"), ("practices_2022", "PRACTICE_CODE"),
                                       ("sickness_2023_table_4", "c005")) for code in pl.read_parquet(DATA / f"{name}.parquet")[column]}
    assert len(codes - named) == 81
    # Of those, 22 are sites of a body that Table 4 names, known by the first three letters of their code.
    assert nameless == {code for code in codes - named if code[:3] not in named}
    assert len(nameless) == 59


def test_content_is_small_and_carries_its_attribution() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 3_000_000
    text = (DATA / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "Open Government Licence v3.0" in text
    assert all(path.name in text for path in DATA.glob("*.parquet"))
