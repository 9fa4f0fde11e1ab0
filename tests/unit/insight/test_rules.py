"""What a change does to a paper, and what it leaves alone."""

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from espalier.common.errors import UnableTo
from espalier.insight.rules import (
    MOST_CHARTS,
    Change,
    Chosen,
    Concern,
    Content,
    Decided,
    Signed,
    UnableToChange,
    changed,
    content_from,
    content_to,
    piece,
    read_gaps,
)

THREE = Content("A report", charts=(Chosen("a", "falls", "W7"), Chosen("b", "joy", "W7"), Chosen("c", "falls", "W12")))


def keys(content):
    return "".join(one.key for one in content.charts)


def do(content, change, key="", **facts):
    return changed(content, Change(change, key, facts), new_key="new")


@pytest.mark.parametrize(("key", "way", "order"), [
    ("b", "up", "bac"), ("b", "down", "acb"), ("a", "up", "abc"), ("c", "down", "abc"), ("gone", "up", "abc"),
])  # fmt: skip
def test_a_chart_moves_by_one_and_stays_at_the_ends(key, way, order):
    assert keys(do(THREE, "move-chart", key, way=way)) == order


def test_on_a_board_page_a_chart_moves_within_its_row():
    rows = Content(
        "Board", charts=(Chosen("a", "x", "U", gap="care"), Chosen("b", "y", "U", gap="money"), Chosen("c", "z", "U", gap="care"))
    )
    assert keys(do(rows, "move-chart", "c", way="up")) == "cba"
    assert keys(do(rows, "move-chart", "b", way="up")) == "abc"


def test_a_chart_comes_in_once_and_goes_once():
    more = do(THREE, "add-chart", measure="joy", unit="W12", gap="staff-experience")
    assert more.charts[-1] == Chosen("new", "joy", "W12", "", "staff-experience")
    with pytest.raises(UnableToChange, match="already here"):
        do(more, "add-chart", measure="joy", unit="W12")
    assert keys(do(THREE, "remove-chart", "b")) == "ac" and do(THREE, "remove-chart", "gone") == THREE


def test_there_is_an_end_to_charts_and_lines():
    full = Content("Full", charts=tuple(Chosen(str(n), "m", str(n)) for n in range(MOST_CHARTS)))
    with pytest.raises(UnableToChange, match="40 charts"):
        do(full, "add-chart", measure="m", unit="x")
    lines = Content("Full", concerns=tuple(Concern(str(n), "c") for n in range(30)))
    with pytest.raises(UnableToChange, match="30 lines"):
        do(lines, "concern", what="one more")
    assert do(lines, "concern", "3", what="changed").concerns[3].what == "changed"


def test_lines_are_added_changed_and_taken_out():
    one = do(THREE, "concern", what=" Falls ", who="Sam", doing="Lights", by="2026-05-31")
    assert one.concerns == (Concern("new", "Falls", "Sam", "Lights", "2026-05-31"),)
    two = do(one, "decision", what="Lights", on="2026-01-01", became="Done")
    assert two.decisions == (Decided("new", "Lights", "2026-01-01", "Done"),)
    assert do(one, "remove-line", "new").concerns == ()


def test_words_are_signed_with_a_name_and_a_day_and_taken_out_with_them():
    signed = do(THREE, "sign", words="We are proud.", name="Kim", on="2026-03-01")
    assert signed.signed == Signed("We are proud.", "Kim", "2026-03-01")
    assert do(signed, "sign", words=" ", name="Kim", on="2026-03-02").signed is None


@pytest.mark.parametrize("change", [Change("nonsense"), Change("about", facts={"title": "  "}), Change("concern", facts={"what": ""})])
def test_what_makes_no_sense_is_refused(change):
    with pytest.raises(UnableToChange):
        changed(THREE, change, new_key="new")


@pytest.mark.parametrize(("change", "words"), [
    (Change("about"), ("A report", "", "")), (Change("chart-words", "a"), ("falls", "W7", "")), (Change("move-chart", "a"), ()),
    (Change("remove-chart", "a"), ()), (Change("concern"), ()), (Change("sign"), ()),
])  # fmt: skip
def test_only_words_that_would_be_written_over_are_compared(change, words):
    assert piece(THREE, change) == words


text = st.text(max_size=20)
charts = st.lists(st.builds(Chosen, text, text, text, text, text), max_size=5).map(tuple)
contents = st.builds(
    Content, text, text, text, charts, text, st.lists(st.builds(Concern, text, text, text, text, text), max_size=3).map(tuple),
    st.lists(st.builds(Decided, text, text, text, text), max_size=3).map(tuple), st.none() | st.builds(Signed, text, text, text),
)  # fmt: skip


@given(contents)
def test_a_paper_is_kept_and_read_again_as_it_was(content):
    assert content_from(content_to(content)) == content


# ---- The rows --------------------------------------------------------------------------------------


def test_the_three_gaps_stand_beside_what_they_are_for():
    # Developing People - Improving Care, 2016: the gaps, and population health, patient care and value for money.
    rows = [(gap.name, gap.beside) for gap in read_gaps(settings.CONTENT_DIR)]
    assert rows == [
        ("Health and wellbeing", "Population health"), ("Care and quality", "Patient care"), ("Funding and efficiency", "Value for money"),
        ("Staff experience", ""), ("Capability", ""),
    ]  # fmt: skip


def test_a_mistake_in_the_rows_is_named_by_its_place(tmp_path):
    for name in ("gaps.yaml", "gaps.schema.json"):
        (tmp_path / name).write_text((settings.CONTENT_DIR / name).read_text().replace("when_empty: Begin", "when_emtpy: Begin"))
    with pytest.raises(UnableTo, match="gaps › 3"):
        read_gaps(tmp_path)
