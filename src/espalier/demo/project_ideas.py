"""Made-up ideas of a ward, at least one in each state, so that a visitor sees what becomes of an idea."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from espalier.access.door import acting_as
from espalier.projects import actions

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer


def number(one: int) -> uuid.UUID:
    """The number of one of them: the same in every demonstration."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"espalier-demonstration-idea-{one}")


SOCKS = "Non-slip socks in the cupboard by bay 2, not in the store"
LAMPS = "Little lamps that come on by themselves on the way to the toilet"
BELLS = "Ask at ten in the evening who needs the toilet, before the bells ring"
BOARD = "A second medicines trolley for the morning"
TEA = "Tea for relatives who stay the night"
BIG = "A walk round before lights out: bell in reach, glasses on, shoes by the bed"


def add(*, at: datetime, project: int, alex: Viewer, sam: Viewer) -> None:
    """Have Sam note them and Alex answer, in the weeks before."""
    for one, words, days in ((1, SOCKS, 2), (2, LAMPS, 9), (3, BELLS, 20), (4, BOARD, 41), (5, TEA, 60), (6, BIG, 245)):
        _noted(sam, at - timedelta(days=days), one, words)
    with acting_as(sam):
        for one, days in ((2, 9), (4, 41), (6, 245)):
            actions.share_idea(actor=sam, at=at - timedelta(days=days), idea=number(one), shared=True)
        actions.move_idea(actor=sam, at=at - timedelta(days=15), idea=number(3), state="trying")
        actions.move_idea(actor=sam, at=at - timedelta(days=50), idea=number(5), state="done")
    with acting_as(alex):
        why = "There is no room for a second one before the store moves in spring. Please ask again then."
        actions.move_idea(actor=alex, at=at - timedelta(days=38), idea=number(4), state="not-now", reason=why)
        actions.became_project(actor=alex, at=at - timedelta(days=239), idea=number(6), project=project)
    with acting_as(sam):
        actions.read_answer(actor=sam, at=at - timedelta(days=238), idea=number(6))


def _noted(who: Viewer, when: datetime, one: int, words: str) -> None:
    with acting_as(who):
        actions.note_idea(actor=who, at=when, idea=number(one), words=words, made_at=when)
