"""The same numbers as the R packages and the Power BI engine, from the same inputs."""

from __future__ import annotations

import numpy as np
import peers
import pytest
from peers import CLOSE, column

import plotthedots as ptd


@pytest.mark.parametrize("case", peers.QIC)
def test_lines_and_signals_equal_qicharts2(case):
    rows = peers.QIC[case]
    result = peers.qic_result(rows)
    np.testing.assert_allclose(result.centre, column(rows, "cl"), **CLOSE)
    if case == "qic_syn_ip_freeze":
        return  # deliberate: see test_frozen_i_prime_limits_do_not_move_with_new_data
    for sigmas, lower, upper in ((3, "lcl", "ucl"), (2, "lcl2", "ucl2")):
        low, high = result.lines(sigmas)
        np.testing.assert_allclose(low, column(rows, lower), **CLOSE)
        np.testing.assert_allclose(high, column(rows, upper), **CLOSE)
    outside = result.flags & np.uint16(peers.OUTSIDE) != 0
    assert outside.tolist() == [row["sigma"] == "1" for row in rows]


def test_frozen_i_prime_limits_do_not_move_with_new_data():
    # qicharts2 takes sigma from all points even when frozen, so its limits move; with all of ours they are the same.
    rows = peers.QIC["qic_syn_ip_freeze"]
    ours, everything = peers.qic_result(rows), peers.qic_result(rows, baseline=None)
    width = column(rows, "ucl") - column(rows, "cl")
    np.testing.assert_allclose(everything.upper - everything.centre, width, **CLOSE)
    assert not np.isclose(ours.upper - ours.centre, width, rtol=1e-6).any()


@pytest.mark.parametrize("case", peers.QIC)
def test_runs_analysis_equals_qicharts2(case):
    rows = peers.QIC[case]
    row = rows[-1]
    result = peers.qic_result(rows, rules="anhoej")
    assert result.useful[0] == int(row["useful"])
    if result.useful[0] == 0:
        return  # it reports nothing where no point is off the centre
    assert result.longest_run[0] == int(row["longest"])
    assert result.crossings[0] == int(row["crossings"])
    flags = np.bitwise_or.reduce(result.flags)
    run = bool(flags & (ptd.Flag.SHIFT_HIGH | ptd.Flag.SHIFT_LOW))
    crossings = bool(flags & (ptd.Flag.CROSSINGS_HIGH | ptd.Flag.CROSSINGS_LOW))
    assert run == (int(row["longest"]) > int(row["longest_max"]))
    assert crossings == (int(row["crossings"]) < float(row["crossings_min"]))
    assert (run or crossings) == (row["signal"] == "1")


def test_the_default_xmr_limits_are_qicharts2s_with_the_rounded_constant():
    for rows in peers.QIC.values():
        if rows[0]["chart"] == "i" and rows[0]["screen"] == "1":
            ours, theirs = peers.qic_result(rows, constant="rounded"), column(rows, "ucl") - column(rows, "cl")
            np.testing.assert_allclose(ours.upper - ours.centre, theirs * 2.66 * 1.128 / 3, rtol=1e-9, atol=1e-9)


@pytest.fixture(scope="module")
def nhsr():
    """Every facet of every case under `nhs-r`: ragged lengths, phases, targets and directions in one batch."""
    return peers.nhsr_results("nhs-r")


def test_lines_equal_nhsrplotthedots(nhsr):
    for chosen, result in nhsr:
        rows = [row for each in chosen for row in each]
        for ours, theirs in ((result.centre, "mean"), (result.lower, "lpl"), (result.upper, "upl")):
            np.testing.assert_allclose(ours, column(rows, theirs), **CLOSE)


def test_special_causes_equal_nhsrplotthedots(nhsr):
    for chosen, result in nhsr:
        theirs = [peers.LABELS[row["type"]] for each in chosen for row in each]
        assert peers.named(result.flags).tolist() == theirs


def test_point_types_equal_nhsrplotthedots(nhsr):
    for chosen, result in nhsr:
        theirs = [peers.VARIATIONS[row["point"]] for each in chosen for row in each]
        seen = ~np.isnan(result.values)
        assert result.kinds[seen].tolist() == np.array(theirs)[seen].tolist()
        # A missing point is common cause there; here it is not a point.
        assert set(np.array(theirs)[~seen].tolist()) <= {int(ptd.Variation.COMMON)}


def test_the_summary_equals_nhsrplotthedots(nhsr):
    compared = 0
    for chosen, result in nhsr:
        for i, rows in enumerate(chosen):
            compared += _same_summary(rows, result, i)
    assert compared == sum(len(groups) for groups in peers.SUMMARY.values())


def _same_summary(rows, result, i):
    one = result.series(i)
    phase = column(rows, "phase")
    groups = peers.SUMMARY[rows[0]["case"], rows[0]["facet"]]
    for group in groups:
        here = np.flatnonzero(phase == float(group["rebase_group"]))
        kinds = one.kinds[here]
        kinds = np.where(np.isnan(one.values[here]), ptd.Variation.COMMON, kinds)
        assert here.size == int(group["n"])
        for ours, theirs in ((one.centre, "mean_col"), (one.lower, "lpl"), (one.upper, "upl")):
            np.testing.assert_allclose(ours[here[-1]], column([group], theirs)[0], **CLOSE)
        for kind, name in peers.COUNTED.items():
            assert int((kinds == kind).sum()) == int(group[name])
        assert kinds[-1] == peers.VARIATIONS[group["variation_type"]]
        if group["last_group"] == "1":
            assert result.variation[i] == peers.VARIATIONS[group["variation_type"]]
            assert result.assurance[i] == peers.ASSURANCES[group["assurance_type"]]
    return len(groups)


@pytest.mark.parametrize("case", peers.PBI)
def test_lines_and_outliers_equal_the_power_bi_engine(case):
    rows = peers.PBI[case]
    result, kept = peers.pbi_result(case, rows)
    scale = 100 if rows[0]["chart"] in ("p", "pp") else 1
    np.testing.assert_allclose(result.centre[kept] * scale, column(rows, "target"), **CLOSE)
    if not np.isfinite(column(rows, "ll99")).any():
        return  # run charts, and one point alone, have no limits in either
    for sigmas, low, high in ((3, "ll99", "ul99"), (2, "ll95", "ul95"), (1, "ll68", "ul68")):
        lower, upper = (line[kept] * scale for line in result.lines(sigmas))
        np.testing.assert_allclose(lower, column(rows, low), **CLOSE)
        np.testing.assert_allclose(upper, column(rows, high), **CLOSE)
    flagged = result.flags[kept] & np.uint16(peers.OUTSIDE) != 0
    assert flagged.tolist() == [row["astpoint"] not in ("none", "") for row in rows]


def test_there_are_golden_cases_of_every_chart():
    charts = {rows[0]["chart"] for rows in peers.QIC.values()}
    assert charts == {"run", "i", "ip", "mr", "p", "pp", "up", "c", "g", "t"}
    assert (len(peers.QIC), len(peers.NHSR), len(peers.PBI)) == (65, 465, 59)
