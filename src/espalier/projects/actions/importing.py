"""A register of projects as a kind of file: the engine of the room imports reads and compares, this room says what a project is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from espalier.access.deciding import anywhere
from espalier.imports.kinds import ChangedMeanwhile, Field, Holds, Shown, Words
from espalier.organisations import queries as organisations
from espalier.projects import permissions
from espalier.projects.actions.importing_check import (
    AIM,
    END,
    LEADER,
    METHOD,
    NUMBER,
    OPEN,
    PLACE,
    PROGRAMME,
    SCORE,
    START,
    STATE,
    SYSTEM,
    TITLE,
    UPDATED,
    Check,
)  # fmt: skip
from espalier.projects.actions.importing_store import store_projects, undo_projects
from espalier.projects.models import Typed
from espalier.projects.rules.typed import TypedProject, typed_project

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Change, Checked, Key, Line, Record, Undone, Values

_FIELDS = {
    NUMBER: Field("number", "Number in the old register", "With it the same file loaded again changes only what is new in it.", Holds.TEXT,
                  synonyms=("ref", "reference", "project id", "project number", "project no", "project ref", "project code", "id",
                            "number")),
    TITLE: Field("title", "Title", "What the project is called.", Holds.TEXT, required=True,
                 synonyms=("project title", "title", "project name", "name of project", "project")),
    AIM: Field("aim", "Aim", "What it wants to make better, in the register's own words.", Holds.TEXT,
               synonyms=("aim", "aim statement", "project aim", "smart aim", "objective", "goal")),
    PLACE: Field("place", "Team or organisation", "Its code or its whole name.", Holds.TEXT, required=True, for_all="Its code or name",
                 synonyms=("ward/team", "ward", "team", "place", "service", "department", "unit", "organisation")),
    LEADER: Field("leader", "Who leads it", "Their whole name or work e-mail address. Somebody we do not know is left out, and said.",
                  Holds.TEXT, synonyms=("project lead email", "lead email", "project lead", "lead", "leader", "project leader", "owner")),
    START: Field("start", "First day", "When the work began.", Holds.DAY,
                 synonyms=("start date", "date started", "started", "start", "project start date")),
    END: Field("end", "Last day", "When it ended, or is meant to end.", Holds.DAY,
               synonyms=("end date", "completion date", "date completed", "target date", "planned end date", "end")),
    STATE: Field("state", "How it stands", "Such as active, on hold or completed.", Holds.TEXT,
                 synonyms=("status", "project status", "state", "stage")),
    METHOD: Field("method", "Way of working", "Such as Model for Improvement.", Holds.TEXT,
                  synonyms=("methodology", "method", "improvement method", "approach")),
    SCORE: Field("score", "Progress score", "From 0.5 to 5. It is kept as it was typed, and counts for nothing here.", Holds.TEXT,
                 synonyms=("progress score", "ihi score", "ihi progress score", "score", "progress")),
    UPDATED: Field("updated", "Day of that score", "When it was last looked at.", Holds.DAY,
                   synonyms=("progress score date", "score date", "last update", "last updated", "updated", "date updated")),
    PROGRAMME: Field("programme", "Programme", "The larger work it belonged to. It is kept as words.", Holds.TEXT,
                     synonyms=("programme", "program", "workstream", "collaborative", "theme")),
    SYSTEM: Field("system", "Which register", "Its name. It keeps apart numbers that two registers both have.", Holds.TEXT,
                  for_all="Such as Life QI", synonyms=("system", "register", "source")),
    OPEN: Field("open_to", "Who may read the projects here", "Their team alone, unless you say more. Each team can change it.", Holds.TEXT,
                for_all="choose", synonyms=("readers",)),
}  # fmt: skip
WORDS = Words(
    one="project", many="projects", place="project", twice="has the same project with other words",
    nothing="No row of this table has a title for us.", empty="without a title",
    lines=("A register of projects has one row for each project, with headings such as Ref, Project title, Ward and Status.",),
)  # fmt: skip
WHERE_TO_LOOK = 12
READERS = (("team", "Their team only"), ("organisation", "Everybody who works in the organisation"))
SAID = {
    "title": "title", "aim": "aim", "leader_said": "led by", "starts_on": "from", "ends_on": "until", "state_said": "stands",
    "method_said": "way of working", "score": "typed score", "score_on": "of", "programme": "programme", "open_to": "read by",
    "unit_id": "place", "leader": "leader here",
}  # fmt: skip


class Projects:
    """Projects of a register kept elsewhere, at places where the viewer may begin projects."""

    code = "projects"
    name = "A register of projects"
    says = "One row for each project, from Life QI or a register in Excel."
    fields = tuple(_FIELDS[at] for at in sorted(_FIELDS))
    core: tuple[str, ...] = ("title", "number", "aim")
    words = WORDS
    in_part = True

    def may_use(self, *, viewer: Viewer) -> str:
        """Say why not, or nothing."""
        return anywhere(viewer=viewer, do=permissions.START).reason

    def held_back(self) -> str:
        """A register is about work: every database takes it."""
        return ""

    def owner_of(self, *, viewer: Viewer) -> int | None:
        """Return the viewer's own place: the first one at which they hold a role."""
        return viewer.grants[0].unit_id if viewer.grants else None

    def choices(self, *, viewer: Viewer, field: str) -> tuple[tuple[str, str], ...]:
        """List who may read what is brought in."""
        del viewer
        return READERS if field == "open_to" else ()

    def lacks(self, *, given: Collection[str], chosen: Mapping[str, str]) -> Mapping[str, str]:
        """Nothing is needed beyond a title and a place."""
        del given, chosen
        return {}

    def check(self, *, viewer: Viewer, at: datetime, lines: Sequence[Line]) -> Checked:
        """Turn rows into projects of places where the viewer may begin them; all else is a problem of its row."""
        return Check(viewer, at, lines).run()

    def standing(self, *, viewer: Viewer, records: Sequence[Record], lock: bool) -> Mapping[Key, Values]:
        """Return what registers said of these projects before. A project that is not in the file stays: registers are kept in parts."""
        del viewer
        asked = {record.key for record in records}
        rows = Typed.objects.filter(register_id__in={key[1] for key in asked}, mark__in={key[2] for key in asked})
        rows = rows.select_for_update() if lock else rows
        found = {("project", register, mark): said for register, mark, said in rows.values_list("register_id", "mark", "said")}
        return {key: typed_project(said) for key, said in found.items() if key in asked}

    def shown(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[Shown, ...]:
        """Name the project, and of a change only what differs."""
        said = [TypedProject(*one) for change in changes for one in (change.old, change.new) if one is not None]
        places = {pk: one.name for pk, one in organisations.units(viewer=viewer, pks={one.unit_id for one in said}).items()}
        accounts = {one.leader for one in said if one.leader}
        names = organisations.names_of_accounts(viewer=viewer, accounts=accounts)
        return tuple(_shown(change, places, names) for change in changes)

    def too_many(self, *, removed: int, standing: int) -> str:
        """Warn of nothing: no project is removed for not being in a file."""
        del removed, standing
        return ""

    def links(self, *, viewer: Viewer, changes: Sequence[Change]) -> tuple[tuple[str, str], ...]:
        """Return the pages of what was stored."""
        del viewer
        marks = {change.key[1:] for change in changes}
        rows = Typed.objects.filter(register_id__in={one[0] for one in marks}, mark__in={one[1] for one in marks})
        listed = rows.order_by("project__title").values_list("project_id", "project__title", "register_id", "mark")
        found = [row for row in listed if row[2:] in marks]
        if len(found) > WHERE_TO_LOOK:
            return (("All projects", "/projects/"),)
        return tuple((title, f"/projects/{pk}/") for pk, title, *_ in found)

    def store(self, *, actor: Viewer, at: datetime, why: str, batch: UUID, changes: Sequence[Change]) -> None:
        """Write all changes as one batch."""
        del why
        try:
            with transaction.atomic():
                store_projects(actor=actor, at=at, batch=batch, changes=changes)
        except IntegrityError as clash:  # somebody brought in the same row a moment ago
            raise ChangedMeanwhile from clash

    def undo(self, *, actor: Viewer, at: datetime, batch: UUID) -> Undone:
        """Remove what the batch began and put the rest back; what somebody has worked on since is left and named."""
        return undo_projects(actor=actor, at=at, batch=batch)


PROJECTS = Projects()


def _shown(change: Change, places: Mapping[int, str], names: Mapping[int, str]) -> Shown:
    old = TypedProject(*change.old) if change.old is not None else None
    new = TypedProject(*change.new) if change.new is not None else None
    about = new or old
    if about is None:
        raise ValueError("A change needs something before or after it.")
    differ = {name for name in SAID if old and new and getattr(old, name) != getattr(new, name)}
    wanted = differ or set(SAID) - {"title"}
    what = f"{about.title} ({about.number})" if about.number else about.title
    return Shown(what, _written(old, wanted, places, names), _written(new, wanted, places, names))


def _written(one: TypedProject | None, wanted: Collection[str], places: Mapping[int, str], names: Mapping[int, str]) -> str:
    if one is None:
        return ""
    told = [(words, name) for name, words in SAID.items() if name in wanted and getattr(one, name)]
    return "; ".join(f"{words}: {_said(one, name, places, names)}" for words, name in told)


def _said(one: TypedProject, name: str, places: Mapping[int, str], names: Mapping[int, str]) -> str:
    value: object = getattr(one, name)
    if name == "unit_id":
        return places.get(one.unit_id, "a place that is no longer here")
    if name == "leader":
        return names.get(one.leader or 0, "somebody")
    if name == "score":
        return f"{one.score:.1f}"
    return _day(value) if name.endswith("_on") else str(value)[:200]


def _day(value: object) -> str:
    day: date = value  # type: ignore[assignment]
    return f"{day.day} {day:%B %Y}"
