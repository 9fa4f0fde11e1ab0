"""What pages and files say of figures, where a newcomer found it wrong: usual ranges, targets, changes, and who sees what."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR
from espalier.measures import actions, presenters, queries
from espalier.measures.actions import Figure
from espalier.measures.queries.exporting import picture_of
from espalier.organisations import queries as organisations

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def chart_of(measure: str, unit: str) -> queries.Chart:
    return queries.chart(viewer=VISITOR, measure=measure, unit=organisations.unit(viewer=VISITOR, code=unit), everything=True)


def text(client: Client, path: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", client.get(path).content.decode())).split())


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client


def test_no_usual_range_begins_lower_than_a_figure_can_be() -> None:
    chart = chart_of("team-medicine-errors", "DEMO-WARD-7")
    assert presenters.usual_range(chart, -3.1, 19.7).startswith("0")
    assert presenters.usual_range(chart, 3.0, 19.7).startswith("3")
    assert presenters.usual_range(chart, None, None) == "–"
    for code, unit in (("team-falls", "DEMO-WARD-7"), ("team-medicine-errors", "DEMO-WARD-7"), ("team-falls", "DEMO-TRUST")):
        columns, rows = presenters.table(chart_of(code, unit))
        place = [column["text"] for column in columns].index("Usual range")
        assert not [row[place] for row in rows if str(row[place]).startswith(("-", "\u2212"))]


def test_files_and_programs_keep_the_limit_as_it_was_worked_out() -> None:
    chart = chart_of("team-medicine-errors", "DEMO-WARD-7")
    _, rows = presenters.chart_table(chart)
    assert [row[5] for row in rows] == [row.lower for row in chart.rows]


def test_each_month_of_a_file_has_the_target_that_held_then() -> None:
    """The definition says 12 and since April 2026 10: whatever months are shown, each has its own."""
    chart = chart_of("team-missed-appointments", "DEMO-TRUST")
    goals = dict(zip([row.month for row in chart.rows], picture_of(chart).goals, strict=True))
    assert goals == {month: 10.0 if month >= date(2026, 4, 1) else 12.0 for month in goals}
    assert 12.0 in goals.values()


def test_a_place_whose_parts_changed_does_not_say_that_nothing_did(client: Client) -> None:
    with acting_as(viewer_of(get_user_model().objects.get(username="demo-leader"))) as viewer:
        rows = [Figure("DEMO-WARD-7", "team-falls", date(2026, 5, 1), 3, 100, 30)]
        actions.store_figures(actor=viewer, at=AT, why="test", figures=rows)
    words = text(client, "/units/DEMO-TRUST/")
    assert "No figure has come or been changed here" not in words
    assert "See what changed in the places" in words


def test_the_sharing_page_speaks_of_figures_that_are_not_open() -> None:
    words = text(signed_in("demo-leader"), "/units/DEMO-WARD-7/sharing/")
    assert "figures that are not open to everybody" in words
    begin = words.index("Open to everybody, whatever is chosen here:")
    assert chart_of("team-falls", "DEMO-WARD-7").definition.name in words[begin:]


def test_whoever_makes_a_measure_is_told_that_its_words_are_public() -> None:
    words = text(signed_in("demo-leader"), "/measures/new/?unit=DEMO-WARD-7")
    assert "Anybody can read a measure's name and definition. Leave out names of people." in words
    assert words.index("Leave out names of people.") < words.index("What will you call it?")
