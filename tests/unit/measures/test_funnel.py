"""Places of any size compared at one time: hand-made counts whose limits are known from the binomial distribution."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from django.test import Client

from espalier.access.viewer import VISITOR
from espalier.measures import charting, queries
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


@pytest.mark.django_db
class TestThePage:
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
