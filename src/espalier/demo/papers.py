"""A made-up report and a made-up board page, so that a visitor of the demonstration sees what they are for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from espalier.access.door import door_of_account
from espalier.insight import actions, queries
from espalier.insight.queries import Change
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from espalier.access.viewer import Viewer

TITLE = "Safer nights on our wards (made up)"
CHARTS = (
    ("team-falls", "DEMO-WARD-7", "Since the lights on the corridor were changed, fewer people fall at night."),
    ("team-falls", "DEMO-WARD-12", "As usual here. Ward 12 tries the same lights in spring."),
    ("team-joy", "DEMO-WARD-12", "The rota changed in summer. We ask what would help."),
)


def make(*, at: datetime, say: Callable[[str], None]) -> None:
    """Make them once, as the made-up analyst would."""
    kim = get_user_model().objects.filter(username="demo-analyst").values_list("pk", flat=True).first()
    with door_of_account(kim) as viewer:
        if kim is None or queries.papers(viewer=viewer):
            return
        unit = organisations.unit(viewer=viewer, code="DEMO-TRUST")
        _report(viewer, at, unit)
        _board(viewer, at, unit)
    say("Made-up report and board page.")


def _report(viewer: Viewer, at: datetime, unit: organisations.UnitFacts) -> None:
    report = actions.start_report(actor=viewer, at=at, unit=unit, title=TITLE, for_whom="the patient safety group")
    for measure, place, words in CHARTS:
        facts = {"measure": measure, "unit": place, "words": words}
        actions.change_paper(actor=viewer, at=at, paper=report.pk, seen=1, change=Change("add-chart", facts=facts))


def _board(viewer: Viewer, at: datetime, unit: organisations.UnitFacts) -> None:
    content = queries.Content(title="Board page of Riverside Hospital (made up)")
    board = actions.open_board_page(actor=viewer, at=at, unit=unit, content=content)
    due = (at.date() + timedelta(days=60)).isoformat()
    lines = [
        *(Change("add-chart", facts={"measure": measure, "unit": place, "words": words}) for measure, place, words in CHARTS),
        Change("concern", facts={
            "what": "Joy at work has fallen on ward 12", "who": "Director of people", "by": due,
            "doing": "Listening to every shift; a new rota is tried",
        }),
        Change("decision", facts={
            "what": "New lights on ward 7", "on": "", "became": "Done in spring. Falls have been lower since.",
        }),
        Change("question", facts={"words": "What would let every ward try this without asking us first?"}),
        Change("sign", facts={"words": "We are proud of ward 7, and we owe ward 12 an answer."}),
    ]  # fmt: skip
    for change in lines:
        actions.change_paper(actor=viewer, at=at, paper=board.pk, seen=1, change=change)
