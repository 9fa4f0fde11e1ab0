"""Compare us with every peer, point by point, and write docs/differences.md: python tools/differences.py.

It reads tests/golden through tests/peers.py and nothing else; a test holds the page to be fresh.
"""

# ruff: noqa: INP001, E501  a script: run by hand; lines of tables are long
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

HERE: Final = Path(__file__).parents[1]
sys.path.insert(0, str(HERE / "tests"))

import peers  # noqa: E402  found beside the tests

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = HERE / "docs" / "differences.md"
HEAD: Final = """<!-- Written by tools/differences.py from tests/golden: run it again, do not edit. -->

# Where we differ from other tools, counted

Every point of every golden case is compared: lines to nine digits, flags and icons exactly.

## Asked the same question

| Peer | How it is asked here | Compared | Points | Equal | Differ |
|---|---|---|---:|---:|---:|
"""
CHOSEN: Final = """
The points that differ are the frozen I′ chart: qicharts2 takes the centre from the baseline but sigma from *all* points, so its
"frozen" limits move with every new month. Here both come from the baseline. With sigma from all points ours are equal too
(`test_frozen_i_prime_limits_do_not_move_with_new_data`).

## With our defaults

What you see differ when you change tools and set nothing. Each line is a choice, with its reason.

| Peer | What differs | Points (or icons) | Of | Why |
|---|---|---:|---:|---|
"""
TAIL: Final = """
## Beyond the golden cases

| Question | Peer | Here | Why |
|---|---|---|---|
| Missing last month | NHSRplotthedots: common cause | last observed point decides, and the chart says data are late (`nhs-r`: as there) | a missing month is no evidence that a concern is over |
| Excluded points | qicharts2: still get sigma signals | drawn, but neither judged nor counted | who leaves a point out has already explained it |
| t chart with a wait of nought | qicharts2: stops | that point is missing, with a warning | one doubled date should not cost the chart |
| Duplicate dates | qicharts2, autospc: added up; NHSRplotthedots: stops | stops, naming both dates | adding up is a guess |
| Values that are all nought or all cases on P′ and U′ | limits not known | limits equal the centre, with a warning | as for every constant series |
"""


class Tally(NamedTuple):
    """How many answers were compared and how many are equal."""

    points: int
    equal: int

    def __add__(self, other: object) -> Tally:
        """Add two tallies up."""
        if not isinstance(other, Tally):
            return NotImplemented
        return Tally(self.points + other.points, self.equal + other.equal)


NOTHING: Final = Tally(0, 0)


