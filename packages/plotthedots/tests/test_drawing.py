"""Charts: valid, accessible, themed by the page, small, and quick to draw."""

from __future__ import annotations

import re
import time
from itertools import product
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plotthedots as ptd

NAN = float("nan")
MONTHS = np.arange("2016-04", "2019-04", dtype="datetime64[M]")
RNG = np.random.default_rng(7)
SHIFTED = np.concatenate([RNG.normal(100, 10, 27), RNG.normal(130, 10, 9)])
SVG = "{http://www.w3.org/2000/svg}"


def chart(values=SHIFTED, below=None, plan=None, **options):
    result = ptd.evaluate(ptd.Batch.of([values], None if below is None else [below]), ptd.Plan(**(plan or {})))
    return ptd.draw(result, 0, **{"title": "Falls", **options})


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314  our own charts, made a line above


def texts(svg):
    return [element.text for element in parsed(svg).iter() if element.tag.endswith("text")]


NUMBERS = {"M": 2, "m": 2, "L": 2, "l": 2, "H": 1, "h": 1, "V": 1, "v": 1, "z": 0}


def well_formed(data):
    """Whether every command of a path has its own count of numbers (l may repeat)."""
    parts = re.findall(r"([A-Za-z])([^A-Za-z]*)", data)
    for command, rest in parts:
        count = len(re.findall(r"-?(?:\d+\.?\d*|\.\d+)", rest))
        need = NUMBERS[command]
        if count != need and not (command == "l" and count and count % 2 == 0):
            return False
    return "".join(command + rest for command, rest in parts) == data


def classes(svg):
    return set(re.findall(r'class="([^"]+)"', svg))


ODD = {
    "plain": {},
    "phases and notes": {"plan": {"rebase": [12, 24]}, "notes": [(3, "A & B <c>"), (35, "end"), (0, "start")]},
    "proportions": {
        "values": [5, 0, 3, 9],
        "below": [10, 0, 10, 10],
        "plan": {"chart": "p", "target": 0.5},
        "unit": "%",
    },
    "run chart": {"plan": {"chart": "run", "rules": "anhoej"}},
    "one point": {"values": [4]},
    "constant": {"values": [7] * 14},
    "nothing": {"values": [NAN, NAN]},
    "gaps": {"values": [1, NAN, 3, 2, NAN]},
    "target far away": {"plan": {"target": 500, "improvement": "up"}},
    "huge": {"values": [1e12, 2e12, 3e12]},
    "tiny": {"values": [1e-9, 2e-9, 1e-9]},
    "negative": {"values": [-5, -3, -8, -2]},
    "three hundred": {"values": RNG.normal(0, 1, 300)},
}


@pytest.mark.parametrize(("name", "size"), list(product(ODD, ["full", "spark"])))
def test_every_chart_is_valid_accessible_and_free_of_styles(name, size):
    svg = chart(**{**ODD[name], "size": size})
    root = parsed(svg)
    assert root.get("role") == "img"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert root.get("aria-labelledby").split() == ids
    assert root[0].tag.endswith("title")
    assert root[0].text == "Falls"
    assert "style" not in {key for element in root.iter() for key in element.keys()}  # noqa: SIM118
    assert not [element for element in root.iter() if element.tag.endswith("style")]
    assert all(word.startswith("ptd") for each in classes(svg) for word in each.split())
    assert "nan" not in svg
    assert "inf" not in svg
    assert all(well_formed(element.get("d")) for element in root.iter() if element.tag.endswith("path"))


@settings(max_examples=300, deadline=None)
@given(
    values=st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=60),
    target=st.one_of(st.none(), st.floats(-1e6, 1e6)),
    size=st.sampled_from(["full", "spark"]),
    chart_kind=st.sampled_from(["xmr", "run"]),
)
def test_any_numbers_give_a_valid_chart_that_stays_on_its_sheet(values, target, size, chart_kind):
    svg = chart(values, plan={"chart": chart_kind, "target": target, "improvement": "up"}, size=size)
    root = parsed(svg)
    assert "nan" not in svg
    *_, width, height = map(float, root.get("viewBox").split())
    for path in root.iter():
        for x, y in re.findall(r"[ML](-?[\d.]+)[ ]?(-?[\d.]+)", path.get("d") or ""):
            assert -1 <= float(x) <= width + 1
            assert -1 <= float(y) <= height + 1


