"""Tables in and out: sorting, missing months, doubled dates, every kind of data frame, and numpy alone."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import plotthedots as ptd
from plotthedots.reading import TableError, days, numbers


def needs(*modules):
    gone = [name for name in modules if find_spec(name) is None]
    reason = f"NOT TESTED, because it is not installed: {', '.join(gone)}. Type: pip install {' '.join(gone)}"
    return pytest.mark.skipif(bool(gone), reason=reason)


ROWS = {
    "ward": ["Oak", "Elm", "Oak", "Elm", "Elm"],
    "month": ["2024-02-01", "2024-03-01", "2024-04-01", "2024-01-01", "2024-02-01"],
    "falls": [3, 7, 4, 5, None],
    "beds": [30, 70, 40, 50, 60],
}


def arranged(**more):
    asked = {"value": "falls", "date": "month", "by": "ward", **more}
    return ptd.evaluate_table(ROWS, **asked)


def test_rows_are_sorted_and_a_month_left_out_is_a_missing_point():
    table = arranged()
    assert table["ward"].tolist() == ["Elm"] * 3 + ["Oak"] * 3
    assert [str(day) for day in table["date"]] == [f"2024-0{month}-01" for month in (1, 2, 3, 2, 3, 4)]
    np.testing.assert_array_equal(table["value"], [5, np.nan, 7, 3, np.nan, 4])
    assert table["kind"].tolist() == ["common", "none", "common"] * 2


def test_a_table_gives_what_a_batch_gives():
    rng = np.random.default_rng(1)
    values = rng.normal(10, 2, (3, 30)).round(2)
    values[1, 20:] += 6
    months = (np.datetime64("2022-01") + np.arange(30)).astype("datetime64[D]")
    order = rng.permutation(90)
    rows = {
        "unit": np.repeat(["a", "b", "c"], 30)[order],
        "day": np.tile(months, 3)[order],
        "n": values.ravel()[order],
    }
    plan = ptd.Plan(improvement="down", target=11)
    table = ptd.evaluate_table(rows, value="n", date="day", by="unit", plan=plan)
    result = ptd.evaluate(ptd.Batch.of(values), plan)
    for column, direct in (("value", result.values), ("upper", result.upper), ("flags", result.flags)):
        np.testing.assert_array_equal(table[column], direct)
    whole = ptd.evaluate_table(rows, value="n", date="day", by="unit", plan=plan, each="series")
    assert whole["variation"].tolist() == ["common", "concern", "common"]
    assert whole["signals"][1].split()[0].startswith(("outside", "two", "shift"))


def test_with_a_denominator_values_are_numerators():
    table = arranged(denominator="beds")
    np.testing.assert_allclose(table["value"], [0.1, np.nan, 0.1, 0.1, np.nan, 0.1])
    np.testing.assert_array_equal(table["denominator"], [50, 60, 70, 30, np.nan, 40])


def test_two_columns_may_divide_a_table_and_keep_their_own_kind():
    rows = {"site": [2, 2, 1], "ward": ["b", "a", "b"], "day": [date(2024, 1, 1)] * 3, "n": [1, 2, 3]}
    table = ptd.evaluate_table(rows, value="n", date="day", by=["site", "ward"])
    assert table["site"].tolist() == [1, 2, 2]
    assert table["ward"].tolist() == ["b", "a", "b"]
    assert table["value"].tolist() == [3, 2, 1]


def test_an_undivided_table_and_an_empty_one_work():
    rows = {"day": ["2024-01-01", "2024-01-08", "2024-01-22"], "n": [1, 2, 3]}
    table = ptd.evaluate_table(rows, value="n", date="day")
    np.testing.assert_array_equal(table["value"], [1, 2, 3])  # steps of 7 and 14: which is usual cannot be told
    rows = {"day": [f"2024-01-{day:02d}" for day in (1, 8, 15, 29)], "n": [1, 2, 3, 4]}
    table = ptd.evaluate_table(rows, value="n", date="day")
    np.testing.assert_array_equal(table["value"], [1, 2, 3, np.nan, 4])
    none = ptd.evaluate_table({"day": np.array([], "datetime64[D]"), "n": []}, value="n", date="day")
    assert none["value"].size == 0


def test_month_ends_are_months():
    rows = {"day": ["2024-01-31", "2024-02-29", "2024-04-30"], "n": [1, 2, 4]}
    table = ptd.evaluate_table(rows, value="n", date="day")
    assert [str(day) for day in table["date"]] == ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]


def test_irregular_days_stay_as_they_are():
    rows = {"day": ["2024-01-01", "2024-01-03", "2024-01-09", "2024-02-11"], "n": [1, 2, 3, 4]}
    assert ptd.evaluate_table(rows, value="n", date="day")["value"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"value": "Falls"}, "no-column", "no column 'Falls' for value. Did you mean 'falls'?"),
        ({"by": "wards"}, "no-column", "Did you mean 'ward'?"),
        ({"each": "row"}, "each", "each cannot be 'row'"),
        ({"by": ()}, "doubled-dates", "two values for 2024-02-01 (rows 0 and 4"),
        ({"value": "ward"}, "not-numbers", "Column 'ward' does not hold numbers only"),
    ],
)
def test_errors_name_the_column_and_what_to_do(change, code, words):
    with pytest.raises(TableError) as found:
        arranged(**change)
    assert found.value.code == code
    assert words in str(found.value)


def test_a_doubled_date_says_whose_it_is():
    rows = {"ward": ["Oak", "Elm", "Elm"], "month": ["2024-01"] * 3, "n": [1, 2, 3]}
    with pytest.raises(TableError, match=r"two values for 2024-01-01 of ward Elm \(rows 1 and 2"):
        ptd.evaluate_table(rows, value="n", date="month", by="ward")


def test_a_row_without_date_or_series_is_named():
    with pytest.raises(TableError, match="Row 1 has no date"):
        ptd.evaluate_table({"d": np.array(["2024-01-01", "NaT"], "datetime64[D]"), "n": [1, 2]}, value="n", date="d")
    rows = {"d": ["2024-01-01"], "n": [1], "w": np.array([None], dtype=object)}
    with pytest.raises(TableError, match="Row 0 has nothing in column 'w'"):
        ptd.evaluate_table(rows, value="n", date="d", by="w")
    with pytest.raises(TableError, match="type list cannot be read"):
        ptd.evaluate_table([1, 2], value="n", date="d")


@pytest.mark.parametrize("kind", ["polars", "pandas", "pyarrow"])
def test_every_kind_of_data_frame_comes_back_as_it_came(kind):
    if find_spec(kind) is None or find_spec("pyarrow") is None:
        pytest.skip(f"NOT TESTED, because it is not installed: {kind} with pyarrow. Type: pip install {kind} pyarrow")
    module = import_module(kind)
    make = module.table if kind == "pyarrow" else module.DataFrame
    rows = {**ROWS, "month": [date.fromisoformat(day) for day in ROWS["month"]]}
    frame = make(rows)
    table = ptd.evaluate_table(frame, value="falls", date="month", by="ward", denominator="beds")
    assert type(table) is type(frame)
    plain = arranged(denominator="beds")
    named = table.to_pydict() if kind == "pyarrow" else {name: table[name].to_list() for name in plain}
    assert named["ward"] == plain["ward"].tolist()
    assert [str(day)[:10] for day in named["date"]] == [str(day) for day in plain["date"]]
    ours = np.array([np.nan if value is None else value for value in named["value"]], dtype=float)
    np.testing.assert_allclose(ours, plain["value"])


@needs("polars", "pyarrow")
def test_decimals_categories_and_times_are_understood():
    pl = import_module("polars")
    frame = pl.DataFrame({"ward": ["Elm", "Elm"], "at": ["2024-01-01 10:00", "2024-01-02 11:30"], "n": ["1.5", "2.5"]})
    frame = frame.with_columns(pl.col("ward").cast(pl.Categorical), pl.col("at").str.to_datetime(), pl.col("n").cast(pl.Decimal(10, 2)))
    table = ptd.evaluate_table(frame, value="n", date="at", by="ward")
    assert table["value"].to_list() == [1.5, 2.5]
    assert table["ward"].to_list() == ["Elm", "Elm"]


def test_nothing_but_numpy_is_imported_until_a_data_frame_comes():
    code = (
        "import sys, plotthedots as p;"
        "p.evaluate_table({'d': ['2024-01'], 'n': [1]}, value='n', date='d');"
        "print([m for m in ('pyarrow', 'polars', 'pandas', 'scipy') if m in sys.modules])"
    )
    home = {**os.environ, "PYTHONPATH": str(Path(ptd.__file__).parents[1])}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=home)
    assert said.stdout.strip() == "[]"


def test_without_pyarrow_a_data_frame_is_told_what_to_install(monkeypatch):
    class Frame:
        def __arrow_c_stream__(self):
            raise AssertionError

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TableError, match=r"pip install 'plotthedots\[table\]'"):
        ptd.evaluate_table(Frame(), value="n", date="d")


def test_tidy_has_phases_and_keys_of_your_own():
    result = ptd.evaluate(ptd.Batch.of([[1, 2, 3, 4], [5]]), ptd.Plan(rebase={0: [2]}))
    table = ptd.tidy(result, keys={"trust": ["R1", "R2"]}, dates=[1, 2, 3, 4, 1])
    assert table["trust"].tolist() == ["R1"] * 4 + ["R2"]
    assert table["phase"].tolist() == [0, 0, 1, 1, 0]
    assert table["date"].tolist() == [1, 2, 3, 4, 1]
    with pytest.raises(TableError, match="1 names in 'series' for 2 series"):
        ptd.tidy(result, keys=["R1"])


def test_summarise_speaks_for_series_without_data_too():
    result = ptd.evaluate(ptd.Batch.of([[], [np.nan, np.nan], [1, 2, 3]]))
    table = ptd.summarise(result)
    assert table["variation"].tolist() == ["none", "none", "common"]
    assert table["observed"].tolist() == [0, 0, 3]
    assert table["warnings"].tolist()[:2] == ["no-data", "no-data"]
    np.testing.assert_array_equal(table["value"], [np.nan, np.nan, 3])


@pytest.mark.parametrize(
    ("texts", "iso"),
    [
        (["2024-04-01", "2024/5/1"], ["2024-04-01", "2024-05-01"]),
        (["2024", "2025"], ["2024-01-01", "2025-01-01"]),
        (["2024-04-01T10:00:00Z"], ["2024-04-01"]),
        (["Apr 2024", "April-2024", "Apr-24"], ["2024-04-01"] * 3),
        (["1 Apr 2024", "01-Apr-2024"], ["2024-04-01"] * 2),
        (["01/04/2024", "31/05/2024"], ["2024-04-01", "2024-05-31"]),
        (["04/01/2024", "05/31/2024"], ["2024-04-01", "2024-05-31"]),
    ],
)
def test_dates_are_read_as_people_write_them(texts, iso):
    assert [str(day) for day in days(texts, "d")] == iso


def test_a_date_that_may_mean_two_days_is_never_guessed():
    with pytest.raises(TableError, match="'01/04/2024' may begin with the day or with the month"):
        days(["01/04/2024", "01/05/2024"], "d")
    assert str(days(["01/04/2024"], "d", "dmy")[0]) == "2024-04-01"
    assert str(days(["01/04/2024"], "d", "mdy")[0]) == "2024-01-04"
    with pytest.raises(TableError, match="day first"):
        days(["31/01/2024", "01/31/2024"], "d")
    for wrong in ("soon", "2024-13-01", "1 Foo 2024", "32/01/2024"):
        with pytest.raises(TableError, match="is not a date"):
            days([wrong], "d", "dmy")


def test_numbers_are_read_as_people_write_them():
    read = numbers(["1,234.5", "-2", "95.1%", "n/a", "..", "1e3"], "n")
    np.testing.assert_allclose(read, [1234.5, -2, 0.951, np.nan, np.nan, 1000])
    with pytest.raises(TableError, match=r"Line 3, column 'n': '1,2,3' is not a number"):
        numbers(["1", "1,2,3"], "n")
