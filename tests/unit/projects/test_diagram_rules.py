"""What a picture may look like, and where its boxes are drawn: properties that hold for every picture there can be."""

import itertools
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espalier.projects.rules import diagrams as rules
from espalier.projects.rules.diagram_flows import process
from espalier.projects.rules.diagram_library import matching, read_library
from espalier.projects.rules.diagram_shapes import SMALL, WHOLE, drivers
from espalier.projects.rules.diagram_svg import laid_out, svg
from espalier.projects.rules.diagram_words import width_of, wrapped
from espalier.projects.rules.diagrams import Box, Spot, UnableToDraw

WORDS = st.text(min_size=1, max_size=300).map(lambda text: " ".join(text.split()) or "x")
CONTENT = Path(__file__).resolve().parents[3] / "content" / "projects" / "diagrams"


@st.composite
def pictures(draw, kind="drivers", most=25):
    """A picture as people could have made it, ranks in any order and some of them equal."""
    levels = rules.LEVELS[kind]
    boxes = [Box(1, None, levels[0], draw(WORDS))] if kind in rules.ONE_TOP else []
    depths = {1: 0}
    for pk in range(len(boxes) + 1, draw(st.integers(1, most)) + 1):
        parents = [one for one in depths if depths[one] < len(levels) - 1] if kind in rules.ONE_TOP else [None]
        parent = draw(st.sampled_from(parents))
        depth = 0 if parent is None else depths[parent] + 1
        depths[pk] = depth
        amount, waits = draw(st.none() | st.floats(0, 1e6)), draw(st.none() | st.floats(0, 1e6))
        state = draw(st.sampled_from(["new", "testing", "adopted", "adapted", "abandoned"])) if levels[depth] == "idea" else ""
        boxes.append(Box(pk, parent, levels[depth], draw(WORDS), float(draw(st.integers(0, 5))), amount, waits, state))
    return boxes


def overlap(one, other):
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


KINDS = ("drivers", "fishbone", "process", "pareto")


@pytest.mark.parametrize("kind", KINDS)
def test_boxes_never_overlap_and_lie_inside(kind):
    @settings(max_examples=60, deadline=None)
    @given(pictures(kind))
    def check(boxes):
        drawing = laid_out(kind, rules.tree(boxes))
        ours = [shape for shape in drawing.shapes if shape.pk]
        assert sorted(shape.pk for shape in ours) == sorted(box.pk for box in boxes), "each box is drawn once"
        for one, other in itertools.combinations(ours, 2):
            assert not overlap(one, other), f"{one} lies on {other}"
        for shape in drawing.shapes:
            assert shape.x >= 0
            assert shape.y >= 0
            assert shape.right <= drawing.width + 1e-6
            assert shape.bottom <= drawing.height + 1e-6

    check()


@settings(max_examples=60, deadline=None)
@given(pictures(), st.sampled_from([WHOLE, SMALL]))
def test_a_driver_diagram_reads_from_left_to_right_and_keeps_its_order(boxes, look):
    tops = rules.tree(boxes)
    drawn = {shape.pk: shape for shape in drivers(tops, look).shapes}
    for branch in (one for top in tops for one in top.walk() if one.box.pk in drawn):
        below = [drawn[one.box.pk] for one in branch.below if one.box.pk in drawn]
        assert all(drawn[branch.box.pk].right < shape.x for shape in below)
        assert [shape.y for shape in below] == sorted(shape.y for shape in below)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.none() | st.integers(1, 15), st.floats(-5, 5)), max_size=12))
def test_every_box_stands_in_the_tree_once_whatever_hangs_on_what(rows):
    """Even a box whose parent went, and even a circle that should never be."""
    boxes = list({pk: Box(pk, parent, "idea", "x", rank) for pk, parent, rank in rows}.values())
    seen = [one.box.pk for top in rules.tree(boxes) for one in top.walk()]
    assert sorted(seen) == sorted(box.pk for box in boxes)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["drivers", "fishbone", "process", "pareto"]))
