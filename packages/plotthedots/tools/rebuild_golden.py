"""Rebuild tests/golden from a folder of peer results: python tools/rebuild_golden.py FOLDER.

FOLDER holds `inputs/`, one folder per peer, and `index_<peer>.csv` with the exact call of each case. Numbers keep
their 17 significant digits.
"""

# ruff: noqa: INP001  a script: run by hand
from __future__ import annotations

import csv
import gzip
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
Rows = list[dict[str, str]]
# Name here: name there.
QIC = {
    "y": "y.sum",
    "n": "n",
    "cl": "cl",
    "lcl": "lcl",
    "ucl": "ucl",
    "lcl2": "lcl.95",
    "ucl2": "ucl.95",
    "useful": "n.useful",
    "longest": "longest.run",
    "longest_max": "longest.run.max",
    "crossings": "n.crossings",
    "crossings_min": "n.crossings.min",
    "signal": "runs.signal",
    "sigma": "sigma.signal",
}
PTD = {
    "facet": "f",
    "y": "y",
    "target": "target",
    "phase": "rebase_group",
    "mean": "mean_col",
    "lpl": "lpl",
    "upl": "upl",
    "type": "special_cause_type",
    "point": "point_type",
}
SUMMARY = (
    "case",
    "f",
    "rebase_group",
    "last_group",
    "n",
    "mean_col",
    "lpl",
    "upl",
    "common_cause",
    "special_cause_improvement",
    "special_cause_concern",
    "variation_type",
    "assurance_type",
)
PBI = ("value", "target", "ll99", "ll95", "ll68", "ul68", "ul95", "ul99", "astpoint")
BETTER = {"increase": "up", "decrease": "down", "neutral": "none"}


def rows(path: Path) -> Rows:
    """Read a CSV file as a list of dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def asked(call: str, name: str, otherwise: str = "") -> str:
    """Return an argument of the peer's call, as written."""
    found = re.search(rf'{name} = "?([\w.]+)"?', call)
    return found.group(1) if found else otherwise


def qicharts2(folder: Path) -> Iterator[list[str]]:
    """Yield every point of every chart."""
    for case in rows(folder / "index_qicharts2.csv"):
        if case["error"]:
            continue
        call, name = case["call"], case["case"]
        screen = "0" if name.startswith("qic_unscreened") else "1"
        for row in rows(folder / "qicharts2" / f"{name}.csv"):
            yield [name, asked(call, "chart"), screen, asked(call, "freeze", "0"), *(row.get(each, "") for each in QIC.values())]


def nhsr(folder: Path) -> Iterator[list[str]]:
    """Yield every point of every case."""
    for case in rows(folder / "index_NHSRplotthedots.csv"):
        if case["error"]:
            continue
        call, name = case["call"], case["case"]
        better = BETTER[asked(call, "improvement_direction", "increase")]
        screen = "0" if asked(call, "screen_outliers") == "FALSE" else "1"
        fix = asked(call, "fix_after_n_points", "0")
        for row in rows(folder / "NHSRplotthedots" / f"{name}.csv"):
            yield [name, better, screen, fix, *(row[each] for each in PTD.values())]


def summary(folder: Path) -> Iterator[list[str]]:
    """Yield the summary of every facet and re-base group."""
    for row in rows(folder / "summary_NHSRplotthedots.csv"):
        yield [row[each] for each in SUMMARY]


def powerbi(folder: Path) -> Iterator[list[str]]:
    """Yield every point, with the case of qicharts2 that had the same input."""
    for case in rows(folder / "index_powerbi_spc.csv"):
        if case["error"]:
            continue
        for row in rows(folder / "powerbi_spc" / f"{case['case']}.csv"):
            yield [case["case"].replace("pbi_", "qic_", 1), case["chart"], *(row.get(each, "") for each in PBI)]


def write(name: str, header: tuple[str, ...], lines: Iterator[list[str]]) -> None:
    """Write a compressed CSV that is byte for byte the same every time."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    (GOLDEN / name).write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


if __name__ == "__main__":
    source = Path(sys.argv[1])
    write("qicharts2.csv.gz", ("case", "chart", "screen", "freeze", *QIC), qicharts2(source))
    write("nhsrplotthedots.csv.gz", ("case", "better", "screen", "fix", *PTD), nhsr(source))
    write("nhsrplotthedots_summary.csv.gz", SUMMARY, summary(source))
    write("powerbi.csv.gz", ("case", "chart", *PBI), powerbi(source))
