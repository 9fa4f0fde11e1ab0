"""The story of the made-up project: written by the ward, agreed to by its partner, and taken up by a care provider."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from espalier.access.door import acting_as
from espalier.demo.project_cycles import LAMP
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

SECTIONS = {
    "why": "People fell on the way to the toilet, in the dark. They were afraid of the night, and so were we.",
    "learned": "The lamp is the easy part. It worked once one person on the late shift owned it.\n\n"
    "A sign did more for clean hands than asking a second nurse, who is not there on short evenings.",
    "gained": "Patients say they sleep better when they can see where they are. Fewer bells ring before midnight.",
}
VOICES = (
    ("I can see my slippers now. I do not have to ring for everything.", "patient"),
    ("We talk about the night at handover. We never did before.", "nurse"),
    ("My mother used to sit up and wait for the morning. Now she sleeps.", "relative"),
)
ELSEWHERE = "Lamps that go on by themselves (made up)"


def add(*, at: datetime, project: int, alex: Viewer, bo: Viewer, drew: Viewer) -> None:
    """Tell it once, as the ward, its partner and the care provider would."""
    with acting_as(alex):
        found = queries.project(viewer=alex, pk=project)
        for days, (section, words) in enumerate(SECTIONS.items()):
            when = at - timedelta(days=38 - days)
            _, seen = queries.section_of(viewer=alex, project=found, section=section)
            actions.write_story(actor=alex, at=when, project=project, section=section, words=words, seen=seen)
        for words, said_by in VOICES:
            actions.add_voice(actor=alex, at=at - timedelta(days=34), project=project, words=words, said_by=said_by)
        actions.ask_to_publish(actor=alex, at=at - timedelta(days=30), project=project)
        asked = queries.editions_of(project)[0]
    with acting_as(bo):
        actions.answer_story(actor=bo, at=at - timedelta(days=28), project=project, edition=asked.pk, says="yes")
    with acting_as(drew):
        _taken_up(at, drew, asked.story_id)


def _taken_up(at: datetime, drew: Viewer, story: int) -> None:
    here = organisations.unit(viewer=drew, code="DEMO-CARE")
    pk = actions.adopt_story(
        actor=drew, at=at - timedelta(days=20), story=story, unit=here, title=ELSEWHERE, change=LAMP, named=True,
        altered="At home nobody puts a lamp on in the evening, so ours have a sensor.",
    )  # fmt: skip
    why = "It works in homes with a clear hall. Not where the cat sets it off."
    altered = "At home nobody puts a lamp on in the evening, so ours have a sensor."
    actions.say_how_it_went(actor=drew, at=at - timedelta(days=3), project=pk, worked="partly", why=why, altered=altered, named=True)
