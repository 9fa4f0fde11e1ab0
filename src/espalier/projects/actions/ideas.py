"""Ideas: noted in seconds, sent as often as a phone likes and stored once, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid5

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F

from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.projects import permissions
from espalier.projects.models import Idea
from espalier.projects.queries.ideas import IdeaFacts, idea_facts, place_for
from espalier.projects.queries.projects import project as read_project
from espalier.projects.rules.ideas import LONGEST, had_at, newer, why_not

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer

KIND = "idea"


class UnableToKeep(UnableTo):
    """An idea that cannot be kept as it was sent."""

    code = "idea"


@dataclass(frozen=True, slots=True)
class Noted:
    """What stands there now. again: it was there already, and nothing was stored a second time."""

    words: str
    edition: int
    again: bool


@transaction.atomic
def note_idea(
    *, actor: Viewer, at: datetime, idea: UUID, words: str, unit_id: int | None = None, made_at: datetime | None = None, edition: int = 1,
    anew: bool = False,
) -> Noted:  # fmt: skip
    """Keep an idea under the number it was given where it was typed; sent again it is kept once.

    A later wording of it, sent before the phone heard that the first had arrived, takes its place; an older one that was
    held up on the way changes nothing. With anew other words under the same number are another idea: whoever goes back in a
    form and changes it must not lose it (docs/adr/0028), and sent again that one is kept once too. A place at which somebody no longer
    belongs is left out rather than the idea lost.
    """
    if not (decision := permissions.may_note(viewer=actor)):
        raise PermissionDenied(decision.reason)
    words, place = _clean(words), place_for(viewer=actor, wanted=unit_id)
    row = Idea(
        id=idea, account_id=actor.account_id or 0, unit_id=place, words=words, edition=edition, made_at=had_at(made_at, at), received_at=at,
        changed_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():  # the same number sent twice at one moment: the second waits here for the first
            row.save(force_insert=True)
    except IntegrityError:
        if anew and _is_another(actor, idea, words):
            return note_idea(actor=actor, at=at, idea=uuid5(idea, words), words=words, unit_id=unit_id, made_at=made_at)
        return _worded_again(actor, at, idea, words, edition)
    record(actor=actor, verb="note", object_kind=KIND, object_id=str(idea), at=at)
    return Noted(words, edition, again=False)


def _is_another(actor: Viewer, idea: UUID, words: str) -> bool:
    """Whether one's own idea of this number says something else. Somebody else's is not told of."""
    return Idea.objects.filter(pk=idea, account_id=actor.account_id or 0).exclude(words=words).exists()


def _worded_again(actor: Viewer, at: datetime, idea: UUID, words: str, edition: int) -> Noted:
    stored = Idea.objects.select_for_update().filter(pk=idea, account_id=actor.account_id or 0).first()
    if stored is None:  # somebody else's, of which nothing is told
        raise UnableToKeep("This idea cannot be kept under its number.", to_do="Type it anew: what you typed is still here.", code="number")
    if stored.removed_at is None and newer(stored.edition, edition) and words != stored.words:
        Idea.objects.filter(pk=stored.pk).update(words=words, edition=edition, changed_at=at)
        record(actor=actor, verb="change", object_kind=KIND, object_id=str(stored.pk), at=at, owner_id=stored.owner_id)
        return Noted(words, edition, again=True)
    return Noted(stored.words, stored.edition, again=True)


def _clean(words: str) -> str:
    if not (words := " ".join(words.split())):
        raise UnableToKeep("There are no words to keep.", to_do="Type your idea in a sentence.", code="empty")
    if len(words) > LONGEST:
        raise UnableToKeep("That is too long for an idea.", to_do=f"Say it in {LONGEST} characters; there is room for more in a project.")
    return words


def _mine(actor: Viewer, idea: UUID) -> IdeaFacts:
    """Return one's own idea; a colleague's is refused, and one that cannot be seen is not there."""
    found = idea_facts(viewer=actor, pk=idea)
    if not found.is_mine:
        raise PermissionDenied("Only the person who had an idea changes its words and says who sees it.")
    return found


def _change(found: IdeaFacts, **facts: object) -> None:
    """Change the idea that was looked at; where somebody else was quicker nothing is stored, and the page says so."""
    if not Idea.objects.filter(pk=found.pk, changed_at=found.changed_at).update(**facts):
        raise UnableToKeep("Somebody changed this idea a moment ago.", to_do="Look at it again, then decide.", code="meanwhile")


@transaction.atomic
def word_idea(*, actor: Viewer, at: datetime, idea: UUID, words: str) -> None:
    """Say one's own idea in other words."""
    found, words = _mine(actor, idea), _clean(words)
    if words != found.words:
        _change(found, words=words, edition=F("edition") + 1, changed_at=at)
        record(actor=actor, verb="change", object_kind=KIND, object_id=str(idea), at=at, owner_id=found.owner_id)


