"""Rebuild tests/golden from a folder of peer results: python tools/rebuild_golden.py FOLDER.

FOLDER holds `inputs/`, one folder per peer, and `index_<peer>.csv` with the exact call of each case. Only
what our charts can be compared with is kept; numbers keep their 17 significant digits.
"""

# ruff: noqa: INP001  a script: run by hand, and it prints
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
QIC = (
    "case",
    "chart",
    "screen",
    "freeze",
    "y",
    "n",
    "cl",
    "lcl",
    "ucl",
    "useful",
    "longest",
    "longest_max",
    "crossings",
    "crossings_min",
    "signal",
)
NHSR = (
    "case",
    "facet",
    "better",
    "screen",
    "fix",
    "y",
    "target",
    "phase",
    "mean",
    "lpl",
    "upl",
    "type",
    "variation",
    "assurance",
)
BETTER = {"increase": "up", "decrease": "down", "neutral": "none"}


def rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file as a list of dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def asked(call: str, name: str, otherwise: str = "") -> str:
    """Return an argument of the peer's call, as written."""
    found = re.search(rf'{name} = "?([\w.]+)"?', call)
    return found.group(1) if found else otherwise


def qicharts2(folder: Path) -> Iterator[list[str]]:
    """Yield every point of the run, i and p charts."""
    for case in rows(folder / "index_qicharts2.csv"):
        call = case["call"]
        chart = asked(call, "chart")
        if chart not in {"run", "i", "p"} or case["error"]:
            continue
        screen = "0" if case["case"].startswith("qic_unscreened") else "1"
        for row in rows(folder / "qicharts2" / f"{case['case']}.csv"):
            yield [
                case["case"],
                chart,
                screen,
                asked(call, "freeze", "0"),
                row["y.sum"],
                row["n"],
                row["cl"],
                row["lcl"],
                row["ucl"],
                row["n.useful"],
                row["longest.run"],
                row["longest.run.max"],
                row["n.crossings"],
                row["n.crossings.min"],
                row["runs.signal"],
            ]


def nhsr(folder: Path) -> Iterator[list[str]]:
    """Yield every point of every case, with the icons of its facet."""
    icons = {
        (row["case"], row["f"]): row for row in rows(folder / "summary_NHSRplotthedots.csv") if row["last_group"] == "1"
    }
    for case in rows(folder / "index_NHSRplotthedots.csv"):
        if case["error"]:
            continue
        call, name = case["call"], case["case"]
        better = BETTER[asked(call, "improvement_direction", "increase")]
        screen = "0" if asked(call, "screen_outliers") == "FALSE" else "1"
        for row in rows(folder / "NHSRplotthedots" / f"{name}.csv"):
            icon = icons[name, row["f"]]
            yield [
                name,
                row["f"],
                better,
                screen,
                asked(call, "fix_after_n_points", "0"),
                row["y"],
                row["target"],
                row["rebase_group"],
                row["mean_col"],
                row["lpl"],
                row["upl"],
                row["special_cause_type"],
                icon["variation_type"],
                icon["assurance_type"],
            ]


def write(name: str, header: tuple[str, ...], lines: Iterator[list[str]]) -> None:
    """Write a compressed CSV that is byte for byte the same every time."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    (GOLDEN / name).write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


if __name__ == "__main__":
    source = Path(sys.argv[1])
    write("qicharts2.csv.gz", QIC, qicharts2(source))
    write("nhsrplotthedots.csv.gz", NHSR, nhsr(source))
