"""What points at a patient is found in every spelling that a keyboard, a telephone or a copied table makes of it."""

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from espalier.common.identifying import BIRTH, NAME, NHS_NUMBER, find, is_nhs_number, kinds, kinds_of_colleague

NOTICED = {
    NHS_NUMBER: [
        "943–476–5919", "943‑476‑5919", "943—476—5919", "943−476−5919", "943.476.5919", "943  476  5919", "943\t476\t5919",
        "943\n476\n5919", "943\r\n476\r\n5919", "943 - 476 - 5919", "(943) 476 5919", "943/476/5919", "943_476_5919",
        "943\u00ad476\u00ad5919", "943\u200d476\u200d5919", "943\u202f476\u202f5919", "943\u00a0476\u00a05919", "x9434765919", "9434765919fell",
        "9434765919,9434765919", "943 476 5919, 999 000 0018", "943 476 5919\n999 000 0018", "NHS_9434765919", "٩٤٣ ٤٧٦ ٥٩١٩",
    ],
    BIRTH: ["born on 12–03–1941", "born on 12‑03‑1941", "DOB 12−03−1941", "DOB\u00a012/03/1941"],
    NAME: [
        "mrs okafor in bed 4", "MRS OKAFOR BED 4", "Mrs Žižek in bed 4", "Mrs Z\u030ciz\u030cek in bed 4", "Mrs ŁUKASZ bed 4", "Mrs okafor ward 7",
        "mrs okafor was moved to bed 9", "BED 4: MRS OKAFOR", "bed 4 - mr hall", "MS OKAFOR BED 4", "Mrs Кузнецова in bed 4", "Mrs 王 in bed 4",
        "We gave miss reid in chair 5 a blanket", "Mr O’Neill – bay 4", "Ms Nuñez, bay B", "JOHN said MR HALL, WARD 12, fell",
    ],
}  # fmt: skip
NOBODY = [
    "4 to 6 of 120 patients", "Ward 7 943 falls", "Ring us on 01632 960 177", "01632–960–177", "(01632) 960 177", "+1 (943) 476 5919",
    "From 12–03–2025 to 12–04–2025", "We met on 12.03.2025, 943 of us", "12, 15, 943, 476, 5919", "943,476,5919", "943, 476, 5919",
    "12, 15, 943 476 5919", "12\t943\t476\t5919\t4", "812\n943\n476\n5919\n401", "943.476 5919", "943 476.5919", "943/476 of 5919",
    "0.9434765919", ".9434765919", "1,234,567,890", "£9434765919", "£943.476.5919", "9434765919.50", "9434765919,000", "19434765919",
    "94347659191", "Order 194347659190 for socks", "PO9434765919", "https://example.org/story/9434765919", "x9434765918", "943–476–5918",
    "Patients with MS in bed 4", "MS patients in bed 4", "Mx plan for bed 4", "5 ms later the alarm of bed 4", "We miss calls from bed 4", "Staff miss breaks in bay 3",
    "MR scanner in room 4", "MR SCANNER, ROOM 4", "Ask for mr or mrs in bed 4", "Mrs Okafor’s bed a bit low", "Quiet Nights on Ward 7",
    "Mary Okafor on ward 7", "mrs patel, ward 7 manager", "mr khan leads ward 12", "FEWER FALLS ON WARD 7", "2025–26 against 2024–25",
    "Miss no meals in bay 3", "NHS 111 calls: 943 in May, 476 in June", "5–10 falls in 4–6 weeks",
]  # fmt: skip
SEPARATORS = [
    *("", " ", "  ", "\t", "\n", "\r\n", "-", "–", "—", "‑", "−", " - ", ".", "/", "_", "\u00a0", "\u202f", "\u2009", "\u00ad", "\u200d", "\u200b", "\ufeff"),
]  # fmt: skip
DIGITS = st.from_regex(r"[1-9][0-9]{9}", fullmatch=True).filter(lambda digits: len(set(digits)) > 1)


@pytest.mark.parametrize(("kind", "says"), [(kind, says) for kind, several in NOTICED.items() for says in several])
def test_a_patient_is_noticed(kind, says):
    assert kinds(says) == (kind,)
    assert kinds(f"At night: {says}.") == (kind,)


@pytest.mark.parametrize("says", NOBODY)
def test_nobody_is_noticed_where_nobody_is(says):
    assert find(says) == ()


@given(st.from_regex(r"[1-9][0-9]{8}", fullmatch=True), st.sampled_from(SEPARATORS))
def test_every_right_number_is_found_with_every_separator_and_no_wrong_one(nine, between):
    assume(len(set(nine)) > 1)
    for last in "0123456789":
        number = nine + last
        written = between.join((number[:3], number[3:6], number[6:]))
        found = find(f"See {written} again")
        assert [one.words for one in found] == ([written] if is_nhs_number(number) else [])


@pytest.mark.parametrize("before", ["Mrs Okafor in bed 4, ", "Bed 4 ", "ward 7, ", "12/03/1941 ", "born 12–03–1941, ", "aged 84, "])
def test_a_number_after_a_bed_a_ward_or_a_day_is_found(before):
    assert NHS_NUMBER in kinds(f"{before}943 476 5919")


@given(DIGITS, st.sampled_from([", ", ",", "; "]))
def test_figures_with_commas_between_them_are_no_number(digits, between):
    assert find(between.join((digits[:3], digits[3:6], digits[6:]))) == ()


def test_words_are_those_of_the_text_though_it_has_signs_nobody_sees():
    (one,) = find("Z\u030c\u200d: 943\u00ad476\u00ad5919!")
    assert (one.start, one.words) == (5, "943\u00ad476\u00ad5919")


def test_a_colleague_is_welcome_where_one_is_meant():
    assert kinds_of_colleague("Mrs Okafor, ward 7, room 12, 01632 960 177") == ()
    assert kinds_of_colleague("Mrs Okafor, BD9 6RJ") == ()
    assert kinds_of_colleague("Mrs Okafor in bed 4") == (NAME,)
    assert kinds_of_colleague("943–476–5919") == (NHS_NUMBER,)


def test_a_long_text_of_any_signs_is_read_at_once():
    began = time.perf_counter()
    slow = ("mrs a ", "MRS OKAFOR ", "ward 7 mr ", "943 476 5919 ", "x9434765919,", "943\n", "943  ", "Ž", "\u0301", "1", "a")
    for text in (*(one * 10_000 for one in slow), "943 476 5919 " + "1" * 20_000, "mrs " + "a" * 20_000, "943" + " " * 20_000):
        find(text[:20_000])
    assert time.perf_counter() - began < 6