def test_moves_keep_a_tree_a_tree_and_ranks_an_order(data, kind):
    """Twelve moves of any boxes anywhere: each is refused, or leaves a picture with the same boxes and right levels."""
    boxes = {box.pk: box for box in data.draw(pictures(kind, most=12))}
    for _ in range(12):
        tops = rules.tree(boxes.values())
        pk = data.draw(st.sampled_from(sorted(boxes))) if boxes else None
        if pk is None:
            return
        parent = data.draw(st.none() | st.sampled_from(sorted(boxes)))
        spot = Spot(parent, data.draw(st.none() | st.sampled_from(sorted(boxes))))
        try:
            kinds = rules.moved(kind, tops, pk, spot)
        except UnableToDraw:
            continue
        rank, others = rules.ranked(rules.siblings(tops, parent), spot.after, but=pk)
        for one, new in {**{k: boxes[k].rank for k in boxes}, **others, pk: rank}.items():
            box = boxes[one]
            boxes[one] = Box(one, parent if one == pk else box.parent, kinds.get(one, box.kind), box.words, new, version=box.version)
        after = rules.tree(boxes.values())
        walked = [one for top in after for one in top.walk()]
        assert len(walked) == len(boxes)
        assert all(one.box.kind == rules.LEVELS[kind][one.depth] for one in walked)
        row = [one.box for one in rules.siblings(after, parent)]
        assert all(a.rank < b.rank for a, b in itertools.pairwise(row)), "ranks of the row that was touched are total"
        at = [box.pk for box in row].index(pk)
        if spot.after is None:
            assert at == 0
        elif spot.after in {box.pk for box in row} - {pk}:
            assert row[at - 1].pk == spot.after


def test_a_step_further_than_the_end_is_refused_with_its_reason():
    boxes = [Box(1, None, "aim", "a"), Box(2, 1, "primary", "b", 1), Box(3, 1, "primary", "c", 2)]
    tops = rules.tree(boxes)
    assert rules.target("drivers", tops, 3, "up") == Spot(1, None)
    assert rules.target("drivers", tops, 2, "down") == Spot(1, 3)
    assert rules.target("drivers", tops, 3, "in") == Spot(2, None)
    for pk, how, said in ((2, "up", "first one"), (3, "down", "last one"), (2, "in", "no box above"), (2, "out", "first box already"), (1, "up", "first")):
        with pytest.raises(UnableToDraw, match=said):
            rules.target("drivers", tops, pk, how)


def test_nothing_hangs_on_itself_nor_too_deep():
    boxes = [Box(1, None, "aim", "a"), Box(2, 1, "primary", "b"), Box(3, 2, "secondary", "c"), Box(4, 3, "idea", "d"), Box(5, 1, "primary", "e", 9)]
    tops = rules.tree(boxes)
    with pytest.raises(UnableToDraw, match="itself"):
        rules.moved("drivers", tops, 2, Spot(3, None))
    with pytest.raises(UnableToDraw, match="below a change idea"):
        rules.moved("drivers", tops, 5, Spot(4, None))
    with pytest.raises(UnableToDraw, match="below a change idea"):
        rules.moved("drivers", tops, 2, Spot(5, None))  # it would take its ideas one level too deep
    with pytest.raises(UnableToDraw, match="first box stays"):
        rules.moved("drivers", tops, 1, Spot(2, None))
    assert rules.moved("drivers", tops, 3, Spot(1, None)) == {3: "primary", 4: "secondary"}


def test_the_sign_of_a_branch_changes_with_anything_in_it():
    boxes = [Box(1, None, "aim", "a"), Box(2, 1, "primary", "b"), Box(3, 2, "secondary", "c")]
    first = rules.sign_of(rules.tree(boxes)[0].below[0])
    changed = rules.sign_of(rules.tree([*boxes[:2], Box(3, 2, "secondary", "c", version=2)])[0].below[0])
    added = rules.sign_of(rules.tree([*boxes, Box(4, 2, "secondary", "d")])[0].below[0])
    assert len({first, changed, added}) == 3


@pytest.mark.parametrize(("words", "said"), [("", "needs words"), ("  \n\t ", "needs words"), ("\u200b", "needs words"), ("x" * 301, "301 characters")])
def test_words_that_fit_no_box(words, said):
    with pytest.raises(UnableToDraw, match=said):
        rules.checked_words(words)