STEPPED = {"plan": {"improvement": "down", "target": {"national": [(0, 95), (18, 110)], "ours": 120}}}


def paths(svg, name):
    return [each.get("d") for each in parsed(svg).iter() if each.get("class") == name]


def test_a_stepped_target_has_steps_and_several_targets_have_their_own_lines_and_names():
    lines = paths(chart(**STEPPED), "ptd-target")
    assert ["V" in line for line in lines] == [True, False]
    said = texts(chart(**STEPPED))
    assert "National 110" in said
    assert "Ours 120" in said
    assert ["V" in line for line in paths(chart(**STEPPED, size="spark"), "ptd-target")] == [True]


def test_a_target_that_begins_later_is_not_drawn_before():
    late = {"plan": {"target": [(18, 110)]}}
    for size in ("full", "spark"):
        (line,) = paths(chart(**late, size=size), "ptd-target")
        assert float(re.match(r"M([\d.]+)", line).group(1)) > 100


def test_points_left_out_are_hollow_and_never_signals():
    plan = {"improvement": "down", "exclude": [5, 30]}
    svg = chart(plan=plan)
    assert [len(re.findall("h0", holes)) for holes in paths(svg, "ptd-hole")] == [2, 1]  # on the chart, and in the key
    assert "left out" in texts(svg)
    assert "left out" not in texts(chart(plan={"improvement": "down"}))


def test_a_pattern_without_a_side_has_a_shape_of_its_own():
    values = [10 + (0.9 if k % 2 else -0.9) for k in range(20)]
    svg = chart(values=values, plan={"rules": "nelson"})
    assert "unusual pattern" in texts(svg)
    assert paths(svg, "ptd-other")


@pytest.mark.parametrize("kind", ["ip", "mr", "pp", "u", "up", "c", "g", "t"])
def test_every_kind_of_chart_is_drawn_and_names_itself(kind):
    below = np.full(36, 200.0) if kind in ("ip", "pp", "u", "up") else None
    values = np.arange(36) % 7 + 20
    svg = chart(values=values, below=below, plan={"chart": kind})
    middle = "Median" if kind == "g" else "Average"
    assert any(text.startswith(middle) for text in texts(svg))
    assert any("Making Data Count rules" in text and "chart" in text for text in texts(svg))
    assert "no data" not in texts(svg)  # the first moving range cannot have a value, so it is no gap


def test_subgroups_are_drawn():
    batch = ptd.Batch.of_subgroups([[[4, 5, 6], [5, 7], [3, 4, 8], [6]]])
    for kind in ("xbar", "s"):
        svg = ptd.draw(ptd.evaluate(batch, ptd.Plan(chart=kind)), 0, title="Waits")
        assert all(well_formed(path.get("d")) for path in parsed(svg).iter() if path.tag.endswith("path"))


def test_dates_of_the_batch_label_the_chart():
    batch = ptd.Batch.of([SHIFTED], dates=[MONTHS])
    assert "Apr 2016" in texts(ptd.draw(ptd.evaluate(batch), 0, title="Falls"))


ICONS = [*list(ptd.Variation)[1:], *list(ptd.Assurance)[1:]]


def test_icons_are_valid_named_and_all_different():
    drawn = [ptd.icon(code) for code in ICONS]
    assert len({re.sub("<title.*</title>", "", svg) for svg in drawn}) == len(ICONS)
    for svg in drawn:
        root = parsed(svg)
        assert root.get("role") == "img"
        assert root[0].get("id") == root.get("aria-labelledby")
        assert len(root[0].text) > 5
        assert "style" not in svg
    assert ptd.icon(ptd.Variation.NONE) == ptd.icon(ptd.Assurance.NONE) == ""
    assert parsed(ptd.icon(ptd.Assurance.PASS, title="A & B"))[0].text == "A & B"


