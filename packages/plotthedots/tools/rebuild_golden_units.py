"""Rebuild the golden files of FunnelPlotR and autospc: python tools/rebuild_golden_units.py FOLDER.

FOLDER holds `inputs/`, one folder per peer, and `index_other.csv` with the exact call of each case. Numbers keep their
17 significant digits. The 95 and 99 cases of a funnel differ in who is called an outlier only, which is checked here,
so their limits are kept once.
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
Rows = list[dict[str, str]]
DRAWN = ("ll95", "ul95", "ll998", "ul998")
POINTS = ("kind", "adjusted", "unit", "numerator", "denominator", "phi", "tau2", *DRAWN, "outlier95", "outlier998")
LINES = ("kind", "adjusted", "denominator", *DRAWN)
PHASES = ("case", "chart", "minimum", "shift", "y", "n", "centre", "lower", "upper", "excluded", "break", "log")


def rows(path: Path) -> Rows:
    """Read a CSV file as a list of dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def index(folder: Path) -> dict[str, str]:
    """Return the call of each case that worked."""
    return {row["case"]: row["call"] for row in rows(folder / "index_other.csv") if not row["error"]}


def both(folder: Path, kind: str, way: str, part: str) -> tuple[Rows, Rows]:
    """Return the 95 and 99 tables of a funnel, having checked that they differ in `outlier` only."""
    tables = [rows(folder / "FunnelPlotR" / f"funnel_ae_{kind}_{way}_{level}_{part}.csv") for level in (95, 99)]
    for one, two in zip(*tables, strict=True):
        if {name for name in one if one[name] != two[name]} - {"outlier"}:
            raise SystemExit(f"{kind} {way}: the 95 and 99 {part} differ: {one} {two}")
    return tables[0], tables[1]


def points(folder: Path) -> Iterator[list[str]]:
    """Yield each unit with the limits that its case draws, plain or adjusted."""
    calls = index(folder)
    for kind in ("PR", "RC", "SR"):
        for way in ("raw", "od"):
            call = calls[f"funnel_ae_{kind}_{way}_95"]
            found = re.search(r"tau2=(\S+) phi=(\S+)", call)
            tau2, phi = found.groups() if found else ("", "")
            for one, two in zip(*both(folder, kind, way, "points"), strict=True):
                sides = [("LCL", "95"), ("UCL", "95"), ("LCL", "99"), ("UCL", "99")]
                drawn = [one[f"OD{level}{side}" if way == "od" else f"{side}{level}"] for side, level in sides]
                yield [
                    kind, str(int(way == "od")), one["group"], one["numerator"], one["denominator"],
                    phi, tau2, *drawn, one["outlier"], two["outlier"],
                ]  # fmt: skip


def lines(folder: Path) -> Iterator[list[str]]:
    """Yield the limits drawn at each size."""
    for kind in ("PR", "RC", "SR"):
        for way in ("raw", "od"):
            for row, _ in zip(*both(folder, kind, way, "limits"), strict=True):
                drawn = [row[("od" if way == "od" else "") + name] for name in DRAWN]
                yield [kind, str(int(way == "od")), row["number_seq"], *drawn]


def phases(folder: Path) -> Iterator[list[str]]:
    """Yield each point of autospc's cases with its centre, limits, breaks and the log."""
    for case, call in index(folder).items():
        if not case.startswith("autospc"):
            continue
        chart = re.search(r'chart_type="([^"]+)"', call)
        least = re.search(r"period_min=(\d+)", call)
        run = re.search(r"shift_rule_threshold=(\d+)", call)
        given = rows(folder / "inputs" / f"{case}.csv")
        for point, row in zip(given, rows(folder / "autospc" / f"{case}.csv"), strict=True):
            yield [
                case, chart.group(1) if chart else "", least.group(1) if least else "21",
                run.group(1) if run else "8", point["y"], point.get("n", ""), row["cl"], row["lcl"], row["ucl"],
                row["excluded"] or "0", "1" if row["breakPoint"] == "1" else "0", row["log"],
            ]  # fmt: skip


def write(name: str, header: tuple[str, ...], lines: Iterator[list[str]]) -> None:
    """Write a compressed CSV that is byte for byte the same every time."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    (GOLDEN / name).write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


if __name__ == "__main__":
    source = Path(sys.argv[1])
    write("funnelplotr_units.csv.gz", POINTS, points(source))
    write("funnelplotr_lines.csv.gz", LINES, lines(source))
    write("autospc.csv.gz", PHASES, phases(source))
