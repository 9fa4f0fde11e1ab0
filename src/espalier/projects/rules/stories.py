"""Stories: their parts, who may stand behind a voice, when one may be read by everybody, and what became of a change elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a story that the team writes: its heading, the question that opens it, and what it says while it is empty."""

    key: str
    title: str
    asks: str


WHY, LEARNED, GAINED = "why", "learned", "gained"
SECTIONS = (
    Section(WHY, "Why we began", "What was hard for patients or staff? Two or three sentences are enough."),
    Section(LEARNED, "What we learned", "What would you tell a team that begins tomorrow? What surprised you, and what did not work?"),
    Section(GAINED, "What got better that the chart does not show", "Calmer nights, fewer rings, a better mood: it counts."),
)  # fmt: skip
BY_KEY = {one.key: one for one in SECTIONS}
LONGEST, LONGEST_VOICE, MOST_VOICES = 1_500, 300, 12

# Whose words they are: a part people have, never a name. A list, because a box would be filled with names.
SAID_BY = {
    "patient": "a patient", "carer": "a carer", "relative": "a family member", "nurse": "a nurse", "assistant": "a healthcare assistant",
    "midwife": "a midwife", "doctor": "a doctor", "therapist": "a therapist", "pharmacist": "a pharmacist", "care-worker": "a care worker",
    "porter": "a porter", "housekeeper": "a housekeeper", "clerk": "a ward clerk", "manager": "a manager", "student": "a student",
    "volunteer": "a volunteer", "partner": "a patient or carer partner", "staff": "a member of staff",
}  # fmt: skip

# How a change did in another place.
YES, PARTLY, NO, EARLY = "yes", "partly", "no", "early"
WORKED = {YES: "It worked", PARTLY: "It worked in part", NO: "It did not work", EARLY: "Too early to say"}

# Where an edition of a story is: what was asked to be public, what is, and what no longer is.
ASKED, PUBLIC, REFUSED, WITHDRAWN, REPLACED = "asked", "public", "refused", "withdrawn", "replaced"
OVER = (REFUSED, WITHDRAWN, REPLACED)
AGREES, DECLINES = "yes", "no"

_NAMED = re.compile(r"\b(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Professor|Sister|Matron|Nurse|Doctor)\.? +[A-Z][\w'’-]+")


def names_somebody(words: str) -> bool:
    """Whether words name somebody with a title. A voice stands with a part, never with a name, and names nobody else either.

    >>> names_somebody("Nurse Brown was so kind"), names_somebody("The nurse was so kind."), names_somebody("Mrs. O'Hara fell")
    (True, False, True)
    """
    return bool(_NAMED.search(words))


def is_agreed(partners: Collection[int], here: Mapping[int, str], last: Mapping[int, str]) -> bool:
    """Whether an edition may be read by everybody, once a leader has asked: a partner says yes to it, and nobody's last word is no.

    partners: accounts that take part as patient or carer partner now. here: answers to this edition; last: everybody's last
    answer to any edition of this story, also of those who have stopped or were taken out. A no holds until the one who said it
    says yes: it is about their own story, so neither another partner's yes, nor other words, nor taking them out passes over it.
    Without a partner, and without a no, there is nobody to ask. The database has the same rule (migration 0130).

    >>> is_agreed([], {}, {}), is_agreed([1], {}, {}), is_agreed([1, 2], {1: "yes"}, {1: "yes"})
    (True, False, True)
    >>> is_agreed([1, 2], {1: "yes"}, {1: "yes", 2: "no"}), is_agreed([1], {1: "yes"}, {1: "yes", 2: "no"}), is_agreed([], {}, {2: "no"})
    (False, False, False)
    """
    if DECLINES in last.values():
        return False
    return not partners or any(here.get(one) == AGREES for one in partners)


def former_no(partners: Collection[int], last: Mapping[int, str]) -> bool:
    """Whether somebody said no who takes part no longer: nobody can ask them until they are taken in again.

    >>> former_no([1], {1: "no"}), former_no([1], {1: "yes", 2: "no"}), former_no([1], {2: "yes"})
    (False, True, False)
    """
    return any(says == DECLINES for one, says in last.items() if one not in partners)


class Said(Protocol):
    """What a place that took a story up says of it."""

    @property
    def place(self) -> str: ...
    @property
    def worked(self) -> str: ...
    @property
    def said_at(self) -> datetime | None: ...


def by_place(several: Iterable[Said]) -> tuple[str, ...]:
    """Return what each place that took a story up says of it: its last answer where it took up several changes.

    A place that is not named cannot be told from another, so each of those counts for itself.
    """
    said: dict[object, Said] = {}
    for at, one in enumerate(several):
        known = said.setdefault(one.place or at, one)
        if one.said_at and (known.said_at is None or one.said_at > known.said_at):
            said[one.place or at] = one
    return tuple(one.worked for one in said.values())
