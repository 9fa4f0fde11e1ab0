"""The packed files give England's true sums, made here a second time by other means."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from espalier.imports.tables import read_tables_at
from espalier.measures.rules.definitions import load_definitions
from espalier.measures.rules.figures import Figure, roll_up
from espalier.measures.rules.published import parse_published
from espalier.organisations.rules import PART_OF, Tree, load_tree

CONTENT = Path(__file__).resolve().parents[3] / "content"
DATA = CONTENT / "data"
REGIONS = ["Y56", "Y58", "Y59", "Y60", "Y61", "Y62", "Y63"]


@pytest.fixture(scope="module")
def figures() -> tuple[Figure, ...]:
    found: list[Figure] = []
    for name in ("ae_attendances_2016_2019", "sickness_2023"):
        files = sorted(DATA.glob(f"{name}*.parquet"))
        reading = parse_published([table for path in files for table in read_tables_at(path)])
        assert not reading.problems
        found += reading.figures
    return tuple(found)


@pytest.fixture(scope="module")
def tree() -> Tree:
    return load_tree(CONTENT)


@pytest.fixture(scope="module")
def published() -> pl.DataFrame:
    numbers = ["attendances", "breaches", "admissions"]
    return pl.read_parquet(DATA / "ae_attendances_2016_2019.parquet").with_columns(pl.col(c).cast(pl.Int64) for c in numbers)


@pytest.fixture(scope="module")
def homes() -> pl.DataFrame:
    """Where each provider lies according to the files, earliest file first, without any code of ours."""
    trusts = pl.read_parquet(DATA / "trusts_2021.parquet").select("code", "system", "region")
    newer = pl.read_parquet(DATA / "trusts_2025.parquet").select("code", "system", "region")
    practices = pl.read_parquet(DATA / "practices_2022.parquet").select(
        code="PRACTICE_CODE",
        system="STP_CODE",
        region="COMM_REGION_CODE",
    )
    sheet = pl.read_parquet(DATA / "sickness_2023_table_4.parquet")
    table_4 = sheet.filter(pl.col("c004") != "All organisations").select(code="c005", system="c002", region="c000")
    return pl.concat([trusts, newer, practices, table_4]).unique("code", keep="first", maintain_order=True)


def test_england_is_the_sum_over_all_274_providers(figures: tuple[Figure, ...], published: pl.DataFrame) -> None:
    england = published.group_by("period").agg(
        pl.col("org_code").n_unique().alias("providers"),
        pl.col("attendances").sum(),
        pl.col("breaches").sum(),
    )
    assert published["org_code"].n_unique() == 274
    mine = [f for f in figures if f.measure == "ae-4-hours"]
    everybody = {f.unit for f in mine}
    assert len(everybody) == 274
    for row in england.iter_rows(named=True):
        month = [f for f in mine if f.period_on == date.fromisoformat(row["period"])]
        total = roll_up("sum", "percent", month, everybody)
        assert total.denominator == row["attendances"]
        assert total.numerator == row["attendances"] - row["breaches"]
        assert (total.reported, total.expected) == (row["providers"], 274)


def test_the_published_percentage_of_a_known_month(figures: tuple[Figure, ...]) -> None:
    """NHS England announced 84.2 % for February 2019 and 86.6 % for March 2019, all types."""
    for month, announced in ((date(2019, 2, 1), 84.2), (date(2019, 3, 1), 86.6)):
        mine = [f for f in figures if f.measure == "ae-4-hours" and f.period_on == month]
        assert roll_up("sum", "percent", mine, {f.unit for f in mine}).value == pytest.approx(announced, abs=0.05)


def test_type_1_is_a_measure_of_its_own(figures: tuple[Figure, ...], published: pl.DataFrame) -> None:
    main = published.filter(pl.col("type") == "1")
    mine = [f for f in figures if f.measure == "ae-4-hours-type-1"]
    assert sum(f.denominator or 0 for f in mine) == main["attendances"].sum()
    assert sum(f.numerator or 0 for f in mine) == (main["attendances"] - main["breaches"]).sum()
    assert len(mine) == main.height


def above(tree: Tree, code: str, day: date) -> set[str]:
    """Everything above a unit on a day, walked relation by relation."""
    found: set[str] = set()
    while code:
        parents = [
            r.parent
            for r in tree.relations
            if r.kind == PART_OF and r.child == code and (r.since is None or r.since <= day) and (r.until is None or day < r.until)
        ]
        assert len(parents) <= 1, f"{code} has {len(parents)} parents on {day}"
        code = parents[0] if parents else ""
        found |= {code} - {""}
    return found


@pytest.mark.parametrize("day", [date(2016, 4, 1), date(2017, 10, 1), date(2019, 3, 1)])
def test_sums_of_regions_and_systems_equal_sums_made_from_the_files(
    figures: tuple[Figure, ...],
    published: pl.DataFrame,
    homes: pl.DataFrame,
    tree: Tree,
    day: date,
) -> None:
    joined = published.filter(pl.col("period") == day.isoformat()).join(homes, left_on="org_code", right_on="code", how="left")
    mine = [f for f in figures if f.measure == "ae-4-hours" and f.period_on == day]
    lies = {f.unit: above(tree, f.unit, day) for f in mine}
    for level, codes in (("region", REGIONS), ("system", joined["system"].drop_nulls().unique().to_list())):
        for code in codes:
            wanted = joined.filter(pl.col(level) == code)
            total = roll_up("sum", "percent", mine, {unit for unit, places in lies.items() if code in places})
            assert total.denominator == wanted["attendances"].sum(), (day, code)
            assert total.numerator == (wanted["attendances"] - wanted["breaches"]).sum(), (day, code)
    assert all("ENG" in places for places in lies.values())


def test_what_lies_in_no_region_is_counted_and_named(published: pl.DataFrame, homes: pl.DataFrame, tree: Tree) -> None:
    lost = published.join(homes, left_on="org_code", right_on="code", how="anti")
    codes = set(lost["org_code"])
    assert len(codes) == 81
    assert lost["attendances"].sum() / published["attendances"].sum() == pytest.approx(0.0712, abs=0.00005)
    placed = {r.child: r for r in tree.relations if r.kind == PART_OF and r.child in codes}
    assert {r.parent for r in placed.values()} == {"ENG"}
    assert {r.source for r in placed.values()} == {"region not known"}


def test_every_sickness_rate_of_table_4_is_there_and_no_other(figures: tuple[Figure, ...]) -> None:
    sheet = pl.read_parquet(DATA / "sickness_2023_table_4.parquet").filter(pl.col("c005").str.contains(r"^[A-Z0-9-]{3,5}$"))
    months = [c for c in sheet.columns if c > "c005"]
    filled = sum(sheet.filter(pl.col(c).str.contains(r"^\d")).height for c in months)
    mine = [f for f in figures if f.measure == "staff-sickness-absence" and f.unit != "ENG"]
    assert len(months) == 118
    assert filled == len(mine) == 53_386
    total = sum(float(v) for c in months for v in sheet.filter(pl.col(c).str.contains(r"^\d"))[c])
    assert sum(f.value or 0 for f in mine) == pytest.approx(total)


def test_every_figure_is_of_a_unit_and_a_measure_we_know(figures: tuple[Figure, ...], tree: Tree) -> None:
    assert {f.unit for f in figures} <= {unit.code for unit in tree.units}
    assert {f.measure for f in figures} <= {row["code"] for row in load_definitions(CONTENT / "measures")}
