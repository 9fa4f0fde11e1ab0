"""Places of any size compared at one time: hand-made counts whose limits are known from the binomial distribution."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.test import Client

from espalier.access.viewer import VISITOR
from espalier.measures import charting, queries
from espalier.measures.presenters import lists
from espalier.organisations import queries as organisations

SHARE = {"measured_in": "percent", "improvement": "down", "counts": "patients"}


def compare(tops: list[float], sizes: list[float], **definition: str) -> charting.Compared:
    names = [f"Place {n}" for n in range(len(tops))]
    return charting.compare(np.array(tops), np.array(sizes), SHARE | definition, title="x", names=names, links=[f"/{n}/" for n in range(len(tops))])


def chance_above(cases: int, people: int, share: float) -> float:
    """How probable so many cases or more are, by the binomial distribution itself."""
    return sum(math.comb(people, n) * share**n * (1 - share) ** (people - n) for n in range(cases, people + 1))


def test_a_place_far_out_is_beyond_both_lines_and_one_close_by_is_not():
    # Nine alike with 10 of 100, one with 30 of 100: together 12 in 100.
    found = compare([10.0] * 9 + [30.0], [100.0] * 10)
    assert chance_above(30, 100, 0.12) < 0.001
    assert found.beyond.tolist()[:9] == [0] * 9
    assert found.centre == pytest.approx(12)


def test_small_places_have_wider_lines_than_large_ones():
    found = compare([10.0, 100.0, 1000.0, 10.0], [100.0, 1000.0, 10_000.0, 100.0])
    widths = (found.upper[-1] - found.lower[-1]).tolist()
    assert widths[0] > widths[1] > widths[2]


def test_places_that_differ_more_than_chance_get_wider_lines():
    shares = [0.70, 0.75, 0.80, 0.85, 0.90, 0.95] * 5
    found = compare([round(20_000 * share) for share in shares], [20_000.0] * 30)
    assert found.adjusted
    assert found.phi > 100  # each lies many standard errors of 0.27 points from 82.5
    assert not np.any(found.beyond), "a spread that all share makes nobody stand out"


def test_rates_are_written_per_thousand():
    found = compare([5.0, 6.0, 4.0, 5.0], [1000.0] * 4, measured_in="rate")
    assert found.centre == pytest.approx(5)
    assert found.value.tolist() == pytest.approx([5, 6, 4, 5])


def test_every_place_is_a_link_with_its_name_in_the_picture():
    svg = compare([10.0] * 4, [100.0, 200.0, 300.0, 400.0]).svg
    assert re.findall(r'<a class="ptd-name" href="(/\d/)">', svg) == ["/0/", "/1/", "/2/", "/3/"]
    assert "Place 2: 3.3%" in svg
    assert 'role="group"' in svg  # inside an image a link would not be reached by those who listen
    assert "Target" not in svg, "the middle is what all do together, and no target"


def said(tops: list[float], sizes: list[float]) -> tuple[list[str], list[str]]:
    """The sentences above the picture and the words beside each place."""
    found = compare(tops, sizes)
    places = [
        SimpleNamespace(
            unit=SimpleNamespace(name=f"Place {n}"), beyond=int(found.beyond[n]), lower=float(found.lower[-1, n]),
            upper=float(found.upper[-1, n]), value=float(found.value[n]), months=1,
        ) for n in range(len(tops))
    ]  # fmt: skip
    definition = SimpleNamespace(measured_in="percent", improvement="up", decimals=0, frequency="month")
    page: Any = SimpleNamespace(places=places, adjusted=found.adjusted, definition=definition, months=1)
    return lists.funnel_words(page), [lists.funnel_says(page, one) for one in page.places]


class TestTheWords:
    def test_six_of_six_is_the_most_there_can_be_and_not_near_the_edge(self):
        # All together one half. Six of six come by chance once in 64: less than 1 in 40, so beyond the inner line, but more
        # than 1 in 1,000, so not beyond the outer one, and no more than all six can be.
        words, beside = said([500.0] * 9 + [6.0], [1000.0] * 9 + [6.0])
        assert chance_above(6, 6, 0.5) == 1 / 64
        assert beside == ["as expected"] * 9 + ["at or near the most there can be"]
        assert not any("between the two lines" in line for line in words)
        assert any(line.startswith("1 place is at or near 100%, as high as a figure can be.") for line in words)

    @pytest.mark.parametrize("few", [1, 2, 5])
    def test_all_of_a_few_come_by_chance(self, few: int):
        # One half to the power of 5 is 1 in 32, more than 1 in 40: inside the inner line.
        for tops in (float(few), 0.0):
            assert said([500.0] * 9 + [tops], [1000.0] * 9 + [float(few)])[1][-1] == "as expected"

    def test_none_where_six_are_usual_is_beyond_the_inner_line_only(self):
        # e to the power of -6 is 1 in 403: less than 1 in 40, more than 1 in 1,000; of eight events 1 in 2,981.
        for usual, expected in ((3.0, 0), (6.0, -1), (8.0, -2)):
            found = compare([5000.0] * 9 + [0.0], [1_000_000.0] * 9 + [usual * 200], measured_in="rate")
            assert found.beyond[-1] == expected

    def test_between_the_lines_is_near_the_edge_where_the_scale_goes_on(self):
        # 64 of 100 where one half is usual: 2.8 standard errors of 5 points, between 1.96 and 3.09.
        words, beside = said([500.0] * 9 + [64.0], [1000.0] * 9 + [100.0])
        assert beside[-1] == "near the edge"
        assert "1 place lies between the two lines, which is no cause to act." in words
        assert words[0].startswith("No place stands out: all differ by no more than their size and chance explain")
        # 1 in 20 and 1 in 500 of ten places
        assert words[-1] == "If all 10 were alike, chance alone would put fewer than 1 outside the outer line and fewer than 1 outside the inner one."

    def test_wider_lines_are_told_first_and_once_and_nothing_after_says_otherwise(self):
        words, _ = said([20_000 * share for share in (0.70, 0.75, 0.80, 0.85, 0.90, 0.95)] * 5, [20_000.0] * 30)
        assert words[0].startswith("Places differ here by more than their size explains")
        assert words[1] == "No place stands out: all lie inside these wider lines."
        assert sum("their size" in line for line in words) == 1
        # 1 in 500 and 1 in 20 of 30 places: 0.06 and 1.5
        assert words[2].endswith("fewer than 1 would lie outside the outer line and about 2 outside the inner one.")

    def test_places_crowded_at_100_per_cent_are_not_counted_against_chance(self):
        words, beside = said([20_000 * share for share in (0.50, 0.6, 0.70, 0.80, 0.90)] * 5 + [2000.0] * 6, [20_000.0] * 25 + [2000.0] * 6)
        assert beside[-1] in {"at or near the most there can be", "as expected"}
        assert beside[-1] == "as expected" or "by chance" not in words[-1]


@pytest.mark.django_db
class TestThePage:
    def test_england_in_march_2019_follows_one_logic(self):
        page = self.page()
        words = lists.funnel_words(page)
        assert page.adjusted and words[0].startswith("Places differ here by more")
        assert not any("than their size" in line for line in words[1:])
        crowd = sum(one.value > 99 for one in page.places if one.beyond == 1)
        assert f"{crowd} places are at or near 100%" in " ".join(words)
        assert "cannot be said" in words[-1]

    def page(self, measure: str = "ae-4-hours", **asked: object) -> queries.FunnelPage:
        unit = organisations.unit(viewer=VISITOR, code=str(asked.pop("unit", "ENG")))
        return queries.funnel(viewer=VISITOR, measure=measure, unit=unit, **asked)  # type: ignore[arg-type]

    def test_three_months_are_added_up_and_never_averaged(self):
        one, three = self.page(kind="trust"), self.page(kind="trust", months=3)
        assert one.until == three.until
        trust = next(place for place in three.places if place.unit.code == "RR8")
        single = next(place for place in one.places if place.unit.code == "RR8")
        assert trust.denominator > 2.5 * single.denominator
        assert trust.value == pytest.approx(100 * trust.numerator / trust.denominator)
        assert trust.months == 3

    def test_a_measure_without_counts_says_why_not(self):
        assert self.page("staff-sickness-absence").why_not == "no-counts"
        assert self.page("team-joy", unit="DEMO-TRUST").why_not == "no-counts"

    def test_three_places_are_too_few(self):
        assert self.page("team-hand-hygiene", unit="DEMO-TRUST").why_not == "too-few"

    @pytest.mark.parametrize(("sort", "key"), [("name", lambda p: p.unit.name), ("value", lambda p: p.value), ("size", lambda p: -p.denominator)])
    def test_the_table_is_sorted_as_asked(self, sort, key):
        places = self.page(kind="trust", sort=sort).places
        assert list(places) == sorted(places, key=key)

    def test_the_file_and_the_page_say_the_same(self, client: Client):
        lines = client.get("/measures/ae-4-hours/funnel/table.csv?kind=trust").content.decode("utf-8-sig").splitlines()
        assert len(lines) - 1 == len(self.page(kind="trust").places)

    def test_the_picture_as_a_file_has_no_links(self, client: Client):
        assert "<a " not in client.get("/measures/ae-4-hours/funnel/chart.svg").content.decode()

    def test_what_cannot_be_drawn_is_not_found_as_a_file(self, client: Client):
        assert client.get("/measures/staff-sickness-absence/funnel/chart.svg").status_code == 404

    @pytest.mark.parametrize("asked", ["months=7", "months=²", "sort=x", "kind=<b>", "months=99999999999999999999"])
    def test_words_nobody_knows_do_no_harm(self, client: Client, asked: str):
        assert client.get(f"/measures/ae-4-hours/funnel/?{asked}").status_code == 200
