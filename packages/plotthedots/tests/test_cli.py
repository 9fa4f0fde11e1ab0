"""The command, as somebody types it: a summary, a page, a table, words for every rule, and helpful errors."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import plotthedots as ptd
from plotthedots import cli, explaining, report

STEADY = [4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5]


@pytest.fixture
def falls(tmp_path):
    path = tmp_path / "falls.csv"
    rows = ["ward,month,falls,beddays"]
    for ward, values in (("Elm", [*STEADY, 12]), ("Oak", [*STEADY, 4]), ("Yew & Co", [*STEADY[:11], 4])):
        rows += [f"{ward},2023-{at + 1:02d}-01,{value},100" for at, value in enumerate(values[:12])]
        rows += [f"{ward},2024-01-01,{value},100" for value in values[12:]]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def run(capsys, *words):
    code = cli.main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


USUAL = ("--value", "falls", "--date", "month", "--by", "ward", "--improvement", "down")


def test_the_summary_is_short_aligned_and_begins_with_what_needs_attention(capsys, falls):
    code, out, _ = run(capsys, falls, *USUAL, "--target", "8")
    assert code == 0
    lines = out.splitlines()
    at = lines.index(next(line for line in lines if line.startswith("Series")))
    assert re.match(r"Elm\s+Jan 2024\s+12\s+worse than usual", lines[at + 1])
    assert re.match(r"Oak\s+Jan 2024\s+4\s+as usual\s+will meet the target", lines[at + 2])
    assert re.match(r"Yew & Co\s+Dec 2023\s+4", lines[at + 3])
    assert "1 of 3 charts is flagged at its last point; by chance alone about 0.0 would be." in out
    assert "Making Data Count rules (mdc)" in out
    assert max(len(line) for line in lines) <= 100


def test_explain_says_which_rule_broke_when_and_why(capsys, falls):
    _, out, _ = run(capsys, falls, *USUAL, "--explain")
    assert "Worse than usual: 12 (Jan 2024). Usual is 1.55 to 7.84, average 4.69." in out
    flat = " ".join(out.split())
    assert "Jan 2024: 1 point above the upper limit (7.84). Still so; chance alone seldom goes that far." in flat
    assert "No rule is broken: chance explains what is seen." in flat


def test_the_page_is_strict_and_whole(capsys, falls, tmp_path):
    page = tmp_path / "out.html"
    code, _, _ = run(capsys, falls, *USUAL, "--out", page, "--title", "Falls & slips")
    html = page.read_text(encoding="utf-8")
    assert code == 0
    assert html.count("<svg") == 3
    assert "<script" not in html
    assert not re.search(r"\sstyle=|src=|href=|http-equiv=\"refresh", html)
    assert "content=\"default-src 'none'; style-src 'sha256-" in html
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
    assert b64encode(sha256(style.encode()).digest()).decode() in re.search(r"sha256-([^']+)'", html).group(1)
    assert "<title>Falls &amp; slips</title>" in html
    assert "Yew &amp; Co" in html
    assert re.findall(r"<h[12]>([^<]+)", html)[:2] == ["Falls &amp; slips", "Elm"]


class Checker(HTMLParser):
    """Every element closed in order, every id once."""

    def __init__(self):
        super().__init__()
        self.open, self.ids = [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in {"meta", "path", "circle", "rect", "line", "use", "image"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_ids_are_unique(capsys, falls, tmp_path):
    page = tmp_path / "out.html"
    run(capsys, falls, *USUAL, "--out", page)
    checker = Checker()
    checker.feed(page.read_text(encoding="utf-8"))
    assert checker.open == []
    assert len(checker.ids) == len(set(checker.ids))


def test_the_table_written_is_the_table_judged(capsys, falls, tmp_path):
    table = tmp_path / "flags.csv"
    run(capsys, falls, *USUAL, "--out", table)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 13 + 13 + 12
    assert [row["kind"] for row in rows if row["ward"] == "Elm"][-1] == "concern"
    assert [row["signals"] for row in rows if row["ward"] == "Elm"][-1] == "outside-high"
    direct = ptd.evaluate(ptd.Batch.of([[*STEADY, 12]]))
    assert [float(row["upper"]) for row in rows if row["ward"] == "Elm"] == direct.upper.tolist()


def test_one_series_is_written_as_a_picture_and_several_are_not(capsys, falls, tmp_path):
    picture = tmp_path / "one.svg"
    code, _, err = run(capsys, falls, *USUAL, "--out", picture)
    assert code == 2
    assert "3 series" in " ".join(err.split())  # the terminal wraps words
    one = tmp_path / "one.csv"
    one.write_text("d,n\n" + "\n".join(f"2023-{m:02d},{v}" for m, v in enumerate(STEADY, 1)), encoding="utf-8")
    code, _, _ = run(capsys, one, "--value", "n", "--date", "d", "--out", picture)
    assert code == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_a_p_chart_takes_its_denominator(capsys, falls):
    code, out, _ = run(capsys, falls, *USUAL, "--denominator", "beddays", "--chart", "p", "--unit", "%", "--target", "50%")
    assert code == 0
    assert "will meet the target" in out
    assert "P chart" in out
    assert "12%" in out or "12.0%" in out


def test_suggestions_are_said_and_not_applied(capsys, tmp_path):
    path = tmp_path / "shift.csv"
    values = STEADY + [value + 5 for value in STEADY]
    months = [f"{2022 + at // 12}-{at % 12 + 1:02d}" for at in range(24)]
    path.write_text("d;n\n" + "\n".join(f"{d};{v}" for d, v in zip(months, values, strict=True)), encoding="utf-8")
    _, out, _ = run(capsys, path, "--value", "n", "--date", "d", "--suggest")
    assert "All: a new phase might start at Jan 2023." in out
    assert "Suggested only" in out
    assert "higher than usual" in out  # still one phase


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--value", "Falls", "--date", "month"), "no column 'Falls' for --value. Did you mean 'falls'?"),
        (("--value", "falls", "--date", "moth"), "no column 'moth' for --date. Did you mean 'month'?"),
        (("--value", "falls", "--date", "month"), "two values for 2023-01-01"),
        (("--value", "ward", "--date", "month"), "Line 2, column 'ward': 'Elm' is not a number"),
        ((*USUAL, "--out", "x.htm"), "Did you mean '.html'?"),
        ((*USUAL, "--chart", "p"), "needs denominators"),
        ((*USUAL, "--target", "many"), "--target: 'many' is not a number"),
    ],
)
def test_errors_say_what_was_wrong_and_what_to_try(capsys, falls, words, said):
    code, _, err = run(capsys, falls, *words)
    assert code == 2
    assert said in " ".join(err.split())


def test_files_that_are_not_there_empty_or_ragged_are_named(capsys, tmp_path):
    asked = ("--value", "n", "--date", "d")
    for name, text, said in (
        ("none.csv", None, "There is no file"),
        ("empty.csv", "", "is empty"),
        ("ragged.csv", "d,n\n2024-01,3,4", "Line 2 of ragged.csv has 3 cells"),
        ("dates.csv", "d,n\n01/02/2024,3", "--date-order dmy or mdy"),
    ):
        path = tmp_path / name
        if text is not None:
            path.write_text(text, encoding="utf-8")
        code, _, err = run(capsys, path, *asked)
        assert code == 2
        assert said in " ".join(err.split())


def test_excel_writes_semicolons_and_old_letters_and_is_understood(capsys, tmp_path):
    path = tmp_path / "excel.csv"
    path.write_bytes("d;n;où\n01/02/2024;1,234;é\n".encode("cp1252"))
    code, out, _ = run(capsys, path, "--value", "n", "--date", "d", "--date-order", "dmy", "--by", "où")
    assert code == 0
    assert "1,234" in out
    assert "1 Feb 2024" in out


def test_parquet_is_read_like_csv(capsys, falls, tmp_path):
    if find_spec("pyarrow") is None:
        pytest.skip("NOT TESTED, because it is not installed: pyarrow. Type: pip install pyarrow")
    from pyarrow import csv as arrow_csv
    from pyarrow import parquet

    path = tmp_path / "falls.parquet"
    parquet.write_table(arrow_csv.read_csv(falls), path)
    _, from_csv, _ = run(capsys, falls, *USUAL)
    code, from_parquet, _ = run(capsys, path, *USUAL)
    assert code == 0
    assert from_parquet == from_csv
    code, _, err = run(capsys, path, "--value", "fall", "--date", "month")
    assert code == 2
    assert "Did you mean 'falls'?" in err


def test_many_series_are_counted_beyond_what_is_shown(capsys, tmp_path):
    path = tmp_path / "many.csv"
    rows = [f"w{ward},2024-{m:02d},{v}" for ward in range(50) for m, v in enumerate(STEADY, 1)]
    path.write_text("w,d,n\n" + "\n".join(rows), encoding="utf-8")
    _, out, _ = run(capsys, path, "--value", "n", "--date", "d", "--by", "w")
    assert "… and 10 more series" in out


def test_every_rule_every_warning_and_every_icon_has_words():
    assert set(explaining._SEEN) == set(ptd.Flag)
    assert set(explaining._WARNINGS) == set(ptd.Warn)
    assert set(explaining.VARIATIONS) == set(ptd.Variation)
    assert set(explaining.ASSURANCES) == set(ptd.Assurance)
    assert set(report._ORDER) == set(ptd.Variation)


def test_explanations_warn_of_seasons_and_of_leaning():
    month = np.arange(48)
    dates = [(np.datetime64("2020-01") + month).astype("datetime64[D]")]
    winter = 10 + 5 * np.cos(2 * np.pi * month / 12) + np.random.default_rng(1).normal(0, 0.5, 48)
    said = " ".join(ptd.explain(ptd.evaluate(ptd.Batch.of([winter], dates=dates)), 0))
    assert "compare each month with the same month last year" in said
    assert "Each value leans on the one before" in said
    plain = ptd.evaluate(ptd.Batch.of([np.random.default_rng(2).normal(0, 1, 48)], dates=dates))
    assert "leans" not in " ".join(ptd.explain(plain, 0))
    assert ptd.explain(ptd.evaluate(ptd.Batch.of([[np.nan]])), 0)[0] == "No data yet."


def test_python_dash_m_is_the_same_command(falls):
    home = {**os.environ, "PYTHONPATH": str(Path(ptd.__file__).parents[1])}
    words = [sys.executable, "-m", "plotthedots", str(falls), *USUAL]
    said = subprocess.run(words, capture_output=True, text=True, check=True, env=home)
    assert "worse than usual" in said.stdout
