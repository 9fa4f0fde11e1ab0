"""England, its regions and its systems as the product adds them up, against sums made independently from the published file."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from django.conf import settings

from espalier.access.viewer import VISITOR
from espalier.common.errors import NotFoundHere
from espalier.measures import queries
from espalier.measures.queries import figures
from espalier.measures.rules import Figure, roll_up
from espalier.organisations import queries as organisations
from espalier.organisations.models import Relation, Unit

pytestmark = pytest.mark.django_db

MARCH_2019 = date(2019, 3, 1)


@pytest.fixture(scope="module")
def published() -> pl.DataFrame:
    frame = pl.read_parquet(settings.CONTENT_DIR / "data" / "ae_attendances_2016_2019.parquet")
    counts = [pl.col(name).cast(pl.Float64) for name in ("attendances", "breaches", "admissions")]
    return frame.with_columns(*counts, pl.col("period").cast(pl.String).str.slice(0, 10).str.to_date())


def added_up(code: str, measure: str = "ae-4-hours") -> dict[int, tuple[float, float, float]]:
    unit = organisations.unit(viewer=VISITOR, code=code)
    what = queries.definition(viewer=VISITOR, code=measure)
    newest = {what.pk: MARCH_2019}
    rows = figures.added_up(viewer=VISITOR, of=[what], newest=newest, ancestors=[unit.pk], everything=True)
    return {
        month: (top, below, value)
        for month, top, below, value in zip(rows.month, rows.numerator, rows.denominator, rows.value, strict=True)
    }


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def by_month(frame: pl.DataFrame) -> dict[int, tuple[float, float]]:
    sums = frame.group_by("period").agg(pl.col("attendances").sum(), pl.col("breaches").sum())
    return {month_number(day): (came - late, came) for day, came, late in sums.iter_rows()}


def test_england_equals_the_sum_over_all_274_providers_in_every_month(published: pl.DataFrame) -> None:
    assert published["org_code"].n_unique() == 274
    expected, found = by_month(published), added_up("ENG")
    assert len(expected) == 36
    assert found.keys() == expected.keys()
    for month, (seen, came) in expected.items():
        assert found[month] == (seen, came, pytest.approx(100 * seen / came, rel=1e-12))


def test_a_percentage_of_england_is_not_the_average_of_percentages(published: pl.DataFrame) -> None:
    one = published.filter(pl.col("period") == MARCH_2019)
    by_provider = one.group_by("org_code").agg(pl.col("attendances").sum(), pl.col("breaches").sum())
    mean = by_provider.select((100 * (1 - pl.col("breaches") / pl.col("attendances"))).mean()).item()
    assert abs(added_up("ENG")[month_number(MARCH_2019)][2] - mean) > 1


def parents_on(day: date) -> dict[str, str]:
    """Walk the dated relations in plain Python: who was directly in what on a day."""
    open_then = [
        (child, parent)
        for child, parent, since, until in Relation.objects.filter(kind="part_of").values_list(
            "child__code", "parent__code", "since", "until"
        )
        if (since is None or since <= day) and (until is None or day < until)
    ]
    return dict(open_then)


@pytest.mark.parametrize("kind", ["region", "system"])
@pytest.mark.parametrize("day", [date(2016, 4, 1), date(2018, 1, 1), MARCH_2019])
def test_regions_and_systems_equal_the_sum_over_the_providers_placed_there(published: pl.DataFrame, kind: str, day: date) -> None:
    parents = parents_on(day)
    kinds = dict(Unit.objects.values_list("code", "kind_id"))

    def home(code: str) -> str | None:
        while code in parents and kinds[code] != kind:
            code = parents[code]
        return code if kinds[code] == kind else None

    sums: dict[str, list[float]] = {}
    month = published.filter(pl.col("period") == day)
    for row in month.iter_rows(named=True):
        place = home(row["org_code"])
        if place:
            total = sums.setdefault(place, [0.0, 0.0])
            total[0] += row["attendances"] - row["breaches"]
            total[1] += row["attendances"]
    assert len(sums) >= (7 if kind == "region" else 40)
    for code, (seen, came) in sums.items():
        assert added_up(code)[month_number(day)][:2] == (seen, came), code


def test_the_database_adds_up_like_the_plain_rule(published: pl.DataFrame) -> None:
    month = published.filter(pl.col("period") == date(2017, 7, 1))
    figures_then = []
    for code, rows in month.group_by("org_code"):
        came, late = float(rows["attendances"].sum()), float(rows["breaches"].sum())
        figures_then.append(
            Figure(unit=str(code[0]), measure="ae-4-hours", period_on=date(2017, 7, 1), numerator=came - late, denominator=came, value=None)
        )
    plain = roll_up("sum", "percent", figures_then, {one.unit for one in figures_then})
    assert added_up("ENG")[month_number(date(2017, 7, 1))] == (plain.numerator, plain.denominator, pytest.approx(plain.value))


def wall_of(code: str, **choice: Any) -> queries.Wall:
    unit = organisations.unit(viewer=VISITOR, code=code)
    return queries.wall(viewer=VISITOR, measure="ae-4-hours", unit=unit, choice=queries.Choice(**choice))


def test_providers_in_no_region_are_counted_and_named(published: pl.DataFrame) -> None:
    wall = wall_of("ENG")
    homeless = {unit.code for unit in wall.not_placed}
    assert len(homeless) > 50
    month = published.filter(pl.col("period") == MARCH_2019)
    came = month["attendances"]
    share = came.filter(month["org_code"].is_in(list(homeless))).sum() / came.sum()
    assert wall.not_placed_share == pytest.approx(share)
    assert wall.coverage is not None
    assert wall.coverage.reported == month["org_code"].n_unique()


def test_the_number_of_signs_by_chance_uses_every_chart_that_could_carry_one() -> None:
    wall = wall_of("ENG")
    assert wall.judged == sum(wall.counts[code] for code in ("concerning", "improving", "steady"))
    # the middle correlation with the month before is about 0.6, so far more than the 2 % of independent months
    assert 0.5 < wall.lag1_median < 0.8
    assert 0.1 < wall.by_chance / wall.judged < 0.3


def test_a_page_of_charts_shows_at_most_two_hundred_and_the_rest_on_the_next() -> None:
    first, second = wall_of("ENG"), wall_of("ENG", page="2")
    assert sum(len(group.cards) for group in first.groups) == 200
    shown = {card.code for wall in (first, second) for group in wall.groups for card in group.cards}
    assert len(shown) == first.page.total == 274


def test_filters_leave_what_they_say() -> None:
    london = wall_of("ENG", region="Y56")
    assert {group.code for group in london.groups} <= {"Y56", ""}
    worse = wall_of("ENG", signal="concerning")
    assert {card.variation for group in worse.groups for card in group.cards} == {"concerning"}
    trusts = wall_of("ENG", kind="trust", order="name")
    names = [card.name for group in trusts.groups for card in group.cards]
    assert names == sorted(names)
    assert all(card.kind == "Trust" for group in trusts.groups for card in group.cards)


def test_what_needs_a_look_comes_first() -> None:
    cards = [card.variation for group in wall_of("ENG", order="attention").groups for card in group.cards]
    assert cards == sorted(cards, key=["concerning", "improving", "steady", "unknown"].index)


def test_systems_and_regions_can_be_compared_too() -> None:
    assert sum(len(group.cards) for group in wall_of("ENG", level="region").groups) == 7
    assert sum(len(group.cards) for group in wall_of("ENG", level="system").groups) >= 40


def test_a_year_before_compares_with_the_same_month() -> None:
    unit = organisations.unit(viewer=VISITOR, code="RRK")
    plain = queries.chart(viewer=VISITOR, measure="ae-4-hours", unit=unit)
    yearly = queries.chart(viewer=VISITOR, measure="ae-4-hours", unit=unit, compare="year-before")
    value = {row.month: row.value for row in plain.rows}
    assert yearly.rows[-1].month == MARCH_2019
    assert yearly.rows[-1].value == pytest.approx(value[MARCH_2019] - value[date(2018, 3, 1)])
    assert yearly.assurance == ""  # a target says nothing about differences


def test_an_older_month_shows_the_chart_as_it_stood_then() -> None:
    unit = organisations.unit(viewer=VISITOR, code="RRK")
    then = queries.chart(viewer=VISITOR, measure="ae-4-hours", unit=unit, until=date(2018, 3, 1))
    assert then.rows[-1].month == date(2018, 3, 1)
    with pytest.raises(NotFoundHere, match="no figures for January 2030"):
        queries.chart(viewer=VISITOR, measure="ae-4-hours", unit=unit, until=date(2030, 1, 1))


def test_nothing_made_up_is_counted_in_england() -> None:
    cards = queries.cards_of_unit(viewer=VISITOR, unit=organisations.unit(viewer=VISITOR, code="ENG"))
    assert cards
    assert not any(card.made_up for card in cards)