def test_words_are_tidied():
    assert rules.checked_words("  Low\nlights \x00 at  night ") == "Low lights at night"
    assert len(rules.checked_words("x" * 300)) == 300


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1.0, 1e7])
def test_numbers_that_cannot_be_drawn(number):
    with pytest.raises(UnableToDraw, match="between 0 and 1,000,000"):
        rules.checked_amount(number, what="The wait")


@settings(max_examples=150, deadline=None)
@given(WORDS, st.floats(60, 400))
def test_lines_are_no_wider_than_their_box_and_lose_no_letter(text, width):
    lines = wrapped(text, width, 14)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line, 14) <= width or len(line) == 1 for line in lines)


def test_widths_are_the_fonts_own():
    """Helvetica's published metrics: an i is 222 thousandths wide, a W 944, a space 278."""
    assert [round(width_of(letter, 1000)) for letter in "iW "] == [222, 944, 278]


def test_lead_time_and_value_adding_share():
    """Two steps of 5 and 10 minutes with 45 between: an hour in all, a quarter of it work. What is waited at the end is not in it."""
    total = rules.times([Box(1, None, "step", "a", 1, 5, 45), Box(2, None, "step", "b", 2, 10, 500)])
    assert (total.work, total.waiting, total.total, total.share) == (15, 45, 60, 0.25)
    assert rules.times([]).share is None


def test_a_process_says_its_times_in_the_picture():
    tops = rules.tree([Box(1, None, "step", "a", 1, 5, 45), Box(2, None, "step", "b", 2, 10)])
    said = " ".join(label.text for label in process(tops).labels)
    assert "Start to end: 1 h" in said
    assert "Work 15 min (25% of the time)" in said
    assert "Waiting 45 min" in said


def test_pareto_sorts_and_adds_up():
    """60, 30 and 10 of a hundred: most first, then 60, 90 and 100 per cent; two of them make up four fifths."""
    boxes = [Box(1, None, "count", "few", 1, 10), Box(2, None, "count", "most", 2, 60), Box(3, None, "count", "some", 3, 30)]
    bars = rules.pareto(boxes)
    assert [bar.box.words for bar in bars] == ["most", "some", "few"]
    assert [round(bar.cumulative, 9) for bar in bars] == [0.6, 0.9, 1.0]
    assert rules.few(bars) == 2
    assert rules.pareto([Box(1, None, "count", "x")])[0].cumulative == 0


@pytest.mark.parametrize("kind", KINDS)
def test_svg_is_whole_and_carries_no_style(kind):
    @settings(max_examples=25, deadline=None)
    @given(pictures(kind, most=8))
    def check(boxes):
        boxes = [Box(b.pk, b.parent, b.kind, "".join(c for c in b.words if c.isprintable()) or "x", b.rank, b.amount, b.waits, b.state) for b in boxes]
        drawn = svg(laid_out(kind, rules.tree(boxes)), title='<"&>', says="x")
        root = ET.fromstring(drawn)
        assert root.get("role") == "img"
        assert root[0].text == '<"&>'
        assert "style=" not in drawn.replace("font-style=", "")

    check()


def test_the_library_is_whole_and_each_diagram_fits_a_picture():
    library = read_library(CONTENT)
    assert {"falls", "pressure-ulcers", "sepsis", "hand-hygiene", "waiting-for-discharge", "joy-at-work", "medication-errors"} <= {one.code for one in library}
    for one in library:
        assert one.sources
        assert len(one.boxes) <= 60
        assert one.ideas >= 6
        walked = [branch for top in one.tops for branch in top.walk()]
        assert [branch.box.pk for branch in walked] == [box.pk for box in one.boxes], "reading order"
        assert all(branch.box.kind == rules.LEVELS["drivers"][branch.depth] for branch in walked)
        assert all(rules.checked_words(box.words) == box.words for box in one.boxes)
    assert [one.code for one in matching(library, "bed SORE")] == ["pressure-ulcers"]
    assert matching(library, "zzz") == ()
