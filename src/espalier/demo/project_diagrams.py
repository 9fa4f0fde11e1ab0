"""The made-up project's driver diagram, as a ward would have worked it out, and how a patient gets to the toilet at night."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from espalier.access.door import acting_as
from espalier.demo.project_cycles import LAMP
from espalier.projects import actions, queries

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

AIM = "Falls at night: from 8 to 4 falls a month by the end of March, for patients over 75 on Ward 7"
# Words, then a state for a change idea, then what hangs below.
DRIVERS = (
    ("Patients get to the toilet safely", (
        ("Staff come before people have to get up", (
            ("Ask everybody at risk at 10 pm and 2 am", "adopted"), ("Call bell clipped to the pillow", "testing"),
            ("A sign by the bed for who needs two people", "new"),
        )),
        ("The way is clear and lit", (("Low lights from bed to toilet", "adapted"), (LAMP, "new"))),
    )),
    ("We know who is at risk tonight", (
        ("Risk is looked at on the first day", (("Lying and standing blood pressure on arrival", "testing"),)),
        ("Every shift hears who is at risk", (("Two minutes on falls at each handover", "adopted"),)),
    )),
    ("People are steadier on their feet", (
        ("Medicines do not make them unsteady", (("The pharmacist looks at sleeping tablets", "new"),)),
        ("Patients are up and about by day", (("A walk to lunch with a helper", "abandoned"),)),
    )),
)  # fmt: skip
STEPS = (
    ("Patient needs the toilet and rings", 1, 4), ("Call bell is seen at the desk", 1, 9), ("Nurse comes to the bed", 2, 3),
    ("A walking aid is found", 4, 6), ("A second person comes to help", 1, 1), ("Patient walks to the toilet", 3, 0),
)  # fmt: skip


def add(*, at: datetime, project: int, alex: Viewer) -> None:
    """Add the pictures once, box by box, as they grew over the first weeks."""
    with acting_as(alex):
        if queries.diagrams(viewer=alex, project_id=project):
            return
        begun = at - timedelta(days=235)
        diagram = actions.begin_diagram(actor=alex, at=begun, project=project, begun=actions.Begun("drivers", top=AIM))
        top = queries.boxes_of(diagram)[0].pk
        _hang(alex, begun, diagram, top, DRIVERS)
        _process(alex, at - timedelta(days=200), project)


def _hang(alex: Viewer, at: datetime, diagram: int, parent: int, rows: tuple[tuple[str, object], ...]) -> None:
    after = None
    for number, (words, below) in enumerate(rows, start=1):
        state, deeper = (below, ()) if isinstance(below, str) else ("", below)
        when = at + timedelta(minutes=number)
        said, spot = actions.Words(words, state=state), actions.Spot(parent, after)
        after = actions.add_node(actor=alex, at=when, diagram=diagram, spot=spot, words=said)
        _hang(alex, when, diagram, after, deeper)  # type: ignore[arg-type]  # what is no state hangs below


def _process(alex: Viewer, at: datetime, project: int) -> None:
    begun = actions.Begun("process", title="To the toilet at night, timed on three nights")
    diagram, after = actions.begin_diagram(actor=alex, at=at, project=project, begun=begun), None
    for words, takes, waits in STEPS:
        said = actions.Words(words, amount=takes, waits=waits)
        after = actions.add_node(actor=alex, at=at, diagram=diagram, spot=actions.Spot(None, after), words=said)
