"""Suggested phases equal autospc's, step by step; and what the algorithm promises, on series made for it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plotthedots as ptd
from conftest import golden

CASES = {name: rows for (name,), rows in golden("autospc", "case")}
CHARTS = {"XMR": "xmr", "P'": "pp"}


def column(rows, name):
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def suggested(rows):
    chart = CHARTS[rows[0]["chart"]]
    batch = ptd.Batch.of([column(rows, "y")], [column(rows, "n")] if chart == "pp" else None)
    plan = ptd.Plan(chart=chart, shift=int(rows[0]["shift"]), constant="d2")
    return batch, plan, ptd.suggest_rebase(batch, plan, minimum=int(rows[0]["minimum"]))


def log_of(trace, size):
    """Write our steps in autospc's shorthand: its manual explains it, its output shows it."""
    log = [[] for _ in range(size)]
    counter = 0
    for step in trace:
        at, side = step.point, "10" if step.side > 0 else "01"
        turns = f"{int(step.reverts)}{int(step.unsettled)}"
        match step.found:
            case "baseline":
                log[at] += ["0100", "0200"]
            case "looking":
                log[at].append("0300")
                counter = at
            case "shift":
                log[counter].append(f"040{int(not step.running)}{at + 1}")
                log[at].append(f"0500{side}")
            case "rejected":
                log[at] += [f"0600{turns}", "0710"]
                counter = at + 1
            case "accepted":
                log[at] += ["060000", "0700"]
                counter = at + step.count
            case "too-few-left":
                log[at].append("0410")
            case "too-few-after":
                log[at].append("0610")
            case "no-shift":
                log[at] += ["0401NA", "0510"]
    return [";".join(entry) for entry in log]


def test_every_case_of_autospc_is_here():
    assert len(CASES) == 35
    assert sum(len(rows) for rows in CASES.values()) == 1872
    assert sum(row["break"] == "1" for rows in CASES.values() for row in rows) == 32


@pytest.mark.parametrize("case", CASES)
def test_suggested_starts_equal_autospc(case):
    rows = CASES[case]
    _, _, found = suggested(rows)
    theirs = tuple(point for point, row in enumerate(rows) if row["break"] == "1")
    assert found.starts.get(0, ()) == theirs


@pytest.mark.parametrize("case", CASES)
def test_the_trace_equals_the_log_of_autospc_entry_by_entry(case):
    rows = CASES[case]
    _, _, found = suggested(rows)
    assert log_of(found.trace, len(rows)) == [row["log"] for row in rows]


@pytest.mark.parametrize("case", CASES)
def test_centre_and_limits_of_each_suggested_phase_equal_autospc(case):
    rows = CASES[case]
    _, plan, found = suggested(rows)
    least, percent = int(rows[0]["minimum"]), 100.0 if plan.chart == "pp" else 1.0
    edges = [0, *found.starts.get(0, ()), len(rows)]
    for first, after in itertools.pairwise(edges):
        # It bridges a point left out with one moving range, as if it had no row: so we give it none.
        part = [row for row in rows[first:after] if row["excluded"] != "1"]
        used = sum(row["excluded"] != "1" for row in rows[first : first + least])
        below = [column(part, "n")] if plan.chart == "pp" else None
        alike = ptd.Plan(chart=plan.chart, constant="d2", baseline=used)
        one = ptd.evaluate(ptd.Batch.of([column(part, "y")], below), alike)
        for ours, theirs in ((one.centre, "centre"), (one.lower, "lower"), (one.upper, "upper")):
            np.testing.assert_allclose(ours * percent, column(part, theirs), rtol=1e-9)


LEVEL = [4, 6, 5, 7, 4, 5, 6, 4, 5, 7, 5, 6]
HIGHER = [value + 5 for value in LEVEL]


def test_a_shift_that_turns_back_is_rejected_with_the_reason():
    found = ptd.suggest_rebase(ptd.Batch.of([LEVEL + HIGHER[:8] + LEVEL + LEVEL]))
    rejected = [step for step in found.trace if step.found == "rejected"]
    assert rejected
    assert rejected[0].reverts
    assert "by its own centre the process shifts back" in rejected[0].words


def test_missing_points_count_as_if_they_had_no_row():
    gaps = [*LEVEL[:3], None, *LEVEL[3:], None, *HIGHER]
    found = ptd.suggest_rebase(ptd.Batch.of([gaps, LEVEL + HIGHER]))
    assert found.starts == {0: (14,), 1: (12,)}


def test_phases_the_plan_has_are_kept_and_searched_one_by_one():
    batch = ptd.Batch.of([LEVEL + HIGHER + LEVEL + HIGHER])
    found = ptd.suggest_rebase(batch, ptd.Plan(rebase=[24]))
    assert found.starts == {0: (12, 36)}
    assert found.rebase == {0: (12, 24, 36)}
    agreed = ptd.evaluate(batch, ptd.Plan(rebase=found.rebase))
    assert agreed.series(0).phases.tolist() == [0, 12, 24, 36]


def test_nothing_is_applied():
    batch = ptd.Batch.of([LEVEL + HIGHER])
    plan = ptd.Plan()
    before = ptd.evaluate(batch, plan)
    ptd.suggest_rebase(batch, plan)
    after = ptd.evaluate(batch, plan)
    assert after.series(0).phases.tolist() == [0]
    np.testing.assert_array_equal(before.centre, after.centre)


@pytest.mark.parametrize("values", [[], [3.0], [np.nan] * 20, [5.0] * 40, LEVEL[:11]])
def test_nothing_short_empty_or_constant_gets_a_suggestion(values):
    assert ptd.suggest_rebase(ptd.Batch.of([values])).starts == {}


def test_proportions_are_judged_as_proportions():
    rng = np.random.default_rng(4)
    sizes = rng.integers(200, 400, 36).astype(float)
    share = np.where(np.arange(36) < 20, 0.2, 0.5)
    cases = np.round(share * sizes + rng.normal(0, 3, 36))
    found = ptd.suggest_rebase(ptd.Batch.of([cases], [sizes]), ptd.Plan(chart="p"))
    assert found.starts == {0: (20,)}


@pytest.mark.parametrize(("more", "code"), [({"minimum": 1}, "suggest"), ({"leave_out": -1}, "suggest")])
def test_errors_say_what_a_phase_needs(more, code):
    with pytest.raises(ptd.PlanError) as found:
        ptd.suggest_rebase(ptd.Batch.of([LEVEL]), **more)
    assert found.value.code == code


@given(st.lists(st.floats(0, 20).map(lambda x: round(x, 1)), min_size=24, max_size=80), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_a_start_already_suggested_stays_when_data_are_added(values, more):
    """The promise of the algorithm: no regrets. What was settled on earlier data is not taken back."""
    early = values[: max(24, len(values) - more)]
    first = ptd.suggest_rebase(ptd.Batch.of([early])).starts.get(0, ())
    later = ptd.suggest_rebase(ptd.Batch.of([values])).starts.get(0, ())
    assert later[: len(first)] == first


def test_every_step_has_words():
    for case in CASES.values():
        for step in suggested(case)[2].trace:
            assert step.words
            assert "{" not in step.words
