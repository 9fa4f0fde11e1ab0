"""What a register is compared with: the places somebody may begin projects at, the people it may name, and what it brought before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lower

from espalier.common.names import alike
from espalier.organisations import queries as organisations
from espalier.projects.models import Member, Project, Typed, TypedCycle
from espalier.projects.permissions import LEADS, READS
from espalier.projects.rules.typed import COLUMNS, typed_project, typed_test

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from espalier.access.viewer import Viewer
    from espalier.projects.rules.typed import TypedProject, TypedTest

Mark = tuple[int, str]  # an organisation, and what tells the rows of its register apart


@dataclass(frozen=True, slots=True)
class Here:
    """A project that a register brought in before: what it said then, and how the project stands now (None: it cannot be seen)."""

    project_id: int
    said: TypedProject | None
    now: Mapping[str, Any]
    mine: bool  # the viewer may change what the register says of it


def brought_before(*, viewer: Viewer, marks: Collection[Mark]) -> dict[Mark, Here]:
    """Return which rows of registers are here already, in three questions however many there are."""
    if not marks:
        return {}
    with connection.cursor() as cursor:
        registers, texts = sorted({one[0] for one in marks}), sorted({one[1] for one in marks})
        cursor.execute("SELECT register_id, mark, project_id FROM projects_typed_known(%s, %s)", [registers, texts])
        known = {(register, mark): pk for register, mark, pk in cursor.fetchall() if (register, mark) in marks}
    seen = {row.project_id: row for row in Typed.objects.filter(project_id__in=known.values()).select_related("project")}
    led = leading(viewer=viewer, projects=known.values())
    return {mark: _here(pk, seen.get(pk), pk in led) for mark, pk in known.items()}


def _here(pk: int, row: Typed | None, mine: bool) -> Here:
    if row is None:
        return Here(pk, None, {}, mine=False)
    return Here(pk, typed_project(row.said), {name: getattr(row.project, name) for name in COLUMNS}, mine=mine)


def leading(*, viewer: Viewer, projects: Iterable[int]) -> frozenset[int]:
    """Return which of these projects the viewer leads or coaches, or brought in themselves."""
    whose = {"account_id": viewer.account_id or 0, "project_id__in": list(projects)}
    led = Member.objects.filter(**whose, until=None, role__in=LEADS).values_list("project_id", flat=True)
    return frozenset(led.union(Typed.objects.filter(**whose).values_list("project_id", flat=True)))


def projects_called(*, viewer: Viewer, units: Collection[int], titles: Collection[str]) -> set[tuple[int, str]]:
    """Return which of these names projects have at these places, as far as the viewer may see them."""
    del viewer
    rows = Project.objects.annotate(called=Lower("title")).filter(unit_id__in=units, called__in=[alike(one) for one in titles])
    return set(rows.values_list("unit_id", "called"))


@dataclass(slots=True)
class People:
    """Whom a register means by a name or an e-mail address: people of its own organisation only. Each text is looked up once."""

    viewer: Viewer
    _known: dict[tuple[str, int], int | str | None]

    @classmethod
    def of(cls, viewer: Viewer) -> People:
        """Begin to look."""
        return cls(viewer, {})

    def find(self, text: str, register: int) -> int | str | None:
        """Return an account; None for nobody known who has signed in, and words where several people are meant or who is no staff."""
        key = (alike(text), register)
        if key not in self._known:
            found = [one for one in organisations.person_to_ask_for(viewer=self.viewer, text=text) if register in one.owner_ids]
            self._known[key] = "Several people have this name" if len(found) > 1 else self._staff(found[0].account_id) if found else None
        return self._known[key]

    def _staff(self, account: int | None) -> int | str | None:
        """Whoever takes part as a patient or carer leads no project because a register names them."""
        if account is None or account in organisations.staff_among(viewer=self.viewer, accounts=[account]):
            return account
        return "Whoever this names holds no role of staff now"


# ---- tests of change ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """A project that a row of tests may mean."""

    pk: int
    title: str
    mine: bool


def projects_named(*, viewer: Viewer, texts: Collection[str]) -> dict[tuple[str, str], tuple[Named, ...]]:
    """Return, by register and name, the projects that have an old number or a title of these, as far as the viewer may see them.

    A title counts for every register, under "". A number counts for the register it came with.
    """
    asked = [alike(text) for text in texts]
    number, system = Lower(KeyTextTransform("number", "said")), KeyTextTransform("system", "said")
    numbered = Typed.objects.annotate(called=number, of=system).filter(called__in=asked).values_list("called", "of", "project_id")
    found: dict[tuple[str, str], set[int]] = {}
    for called, of, pk in numbered:
        found.setdefault((alike(of or ""), called), set()).add(pk)
        found.setdefault(("", called), set()).add(pk)
    titled = dict(Project.objects.annotate(called=Lower("title")).filter(called__in=asked).values_list("pk", "called"))
    for pk, called in titled.items():
        found.setdefault(("", called), set()).add(pk)
    every = {pk for several in found.values() for pk in several}
    titles = dict(Project.objects.filter(pk__in=every).values_list("pk", "title"))
    mine = writing(viewer=viewer, projects=every)
    return {key: tuple(Named(pk, titles[pk], pk in mine) for pk in sorted(several) if pk in titles) for key, several in found.items()}


def writing(*, viewer: Viewer, projects: Iterable[int]) -> frozenset[int]:
    """Return which of these projects the viewer changes, as one of their team or because they brought them in."""
    whose = {"account_id": viewer.account_id or 0, "project_id__in": list(projects)}
    part = Member.objects.filter(**whose, until=None).exclude(role__in=READS).values_list("project_id", flat=True)
    return frozenset(part.union(Typed.objects.filter(**whose).values_list("project_id", flat=True)))


def tried_before(*, viewer: Viewer, marks: Collection[tuple[int, str]], lock: bool = False) -> dict[tuple[int, str], TypedTest]:
    """Return what registers said of tests before, by project and mark."""
    del viewer
    rows = TypedCycle.objects.filter(Q(project_id__in={one[0] for one in marks}) & Q(mark__in={one[1] for one in marks}))
    rows = rows.select_for_update() if lock else rows
    found = {(project, mark): said for project, mark, said in rows.values_list("project_id", "mark", "said")}
    return {key: typed_test(said) for key, said in found.items() if key in marks}
