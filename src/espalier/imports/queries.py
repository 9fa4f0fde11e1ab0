"""What pages show of the files somebody gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from espalier.common.affected import Affected, Counting
from espalier.common.errors import NotFoundHere
from espalier.imports import presets
from espalier.imports.kinds import Words, kind_of
from espalier.imports.mapping import Layout, mapping_of
from espalier.imports.models import Progress, Upload
from espalier.imports.states import OPEN, WORKING, State
from espalier.jobs.living import somebody_works

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Field

RECENT = 20
KEPT = timedelta(days=14)
STEPS = {
    State.READ: "columns", State.CHECKED: "check", State.STORED: "done", State.UNDONE: "done",
    State.READING: "working", State.CHECKING: "working", State.STORING: "working", State.UNDOING: "working",
    State.REFUSED: "working", State.FAILED: "working",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """One file and where it stands."""

    pk: UUID
    kind: str
    kind_name: str
    words: Words
    name: str
    size: int
    at: datetime
    state: str
    stored_at: datetime | None
    undo_until: datetime | None
    tables: tuple[Mapping[str, Any], ...]
    chosen: int | None
    layout: Layout
    summary: Mapping[str, Any]
    seen: str
    trouble: Mapping[str, str]

    @property
    def href(self) -> str:
        """Return where the file's own pages begin."""
        return f"/imports/{self.pk}/"

    @property
    def step(self) -> str:
        """Return the page on which the file waits for its person."""
        if self.state == State.READ and self.chosen is None:
            return "table"
        return STEPS[State(self.state)]

    @property
    def step_href(self) -> str:
        """Return the address of that page."""
        return f"{self.href}{self.step}/"

    @property
    def table(self) -> Mapping[str, Any]:
        """Return the chosen table."""
        return self.tables[self.chosen or 0] if self.tables else {}

    @property
    def works(self) -> bool:
        """Whether something is being done to it now."""
        return State(self.state) in WORKING

    def may_undo(self, at: datetime) -> bool:
        """Whether what it stored can still be taken back."""
        stored = self.summary.get("stored", {})
        did = any(stored.get(one) for one in ("new", "changed", "removed"))
        return did and self.state == State.STORED and at <= (self.undo_until or at)


@dataclass(frozen=True, slots=True)
class Working:
    """How far a file's job has come, and whether anybody works."""

    step: str
    done: int
    total: int
    somebody_works: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the mapping page: where it stands now, what may be chosen, and what is wrong with it."""

    field: Field
    column: str
    fixed: str
    choices: tuple[tuple[str, str], ...] = ()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the mapping page shows."""

    file: File
    asked: tuple[Asked, ...]
    question: Mapping[str, Any]  # what dates that could mean two things ask: empty where they ask nothing
    known: str = ""  # whose headings these are, where we know them


def _file(row: Upload) -> File:
    return File(
        pk=row.pk, kind=row.kind, kind_name=kind_of(row.kind).name, words=kind_of(row.kind).words, name=row.name, size=row.size, at=row.at,
        state=row.state,
        stored_at=row.stored_at, undo_until=row.stored_at + KEPT if row.stored_at else None, tables=tuple(row.tables), chosen=row.chosen,
        layout=mapping_of(row.mapping), summary=row.summary, seen=row.seen, trouble=row.trouble,
    )  # fmt: skip


def file(*, viewer: Viewer, pk: UUID) -> File:
    """Return one file of the viewer's own; for everybody else there is none."""
    row = Upload.objects.filter(pk=pk, account_id=viewer.account_id or 0).first()
    if row is None:
        raise NotFoundHere("There is no such file. Files are kept for two weeks.")
    return _file(row)


def recent(*, viewer: Viewer) -> tuple[File, ...]:
    """Return the viewer's newest files; what is large about them is left in the database."""
    rows = Upload.objects.filter(account_id=viewer.account_id or 0).defer("tables", "mapping").order_by("-at")[:RECENT]
    return tuple(_short(row) for row in rows)


def _short(row: Upload) -> File:
    kept = row.stored_at + KEPT if row.stored_at else None
    return File(
        row.pk, row.kind, "", Words(), row.name, row.size, row.at,
        row.state, row.stored_at, kept, (), 0, Layout(), row.summary, "", row.trouble
    )  # fmt: skip


def working(*, file: File, at: datetime) -> Working:
    """Return how far the file's job has come."""
    told = Progress.objects.filter(upload_id=file.pk).values_list("step", "done", "total").first() or ("", 0, 0)
    return Working(*told, somebody_works(at=at))


def columns(*, viewer: Viewer, file: File, layout: Layout | None = None, wrong: Mapping[str, str] | None = None) -> Columns:
    """Return the fields to be found in a file, each with where it is thought to stand."""
    kind, now = kind_of(file.kind), layout or file.layout
    asked = tuple(
        Asked(
            one, now.columns.get(one.code, ""), now.fixed.get(one.code, ""),
            kind.choices(viewer=viewer, field=one.code) if one.for_all == "choose" else (), (wrong or {}).get(one.code, ""),
        )
        for one in kind.fields
    )  # fmt: skip
    preset = presets.known(file.kind, file.table["names"])
    return Columns(file, asked, file.summary.get("asks") or file.table["question"], preset.name if preset else "")


def affected(*, viewer: Viewer, unit_ids: Collection[int], on: date | None) -> Counting:
    """Count the viewer's own files that wait to be stored and were given for one of these places; others' stay private."""
    del viewer, on  # row-level security shows nobody else's
    return Counting(
        "ARRAY[(SELECT count(*) FROM imports_upload WHERE owner_id = ANY (%s) AND state = ANY (%s))]",
        (list(unit_ids), [*WORKING, *OPEN]),
        (Affected("file of yours that waits", "files of yours that wait", "Store them first, or check them again."),),
    )
