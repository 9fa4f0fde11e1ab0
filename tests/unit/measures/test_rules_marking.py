"""What to warn of before a mark is saved, and words that look like a patient's details."""

from datetime import date

import pytest

from espalier.measures.rules.marking import cautions, checked_words, false_alarms, is_nhs_number, personal_details

ON = date(2018, 4, 1)


@pytest.mark.parametrize(("text", "found"), [
    # 943 476 5919 is the NHS data dictionary's own example; 401 023 2137 and 999 999 9999 carry right check digits too.
    ("Seen by 943 476 5919", ("nhs-number",)),
    ("943-476-5919", ("nhs-number",)),
    ("It was 9434765919.", ("nhs-number",)),
    ("9434765919.5 km", ()),
    ("9434765919, twice", ("nhs-number",)),
    ("9434765918", ()),  # wrong check digit
    ("Order 19434765919", ()),  # eleven digits
    ("Mrs X, 12/03/1941", ("date-of-birth",)),
    ("Mrs X, 12.3.41", ("date-of-birth",)),
    ("Mrs X, 1941-03-12", ("date-of-birth",)),
    ("DOB 12/03/2016", ("date-of-birth",)),
    ("Born 12/03/16, 943 476 5919", ("nhs-number", "date-of-birth")),
    ("New gel since 12/03/2018", ()),
    ("New gel since 12/03/18", ()),
    ("Phone 0113 496 0000", ()),
    ("From 12 to 3 beds", ()),
    ("", ()),
])  # fmt: skip
def test_what_looks_like_a_patients_details(text, found):
    assert personal_details(text, on=ON) == found


def test_the_check_digit_catches_every_single_slip():
    """That is what modulus 11 is for."""
    good = "9434765919"
    slips = [good[:i] + digit + good[i + 1 :] for i in range(10) for digit in "0123456789" if digit != good[i]]
    assert is_nhs_number(good)
    assert not any(is_nhs_number(slip) for slip in slips)


@pytest.mark.parametrize(("facts", "found"), [
    ({}, ()),
    ({"settled": 11}, ("few-figures",)),
    ({"kind": "freeze", "settled": 40, "baseline": 11}, ("few-figures",)),
    ({"kind": "exclude", "settled": 3}, ()),
    ({"before": "concerning", "after": "steady"}, ("hides-concern",)),
    ({"before": "concerning", "after": "unknown"}, ("hides-concern",)),
    ({"before": "concerning", "after": "concerning"}, ()),
    ({"before": "improving", "after": "steady"}, ()),
    ({"cause_known": False}, ("no-cause",)),
    ({"cause_known": None}, ()),
])  # fmt: skip
def test_cautions(facts, found):
    usual = {"kind": "rebase", "before": "steady", "after": "steady", "settled": 12, "baseline": 12, "cause_known": True}
    assert cautions(**(usual | facts)) == found


def test_words_come_on_one_line():
    assert checked_words("note", "  Two\n lines\x00 ") == "Two lines"


def test_false_alarms_are_those_of_the_kernels_documentation():
    """The table in packages/plotthedots/docs/false-alarms.md is written by its own tool; here is a copy."""
    from pathlib import Path

    import plotthedots

    told = Path(plotthedots.__file__).parents[2] / "docs" / "false-alarms.md"
    lines = told.read_text(encoding="utf-8").partition("## All rule sets")[2].splitlines()
    names = [cell.strip(" `") for cell in next(line for line in lines if line.startswith("| Points")).split("|")[2:-1]]
    for line in lines:
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if cells and cells[0].isdigit():
            for name, cell in zip(names, cells[1:], strict=True):
                assert false_alarms(name, int(cells[0])) == float(cell.split(" ")[0]), (name, cells[0])
    assert len(names) == 6
