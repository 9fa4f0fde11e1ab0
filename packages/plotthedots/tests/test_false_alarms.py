"""How often steady series are flagged: as measured elsewhere, as printed, and never often by the Anhøj rules."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from test_chance import steady

import plotthedots as ptd

SERIES = 40_000
PAGE = Path(__file__).parents[1] / "docs" / "false-alarms.md"
ANYWHERE = ptd.Plan(two_of_three="any-side")
# Measured with another engine (200,000 series each), in per cent: any, outside, shift, trend, two of three.
ELSEWHERE = {12: (7.4, 5.2, 1.2, 0.2, 2.9), 24: (19.6, 9.6, 8.7, 0.6, 5.9), 36: (30.6, 13.3, 16.6, 1.0, 8.3), 60: (48.7, 19.6, 31.3, 1.9, 13.4)}
LEANING = {12: (23.5, 6.3), 24: (59.1, 9.1), 36: (79.0, 10.0), 60: (94.6, 10.7)}  # AR(1) 0.4: any, last
RULES = (0xFFFF, 0b11, 0b110000, 0b11000000, 0b1100)  # bits of Flag in the same order


def flags_of_charts(result, points):
    return np.bitwise_or.reduce(result.flags.reshape(-1, points), axis=1)


def near(share, percent, others=200_000):
    """Whether two simulations agree: four standard errors of their difference, and what printing rounded away."""
    rate = percent / 100
    return abs(share - rate) < 4 * np.sqrt(rate * (1 - rate) * (1 / SERIES + 1 / others)) + 0.0005


@pytest.mark.parametrize("points", ELSEWHERE)
def test_each_rule_is_broken_by_chance_as_often_as_measured_elsewhere(points):
    bits = flags_of_charts(ptd.evaluate(steady(points, SERIES, points, 0.0), ANYWHERE), points)
    for rule, percent in zip(RULES, ELSEWHERE[points], strict=True):
        assert near(float((bits & np.uint16(rule) != 0).mean()), percent), (rule, percent)


@pytest.mark.parametrize("points", LEANING)
def test_leaning_series_are_flagged_as_often_as_measured_elsewhere(points):
    result = ptd.evaluate(steady(points, SERIES, points, 0.4), ANYWHERE)
    anything, now = LEANING[points]
    assert near(float((flags_of_charts(result, points) != 0).mean()), anything)
    assert near(float((result.variation != ptd.Variation.COMMON).mean()), now)


def test_the_printed_page_is_what_a_fresh_simulation_gives():
    rows = re.findall(r"^\| (\d+) \| ([\d.]+) \|.*\| ([\d.]+) \| [\d.]+ \| [\d.]+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    for points, anything, now in ((int(a), float(b), float(c)) for a, b, c in rows[:8] if a in ("12", "36", "120")):
        result = ptd.evaluate(steady(points + 1, SERIES, points, 0.0))
        assert near(float((flags_of_charts(result, points) != 0).mean()), anything, others=100_000)
        assert near(float((result.variation != ptd.Variation.COMMON).mean()), now, others=100_000)


@pytest.mark.parametrize("points", [12, 13, 15, 17, 20, 22, 24, 28, 32, 36, 42, 45, 48, 54, 60, 66, 72, 78, 84, 90, 96, 102, 108, 114, 120])
def test_the_anhoej_icon_is_wrong_about_at_most_one_steady_chart_in_twenty(points):
    result = ptd.evaluate(steady(points, 10_000, points, 0.0), ptd.Plan(chart="run", rules="anhoej"))
    assert (result.variation != ptd.Variation.COMMON).mean() <= 0.05
