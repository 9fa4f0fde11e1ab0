"""Charts that need no colour and have names. Each page in each state stands in test_everyone.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.journeys.states import WALL

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

OUTLINES = ".esp-chart__says .esp-sign--{}"


def test_no_barrier_among_two_hundred_charts(person: Person):
    person.opens(f"{WALL}?unit=ENG").meets_no_barrier()


# ---------------------------------------------------------------- better and worse without colour


def drawing_of(page: Page, sign: str) -> str:
    """What is drawn, without its colour and its place."""
    return page.locator(OUTLINES.format(sign)).first.inner_html()


@pytest.mark.parametrize(
    "eyes",
    [{"forced_colors": "active", "color_scheme": "dark"}, {"forced_colors": "active", "color_scheme": "light"}],
    ids=["white on black", "black on white"],
)
def test_in_colours_of_ones_own_signs_and_points_differ_by_their_outline(arrives: Arrives, eyes: dict[str, str]):
    somebody = arrives(**eyes)
    page = somebody.opens(f"{WALL}?unit=ENG&order=attention").page
    assert len({drawing_of(page, sign) for sign in ("worse", "better", "usual")}) == 3
    assert colours(page.locator(".esp-sign--worse .esp-sign__fill")) == colours(page.locator(".esp-sign--better .esp-sign__fill"))

    somebody.opens(f"{WALL}ENG/")
    points = page.locator(".esp-figure__chart .ptd-better, .esp-figure__chart .ptd-worse")
    assert len(colours(points)) == 1, "the reader's own colour"
    assert outlines(page, "better").isdisjoint(outlines(page, "worse"))
    text, ground = page.locator(".ptd text").first, page.locator("body")
    assert text.evaluate("e => getComputedStyle(e).fill") != ground.evaluate("e => getComputedStyle(e).backgroundColor")


def colours(shapes: Locator) -> set[str]:
    return set(shapes.evaluate_all("all => all.map(e => getComputedStyle(e).fill)"))


def outlines(page: Page, kind: str) -> set[str]:
    """The outline of each point: its path from the first stroke on, without where it stands."""
    paths = page.locator(f"main .ptd-{kind}").evaluate_all("all => all.map(e => e.getAttribute('d'))")
    points = [part for path in paths for part in path.split("z") if part]
    assert points, f"no point is drawn as {kind}"
    return set(re.findall("[a-z].*", "\n".join(points)))


def test_on_paper_the_page_is_charts_and_words_without_menus(person: Person):
    person.page.emulate_media(media="print")
    person.opens(f"{WALL}?unit=Y56")
    for gone in (".esp-menu", ".esp-search", ".esp-tabs", ".esp-jump", ".esp-links"):
        expect(person.page.locator(gone).first).to_be_hidden()
    expect(person.cards.first).to_be_visible()
    assert outlines(person.page, "better").isdisjoint(outlines(person.page, "worse"))
    assert person.page.pdf(format="A4", print_background=False).startswith(b"%PDF")


# ---------------------------------------------------------------- what is read out


@pytest.mark.parametrize("path", ["/", "/measures/", f"{WALL}?unit=Y56", "/units/RR8/", f"{WALL}RR8/"])
def test_every_chart_has_a_name(person: Person, path: str):
    page = person.opens(path).page
    charts = page.locator("main svg.ptd")
    assert charts.count() > 0
    names = charts.evaluate_all("""all => all.map(svg => svg.getAttribute('role') === 'img' &&
        svg.getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id)?.textContent.trim() ?? '').join(' ').trim())""")
    assert all(names), names


def test_a_large_chart_says_what_it_shows_and_has_its_figures_below(person: Person):
    page = person.opens(f"{WALL}RR8/").page
    expect(page.locator("main svg.ptd")).to_have_accessible_name(re.compile("36 points, Apr 2016 to Mar 2019. Latest 89.4%"))
    assert page.locator("figure table tbody tr").count() == 36


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, {"width": 320, "height": 640}], ids=["desk", "phone"])
def test_what_is_read_first_stands_first(arrives: Arrives, viewport: dict[str, int]):
    """Down the page, and within a line from left to right, cards and their parts stand in the order they are read."""
    somebody = arrives(viewport=viewport)
    somebody.opens(f"{WALL}?unit=Y56")
    boxes = somebody.cards.evaluate_all(
        "all => all.map(e => { const b = e.getBoundingClientRect(); return [Math.round(b.top), Math.round(b.left)]; })"
    )
    assert boxes == sorted(boxes)
    parts = somebody.cards.evaluate_all("all => all.map(card => [...card.children].map(e => Math.round(e.getBoundingClientRect().top)))")
    for tops in parts:
        assert tops == sorted(tops)
