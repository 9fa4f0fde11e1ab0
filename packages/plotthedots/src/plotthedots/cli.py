"""The command `plotthedots`: a CSV or Parquet file in; a summary, a page or a table out."""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
from importlib import import_module
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from plotthedots.charts import CHARTS
from plotthedots.drawing import draw
from plotthedots.drawing.scale import Unit
from plotthedots.errors import PlotTheDotsError, choices
from plotthedots.evaluation import evaluate
from plotthedots.explaining import ASSURANCES, VARIATIONS, explain
from plotthedots.frames import opened
from plotthedots.plan import Plan
from plotthedots.reading import TableError, column_of, numbers, read_csv
from plotthedots.report import attention, chance_words, html_report, label_words
from plotthedots.rules import RULES
from plotthedots.suggest import suggest_rebase
from plotthedots.tables import Arranged, arranged, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotthedots.frames import Columns
    from plotthedots.result import Result

# A table of single measurements has no row for a subgroup: those charts are for Python.
_CHARTS: Final = sorted(name for name, chart in CHARTS.items() if chart.needs != "subgroups")
_KINDS: Final = (".html", ".csv", ".svg")
_WIDTH: Final = 100
_NAME: Final = 28  # characters of a series' name on a line
_SHOWN: Final = 40  # lines of the summary; --explain shows as many


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 2 where something was wrong with what was asked."""
    asked = _parser().parse_args(arguments)
    try:
        return _run(asked)
    except PlotTheDotsError as error:
        return _wrong(str(error))
    except FileNotFoundError:
        return _wrong(f"There is no file {asked.file}. Give the path of a CSV or Parquet file.")
    except OSError as error:
        return _wrong(f"{error.filename or asked.file} cannot be read or written ({error.strerror}).")
    except BrokenPipeError:  # the reader has seen enough (| head)
        return 0


def _wrong(message: str) -> int:
    print(fill(f"plotthedots: {message}", _width()), file=sys.stderr)  # noqa: T201  a command prints
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="plotthedots",
        description="Which points of a chart are more than chance? Reads a table, says so, and draws the charts.",
        epilog="Example: plotthedots falls.csv --value falls --date month --by ward --improvement down --out falls.html",
    )
    add = parser.add_argument
    add("file", type=Path, help="a CSV file (or Parquet, with the extra 'table')")
    add("--value", required=True, help="the column with the values (numerators, with --denominator)")
    add("--date", required=True, help="the column with the dates; 2024-04-01 and April 2024 are understood")
    add("--by", action="append", default=[], help="a column that divides the table into series; may be given again")
    add("--denominator", help="the column with what each value is out of")
    add("--chart", default="xmr", choices=_CHARTS, help="the kind of chart (xmr)")
    add("--rules", default="mdc", choices=sorted(RULES), help="the rule set (mdc)")
    add("--improvement", default="none", choices=("up", "down", "none"), help="which way is better (none)")
    add("--target", help="the target, in the unit of the values; 95%% is 0.95")
    add("--baseline", type=int, help="so many first points set the limits of each phase")
    add("--unit", default="", help="what is written behind numbers; %% shows 0.95 as 95%%")
    add("--title", help="what the charts show; by default the name of the column")
    add("--date-order", choices=("dmy", "mdy"), help="how to read 01/04/2024, if nothing in the file settles it")
    add("--explain", action="store_true", help="say in plain words which rule broke, when and why")
    add("--suggest", action="store_true", help="suggest where a new phase might start; nothing is applied")
    add("--out", action="append", type=Path, default=[], help="a file to write: .html, .csv, or .svg (one series)")
    return parser


def _run(asked: argparse.Namespace) -> int:
    for path in asked.out:
        if path.suffix.lower() not in _KINDS:
            message = f"{path} cannot be written. {choices(path.suffix, _KINDS)}"
            raise TableError("out", message)
    made = _read(asked)
    plan = Plan(
        chart=asked.chart,
        rules=asked.rules,
        improvement=asked.improvement,
        target=None if asked.target is None else float(numbers([asked.target], "--target")[0]),
        baseline=asked.baseline,
    )
    result = evaluate(made.batch, plan)
    names, title = made.names(), asked.title or asked.value
    for line in _summary(result, names, asked):
        print(line)  # noqa: T201  a command prints
    for path in asked.out:
        _write(path, result, made, (title, asked.unit))
        print(f"Written: {path}")  # noqa: T201
    return 0


def _read(asked: argparse.Namespace) -> Arranged:
    """Read the columns asked for and arrange them as series."""
    wanted = {"--value": [asked.value], "--date": [asked.date], "--by": asked.by}
    wanted["--denominator"] = [asked.denominator] if asked.denominator else []
    columns: Columns
    if asked.file.suffix.lower() in (".parquet", ".pq"):
        columns = _parquet(asked.file, wanted)
    else:
        texts = read_csv(asked.file)
        for option, names in wanted.items():
            for name in names:
                column_of(texts, name, option)
        numeric = {asked.value, asked.denominator}
        used = [name for names in wanted.values() for name in names]
        columns = {name: numbers(texts[name], name) if name in numeric else np.array(texts[name], str) for name in used}
    return arranged(
        columns,
        value=asked.value,
        date=asked.date,
        by=asked.by,
        denominator=asked.denominator,
        date_order=asked.date_order,
    )


def _parquet(path: Path, wanted: dict[str, list[str]]) -> Columns:
    try:
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError as error:
        message = "Parquet files are read with pyarrow, which is not installed. Type: pip install 'plotthedots[table]'."
        raise TableError("needs-pyarrow", message) from error
    known, read, _ = opened(parquet.read_table(path))
    for option, names in wanted.items():
        for name in names:
            column_of(known, name, option)
    return {name: read(name) for names in wanted.values() for name in names}


def _summary(result: Result, names: Sequence[str], asked: argparse.Namespace) -> list[str]:
    """Return the lines of the summary, narrow enough for a terminal."""
    out = [result.method, ""]
    order = attention(result)
    if asked.explain:
        for index in order[:_SHOWN]:
            out.append(names[index])
            sentences = explain(result, index, unit=asked.unit)
            out += [fill(said, _width(), initial_indent="  ", subsequent_indent="    ") for said in sentences]
            out.append("")
    else:
        out += _aligned([_cells(result, index, names[index], asked.unit) for index in order[:_SHOWN]])
        out.append("")
    if len(order) > _SHOWN:
        out += [f"… and {len(order) - _SHOWN} more series, all in the files written with --out.", ""]
    out.append(chance_words(result))
    if asked.suggest:
        out += ["", *_suggested(result, names)]
    return [line if len(line) <= _width() else fill(line, _width()) for line in out[:1]] + out[1:]


def _cells(result: Result, index: int, name: str, unit: str) -> list[str]:
    series = result.series(index)
    short = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    if series.last < 0:
        return [short, "", "", VARIATIONS[series.variation], ""]
    words, size = label_words(result, index), Unit(unit)
    last = size.brief(float(series.values[series.last]))
    return [short, words[series.last], last, VARIATIONS[series.variation], ASSURANCES[series.assurance]]


def _aligned(rows: list[list[str]]) -> list[str]:
    heads = ["Series", "Last", "Value", "Variation", "Target"]
    table = [heads, *rows]
    widths = [max(len(row[at]) for row in table) for at in range(len(heads))]
    return ["  ".join(_padded(row, widths)).rstrip() for row in table]


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Numbers stand to the right, words to the left."""
    return [cell.rjust(wide) if at == 2 else cell.ljust(wide) for at, (cell, wide) in enumerate(zip(row, widths, strict=True))]


