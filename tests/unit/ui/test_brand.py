"""A brand that nobody could read, or that misspells a colour, is refused with what to change."""

import pytest

from espalier.common.errors import UnableTo
from espalier.ui.brand import DEFAULT_COLOURS, READ_ON, brand, contrast, read_brand, stylesheet


def written(tmp_path, text):
    path = tmp_path / "brand.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # Known pairs: #767676 is the lightest grey that passes on white, #777777 the first that fails.
    [
        ("#000000", "#ffffff", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(("front", "back"), READ_ON)
def test_our_own_colours_can_be_read(front, back):
    assert contrast(DEFAULT_COLOURS[front], DEFAULT_COLOURS[back]) >= 4.5


def test_the_shipped_brand_is_complete_and_claims_no_endorsement():
    shipped = brand()
    assert shipped.name == "Espalier"
    assert "not run or endorsed by the NHS" in shipped.independent
    assert "Open Government Licence" in shipped.licence_words
    assert {link.path for link in shipped.footer} >= {"/help/", "/help/accessibility/"}


def test_an_organisation_can_name_and_colour_it(tmp_path):
    ours = read_brand(written(tmp_path, "name: Growing\ncolours: {brand: '#4b2e83'}\n"))
    assert (ours.name, ours.colours) == ("Growing", {"brand": "#4b2e83"})


def test_without_a_file_the_plain_default_stands(tmp_path):
    assert read_brand(tmp_path / "none.yaml").name == "Espalier"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colours: {brnd: '#4b2e83'}", "There is no colour “brnd”."),
        ("colours: {brand: green}", "brand: “green” is not a colour."),
        ("colours: {text-soft: '#bbbbbb'}", "text-soft (#bbbbbb) on paper (#fefefd) has a contrast of 1.9 to 1."),
        ("nme: X", "“nme” is not something a brand has."),
    ],
)
def test_what_is_wrong_with_a_brand_is_said(tmp_path, text, said):
    with pytest.raises(UnableTo) as caught:
        read_brand(written(tmp_path, text))
    assert caught.value.what == said
    assert caught.value.where.startswith("brand.yaml")
    assert caught.value.to_do


def test_the_colours_are_served_as_a_style_sheet(get, settings, tmp_path):
    written(tmp_path, "colours: {brand: '#4b2e83'}")
    settings.CONTENT_DIR = tmp_path
    reply = stylesheet(get("/brand.css"))
    assert reply.content == b":root{--esp-brand:#4b2e83;}\n"
    assert reply["Content-Type"].startswith("text/css")
