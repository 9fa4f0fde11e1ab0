"""Said in a project: to everybody in it, or to some; put right or taken away by whoever said it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from espalier.projects.actions.keeping import keep, log
from espalier.projects.models import Remark, RemarkFor
from espalier.projects.queries.projects import project as read_project
from espalier.projects.queries.talking import About, about_of
from espalier.projects.rules.talking import checked_words

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts

NOT_YOURS = "Only whoever said it changes it."


def _inside(actor: Viewer, project: int) -> ProjectFacts:
    """Return the project for whoever takes part in it, sponsors too: to ask something changes nothing."""
    found = read_project(viewer=actor, pk=project)
    if not found.my_role:
        raise PermissionDenied("The people in a project talk here. Its leader can take you in.")
    return found


@transaction.atomic
def say(*, actor: Viewer, at: datetime, project: int, words: str, about: str = "", to: Collection[int] = ()) -> int:
    """Say something, about the project, a test or a month; to names those who are told on their own page. Returns its number."""
    found, subject = _inside(actor, project), about_of(viewer=actor, project_id=project, about=about)
    words = checked_words(words)
    said = Remark.objects.create(
        project_id=project, about=subject.kind, about_mark=subject.mark, words=words, account_id=actor.account_id or 0, at=at
    )
    there = {one.account_id for one in found.members} - {actor.account_id}
    RemarkFor.objects.bulk_create(RemarkFor(remark=said, project_id=project, account_id=one) for one in sorted(there & set(to)))
    _heard(actor, at, project, subject)
    keep(actor=actor, at=at, project_id=project, kind="remark", object_id=said.pk, what="add")
    return said.pk


def _heard(actor: Viewer, at: datetime, project: int, subject: About) -> int:
    waiting = RemarkFor.objects.filter(project_id=project, account_id=actor.account_id or 0, heard_at=None)
    if subject.mark:
        waiting = waiting.filter(remark__about=subject.kind, remark__about_mark=subject.mark)
    return waiting.update(heard_at=at)


@transaction.atomic
def heard(*, actor: Viewer, at: datetime, project: int, about: str = "") -> None:
    """Say that one has read what was meant for one; it goes from one's own page."""
    _inside(actor, project)
    subject = about_of(viewer=actor, project_id=project, about=about)
    if _heard(actor, at, project, subject):
        # Reading changes nothing in the project: it does not move because somebody looked.
        log(actor=actor, at=at, kind="remark", object_id=project, what="hear", project_id=project)


@transaction.atomic
def change_remark(*, actor: Viewer, at: datetime, project: int, remark: int, words: str) -> None:
    """Put right what one said; what stood before is kept for the team."""
    _inside(actor, project)
    mine = Remark.objects.select_for_update().filter(pk=remark, project_id=project, account_id=actor.account_id or 0)
    row = mine.filter(removed_at=None).first()
    if row is None:
        raise PermissionDenied(NOT_YOURS)
    before, row.words, row.edited_at = row.words, checked_words(words), at
    row.save()
    keep(
        actor=actor, at=at, project_id=project, kind="remark", object_id=remark, what="change",
        before={"words": before}, after={"words": row.words},
    )  # fmt: skip


@transaction.atomic
def remove_remark(*, actor: Viewer, at: datetime, project: int, remark: int, removed: bool = True) -> None:
    """Take away what one said, or put it back."""
    _inside(actor, project)
    mine = Remark.objects.filter(pk=remark, project_id=project, account_id=actor.account_id or 0)
    if not mine.update(removed_at=at if removed else None):
        raise PermissionDenied(NOT_YOURS)
    keep(actor=actor, at=at, project_id=project, kind="remark", object_id=remark, what="remove" if removed else "undo")
