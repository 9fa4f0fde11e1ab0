"""What a team keeps for itself: hindrances, promises and thanks. Said, answered, put away, and each taken back with one press.

The words are the team's own: the log says that something was said, and never what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.models import Hindrance, Promise, Thanks
from espalier.projects.models.teams import HINDRANCE_STATES, PROMISE_STATES
from espalier.projects.queries.team_said import goes_on_in
from espalier.projects.rules.teams import NEEDS_REASON, may_become

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

    Thing = Hindrance | Promise | Thanks

THINGS: dict[str, type[Hindrance | Promise | Thanks]] = {"hindrance": Hindrance, "promise": Promise, "thanks": Thanks}
LONGEST = 300
SAID = {
    "hindrance": "Say in a sentence what gets in the way.", "promise": "Say in a sentence what you will do.",
    "thanks": "Say in a sentence what you thank for.",
}  # fmt: skip


@transaction.atomic
def name_hindrance(*, actor: Viewer, at: datetime, unit: UnitFacts, words: str) -> str:
    """Name something that gets in the way of a good day; who named it stands on no page. Returns what was stored, for undo."""
    return _said(actor, at, unit, "hindrance", words)


@transaction.atomic
def change_hindrance(
    *, actor: Viewer, at: datetime, unit: UnitFacts, pk: int, seen: int, state: str, reason: str = "", by_id: int | None = None,
    goes_on: str = "",
) -> str:  # fmt: skip
    """Say how a hindrance stands: who works on it and where it goes on, that it is better, or why not now."""
    row, reason = _held(actor, unit, "hindrance", pk, seen), _plain(reason)
    stands = getattr(row, "state", "")
    if state not in HINDRANCE_STATES or (state != stands and not may_become(stands, state)):
        raise UnableTo("It cannot stand so after how it stands now.", to_do="Choose one from the list.", code="state")
    if state in NEEDS_REASON and not reason:
        raise UnableTo("Why not now?", to_do="Say it in a sentence: people name things again where they hear why not.", code="reason")
    if state == "working":
        _must_be_of(actor, unit, by_id)
    project, idea = _goes_on(actor, unit, goes_on)
    facts = {
        "state": state, "reason": reason, "worked_on_by_id": by_id if state == "working" else None, "project_id": project, "idea_id": idea,
    }  # fmt: skip
    return _change(actor, at, row, "hindrance", facts)


@transaction.atomic
def make_promise(*, actor: Viewer, at: datetime, unit: UnitFacts, words: str, by_on: date) -> str:
    """Say to the team what one will do, and by when."""
    return _said(actor, at, unit, "promise", words, by_on=by_on)


@transaction.atomic
def answer_promise(*, actor: Viewer, at: datetime, unit: UnitFacts, pk: int, seen: int, state: str, became: str = "") -> str:
    """Say what became of a promise: kept, or not kept and why; or that it stands again."""
    row, became = _held(actor, unit, "promise", pk, seen), _plain(became)
    if state not in PROMISE_STATES:
        raise UnableTo("A promise is kept, not kept, or still open.", to_do="Choose one from the list.", code="state")
    if state in NEEDS_REASON and not became:
        raise UnableTo("What came in the way?", to_do="Say it in a sentence, so that the team knows.", code="became")
    return _change(actor, at, row, "promise", {"state": state, "became": became})


@transaction.atomic
def say_thanks(*, actor: Viewer, at: datetime, unit: UnitFacts, words: str, for_id: int | None) -> str:
    """Thank one person of the team, or all of it (None)."""
    if for_id is not None and for_id == actor.account_id:
        raise UnableTo("This note is to yourself.", to_do="Choose a colleague, or the whole team.", code="to")
    if for_id is not None:
        _must_be_of(actor, unit, for_id)
    return _said(actor, at, unit, "thanks", words, for_id=for_id)


@transaction.atomic
def put_away(*, actor: Viewer, at: datetime, unit: UnitFacts, thing: str, pk: int, seen: int, back: bool = False) -> str:
    """Put something away, or bring it back: nothing is deleted. A thank-you note is put away by who wrote it or got it."""
    row = _held(actor, unit, thing, pk, seen)
    return _change(actor, at, row, thing, {"removed_at": None if back else at}, verb="restore" if back else "remove")


@transaction.atomic
def undo_in_team(*, actor: Viewer, at: datetime, unit: UnitFacts, thing: str, pk: int, seen: int) -> str:
    """Take back the last change of something; pressed again, it comes back. What was just said is put away by it."""
    row = _held(actor, unit, thing, pk, seen)
    return _change(actor, at, row, thing, dict(row.was or {"removed_at": at}), verb="undo")


# ------------------------------------------------------------------------------------------------ shared


def _said(actor: Viewer, at: datetime, unit: UnitFacts, thing: str, words: str, **facts: Any) -> str:
    if not (decision := permissions.may_speak_in(viewer=actor, unit_id=unit.pk, name=unit.name)):
        raise PermissionDenied(decision.reason)
    if not (words := _plain(words)):
        raise UnableTo("There are no words to keep.", to_do=SAID[thing], code="words")
    row = THINGS[thing].objects.create(
        unit_id=unit.pk, words=words, said_by_id=actor.account_id, said_at=at, changed_at=at, was={"removed_at": at.isoformat()}, **facts
    )
    _record(actor, at, row, thing, "say")
    return f"{thing}-{row.pk}-{row.edition}"


def _plain(words: str) -> str:
    return " ".join(words.replace("\0", "").split())[:LONGEST]


def _held(actor: Viewer, unit: UnitFacts, thing: str, pk: int, seen: int) -> Thing:
    """Hold one thing of a team for this transaction, as the person saw it."""
    if not (decision := permissions.may_speak_in(viewer=actor, unit_id=unit.pk, name=unit.name)):
        raise PermissionDenied(decision.reason)
    row = THINGS[thing].objects.select_for_update().filter(pk=pk, unit_id=unit.pk).first() if thing in THINGS else None
    if row is None:
        raise NotFoundHere("This team keeps no such thing.")
    if isinstance(row, Thanks) and actor.account_id not in {row.said_by_id, row.for_id}:
        raise PermissionDenied("Who wrote a thank-you note, or got it, puts it away.")
    if row.edition != seen:
        raise UnableTo("Somebody changed this a moment ago.", to_do="Look at it again, then decide.", code="meanwhile")
    return row


def _change(actor: Viewer, at: datetime, row: Thing, thing: str, facts: dict[str, Any], *, verb: str = "change") -> str:
    was = {name: _as_json(getattr(row, name)) for name in facts}
    THINGS[thing].objects.filter(pk=row.pk).update(**facts, was=was, edition=F("edition") + 1, changed_at=at)
    _record(actor, at, row, thing, verb, before=was, after={name: _as_json(value) for name, value in facts.items()})
    return f"{thing}-{row.pk}-{row.edition + 1}"


def _as_json(value: Any) -> Any:
    """Return a field as JSON holds it: moments and numbers of ideas as text, which the table reads again."""
    if value is None or isinstance(value, int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _record(actor: Viewer, at: datetime, row: Thing, thing: str, verb: str, **edit: Any) -> None:
    owner = organisations.owner_of(viewer=actor, unit_id=row.unit_id)
    record(actor=actor, verb=verb, object_kind=thing, object_id=str(row.pk), at=at, owner_id=owner, **edit)


def _must_be_of(actor: Viewer, unit: UnitFacts, account: int | None) -> None:
    """Refuse whoever is not of the place: numbers tried out in a form name nobody."""
    if account not in organisations.accounts_at(viewer=actor, unit_ids=[unit.pk]):
        raise UnableTo(f"They do not work at {unit.name}.", to_do="Choose one of its people.", code="by")


def _goes_on(actor: Viewer, unit: UnitFacts, wanted: str) -> tuple[int | None, UUID | str | None]:
    """Read "project 3" or "idea …"; only what can be chosen on the page."""
    if not wanted:
        return None, None
    if wanted not in dict(goes_on_in(viewer=actor, unit=unit)):
        raise UnableTo("It cannot go on there.", to_do="Choose a project or an idea from the list.", code="goes_on")
    kind, _, which = wanted.partition(" ")
    return (int(which), None) if kind == "project" else (None, which)