def same(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return which lines are equal to nine digits, unknown being equal to unknown."""
    return np.isclose(ours, theirs, **peers.CLOSE, equal_nan=True)


def qicharts2(**changes: object) -> dict[str, Tally]:
    """Return tallies of lines, signals and runs analysis."""
    out = dict.fromkeys(("centre and limits", "sigma signals", "runs analysis"), NOTHING)
    for rows in peers.QIC.values():
        one = peers.qic_result(rows, **changes)
        equal = np.ones(len(rows), dtype=bool)
        lines = ((one.centre, "cl"), *zip(one.lines(3), ("lcl", "ucl"), strict=True), *zip(one.lines(2), ("lcl2", "ucl2"), strict=True))
        for ours, theirs in lines:
            equal &= same(ours, peers.column(rows, theirs))
        out["centre and limits"] += Tally(len(rows), int(equal.sum()))
        flagged = one.flags & np.uint16(peers.OUTSIDE) != 0
        out["sigma signals"] += Tally(len(rows), int((flagged == (peers.column(rows, "sigma") == 1)).sum()))
        out["runs analysis"] += runs_analysis(rows, changes)
    return out


def runs_analysis(rows: list[dict[str, str]], changes: dict[str, object]) -> Tally:
    """Return whether the verdict on a whole series is equal: useful points, longest run, crossings, signal."""
    one, row = peers.qic_result(rows, **{**changes, "rules": "anhoej"}), rows[-1]
    useful = int(row["useful"])
    equal = one.useful[0] == useful and bool(one.flags.any()) == (row["signal"] == "1")
    if useful:
        equal &= (one.longest_run[0], one.crossings[0]) == (int(row["longest"]), int(row["crossings"]))
    return Tally(1, int(equal))


def nhsr(rules: str) -> dict[str, Tally]:
    """Return tallies of lines, special causes, point types and the icons of each facet."""
    out = dict.fromkeys(("centre and limits", "special cause of each point", "variation", "assurance"), NOTHING)
    for chosen, result in peers.nhsr_results(rules):
        rows = [row for each in chosen for row in each]
        equal = np.ones(len(rows), dtype=bool)
        for ours, theirs in ((result.centre, "mean"), (result.lower, "lpl"), (result.upper, "upl")):
            equal &= same(ours, peers.column(rows, theirs))
        out["centre and limits"] += Tally(len(rows), int(equal.sum()))
        named = peers.named(result.flags) == np.array([peers.LABELS[row["type"]] for row in rows])
        out["special cause of each point"] += Tally(len(rows), int(named.sum()))
        for i, each in enumerate(chosen):
            last = next(row for row in peers.SUMMARY[each[0]["case"], each[0]["facet"]] if row["last_group"] == "1")
            out["variation"] += Tally(1, int(result.variation[i] == peers.VARIATIONS[last["variation_type"]]))
            out["assurance"] += Tally(1, int(result.assurance[i] == peers.ASSURANCES[last["assurance_type"]]))
    return out


def powerbi() -> dict[str, Tally]:
    """Return tallies of lines and outliers, on the rows that engine keeps."""
    out = dict.fromkeys(("centre and limits", "outliers"), NOTHING)
    for case, rows in peers.PBI.items():
        result, kept = peers.pbi_result(case, rows)
        scale = 100 if rows[0]["chart"] in {"p", "pp"} else 1
        equal = same(result.centre[kept] * scale, peers.column(rows, "target"))
        for sigmas, low, high in ((3, "ll99", "ul99"), (2, "ll95", "ul95"), (1, "ll68", "ul68")):
            lower, upper = (line[kept] * scale for line in result.lines(sigmas))
            equal &= same(lower, peers.column(rows, low)) & same(upper, peers.column(rows, high))
        out["centre and limits"] += Tally(len(rows), int(equal.sum()))
        flagged = result.flags[kept] & np.uint16(peers.OUTSIDE) != 0
        theirs = np.array([row["astpoint"] not in {"none", ""} for row in rows])
        out["outliers"] += Tally(len(rows), int((flagged == theirs).sum()))
    return out


def asked_alike() -> Iterator[str]:
    """Yield the first table."""
    asked = (
        ("qicharts2 0.8.1", '`constant="d2", screen="always"`', qicharts2()),
        ("NHSRplotthedots 0.2.2", '`rules="nhs-r"`', nhsr("nhs-r")),
        ("PowerBI-SPC engine 1.7", '`constant="d2", missing="skip"`', powerbi()),
    )
    for peer, how, tallies in asked:
        for what, (points, equal) in tallies.items():
            yield f"| {peer} | {how} | {what} | {points:,} | {equal:,} | {points - equal:,} |"


def unlike(peer: str, what: str, tally: Tally, why: str) -> str:
    """Return one line of the second table."""
    return f"| {peer} | {what} | {tally.points - tally.equal:,} | {tally.points:,} | {why} |"


def by_default() -> Iterator[str]:
    """Yield the second table."""
    mdc, q, n = nhsr("mdc"), "qicharts2", "NHSRplotthedots"
    rounded, kept = qicharts2(constant="rounded"), qicharts2(screen=None)
    lines, signal = "centre and limits", "special cause of each point"
    why = "2.66 is what the NHS prints, and every NHS tool uses"
    yield unlike(q, "limits of XmR and t at 2.66 mean ranges, not 3 / 1.128 (and frozen I′)", rounded[lines], why)
    yield unlike(q, "the same: sigma signals", rounded["sigma signals"], "limits 0.02 % wider move no point")
    why = "a line that never moves is known exactly"
    yield unlike(q, "a constant series has limits on its centre, not none (and frozen I′)", kept[lines], why)
    why = "limits of no width call every point special"
    yield unlike(n, "the same; screening is skipped where it would leave no variation", mdc[lines], why)
    why = "points beyond three sigma count in two of three, as Making Data Count announced in November 2023"
    yield unlike(n, "special cause of a point", mdc[signal], why)
    yield unlike(n, "variation icon", mdc["variation"], "the same; and level outranks trend where rules disagree")
    yield unlike(n, "assurance icon", mdc["assurance"], "a target exactly on a limit counts as met")


def page() -> str:
    """Return the whole page."""
    return HEAD + "\n".join(asked_alike()) + "\n" + CHOSEN + "\n".join(by_default()) + "\n" + TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
