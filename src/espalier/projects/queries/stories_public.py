"""Which story somebody reads: as the team writes it, or what everybody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from espalier.projects.models import Edition
from espalier.projects.rules.stories import PUBLIC

if TYPE_CHECKING:
    from espalier.projects.queries.projects import ProjectFacts


def public_instead(*, project: ProjectFacts) -> str | None:
    """Return None for whoever reads the story as it is written; for others the address of its public edition, "" where there is none.

    A project may be open to everybody, and its story still waits for a partner's yes: the rows hide it (migration 0160).
    """
    if project.my_role or project.open_to != "everybody":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT projects_told_to_me(%s)", [project.pk])
        if (cursor.fetchone() or (False,))[0]:
            return None
    public = Edition.objects.filter(project_id=project.pk, state=PUBLIC).values_list("story_id", flat=True).first()
    return f"/projects/stories/{public}/" if public else ""
