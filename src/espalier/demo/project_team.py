"""What the made-up ward keeps for itself: what gets in the way, what was promised and what became of it, and thanks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from espalier.access.door import acting_as
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

# What gets in the way, so many days ago; how it stands now, and what was said of it.
IN_THE_WAY = (
    ("The second hoist is always on another ward", 40, "working", ""),
    ("The bleep goes all through the medicines round", 12, "open", ""),
    ("Lamps are moved by day and not put back", 30, "working", ""),
    ("No hot food after eight in the evening", 90, "better", "There is a fridge and a microwave in the day room now."),
    ("The rota comes a week before, not four", 55, "not-now", "The new rota system comes in spring. We ask again then."),
)
# What was promised, so many days ago, for a day so many days from now; what became of it.
PROMISED = (
    ("Ask the store for a second hoist", 8, 12, "open", ""),
    ("A fridge and a microwave in the day room", 80, -50, "kept", "They came in a week."),
    ("Read every idea within ten days", 120, -60, "kept", ""),
    ("Two hours a month for our project, in the rota", 150, -90, "kept", "Every month but August."),
    ("New chairs at the desk", 100, -20, "not-kept", "The money went to the roof. We ask again in April."),
    ("Show the board our lamp test", 60, -15, "kept", "They asked for a second ward to try it."),
)
THANKED = (
    ("sam", "alex", "Thank you for staying on Tuesday until the second doctor came. The whole bay was calmer.", 3),
    ("alex", "sam", "You noticed that the lamps had gone, and put them back before the night. Two patients told me.", 6),
    ("alex", "", "A hard week, and every handover was on time. Thank you, all of you.", 10),
)


def add(*, at: datetime, project: int, alex: Viewer, sam: Viewer) -> None:
    """Have Sam and Alex say it in the months before; once, as the project itself is made once."""
    with acting_as(sam):
        ward = organisations.unit(viewer=sam, code="DEMO-WARD-7")
        kept = [actions.name_hindrance(actor=sam, at=_ago(at, days), unit=ward, words=words) for words, days, *_ in IN_THE_WAY]
    with acting_as(alex):
        for number, (_, days, state, reason) in enumerate(IN_THE_WAY):
            goes_on = f"project {project}" if number == 2 else ""  # the lamps are what the project tests
            works = {"by_id": (sam if number == 2 else alex).account_id, "goes_on": goes_on}
            if state != "open":
                _answer(alex, _ago(at, days // 2), ward, kept[number], actions.change_hindrance, state=state, reason=reason, **works)
        for words, days, until, state, became in PROMISED:
            by_on = timezone.localdate(at) + timedelta(days=until)
            said = actions.make_promise(actor=alex, at=_ago(at, days), unit=ward, words=words, by_on=by_on)
            if state != "open":
                _answer(alex, _ago(at, -until), ward, said, actions.answer_promise, state=state, became=became)
    people = {"alex": alex, "sam": sam}
    for by, to, words, days in THANKED:
        with acting_as(people[by]):
            whom = people[to].account_id if to else None
            actions.say_thanks(actor=people[by], at=_ago(at, days), unit=ward, words=words, for_id=whom)


def _ago(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)


def _answer(alex: Viewer, when: datetime, ward: UnitFacts, said: str, act: Any, **facts: Any) -> None:
    asked = queries.kept_of(said)
    if asked:
        act(actor=alex, at=when, unit=ward, pk=asked.pk, seen=asked.edition, **facts)
