"""A change taken up by another team: a project of their own that remembers where it came from, and what became of it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.actions.diagram_idea import drivers_held, hang_idea
from espalier.projects.actions.keeping import keep
from espalier.projects.actions.projects import begin_project
from espalier.projects.models import Origin, Project
from espalier.projects.queries.projects import project as read_project
from espalier.projects.queries.stories import public_story
from espalier.projects.rules.aims import Aim
from espalier.projects.rules.stories import EARLY, WORKED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts
    from espalier.projects.queries.stories import PublicStory

KEPT_OUT = "abandon"  # what its own team gave up is not handed on


@transaction.atomic
def adopt_story(
    *, actor: Viewer, at: datetime, story: int, unit: UnitFacts, title: str, change: str = "", altered: str = "", named: bool = False
) -> int:
    """Begin a project at a place of one's own from a public story, or from one of its changes ("" for all of it). Returns its number.

    It is a project like any other: seen by its team alone until they open it. The story's team sees one row: how it did there,
    and the place only if `named`.
    """
    found = public_story(viewer=actor, story_id=story)
    several = [one.words for one in found.told.changes if one.decision != KEPT_OUT]
    if change and change not in {one.words for one in found.told.changes}:
        raise UnableTo("The story has no such change.", to_do="Open it again and choose one that stands there.", code="change")
    _refuse_twice(found, unit, change)
    pk = begin_project(actor=actor, at=at, unit=unit, title=title, aim=Aim(what=found.told.aim_what))
    made = Origin.objects.create(
        project_id=pk, story_id=story, title=found.edition.title, place=found.edition.place, change=change[:300],
        altered=" ".join(altered.split())[:500], named=named, at=at, by_id=actor.account_id,
    )  # fmt: skip
    keep(actor=actor, at=at, project_id=pk, kind="origin", object_id=made.pk, what="adopt", after={"story": story, "named": named})
    _hang(actor, at, pk, [change] if change else several)
    return pk


def _refuse_twice(found: PublicStory, unit: UnitFacts, change: str) -> None:
    """Refuse a place whose own story it is, and one that has taken this up already; another change of it may be taken up too."""
    if Project.objects.filter(pk=found.edition.project_id, unit_id=unit.pk).exists():
        raise UnableTo("This is your own story.", to_do="Go on in the project that it tells of: other teams take it up.", code="own")
    before = Origin.objects.filter(story_id=found.edition.story_id, project__unit_id=unit.pk)
    if change:
        before = before.filter(change__in=("", change[:300]))
    if title := before.values_list("project__title", flat=True).first():
        to_do = f"Go on in “{title}”. If it was stopped, begin it again there."
        raise UnableTo(f"{unit.name} has taken this up already.", to_do=to_do, code="twice")


def _hang(actor: Viewer, at: datetime, project: int, ideas: Iterable[str]) -> None:
    """Put what was adopted into the new project's driver diagram, from where a first test begins."""
    found = read_project(viewer=actor, pk=project)
    diagram = drivers_held(at=at, project=found)
    for words in ideas:
        node = hang_idea(at=at, diagram=diagram, words=words)
        after = {"kind": "idea", "words": node.words}
        keep(actor=actor, at=at, project_id=project, kind="node", object_id=node.pk, what="add", after=after)


@transaction.atomic
def say_how_it_went(
    *, actor: Viewer, at: datetime, project: int, worked: str, why: str = "", altered: str = "", named: bool = False
) -> None:
    """Say what was altered, whether it worked here, and whether the story's readers may see which place this is."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    standing = Origin.objects.select_for_update().filter(project_id=project).first()
    if standing is None:
        raise NotFoundHere("This project was not adopted from a story.")
    if worked not in WORKED:
        raise UnableTo("There is no answer.", to_do="Choose whether it worked here.", code="worked")
    told = {"worked": worked, "why": " ".join(why.split())[:300], "altered": " ".join(altered.split())[:500], "named": named}
    before = {name: getattr(standing, name) for name in told}
    if before == told:
        return
    said_at = None if worked == EARLY else max(at, standing.at)
    Origin.objects.filter(pk=standing.pk).update(**told, said_at=said_at)
    keep(actor=actor, at=at, project_id=project, kind="origin", object_id=standing.pk, what="change", before=before, after=told)
