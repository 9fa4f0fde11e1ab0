"""Golden results of other tools, and our answers to the same questions."""

from __future__ import annotations

import numpy as np

import plotthedots as ptd
from conftest import golden

QIC = {name: rows for (name,), rows in golden("qicharts2", "case")}
NHSR = [rows for _, rows in golden("nhsrplotthedots", "case", "facet")]
SUMMARY = dict(golden("nhsrplotthedots_summary", "case", "f"))
PBI = {name: rows for (name,), rows in golden("powerbi", "case")}
CLOSE = {"rtol": 1e-9, "atol": 1e-12}
CHARTS = {"i": "xmr"}
OUTSIDE = ptd.Flag.OUTSIDE_HIGH | ptd.Flag.OUTSIDE_LOW
TWO = ptd.Flag.TWO_OF_THREE_HIGH | ptd.Flag.TWO_OF_THREE_LOW
LABELS = {
    "Above UCL": ptd.Flag.OUTSIDE_HIGH,
    "Below LCL": ptd.Flag.OUTSIDE_LOW,
    "7 Point Trend (Increasing)": ptd.Flag.TREND_UP,
    "7 Point Trend (Decreasing)": ptd.Flag.TREND_DOWN,
    "2 in 3 Above CL": ptd.Flag.TWO_OF_THREE_HIGH,
    "2 in 3 Below CL": ptd.Flag.TWO_OF_THREE_LOW,
    "7 Points Above CL": ptd.Flag.SHIFT_HIGH,
    "7 Points Below CL": ptd.Flag.SHIFT_LOW,
    "Common Cause": 0,
}
VARIATIONS = {
    "common_cause": ptd.Variation.COMMON,
    "special_cause_improvement": ptd.Variation.IMPROVEMENT,
    "special_cause_concern": ptd.Variation.CONCERN,
    "special_cause_neutral_high": ptd.Variation.HIGH,
    "special_cause_neutral_low": ptd.Variation.LOW,
}
ASSURANCES = {
    "consistent_pass": ptd.Assurance.PASS,
    "consistent_fail": ptd.Assurance.FAIL,
    "inconsistent": ptd.Assurance.RANDOM,
    "": ptd.Assurance.NONE,
}
COUNTED = {
    ptd.Variation.COMMON: "common_cause",
    ptd.Variation.IMPROVEMENT: "special_cause_improvement",
    ptd.Variation.CONCERN: "special_cause_concern",
}


def column(rows, name):
    return np.array([float(row[name]) if row[name] not in ("", "NA") else np.nan for row in rows])


def named(flags):
    """The one label NHSRplotthedots gives each point: the first that holds, in the order of LABELS."""
    labels = np.zeros(flags.shape, dtype=int)
    for label in reversed([label for label in LABELS.values() if label]):
        labels[flags & np.uint16(label) != 0] = label
    return labels


def qic_batch(rows):
    below = column(rows, "n")
    return ptd.Batch.of([column(rows, "y")], None if np.isnan(below).all() else [below])


def qic_result(rows, **changes):
    """Judge a case the way qicharts2 is asked to: 3 / 1.128, and screening that may leave no limits."""
    asked = {
        "chart": CHARTS.get(rows[0]["chart"], rows[0]["chart"]),
        "screen": "always" if rows[0]["screen"] == "1" else False,
        "baseline": int(rows[0]["freeze"]) or None,
        "constant": "d2",
    }
    if rows[0]["screen"] == "0":
        changes.pop("screen", None)  # this case is about not screening
    return ptd.evaluate(qic_batch(rows), ptd.Plan(**{**asked, **changes}))


def nhsr_results(rules, **changes):
    """Judge all facets of all cases in two batches: screened, and not."""
    out = []
    for screen in ("1", "0"):
        chosen = [rows for rows in NHSR if rows[0]["screen"] == screen]
        plan = ptd.Plan(
            rules=rules,
            improvement=np.array([rows[0]["better"] for rows in chosen]),
            target=np.array([column(rows, "target")[0] for rows in chosen]),
            baseline=np.array([int(rows[0]["fix"]) for rows in chosen]),
            rebase={i: list(np.flatnonzero(np.diff(column(rows, "phase"))) + 1) for i, rows in enumerate(chosen)},
            screen=None if screen == "1" else False,
            **changes,
        )
        out.append((chosen, ptd.evaluate(ptd.Batch.of([column(rows, "y") for rows in chosen]), plan)))
    return out


def pbi_result(case, rows):
    """Judge the same input with its missing rows dropped, as that engine does, and say which points it kept."""
    chart = rows[0]["chart"]
    batch = qic_batch(QIC[case])
    plan = ptd.Plan(chart=CHARTS.get(chart, chart), constant="d2", missing="skip")
    result = ptd.evaluate(batch, plan)
    kept = ~np.isnan(result.values)
    return result, kept
