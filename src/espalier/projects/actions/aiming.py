"""The aim of a project, changed by whoever is in its team; what somebody else changed meanwhile is never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from espalier.common.errors import UnableTo
from espalier.projects.actions.keeping import keep
from espalier.projects.models import Project
from espalier.projects.queries.aiming import AIM, aim_of, plain_values
from espalier.projects.queries.projects import project as read_project
from espalier.projects.rules.days import AIM_AHEAD, FIRST, wrong_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from espalier.access.viewer import Viewer


class ChangedMeanwhile(UnableTo):
    """Somebody else changed the aim after the page was opened; nothing was stored."""

    code = "changed-meanwhile"

    def __init__(self, now: Mapping[str, object], seen: str) -> None:
        self.now, self.seen = now, seen
        super().__init__(
            "Somebody else changed the aim while you had it open. Nothing of theirs was overwritten.",
            to_do="Look at what stands there now, then save again what you want to keep of yours.",
        )  # fmt: skip


def check_by(day: date, *, today: date) -> None:
    """Refuse a day that no project works towards: mostly its year was mistyped."""
    wrong = wrong_day(day, today=today, ahead=AIM_AHEAD)
    if wrong == "early":
        raise UnableTo("That day is too long ago.", to_do=f"Choose a day from {FIRST:%-d %B %Y} on.", code="aim_by")
    if wrong:
        raise UnableTo("That day is too far ahead.", to_do="Choose a day within the next 20 years.", code="aim_by")


@transaction.atomic
def change_aim(*, actor: Viewer, at: datetime, project: int, words: Mapping[str, Any], seen: str) -> bool:
    """Store the parts of an aim that differ, and say whether any did.

    words is by the names of queries.aiming.AIM; seen is the sign of the aim as the page showed it.
    """
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    Project.objects.select_for_update().filter(pk=project).first()  # two who save at once go one after the other
    standing = aim_of(viewer=actor, pk=project)
    if standing.sign != seen:
        raise ChangedMeanwhile(standing.words, standing.sign)
    changed = {name: words[name] for name in AIM if name in words and words[name] != standing.words[name]}
    if "title" in changed and not str(changed["title"]).strip():
        raise UnableTo("A project needs a name.", to_do="Say in a few words what you want to make better.")
    if changed.get("aim_by"):
        check_by(changed["aim_by"], today=timezone.localdate(at))
    if changed:
        Project.objects.filter(pk=project).update(**changed)
        keep(
            actor=actor, at=at, project_id=project, kind="project", object_id=project, what="change",
            before=plain_values({name: standing.words[name] for name in changed}), after=plain_values(changed),
        )  # fmt: skip
    return bool(changed)
