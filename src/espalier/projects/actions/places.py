"""Where else a project happens, besides the place it was begun at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from espalier.common.errors import UnableTo
from espalier.organisations import queries as organisations
from espalier.projects.actions.keeping import keep
from espalier.projects.models import Place
from espalier.projects.queries.projects import project as read_project

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts

MOST = 50


@transaction.atomic
def add_place(*, actor: Viewer, at: datetime, project: int, code: str) -> None:
    """Name another place of the same organisation that a project happens at; named twice is named once.

    Who may read the project stays as it is. What other organisations try, they say themselves.
    """
    found = _led(actor, project)
    place = organisations.unit(viewer=actor, code=code)
    if not organisations.below(viewer=actor, unit_id=found.owner_id).filter(unit_id=place.pk).exists():
        to_do = "Its own people begin a project there, or take up your story."
        raise UnableTo(f"{place.name} is of another organisation.", to_do=to_do, code="place")
    if place.closed_on is not None:
        raise UnableTo(f"{place.name} has closed.", to_do="Name the place that took over its work.", code="place")
    if place.pk == found.unit.pk or any(one.code == place.code for one in found.places):
        return
    if len(found.places) >= MOST:
        raise UnableTo(f"A project names at most {MOST} other places.", to_do="Name the place above them instead.", code="place")
    named, made = Place.objects.get_or_create(project_id=project, unit_id=place.pk)
    if made:  # two people name it at one moment
        _keep(actor, at, project, named.pk, after={"code": place.code, "name": place.name})


@transaction.atomic
def remove_place(*, actor: Viewer, at: datetime, project: int, code: str) -> None:
    """Take another place away again; one that is not named is left as it is."""
    found = _led(actor, project)
    there = next((one for one in found.places if one.code == code), None)
    if there is None:
        return
    Place.objects.filter(pk=there.pk).delete()
    _keep(actor, at, project, there.pk, before={"code": code, "name": there.name})


def _keep(actor: Viewer, at: datetime, project: int, pk: int, **said: dict[str, str]) -> None:
    keep(actor=actor, at=at, project_id=project, kind="place", object_id=pk, what="add" if "after" in said else "remove", **said)


def _led(actor: Viewer, project: int) -> ProjectFacts:
    found = read_project(viewer=actor, pk=project)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    return found
