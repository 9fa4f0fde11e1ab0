"""Every chart, rule set and choice equals the slow twin: random series with gaps, ties, phases and excluded points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import chart_twin
import numpy as np
import pytest
import rule_twin
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import plotthedots as ptd

RATIOS = ("p", "pp", "u", "up", "ip")
CHARTS = ("xmr", "run", "mr", "c", "g", "t", "xbar", "s", *RATIOS)
COUNTS = ("c", "g", *RATIOS)
MAYBE = st.none() | st.sampled_from(["break", "skip"])


@st.composite
def numbers(draw, chart):
    """Draw one series: value (tenths, or whole numbers where something is counted), weight, deviation."""
    low, high = (0, 12) if chart in COUNTS else (-15, 15)
    size = draw(st.integers(0, 45))
    steady = draw(st.booleans())
    each = st.integers(low + 4, low + 8) if steady else st.integers(low, high)
    slope = draw(st.sampled_from([0, 0, 0, 1, -1])) if chart not in ("p", "pp") else 0
    values = draw(st.lists(each | st.just(low + 5) | (st.none() if draw(st.booleans()) else each), min_size=size, max_size=size))
    values = [None if v is None else v + (slope * i // 2) for i, v in enumerate(values)]
    if chart in COUNTS or chart == "t":
        values = [None if v is None else abs(v) for v in values]
    weights = draw(st.lists(st.integers(12 if chart in ("p", "pp") else 1, 60) | st.just(20), min_size=size, max_size=size))
    if chart in RATIOS and draw(st.booleans()) and size:
        weights[draw(st.integers(0, size - 1))] = 0
    if chart in ("p", "pp"):
        values = [v if v is None or v <= w else w for v, w in zip(values, weights, strict=True)]
    if chart in ("xbar", "s"):
        same = draw(st.booleans())
        weights = [4 if same else w % 6 + 1 for w in weights]
    spreads = draw(st.lists(st.integers(0, 20), min_size=size, max_size=size))
    return values, weights, [None if w < 2 else s for s, w in zip(spreads, weights, strict=True)]


@st.composite
def questions(draw):
    chart = draw(st.sampled_from(CHARTS))
    options = {
        "rules": draw(st.sampled_from(list(rule_twin.SETS))),
        "shift": draw(st.none() | st.integers(2, 9)),
        "trend": draw(st.none() | st.integers(2, 8)),
        "two_of_three": draw(st.none() | st.sampled_from(["same-side", "any-side", "off"])),
        "count_outside": draw(st.none() | st.booleans()),
        "ties": draw(MAYBE),
        "on_centre": draw(MAYBE),
        "missing": draw(MAYBE),
        "screen": draw(st.sampled_from([None, None, True, False, "always"])),
        "centre": draw(st.sampled_from([None, None, "mean", "median"])),
        "constant": draw(st.sampled_from(["rounded", "d2"])),
        "apply": draw(st.none() | st.sets(st.sampled_from(sorted(ptd.Plan().settings.apply | {"runs", "crossings", "longest-run", "alternating", "hugging", "avoiding", "four-of-five"})))),
    }
    known = draw(st.sampled_from([None, None, None, Fraction(1, 2), Fraction(1, 4)]))
    sigma = draw(st.sampled_from([None, Fraction(3, 4)])) if chart in ("xmr", "ip", "xbar") else None
    return {
        "chart": chart,
        "options": options,
        "ragged": draw(st.lists(numbers(chart), min_size=1, max_size=4)),
        "starts": draw(st.lists(st.integers(0, 40), max_size=2)),
        "baseline": draw(st.none() | st.integers(2, 20)),
        "exclude": draw(st.sets(st.integers(0, 44), max_size=3)),
        "mean": known,
        "sigma": sigma,
        "better": draw(st.sampled_from(["up", "down", "none"])),
        "target": draw(st.none() | st.integers(-10, 20)),
    }


def scale_of(chart):
    return 1 if chart in COUNTS else 10


def floats(rows, by=1):
    return np.concatenate([[np.nan if v is None else v / by for v in row] for row in rows] or [[]])


def asked(q):
    """Put the question to the package."""
    rows = q["ragged"]
    values, weights, spreads = ([row[k] for row in rows] for k in range(3))
    offsets = np.cumsum([0, *map(len, values)])
    more = {}
    if q["chart"] in RATIOS:
        more["denominators"] = floats(weights)
    if q["chart"] in ("xbar", "s"):
        more |= {"sizes": floats(weights), "deviations": floats(spreads, 10)}
    plan = ptd.Plan(
        chart=q["chart"],
        rebase=q["starts"],
        baseline=q["baseline"],
        exclude=sorted(q["exclude"]),
        mean=None if q["mean"] is None else float(q["mean"]),
        sigma=None if q["sigma"] is None else float(q["sigma"]),
        improvement=q["better"],
        target=None if q["target"] is None else q["target"] / 10,
        **q["options"],
    )
    return ptd.evaluate(ptd.Batch(floats(values, scale_of(q["chart"])), offsets, **more), plan)


def plotted(q, row):
    """Return what the chart shows, by hand: ratios, deviations, waits above nought, or steps within a phase."""
    chart, (values, weights, spreads) = q["chart"], row
    exact = [None if v is None else chart_twin.exact(Fraction(v, scale_of(chart))) for v in values]
    if chart in RATIOS:
        return [None if v is None or w == 0 else v / w for v, w in zip(exact, weights, strict=True)]
    if chart == "s":
        return [None if s is None else chart_twin.exact(Fraction(s, 10)) for s in spreads]
    if chart == "t":
        return [v if v is not None and v > 0 else None for v in exact]
    if chart == "mr":
        first = {0, *q["starts"]}
        return [
            None if i in first or exact[i] is None or exact[i - 1] is None else abs(exact[i] - exact[i - 1]) for i in range(len(exact))
        ]
    return exact


def expected(q, row):
    """Put the question to the twin."""
    options = {name: answer for name, answer in q["options"].items() if answer is not None}
    if "screen" in options:
        options["screen"] = {True: "once", False: "off", "always": "always"}[options["screen"]]
    options |= {name: chart_twin.exact(q[name]) for name in ("mean", "sigma") if q[name] is not None}
    weighted = q["chart"] in (*RATIOS, "xbar", "s")
    return rule_twin.judge(
        q["chart"],
        plotted(q, row),
        weights=[Decimal(w) for w in row[1]] if weighted else None,
        deviations=[None if s is None else chart_twin.exact(Fraction(s, 10)) for s in row[2]] if weighted else None,
        starts=q["starts"],
        baseline=q["baseline"],
        exclude=q["exclude"],
        options=options,
    )


def same_icons(q, row, twin, result, i):
    better = {"up": 1, "down": -1, "none": 0}[q["better"]]
    judged, rules = twin["judged"], rule_twin.SETS[q["options"]["rules"]]
    if judged is None:
        assert (result.variation[i], result.assurance[i]) == (0, 0)
        return
    late = rules.get("late") and plotted(q, row)[-1] is None
    assert result.variation[i] == (1 if late else rule_twin.kind(twin["said"], better, rules.get("trend_first", False)))
    target = None if q["target"] is None else chart_twin.exact(Fraction(q["target"], 10))
    lines = twin["lower"][judged], twin["upper"][judged]
    assert result.assurance[i] == rule_twin.assured(*lines, target, better, rules.get("inclusive", True))
    if result.useful is not None:
        assert (result.useful[i], result.longest_run[i], result.crossings[i]) == twin["counts"]


def agree(q):
    result = asked(q)
    for i, row in enumerate(q["ragged"]):
        one, twin = result.series(i), expected(q, row)
        for name in ("centre", "lower", "upper"):
            lines = np.array([np.nan if line is None else float(line) for line in twin[name]])
            np.testing.assert_allclose(getattr(one, name), lines, rtol=1e-9, atol=1e-9, err_msg=name)
        assert one.flags.tolist() == twin["flags"]
        same_icons(q, row, twin, result, i)


QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}


@settings(max_examples=300, **QUIET)
@given(questions())
def test_every_chart_and_rule_set_equals_the_twin(q):
    agree(q)


@pytest.mark.slow
@settings(max_examples=10_000, **QUIET)
@given(questions())
def test_every_chart_and_rule_set_equals_the_twin_ten_thousand_times(q):
    agree(q)
