"""Funnels equal FunnelPlotR's, a slow twin's and known quantiles, and draw accessibly."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

import numpy as np
import ptd_twin_funnel as twin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plotthedots as ptd
from conftest import golden
from plotthedots.quantiles import binomial_quantile, f_tail, gamma_quantile, normal_quantile, normal_tail, poisson_quantile

KINDS = {"PR": "proportions", "RC": "rates", "SR": "ratios"}
UNITS = dict(golden("funnelplotr_units", "kind", "adjusted"))
LINES = dict(golden("funnelplotr_lines", "kind", "adjusted"))
DRAWN = ("ll95", "ul95", "ll998", "ul998")
CLOSE = {"rtol": 1e-9, "atol": 1e-15}


def column(rows, name):
    return np.array([float(row[name]) for row in rows])


def compared(kind, adjusted):
    rows = UNITS[kind, adjusted]
    return ptd.funnel(
        column(rows, "numerator"),
        column(rows, "denominator"),
        kind=KINDS[kind],
        limits="funnelplotr",
        dispersion="additive" if adjusted == "1" else "none",
        extremes="truncate" if kind == "SR" else "winsorise",
    )


def test_every_case_of_funnelplotr_is_here():
    assert set(UNITS) == set(LINES) == {(kind, way) for kind in KINDS for way in "01"}
    assert {len(rows) for rows in UNITS.values()} == {140}
    assert sum(len(rows) for rows in LINES.values()) >= 6000


@pytest.mark.parametrize("key", UNITS)
def test_limits_of_every_unit_equal_funnelplotr(key):
    rows, ours = UNITS[key], compared(*key)
    mine = [ours.lower[0], ours.upper[0], ours.lower[1], ours.upper[1]]
    for line, name in zip(mine, DRAWN, strict=True):
        np.testing.assert_allclose(line, column(rows, name), **CLOSE)


@pytest.mark.parametrize("key", LINES)
def test_the_drawn_funnel_equals_funnelplotr_at_every_size(key):
    rows, ours = LINES[key], compared(*key)
    lower, upper = ours.limits_at(column(rows, "denominator"))
    mirrored = 0
    for line, name in zip([lower[0], upper[0], lower[1], upper[1]], DRAWN, strict=True):
        theirs = column(rows, name)
        # The one deliberate difference: where the arcsine falls below nought it mirrors the angle, which makes a lower
        # limit of 1.8 % (95 % limits) for three people; ours is nought there, as its own wider one is.
        odd = (line == 0) & (theirs > 0)
        mirrored += int(odd.sum())
        np.testing.assert_allclose(line[~odd], theirs[~odd], **CLOSE)
    assert mirrored == (1 if key[0] == "PR" else 0)  # 2 of 27,344 limits in all


@pytest.mark.parametrize("key", UNITS)
def test_outliers_and_dispersion_equal_funnelplotr(key):
    rows, ours = UNITS[key], compared(*key)
    assert (np.abs(ours.beyond) >= 1).tolist() == [row["outlier95"] == "1" for row in rows]
    assert (np.abs(ours.beyond) >= 2).tolist() == [row["outlier998"] == "1" for row in rows]
    if key[1] == "1":  # without adjustment it reports noughts
        assert ours.phi == pytest.approx(float(rows[0]["phi"]), rel=1e-9)  # ten digits are given
        assert ours.tau2 == pytest.approx(float(rows[0]["tau2"]), rel=1e-9)
        assert ours.overdispersed


@pytest.mark.parametrize(
    ("size", "chance", "probability", "known"),
    [  # sums of exact fractions; interpolation by Spiegelhalter (2005)
        (10, 0.5, 0.975, 8 - (1013 / 1024 - 0.975) / (45 / 1024)),
        (2, 0.5, 0.5, 1 - (3 / 4 - 0.5) / (1 / 2)),
        (1, 0.25, 0.9, 1 - (1 - 0.9) / 0.25),
        (3, 0.1, 0.5, 0.0),
    ],
)
def test_binomial_quantiles_are_exact(size, chance, probability, known):
    found = binomial_quantile(np.array([float(size)]), chance, probability)[0]
    assert found == pytest.approx(known, rel=1e-12, abs=1e-15)


def test_quantiles_equal_published_tables_to_twelve_digits():
    # Made with forty digits of arithmetic.
    assert normal_quantile(0.999) == pytest.approx(3.090232306167813542, rel=1e-13)
    chi = {(0.5, 0.95): 3.841458820694124, (2.5, 0.025): 0.8312116134866627, (50, 0.999): 149.44925277903886}
    for (shape, probability), known in chi.items():
        assert 2 * gamma_quantile(np.array([float(shape)]), probability)[0] == pytest.approx(known, rel=1e-12)
    # Exponential and Erlang: the answers are formulas.
    assert gamma_quantile(np.array([1.0]), 0.975)[0] == pytest.approx(-math.log(0.025), rel=1e-13)
    assert f_tail(np.array([4.0]), np.array([2.0]), np.array([10.0]))[0] == pytest.approx(1.8**-5, rel=1e-13)
    assert normal_tail(np.array([0.0, -40.0])).tolist() == [0.5, 1.0]


@given(
    mean=st.floats(0.01, 300),
    size=st.integers(1, 150),
    chance=st.floats(0.001, 0.999),
    probability=st.floats(0.0001, 0.9999),
)
@settings(max_examples=150, deadline=None)
def test_quantiles_of_counts_equal_whole_sums(mean, size, chance, probability):
    slow = twin.count_quantile(twin.poisson_chances(mean), probability)
    assert poisson_quantile(np.array([mean]), probability)[0] == pytest.approx(slow, rel=1e-9, abs=1e-9)
    slow = twin.count_quantile(twin.binomial_chances(size, chance), probability)
    assert binomial_quantile(np.array([float(size)]), chance, probability)[0] == pytest.approx(slow, rel=1e-9, abs=1e-9)


@given(
    units=st.lists(st.tuples(st.integers(0, 120), st.integers(1, 120)), min_size=3, max_size=12),
    kind=st.sampled_from(["proportions", "rates", "ratios"]),
    way=st.sampled_from(["exact", "normal", "transformed"]),
    more=st.sampled_from(["none", "additive", "multiplicative"]),
)
@settings(max_examples=200, deadline=None)
def test_every_kind_of_funnel_equals_the_twin(units, kind, way, more):
    more = "none" if way == "exact" else more
    above = [min(a, b) if kind == "proportions" else a for a, b in units]
    below = [b for _, b in units]
    ours = ptd.funnel(above, below, kind=kind, limits=way, dispersion=more, trim=0.2)
    target = 1.0 if kind == "ratios" else sum(above) / sum(below)
    assert ours.target == target
    if target == 0 or (kind == "proportions" and target == 1):
        assert np.isnan(ours.phi)  # no room for chance
        return
    phi, tau2 = twin.spread(kind, "normal" if way == "exact" else way, target, above, below, 0.2)
    assert ours.phi == pytest.approx(phi, rel=1e-9)
    assert ours.tau2 == pytest.approx(tau2, rel=1e-6, abs=1e-12)
    for unit, size in enumerate(below):
        for number, level in enumerate((0.95, 0.998)):
            extra = tau2 if more == "additive" else 0.0
            stretch = max(phi, 1.0) if more == "multiplicative" else 1.0
            low, high = twin.limits(kind, way, target, size, level, extra=extra, stretch=stretch)
            assert ours.lower[number, unit] == pytest.approx(low, rel=1e-7, abs=1e-9)
            assert ours.upper[number, unit] == pytest.approx(high, rel=1e-7, abs=1e-9)


def test_exact_limits_leave_the_chance_they_promise_on_either_side():
    rng = np.random.default_rng(1)
    cases = rng.binomial(200, 0.3, size=200_000).astype(float)
    ours = ptd.funnel(cases, np.full(cases.size, 200.0), kind="proportions", target=0.3)
    assert (np.abs(ours.beyond) >= 1).mean() == pytest.approx(0.05, abs=0.012)  # counts jump, so not to the digit
    assert (np.abs(ours.beyond) >= 2).mean() == pytest.approx(0.002, abs=0.0008)


def test_additive_limits_hold_19_of_20_units_that_really_differ():
    rng = np.random.default_rng(2)
    sizes = rng.uniform(2_000, 200_000, 4_000)
    share = np.sin(np.arcsin(np.sqrt(0.2)) + rng.normal(0, 0.05, sizes.size)) ** 2
    cases = rng.binomial(sizes.astype(int), share)
    plain = ptd.funnel(cases, sizes, kind="proportions", limits="transformed")
    wide = ptd.funnel(cases, sizes, kind="proportions", limits="transformed", dispersion="additive", extremes="keep")
    assert plain.overdispersed
    assert (plain.beyond != 0).mean() > 0.7
    assert (wide.beyond != 0).mean() == pytest.approx(0.05, abs=0.01)
    assert math.sqrt(wide.tau2) == pytest.approx(0.05, rel=0.05)


def test_a_unit_without_denominator_has_no_value_and_changes_nothing():
    some = ptd.funnel([8, 20, 34, 0, 5], [100, 100, 100, 0, np.nan], kind="proportions")
    same = ptd.funnel([8, 20, 34], [100, 100, 100], kind="proportions")
    assert np.isnan(some.values[3:]).all()
    assert np.isnan(some.lower[:, 3:]).all()
    assert some.beyond.tolist() == [*same.beyond.tolist(), 0, 0]
    np.testing.assert_array_equal(some.upper[:, :3], same.upper)


def test_no_units_and_one_unit_are_no_error():
    none = ptd.funnel([], [], kind="rates")
    assert none.units == 0
    assert np.isnan(none.target)
    one = ptd.funnel([3], [30], kind="rates")
    assert one.beyond.tolist() == [0]
    assert not one.overdispersed


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"kind": "proportion"}, "funnel-kind", "Did you mean 'proportions'?"),
        ({"limits": "exactly"}, "funnel-limits", "Did you mean 'exact'?"),
        ({"dispersion": "additive"}, "funnel-exact", "Use limits='transformed'"),
        ({"target": 1.2}, "funnel-target", "at most 1"),
        ({"trim": 0.6}, "funnel-trim", "0.1 is usual"),
        ({"levels": (0.998, 0.95)}, "funnel-levels", "growing"),
        ({"numerators": [1, 2, 3]}, "funnel-size", "3 numerators and 2 denominators"),
        ({"numerators": [1, 30]}, "funnel-values", "Unit 1 counts 30 out of 20, which is not a proportion"),
        ({"numerators": [1, -3]}, "funnel-values", "negative"),
        ({"denominators": [np.inf, 3]}, "funnel-values", "infinite"),
    ],
)
def test_errors_say_what_where_and_what_to_try(change, code, words):
    asked = {"numerators": [1, 3], "denominators": [10, 20], "kind": "proportions", **change}
    with pytest.raises(ptd.PlotTheDotsError) as found:
        ptd.funnel(asked.pop("numerators"), asked.pop("denominators"), **asked)
    assert found.value.code == code
    assert words in str(found.value)


def drawing(**more):
    ours = ptd.funnel([8, 20, 34, 11], [100, 100, 100, 100], kind="proportions", target=0.2)
    return ptd.draw_funnel(ours, title="Readmitted <28 days", names=["Elm", "Oak", "Yew & Co", "Ash"], **more)


def test_a_funnel_is_well_formed_named_and_without_inline_style():
    svg = drawing(improvement="down", unit="%")
    root = ET.fromstring(svg)  # noqa: S314  our own text
    assert root.get("role") == "img"
    ids = root.get("aria-labelledby").split()
    found = {each.get("id"): each.text for each in root.iter() if each.get("id")}
    assert found[ids[0]] == "Readmitted <28 days"
    assert "1 worse than chance explains: Yew & Co." in found[ids[1]]
    assert "1 better than chance explains: Elm." in found[ids[1]]
    assert "style=" not in svg
    assert "<script" not in svg


def test_signs_have_a_shape_of_their_own_and_rings_mark_the_space_between():
    svg = drawing(improvement="down")
    shapes = dict(re.findall(r'class="(ptd-better|ptd-worse)"[^>]* d="([^"]+)"', svg))
    assert shapes["ptd-better"] != shapes["ptd-worse"]
    assert "l" in shapes["ptd-better"]  # a diamond leans
    assert "h" in shapes["ptd-worse"]  # a square does not
    rings = re.search(r'ptd-ring"[^>]* d="([^"]*)"', svg).group(1)
    assert rings.count("M") == 1  # Ash alone lies between the limits
    neutral = drawing()
    assert "ptd-higher" in neutral
    assert "ptd-lower" in neutral


def test_what_cannot_be_drawn_is_said():
    for more, code in (({"improvement": "better"}, "improvement"), ({"prefix": "1"}, "prefix")):
        with pytest.raises(ptd.DrawError) as found:
            drawing(**more)
        assert found.value.code == code
    ours = ptd.funnel([0], [0], kind="rates", target=0.1)
    with pytest.raises(ptd.DrawError, match="0 units with data"):
        ptd.draw_funnel(ours, title="None")
    with pytest.raises(ptd.DrawError, match="2 names for 1 units"):
        ptd.draw_funnel(ours, title="None", names=["a", "b"])


def test_units_that_spread_by_more_than_chance_are_said_to():
    rng = np.random.default_rng(3)
    cases = np.concatenate([rng.binomial(5000, 0.1, 20), rng.binomial(5000, 0.2, 20)])
    ours = ptd.funnel(cases, np.full(40, 5000), kind="proportions")
    assert "limits are too narrow" in ptd.draw_funnel(ours, title="Two worlds")
