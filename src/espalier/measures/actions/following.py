"""What a person saves, follows and marks as seen: theirs alone, each with its way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from espalier.access.door import door_of_account
from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.measures.models import Follow, LastLook, SavedView
from espalier.measures.rules import HOW_OFTEN
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Definition
    from espalier.organisations.queries import UnitFacts

MOST_SAVED = 200


class UnableToFollow(UnableTo):
    """Something could not be kept for this person."""

    code = "follow"


def _refuse_visitors(actor: Viewer, what: str) -> int:
    """Return whose account it is; a visitor has none."""
    if actor.account_id is None:
        raise UnableToFollow(f"Sign in to {what}.", to_do="Sign in, then try again.", code="not-allowed")
    return actor.account_id


@transaction.atomic
def save_view(
    *, actor: Viewer, at: datetime, name: str, definition: Definition, place: UnitFacts, choices: Mapping[str, str], share_with: int | None
) -> int:
    """Keep a page of many charts under a name, for oneself or shared with a place one belongs to."""
    account_id = _refuse_visitors(actor, "save a page")
    if share_with is not None and share_with not in {one.pk for one in organisations.own_places(viewer=actor)}:
        raise UnableToFollow("You can share only with a place you belong to.", to_do="Choose another place.", code="not-allowed")
    if SavedView.objects.filter(account_id=account_id, removed_at=None).count() >= MOST_SAVED:
        raise UnableToFollow(f"You have saved {MOST_SAVED} pages already.", to_do="Delete one you no longer need.", code="too-many")
    made = SavedView.objects.create(
        account_id=account_id, name=name, measure_id=definition.pk, place_id=place.pk, choices=dict(choices), unit_id=share_with,
        made_at=at,
    )  # fmt: skip
    record(actor=actor, verb="save", object_kind="view", object_id=str(made.pk), at=at, detail={"shared": share_with is not None})
    return made.pk


@transaction.atomic
def rename_view(*, actor: Viewer, at: datetime, pk: int, name: str) -> None:
    """Give a saved page another name; only its maker may."""
    view = _own(actor, pk)
    SavedView.objects.filter(pk=view.pk).update(name=name)
    record(actor=actor, verb="rename", object_kind="view", object_id=str(pk), at=at)


@transaction.atomic
def remove_view(*, actor: Viewer, at: datetime, pk: int) -> None:
    """Delete a saved page; it can be put back."""
    view = _own(actor, pk)
    SavedView.objects.filter(pk=view.pk, removed_at=None).update(removed_at=at)
    record(actor=actor, verb="remove", object_kind="view", object_id=str(pk), at=at)


@transaction.atomic
def restore_view(*, actor: Viewer, at: datetime, pk: int) -> None:
    """Put a deleted page back."""
    view = _own(actor, pk)
    SavedView.objects.filter(pk=view.pk).update(removed_at=None)
    record(actor=actor, verb="undo", object_kind="view", object_id=str(pk), at=at)


def _own(actor: Viewer, pk: int) -> SavedView:
    found = SavedView.objects.select_for_update().filter(pk=pk, account_id=actor.account_id).first() if actor.account_id else None
    if found is None:
        raise UnableToFollow("Only who saved a page can change it.", to_do="Save it under a name of your own.", code="not-allowed")
    return found


@transaction.atomic
def mark_seen(*, actor: Viewer, at: datetime, unit: UnitFacts, until: datetime) -> None:
    """Remember until when the person has seen what changed at a place; what came while they read stays new."""
    account_id = _refuse_visitors(actor, "mark changes as seen")
    LastLook.objects.update_or_create(account_id=account_id, unit_id=unit.pk, defaults={"seen_at": min(until, at)})
    record(actor=actor, verb="see", object_kind="unit", object_id=unit.code, at=at)


@transaction.atomic
def follow(*, actor: Viewer, at: datetime, unit: UnitFacts, definition: Definition | None, how_often: str, below: bool = False) -> int:
    """Begin to hear of a place or of a measure there, or change how often."""
    _refuse_visitors(actor, "follow charts")
    if how_often not in HOW_OFTEN:
        raise UnableToFollow("We do not know how often that is.", to_do="Choose every day, every week or every month.")
    wanted = {"account_id": actor.account_id, "unit_id": unit.pk, "measure_id": definition.pk if definition else None, "below": below}
    kept, made = Follow.objects.get_or_create(**wanted, defaults={"how_often": how_often, "since_at": at})
    if not made:
        Follow.objects.filter(pk=kept.pk).update(how_often=how_often)
    detail = {"measure": definition.code if definition else "", "how_often": how_often}
    record(actor=actor, verb="follow", object_kind="unit", object_id=unit.code, at=at, detail=detail)
    return kept.pk


@dataclass(frozen=True, slots=True)
class Stopped:
    """What no longer is followed, so that it can be followed again."""

    unit_id: int
    measure_id: int | None
    below: bool
    how_often: str


@transaction.atomic
def stop_following(*, actor: Viewer, at: datetime, pk: int) -> Stopped:
    """Stop hearing of one thing."""
    found = Follow.objects.select_for_update().filter(pk=pk, account_id=actor.account_id).first() if actor.account_id else None
    if found is None:
        raise UnableToFollow("You do not follow this.", to_do="Look at what you follow.", code="nothing")
    found.delete()
    record(actor=actor, verb="unfollow", object_kind="unit", object_id=str(found.unit_id), at=at)
    return Stopped(found.unit_id, found.measure_id, found.below, found.how_often)


def stop_letters(*, actor: Viewer, at: datetime, account_id: int, how_often: str) -> int:
    """Stop all letters of one rhythm for the account a signed link names; whoever holds the link need not sign in.

    It acts as that account, and on nothing but what that account follows. Stopping twice is no error.
    """
    del actor  # a visitor who holds the letter
    with door_of_account(account_id) as viewer:
        if viewer.is_visitor:
            return 0
        stopped, _ = Follow.objects.filter(account_id=account_id, how_often=how_often).delete()
        record(actor=viewer, verb="unfollow", object_kind="letters", object_id=how_often, at=at, detail={"stopped": stopped})
    return stopped
