"""Marks say what is checked, and the picture holds together whatever the titles are."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.framework import presenters
from espalier.framework.rules import Entry, Kind, load_edition, load_works_here

CONTENT = Path(__file__).resolve().parents[3] / "content" / "frameworks"


@pytest.fixture(scope="module")
def edition():
    return load_edition(CONTENT, "dpic-2016")


@pytest.fixture(scope="module")
def works(edition):
    return load_works_here(CONTENT, edition)


@pytest.fixture(scope="module")
def page(edition, works):
    return presenters.framework_page(edition, works)


def test_each_mark_follows_from_the_file(page):
    marks = {a.code: a.mark for c in page.conditions for a in (c, *c.below)}
    assert marks["A1"] is presenters.CHECKED
    assert marks["C5"] is presenters.UNCHECKED
    assert marks["A13"] is presenters.GUESS
    assert [m.mark for m in dict(page.others)["How we would look for progress"]] == [presenters.OURS] * 5


def test_names_carry_the_number_of_the_code(page):
    assert page.conditions[3].name == "Condition 4"
    assert [a.name for a in page.conditions[3].below] == ["Action 9", "Action 10", "Action 11"]


def test_origin_says_who_published_it_and_when(page):
    assert (
        page.origin
        == "National Improvement and Leadership Development Board. Published by NHS Improvement, December 2016."
    )


def test_the_count_of_what_works_counts_doors(page, works):
    assert page.working == len([ask for ask in works.asks if ask.path])


def test_an_entry_knows_its_neighbours_and_its_condition(edition, works):
    shown = presenters.entry_page(edition, works, edition.entry("A3"))
    assert (shown.before.code, shown.after.code, shown.parent.code) == ("A2", "A4", "C2")


def test_the_first_and_last_entries_have_one_neighbour(edition, works):
    first = presenters.entry_page(edition, works, edition.entry("CAP1"))
    last = presenters.entry_page(edition, works, edition.entry("CAP4"))
    assert (first.before, last.after) == (None, None)


def test_a_condition_lists_its_actions_and_how_to_look_for_progress(edition, works):
    shown = presenters.entry_page(edition, works, edition.entry("C4"))
    assert [a.code for a in shown.actions] == ["A9", "A10", "A11"]
    assert [i.code for i in shown.indications] == ["M4"]


# ---- The picture ---------------------------------------------------------------------------------


def overlap(one, other):
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def shown_with(title, below=()):
    return presenters.Shown("C1", "", title, "", "", "", "", presenters.CHECKED, (), "", None, tuple(below))


titles = st.text("abcdefgh ", min_size=1, max_size=160).map(lambda t: t.strip() or "a")
trees = st.lists(st.tuples(titles, st.lists(titles, max_size=5)), min_size=1, max_size=6)


@given(aim=titles, tree=trees)
def test_boxes_never_overlap_or_leave_the_picture(aim, tree):
    conditions = [shown_with(title, [shown_with(t) for t in below]) for title, below in tree]
    picture = presenters.draw(shown_with(aim), conditions)
    boxes = picture.boxes
    assert len(boxes) == 1 + sum(1 + len(below) for _, below in tree)
    assert len(picture.arrows) == len(boxes) - 1
    assert [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if overlap(a, b)] == []
    assert all(
        b.x >= 0 and b.y >= 0 and b.x + b.width <= picture.width and b.y + b.height <= picture.height for b in boxes
    )


def test_the_picture_shows_every_word_of_every_title(page):
    drawn = {" ".join(words.text for words in box.lines) for box in page.picture.boxes}
    assert drawn == {page.aim.title} | {e.title for c in page.conditions for e in (c, *c.below)}


def test_a_broken_frame_stands_for_a_wording_that_was_not_checked(page):
    broken = {" ".join(words.text for words in box.lines) for box in page.picture.boxes if not box.checked}
    expected = {
        e.title for c in page.conditions for e in (c, *c.below) if e.code in {"C5", "A9", "A10", "A11", "A12", "A13"}
    }
    assert broken == expected


def test_an_entry_cannot_be_both_checked_and_ours_on_a_page(edition, works):
    odd = replace(edition.entry("M1"), verified=True)
    assert isinstance(odd, Entry)
    assert presenters.entry_page(replace(edition, entries=(odd,)), works, odd).shown.mark is presenters.OURS
    assert odd.kind is Kind.INDICATION
