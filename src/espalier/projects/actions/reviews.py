"""Learning reviews: begun, written section by section, opened, closed, turned into change ideas.

What stands in one is never copied into the log: only which section was written, and when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects import permissions
from espalier.projects.actions.diagram_idea import drivers_held, hang_idea
from espalier.projects.actions.evidence import weigh
from espalier.projects.models import Edit, Project, Review
from espalier.projects.queries.projects import project as read_project
from espalier.projects.queries.reviews import review as read_review
from espalier.projects.rules.days import can_be_meant
from espalier.projects.rules.reviews import BY_KEY, LONGEST

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.reviews import ReviewFacts


class WroteMeanwhile(UnableTo):
    """Somebody else wrote in the same section since it was opened; nothing is overwritten, and both are shown."""

    code = "changed"

    def __init__(self, now: str, version: int) -> None:
        self.now, self.version = now, version
        super().__init__("Somebody else wrote here while you were writing.", to_do="Read what stands there now, then save what is right.")


@transaction.atomic
def begin_review(*, actor: Viewer, at: datetime, unit: UnitFacts, title: str, happened_on: date | None) -> int:
    """Begin a review at a place; its team sees it until it is opened. Returns its number."""
    if not (decision := permissions.may_begin_review(viewer=actor, unit_id=unit.pk, name=unit.name)):
        raise PermissionDenied(decision.reason)
    if not (title := " ".join(title.split())):
        raise UnableTo("A review needs a name.", to_do="Say in a few words what happened.")
    if happened_on is not None and happened_on > timezone.localdate(at):
        raise UnableTo("That day has not come yet.", to_do="Choose today or an earlier day.", code="happened_on")
    if happened_on is not None:
        can_be_meant(happened_on, today=timezone.localdate(at), code="happened_on", ahead=0)
    made = Review.objects.create(
        unit_id=unit.pk, title=title[:200], happened_on=happened_on, begun_at=at, begun_by_id=actor.account_id, changed_at=at
    )
    _record(actor, at, read_review(viewer=actor, pk=made.pk), verb="begin")
    return made.pk


@transaction.atomic
def write_section(*, actor: Viewer, at: datetime, pk: int, key: str, words: str, seen: int) -> None:
    """Write one section. seen is its version when it was opened; other sections may have changed, and are left alone."""
    facts, row = _writable(actor, pk)
    if key not in BY_KEY:
        raise NotFoundHere("A learning review has no such part.")
    standing = facts.section(key)
    if standing.version != seen:
        raise WroteMeanwhile(standing.words, standing.version)
    _put(row, key, words.replace("\x00", "").strip()[:LONGEST], standing.words, standing.version + 1, at)
    _record(actor, at, facts, verb="change", detail={"section": key})


@transaction.atomic
def undo_section(*, actor: Viewer, at: datetime, pk: int, key: str, seen: int) -> None:
    """Bring back what stood in a section before; the same press again takes that back."""
    facts, row = _writable(actor, pk)
    standing = facts.section(key)
    if standing.version != seen or not seen:
        raise WroteMeanwhile(standing.words, standing.version)
    _put(row, key, standing.was, standing.words, standing.version + 1, at)
    _record(actor, at, facts, verb="undo", detail={"section": key})


@transaction.atomic
def close_review(*, actor: Viewer, at: datetime, pk: int, back: bool = False) -> None:
    """Close a review when it is done, or open it again."""
    facts, row = _writable(actor, pk, back=back)
    Review.objects.filter(pk=row.pk).update(state="open" if back else "closed", changed_at=at)
    _record(actor, at, facts, verb="reopen" if back else "close")


@transaction.atomic
def open_review_to(*, actor: Viewer, at: datetime, pk: int, whom: str) -> None:
    """Say who may read a review: its team, or the organisation."""
    facts, row = _writable(actor, pk)
    if whom not in {"team", "organisation"}:
        raise UnableTo("We do not know whom that means.", to_do="Choose the team or the organisation.")
    Review.objects.filter(pk=row.pk).update(open_to=whom, changed_at=at)
    _record(actor, at, facts, verb="share", detail={"before": {"open_to": facts.open_to}, "after": {"open_to": whom}})


@transaction.atomic
def make_idea(*, actor: Viewer, at: datetime, pk: int, project: int, words: str) -> int:
    """Put a change idea that a review ended in into a project's driver diagram. Returns its number."""
    facts, found = read_review(viewer=actor, pk=pk), read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    if not (words := " ".join(words.split())):
        raise UnableTo("An idea needs words.", to_do="Say in a few words what you would change.")
    node = hang_idea(at=at, diagram=drivers_held(at=at, project=found), words=words)
    after = {"words": node.words, "from_review": pk}
    Edit.objects.create(project_id=project, kind="node", object_id=node.pk, what="add", after=after, account_id=actor.account_id, at=at)
    Project.objects.filter(pk=project).update(changed_at=at, version=F("version") + 1)
    weigh(viewer=actor, project_id=project)
    _record(actor, at, facts, verb="idea", detail={"project": project, "node": node.pk})
    return node.pk


def _writable(actor: Viewer, pk: int, *, back: bool = False) -> tuple[ReviewFacts, Review]:
    """Hold the review for this transaction, so that two who write at once write one after the other. back: to open it again."""
    row = Review.objects.select_for_update().filter(pk=pk).first()
    facts = read_review(viewer=actor, pk=pk)
    if not (facts.may_reopen if back else facts.may_write) or row is None:
        raise PermissionDenied(facts.may_write.reason or "It is open.")
    return facts, row


def _put(row: Review, key: str, words: str, was: str, version: int, at: datetime) -> None:
    sections = {**row.sections, key: {"words": words, "was": was, "version": version}}
    Review.objects.filter(pk=row.pk).update(sections=sections, changed_at=at)


def _record(actor: Viewer, at: datetime, facts: ReviewFacts, *, verb: str, detail: dict[str, object] | None = None) -> None:
    record(actor=actor, verb=verb, object_kind="review", object_id=str(facts.pk), at=at, detail=detail, owner_id=facts.owner_id)