@transaction.atomic
def share_idea(*, actor: Viewer, at: datetime, idea: UUID, shared: bool) -> None:
    """Share one's own idea with the team, or keep it to oneself again."""
    found = _mine(actor, idea)
    place = found.unit.pk if found.unit else place_for(viewer=actor, wanted=None)
    if shared and place is None:
        raise UnableToKeep("You belong to no team here yet, so there is nobody to share it with.", to_do="Ask to join your team first.")
    _change(found, shared_with_team=shared, unit_id=place, changed_at=at)
    record(
        actor=actor, verb="share" if shared else "withdraw", object_kind=KIND, object_id=str(idea), at=at, owner_id=found.owner_id,
        before={"shared": found.shared}, after={"shared": shared},
    )  # fmt: skip


@transaction.atomic
def move_idea(*, actor: Viewer, at: datetime, idea: UUID, state: str, reason: str = "") -> None:
    """Say what becomes of an idea: its author at once, others who may answer it with a reason, of which the author is told."""
    found, reason = idea_facts(viewer=actor, pk=idea), " ".join(reason.split())
    if state == "project":
        raise UnableToKeep("Say which project it became.", to_do="Choose one from your projects.")
    _store(actor, at, found, state=state, reason=reason, project_id=None)


@transaction.atomic
def became_project(*, actor: Viewer, at: datetime, idea: UUID, project: int) -> None:
    """Say that an idea became a project, one that the viewer helps to change."""
    found, into = idea_facts(viewer=actor, pk=idea), read_project(viewer=actor, pk=project)
    if not into.may_change:
        raise PermissionDenied(into.may_change.reason)
    _store(actor, at, found, state="project", reason=into.title, project_id=project)


def _store(actor: Viewer, at: datetime, found: IdeaFacts, *, state: str, reason: str, project_id: int | None) -> None:
    if not (decision := permissions.may_answer_idea(viewer=actor, idea=found)):
        raise PermissionDenied(decision.reason)
    if refused := why_not(found.state, state, reason=reason, is_author=found.is_mine):
        raise UnableToKeep("It stays as it is.", to_do=refused, code="move")
    facts = {"state": state, "reason": "" if project_id else reason, "project_id": project_id, "changed_at": at}
    facts |= {"answered_by_id": actor.account_id, "answered_at": at, "read_at": at if found.is_mine else None}
    _change(found, **facts)
    record(
        actor=actor, verb="answer", object_kind=KIND, object_id=str(found.pk), at=at, owner_id=found.owner_id,
        before={"state": found.state, "project": found.project_id}, after={"state": state, "project": project_id},
    )  # fmt: skip


@transaction.atomic
def take_back_idea(*, actor: Viewer, at: datetime, idea: UUID) -> None:
    """Take one's own idea back: nobody sees it, and it can be brought back for 30 days."""
    found = _mine(actor, idea)
    _change(found, removed_at=at, changed_at=at)
    record(actor=actor, verb="remove", object_kind=KIND, object_id=str(idea), at=at, owner_id=found.owner_id)


@transaction.atomic
def bring_back_idea(*, actor: Viewer, at: datetime, idea: UUID) -> None:
    """Bring an idea back that was taken back by a slip."""
    found = idea_facts(viewer=actor, pk=idea, taken_back=True)
    _change(found, removed_at=None, changed_at=at)
    record(actor=actor, verb="restore", object_kind=KIND, object_id=str(idea), at=at, owner_id=found.owner_id)


@transaction.atomic
def read_answer(*, actor: Viewer, at: datetime, idea: UUID) -> None:
    """Say that one has read what others said to one's idea, so that it is no longer due."""
    found = _mine(actor, idea)
    _change(found, read_at=at)
    record(actor=actor, verb="read", object_kind=KIND, object_id=str(idea), at=at, owner_id=found.owner_id)