def test_an_icon_of_a_bare_number_is_refused():
    with pytest.raises(ptd.DrawError, match=r"3 is no Variation or Assurance\. Use ptd\.Variation"):
        ptd.icon(3)


def test_notebooks_show_a_result_of_one_series_and_any_view():
    one = ptd.evaluate(ptd.Batch.of([SHIFTED]))
    assert parsed(one._repr_svg_()).tag == f"{SVG}svg"
    many = ptd.evaluate(ptd.Batch.of([SHIFTED, SHIFTED]))
    assert many._repr_svg_() is None
    view = many.view(1, title="Falls", size="spark")
    assert view._repr_svg_() == str(view) == ptd.draw(many, 1, title="Falls", size="spark")


def test_words_from_people_are_escaped():
    svg = chart(title='A < B & "C"', desc="<script>", notes=[(0, "</svg>")])
    assert "<script>" not in svg
    assert parsed(svg)[0].text == 'A < B & "C"'


def test_signals_have_their_own_shapes_and_the_key_names_those_that_occur():
    better, worse = (chart(plan={"improvement": way, "baseline": 27}) for way in ("up", "down"))
    neutral = chart(plan={"baseline": 27})
    assert {"better than usual"} == set(texts(better)) & {"better than usual", "worse than usual", "higher than usual"}
    assert {"worse than usual"} == set(texts(worse)) & {"better than usual", "worse than usual", "higher than usual"}
    assert "higher than usual" in texts(neutral)
    drawn = [
        re.search(rf'class="ptd-{name}"[^>]* d="M[^a-z]*([a-z])', svg).group(1)
        for name, svg in (("better", better), ("worse", worse))
    ]
    assert drawn == ["l", "h"]  # a diamond starts slanting, a square level


def test_no_point_is_lost_and_none_drawn_twice():
    for size in ("full", "spark"):
        svg = chart(plan={"baseline": 27, "improvement": "up"}, size=size)
        shapes = re.findall(r'class="ptd-(better|worse)"[^>]*d="([^"]*)"', svg.split("<text")[0])
        dots = re.search(r'class="ptd-dot"[^>]*d="([^"]*)"', svg).group(1)
        assert dots.count("h0") + sum(data.count("z") for _, data in shapes) == 36


def test_axis_labels_are_readable():
    words = texts(chart(dates=MONTHS, plan={"target": 120}))
    assert "Apr 2016" in words
    assert "Oct 2018" in words
    assert "Target 120" in words
    assert any(word.startswith("Average ") for word in words)
    assert "XmR chart · Making Data Count rules" in words


def test_proportions_are_written_as_percentages():
    words = texts(chart([0.71, 0.75, 0.73, 0.8, 0.7, 0.74], unit="%", plan={"target": 0.95}))
    assert "Target 95%" in words
    assert "80%" in words


def test_missing_points_are_marked_and_named():
    svg = chart([5, NAN, 6, 5])
    assert "ptd-gap" in classes(svg)
    assert "no data" in texts(svg)
    assert "ptd-gap" not in classes(chart())


def test_no_line_is_drawn_across_a_gap():
    for size in ("full", "spark"):
        line = re.search(r'class="ptd-line"[^>]*d="([^"]*)"', chart([5, 6, NAN, 6, 5], size=size)).group(1)
        assert line.count("M") == 2


def test_an_axis_of_counts_does_not_go_below_nought():
    words = texts(chart([0, 1, 0, 4, 0, 1, 0, 2]))
    assert "0" in words
    assert not any(word.startswith("−") for word in words)
    assert not any(word.startswith("Lower") for word in words)


def test_three_years_of_months_stay_small():
    assert len(chart(dates=MONTHS, plan={"target": 120, "improvement": "up"})) <= 6000
    sizes = [len(chart(RNG.normal(100, 10, 36), size="spark", plan={"target": 90}, title="Ward 7")) for _ in range(50)]
    assert np.median(sizes) <= 1000


