"""What people in a project said: all of it, or about one test or one month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.projects.models import Cycle, Remark, RemarkFor
from espalier.projects.queries.projects import project
from espalier.projects.rules.talking import read_about

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import Part, ProjectFacts

MOST = 200


@dataclass(frozen=True, slots=True)
class About:
    """What a conversation is about: the project, a test of change, a point of a chart, a month that was sent."""

    kind: str
    mark: str
    title: str = ""  # of a test of change

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return f"{self.kind}:{self.mark}" if self.mark else ""

    @property
    def month(self) -> date | None:
        """The month of a point, or that was sent."""
        return date.fromisoformat(f"{self.mark}-01") if self.kind in {"point", "month"} else None


def about_of(*, viewer: Viewer, project_id: int, about: str) -> About:
    """Return what an address means; what is not there in this project is refused."""
    del viewer
    see = Suggestion("The whole conversation", f"/projects/{project_id}/talk/")
    if (read := read_about(about)) is None:
        raise NotFoundHere("There is nothing of that name to talk about here.", suggestions=(see,))
    if read[0] != "cycle":
        return About(*read)
    title = Cycle.objects.filter(pk=int(read[1]), project_id=project_id).values_list("title", flat=True).first()
    if title is None:
        raise NotFoundHere("There is no such test in this project.", suggestions=(see,))
    return About(*read, title)


@dataclass(frozen=True, slots=True)
class Said:
    """One remark; name is "" for whoever has left."""

    pk: int
    about: About
    words: str
    name: str
    is_mine: bool
    at: datetime
    edited_at: datetime | None
    removed: bool
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything a conversation's page says."""

    project: ProjectFacts
    about: About
    said: tuple[Said, ...]
    others: tuple[Part, ...]  # whom a remark can be meant for
    unheard: int

    @property
    def href(self) -> str:
        """The page."""
        return f"{self.project.href}talk/{f'?about={self.about.text}' if self.about.mark else ''}"


def talk(*, viewer: Viewer, pk: int, about: str, undo: int = 0) -> Talk:
    """Return a conversation, the oldest remark first; undo names one of the viewer's own that was just taken away."""
    found = project(viewer=viewer, pk=pk)
    if not found.my_role:
        raise PermissionDenied("The people in a project talk here. Its leader can take you in.")
    subject = about_of(viewer=viewer, project_id=pk, about=about)
    rows = Remark.objects.filter(project_id=pk).order_by("-at", "-pk")
    rows = rows.filter(about=subject.kind, about_mark=subject.mark) if subject.mark else rows
    meant = RemarkFor.objects.filter(remark_id=OuterRef("pk")).order_by("pk")
    rows = rows.annotate(to=ArraySubquery(meant.values("account_id")), unheard=ArraySubquery(
        meant.filter(account_id=viewer.account_id or 0, heard_at=None).values("pk")
    ))  # fmt: skip
    columns = ("pk", "about", "about_mark", "words", "account_id", "at", "edited_at", "removed_at", "to", "unheard")
    names = {one.account_id: one.name for one in found.members}
    said, unheard = [], 0
    for number, kind, mark, words, who, at, edited, removed, to, waits in rows.values_list(*columns)[:MOST]:
        mine = who == viewer.account_id
        if removed and not (mine and number == undo):
            continue
        unheard += bool(waits)
        called = tuple(names.get(one, "") for one in to)
        said.append(Said(number, About(kind, mark), words, names.get(who, ""), mine, at, edited, removed is not None, called))
    return Talk(found, subject, tuple(reversed(said)), tuple(one for one in found.members if one.account_id != viewer.account_id), unheard)
