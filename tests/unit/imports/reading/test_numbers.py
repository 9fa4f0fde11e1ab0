from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.imports.reading import MISSING_WORDS, number_of
from espalier.imports.reading.numbers import MISSING


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_number_comes_back_as_written(value: Decimal) -> None:
    assert number_of(f"{value}").value == value
    assert number_of(f" {value:,} ").value == value
    assert number_of(f"{value} %").value == value
    assert number_of(f"{value} %").percent


@given(st.text(max_size=30))
def test_every_text_is_one_of_three(text: str) -> None:
    read = number_of(text)
    assert [read.value is not None, bool(read.missing), bool(read.wrong)].count(True) == 1
    assert not read.wrong or (read.what and read.to_do)
    assert not read.missing or MISSING_WORDS[read.missing]


@pytest.mark.parametrize("mark", sorted({mark for marks in MISSING.values() for mark in marks}))
def test_no_mark_for_a_missing_figure_becomes_nought(mark: str) -> None:
    for text in (mark, mark.upper(), f" {mark} "):
        assert number_of(text).value is None
        assert number_of(text).missing


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", "0"), ("007", "7"), ("−4.2", "-4.2"), ("+3", "3"), ("£1,200", "1200"), ("1 234 567", "1234567"), ("1.5e-3", "0.0015"), (".5", "0.5"), ("4.2 [p]", "4.2")],
)
def test_usual_ways_to_write_a_number(text: str, value: str) -> None:
    assert number_of(text).value == Decimal(value)


@pytest.mark.parametrize("text", ["1,23", "12,34,567", "1.2.3", "4-5", "5-", "1e", "0x1F", "1,234,56", "£", "%", "1 23", "five", "#REF!", "1.23E+15"])
def test_what_could_be_another_number_is_not_taken(text: str) -> None:
    assert number_of(text).wrong