def test_two_hundred_small_charts_take_a_moment():
    result = ptd.evaluate(ptd.Batch(RNG.normal(100, 10, 7200), np.arange(0, 7201, 36)))
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        for index in range(200):
            ptd.draw(result, index, title="Ward", size="spark")
        best = min(best, time.process_time() - begin)
    assert best < 0.24  # 0.04 s when measured; a machine four times slower may still pass


def test_colours_of_the_style_sheet_cover_every_class():
    every = set()
    for options in ODD.values():
        for plan in ({"improvement": "up"}, {"improvement": "down"}, {}):
            merged = {**options, "plan": {**options.get("plan", {}), **plan}}
            every |= {word for each in classes(chart(**merged)) for word in each.split()}
    unstyled = {name for name in every if f".{name}" not in ptd.CSS}
    assert unstyled <= {"ptd-lines"}
    for part in ("light-dark(", "@media print", "@media (forced-colors:active)"):
        assert part in ptd.CSS


def contrast(first, second):
    def light(colour):
        full = colour if len(colour) == 7 else "#" + "".join(c * 2 for c in colour[1:])
        parts = [int(full[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_and_signals_stand_out_on_light_and_dark_paper():
    pairs = dict(re.findall(r"--ptd-(\w+):light-dark\((#\w+,#\w+)\)", ptd.CSS))
    for paper in (0, 1):
        colour = {name: both.split(",")[paper] for name, both in pairs.items()}
        for name, least in {"ink": 7, "quiet": 4.5, "blue": 4.5, "orange": 4.5, "purple": 4.5, "dot": 3}.items():
            assert contrast(colour[name], colour["paper"]) >= least, (name, paper)
            if name not in {"ink", "quiet"}:
                assert contrast(colour[name], colour["band"]) >= 3, (name, paper)


def test_the_words_for_a_screen_reader_say_the_facts():
    svg = chart([4, 6, 5, 6, 4, 5, NAN], dates=[f"2024-0{m}-01" for m in range(1, 8)])
    said = parsed(svg)[1].text
    assert (
        said
        == "7 points, Jan 2024 to Jul 2024. Latest 5 (Jun 2024). Average 5, usual range 1.28 to 8.72. No points outside chance variation."
    )


def test_facts_of_a_chart():
    values = [9, 11] * 10 + [12, 11, 12.5, 11, 12, 11.5, 12, NAN]
    result = ptd.evaluate(ptd.Batch.of([values]), ptd.Plan(improvement="down", baseline=20, target=20))
    dates = [f"day {k}" for k in range(28)]
    facts = ptd.describe(result, 0, dates=dates)
    # The last of the twenty calm points is 11 as well, so eight lie above the average of ten.
    (signal,) = facts.current
    assert (signal.rule, signal.side, signal.first, signal.last, signal.points) == (ptd.Flag.SHIFT_HIGH, 1, 19, 26, 8)
    assert (signal.since, facts.date, facts.value) == ("day 19", "day 26", 12)
    assert (facts.variation, facts.assurance) == (ptd.Variation.CONCERN, ptd.Assurance.PASS)
    assert facts.warnings == ptd.Warn.DATA_LATE
    assert (facts.points, facts.observed, facts.last, facts.side) == (28, 27, 26, 1)
    (phase,) = facts.phases
    assert (phase.first, phase.last, phase.centre) == (0, 27, 10)


def test_facts_of_an_anhoej_run_step_over_points_on_the_median():
    values = [1, 2, 1, 5, 2, 1, 2, 1, 2, 1, 9, 8, 9, 5, 8, 9, 8, 9, 8, 9, 5]
    facts = ptd.describe(ptd.evaluate(ptd.Batch.of([values]), ptd.Plan(chart="run", rules="anhoej")), 0)
    found = {(s.rule.name, s.first, s.last, s.points, s.current) for s in facts.signals}
    assert ("SHIFT_HIGH", 10, 19, 9, True) in found
    assert ("SHIFT_LOW", 0, 9, 9, False) in found


def test_facts_of_nothing():
    facts = ptd.describe(ptd.evaluate(ptd.Batch.of([[NAN]])), 0)
    assert (facts.last, facts.signals, facts.variation) == (-1, (), ptd.Variation.NONE)
