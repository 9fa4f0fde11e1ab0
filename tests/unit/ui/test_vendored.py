"""What is served from this room is ours to serve: nothing from another host, no licensed font, no NHS logo, and small."""

import gzip
import re
from importlib.metadata import metadata
from pathlib import Path

import django_htmx
import pytest

import espalier.ui
from espalier.ui.brand import DEFAULT_COLOURS

ROOM = Path(espalier.ui.__file__).parent
STATIC = ROOM / "static" / "ui"
VENDORED = STATIC / "nhsuk-10.6.1"
SERVED = sorted(p for p in STATIC.rglob("*") if p.suffix in {".css", ".js", ".svg"})
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
# The one address that loads nothing: the name of the SVG language.
SVG_NAME = "http://www.w3.org/2000/svg"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"


def words(path):
    return path.read_text(encoding="utf-8")


def packed(path):
    return len(gzip.compress(path.read_bytes(), 9))


@pytest.mark.parametrize("path", SERVED, ids=lambda p: p.name)
def test_nothing_is_loaded_from_another_host(path):
    assert re.findall(r"https?://[^\s\"')]+", words(path).replace(SVG_NAME, "")) == []
    assert re.findall(r"url\([\"']?(?://|/)", words(path)) == []


@pytest.mark.parametrize("path", SERVED, ids=lambda p: p.name)
def test_no_font_licensed_to_the_nhs_is_named_or_loaded(path):
    assert not re.search(r"@font-face|frutiger|\.woff", words(path), re.IGNORECASE)


@pytest.mark.parametrize("path", SERVED + TEMPLATES, ids=lambda p: p.name)
def test_the_nhs_logo_is_nowhere(path):
    # How the logo's outline begins in nhsuk-frontend's header, and the names of the files that hold it.
    assert not re.search(r"M200 0v80H0V0h200|header__logo|nhsuk-icon-(180|192|512|mask)|opengraph", words(path))


def test_every_image_a_style_sheet_names_lies_beside_it():
    named = re.findall(r"url\([\"']?([^\"')]+)", words(VENDORED / "nhsuk.css"))
    assert named
    assert [name for name in named if not (VENDORED / name).exists()] == []


def test_the_licence_travels_with_the_files():
    assert "MIT License" in words(VENDORED / "LICENCE.txt")


def test_the_markup_package_follows_the_version_of_these_files():
    said = re.findall(
        r"(?:nhsuk-frontend|NHS.UK frontend)[^\n]*?(\d+\.\d+\.\d+)", str(metadata("nhsuk-frontend-jinja"))
    )
    rows = re.findall(r"\|\s*0?\.?(\d+\.\d+\.\d+)\s*\|\s*(\d+\.\d+\.\d+)\s*\|", str(metadata("nhsuk-frontend-jinja")))
    assert "10.6.1" in said or any("10.6.1" in row for row in rows)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (VENDORED / "nhsuk.css", 20_000),
        (VENDORED / "nhsuk.js", 14_000),
        (STATIC / "espalier.css", 8_000),
        (STATIC / "app.js", 3_500),  # with passkeys, and with keeping what is typed
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_each_file_stays_small(path, most):
    assert packed(path) <= most


def test_styles_and_scripts_leave_room_for_a_page():
    # 60 kB for frame, styles and scripts keeps a page under 100 kB; the empty frame itself is about 2 kB.
    assert sum(map(packed, [*SERVED, HTMX])) <= 58_000


def test_every_colour_a_style_sheet_asks_for_is_defined():
    ours = words(STATIC / "espalier.css")
    asked = set(re.findall(r"var\((--esp-[a-z-]+)", ours + words(VENDORED / "nhsuk.css")))
    assert asked - set(re.findall(r"(--esp-[a-z-]+):", ours)) == set()


def test_the_brand_names_the_colours_the_style_sheets_use():
    ours = dict(re.findall(r"--esp-([a-z-]+): (#[0-9a-f]{6})", words(STATIC / "espalier.css")))
    built = {
        name: colour
        for colour, name in re.findall(r"(#[0-9a-f]{6}) --esp-([a-z-]+)", words(ROOM / "vendor" / "colours.txt"))
    }
    assert {name: ours[name] for name in DEFAULT_COLOURS} == DEFAULT_COLOURS
    assert built == DEFAULT_COLOURS


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_keep_to_the_strict_policy(path):
    text = words(path)
    assert not re.search(r"\sstyle=|<[^>{]*\son[a-z]+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "<style" not in text
