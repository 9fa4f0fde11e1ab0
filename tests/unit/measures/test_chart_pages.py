"""What a chart page says, against sentences worked out by hand from the figures."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.test import Client

from espalier.access.viewer import VISITOR
from espalier.common.errors import NotFoundHere
from espalier.measures import forms, presenters, queries
from espalier.organisations import queries as organisations

pytestmark = pytest.mark.django_db


def chart(code: str, measure: str = "ae-4-hours", **asked: object) -> queries.Chart:
    return queries.chart(viewer=VISITOR, measure=measure, unit=organisations.unit(viewer=VISITOR, code=code), **asked)  # type: ignore[arg-type]


def test_a_long_run_below_the_average_is_told_with_its_start_and_length() -> None:
    shown = chart("RRK")
    values = np.array([row.value for row in shown.rows])
    below = values < values.mean()
    length = next(index for index, low in enumerate(below[::-1]) if not low)
    assert length >= 7
    start = shown.rows[len(values) - length].month
    sentence = presenters.sentences(shown)[0]
    assert sentence.startswith(
        f"Since {start:%B %Y} every figure has been below the average of {values.mean():.1f}%: {length} months in a row."
    )
    assert "unlikely to be chance" in sentence


def test_limits_are_the_average_and_266_times_the_mean_step() -> None:
    rows = chart("RRK").rows
    values = np.array([row.value for row in rows])
    steps = np.abs(np.diff(values))
    steps = steps[steps < 3.267 * steps.mean()]
    assert rows[0].centre == pytest.approx(values.mean())
    assert rows[0].upper == pytest.approx(values.mean() + 2.66 * steps.mean())
    assert rows[0].lower == pytest.approx(values.mean() - 2.66 * steps.mean())


def test_the_second_sentence_is_about_the_target() -> None:
    shown = chart("RRK")
    assert shown.lines.upper is not None
    assert shown.lines.upper < 95
    assert presenters.sentences(shown)[1] == "At this level the target of 95% will not be met without a change to how the work is done."


def test_few_figures_say_so_instead_of_guessing() -> None:
    shown = chart("RRK", until=date(2016, 8, 1))
    assert shown.variation == "unknown"
    assert presenters.sentences(shown) == ("There are only 5 figures here. With twelve we can begin to say what is usual.",)


def test_nothing_that_stands_out_is_said_as_plainly() -> None:
    calm = next(
        card
        for card in queries.cards_of_unit(viewer=VISITOR, unit=organisations.unit(viewer=VISITOR, code="ENG"))
        if card.variation == "steady"
    )
    sentence = presenters.sentences(chart("ENG", calm.definition.code))[0]
    assert "as chance alone would have them" in sentence
    assert "Expect the next one between" in sentence


@pytest.mark.parametrize("typed", ["2019-13", "march", "0000-01", "2019-02-30"])
def test_a_month_that_is_none_is_a_page_that_does_not_exist(typed: str) -> None:
    with pytest.raises(NotFoundHere, match="is not a month"):
        forms.month_of({"until": typed}, "/measures/ae-4-hours/")


def test_unknown_choices_in_an_address_become_the_defaults() -> None:
    assert forms.chosen({"order": "sideways", "page": "x" * 99}, "order", "page") == {"order": "region", "page": "x" * 40}


@pytest.mark.parametrize(
    "path", ["/measures/ae-4-hors/", "/measures/ae-4-hours/RRX/", "/units/RRX/", "/measures/ae-4-hours/ENG/?until=2031-01"]
)
def test_a_wrong_address_suggests_where_to_go(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "Did you mean" in page or "Perhaps" in page or page.count('href="/measures/') + page.count('href="/units/') >= 2


def test_figures_come_as_a_file_with_numbers_as_numbers(client: Client) -> None:
    answer = client.get("/measures/ae-4-hours/RRK/data.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "month,numerator,denominator,value,average,lower limit,upper limit,stands out"
    month, seen, came, value, *_ = lines[1].split(",")
    assert month == "2016-04-01"
    assert float(value) == pytest.approx(100 * float(seen) / float(came))


def test_the_picture_alone_is_valid_and_carries_its_own_title(client: Client) -> None:
    from xml.etree import ElementTree as ET

    picture = ET.fromstring(client.get("/measures/ae-4-hours/RRK/chart.svg").content)
    assert (
        picture.find("{http://www.w3.org/2000/svg}title").text
        == "Percentage seen within four hours in A&E: University Hospitals Birmingham NHS Foundation Trust"
    )