def _suggested(result: Result, names: Sequence[str]) -> list[str]:
    found = suggest_rebase(result.batch, result.plan)
    out = [
        f"{names[index]}: a new phase might start at {', '.join(label_words(result, index)[point] for point in points)}."
        for index, points in found.starts.items()
    ]
    note = "Suggested only: start a phase where you know what changed."
    return [*out, note] if out else ["No new phase is suggested."]


def _write(path: Path, result: Result, made: Arranged, how: tuple[str, str]) -> None:
    title, unit = how
    kind = path.suffix.lower()
    if kind == ".html":
        path.write_text(html_report(result, names=made.names(), title=title, unit=unit), encoding="utf-8")
    elif kind == ".csv":
        _write_csv(path, tidy(result, keys=made.keys))
    else:
        if result.batch.series != 1:
            message = f"{path} holds one chart, but there are {result.batch.series} series. Write .html for all."
            raise TableError("one-series", message)
        svg = draw(result, 0, title=title, dates=made.dates, unit=unit)
        path.write_text(svg, encoding="utf-8")


def _write_csv(path: Path, table: Columns) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table)
        writer.writerows(zip(*(_texts(column) for column in table.values()), strict=True))


def _texts(column: Any) -> list[str]:
    """Return a column as text: nothing where a number is missing, and no digit lost."""
    if column.dtype.kind == "f":
        return ["" if np.isnan(number) else repr(number) for number in column.tolist()]
    return [str(each) for each in column.tolist()]


def _width() -> int:
    return min(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDTH)
