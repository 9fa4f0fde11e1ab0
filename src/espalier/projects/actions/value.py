"""What a project is worth: said, changed, taken out, and each of these taken back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.actions.keeping import keep
from espalier.projects.actions.measuring import changing
from espalier.projects.models import Edit, Project, Value
from espalier.projects.rules.days import UNTIL_AHEAD, VALUE_AHEAD, can_be_meant
from espalier.projects.rules.value import A_YEAR, AMOUNTS, HOW, ONCE, POUNDS, RATE

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer

LARGEST = Decimal(999_999_999)


class ValueChangedMeanwhile(UnableTo):
    """Somebody else changed a line since it was shown."""

    code = "version"


@dataclass(frozen=True, slots=True)
class NewValue:
    """One line as somebody says it."""

    kind: str
    what: str
    amount: str
    per: str
    low: Decimal
    high: Decimal
    releases: bool | None
    since: date
    until: date | None
    says: str
    how: str
    source: str = ""


@transaction.atomic
def add_value(*, actor: Viewer, at: datetime, project: int, value: NewValue) -> int:
    """Say one thing of a project's worth. Returns its number."""
    changing(actor=actor, project=project)
    _check(value, today=timezone.localdate(at))
    Project.objects.select_for_update().filter(pk=project).first()  # two rates at once: the second waits and is refused in words
    if value.kind == RATE and Value.objects.filter(project_id=project, kind=RATE, removed_at=None).exists():
        raise UnableTo("It is said already what an hour is worth.", to_do="Change that line.", code="kind")
    made = Value.objects.create(project_id=project, added_at=at, **asdict(value))
    keep(actor=actor, at=at, project_id=project, kind="value", object_id=made.pk, what="add", before={"removed": True},
         after={"removed": False} | _plain(asdict(value)))  # fmt: skip
    return made.pk


@transaction.atomic
def change_value(*, actor: Viewer, at: datetime, project: int, pk: int, value: NewValue, seen: int) -> None:
    """Say it otherwise; what somebody else wrote since it was shown is never written over."""
    changing(actor=actor, project=project)
    _check(value, today=timezone.localdate(at))
    standing = _standing(project, pk)
    if standing.version != seen:
        raise ValueChangedMeanwhile("Somebody has changed this line since you opened it.", to_do="Look at it again, then change it.")
    before, after = _plain({name: getattr(standing, name) for name in asdict(value)}), _plain(asdict(value))
    differ = {name for name in after if before[name] != after[name]} - {"kind"}
    if not differ:
        return
    Value.objects.filter(pk=pk).update(version=F("version") + 1, **{name: getattr(value, name) for name in differ})
    keep(actor=actor, at=at, project_id=project, kind="value", object_id=pk, what="change",
         before={name: before[name] for name in differ}, after={name: after[name] for name in differ})  # fmt: skip


@transaction.atomic
def remove_value(*, actor: Viewer, at: datetime, project: int, pk: int) -> None:
    """Take a line out; it can be put back."""
    changing(actor=actor, project=project)
    _standing(project, pk)
    Value.objects.filter(pk=pk).update(removed_at=at, version=F("version") + 1)
    keep(actor=actor, at=at, project_id=project, kind="value", object_id=pk, what="remove", before={"removed": False},
         after={"removed": True})  # fmt: skip


@transaction.atomic
def take_back_value(*, actor: Viewer, at: datetime, project: int, edit: UUID | None) -> None:
    """Take back the newest change of what a project is worth; where somebody changed it since, nothing is done."""
    changing(actor=actor, project=project)
    Project.objects.select_for_update().filter(pk=project).first()
    newest = Edit.objects.filter(project_id=project, kind="value").order_by("-at", "-pk").first()
    if newest is None or newest.pk != edit or newest.what == "undo":
        raise UnableTo("This is no longer the newest change.", to_do="Look at what the page says now.", code="newer")
    before = newest.before or {}
    if "removed" in before:
        _put_back(newest, at, removed=before["removed"])
    else:
        Value.objects.filter(pk=newest.object_id).update(version=F("version") + 1, **{name: _read(name, v) for name, v in before.items()})
    keep(actor=actor, at=at, project_id=project, kind="value", object_id=newest.object_id, what="undo", before=newest.after,
         after=newest.before)  # fmt: skip


def _put_back(newest: Edit, at: datetime, *, removed: bool) -> None:
    Value.objects.filter(pk=newest.object_id).update(removed_at=at if removed else None, version=F("version") + 1)


def _standing(project: int, pk: int) -> Value:
    found = Value.objects.select_for_update().filter(pk=pk, project_id=project, removed_at=None).first()
    if found is None:
        raise NotFoundHere("This project does not say that any more.")
    return found


def _check(value: NewValue, *, today: date) -> None:
    """Refuse what could not be added up honestly; forms say it beside the box, programs are told here."""
    for wrong, words, to_do, code in (
        (value.amount not in AMOUNTS.get(value.kind, ()), "This is not counted that way.", "Choose another unit.", "unit"),
        (value.per != ONCE and value.per not in A_YEAR, "Nobody can say how often that comes.", "Choose another unit.", "unit"),
        (value.how not in HOW, "It does not say how it is known.", "Select counted, estimated or assumed.", "how"),
        (not 0 <= value.low <= value.high <= LARGEST, "The range is too large, or backwards.", "Put the lower amount first.", "high"),
        (value.low == value.high and value.how != "counted", "An estimate is a range.", "Say at least and at most.", "high"),
        (value.until is not None and value.until < value.since, "It ends before it begins.", "Change one of the days.", "until"),
        ((value.amount == POUNDS) == (value.releases is None), "It does not say if a budget feels it.", "Select yes or no.", "releases"),
        (not value.what.strip() or not value.says.strip(), "It does not say what, or who says so.", "Write it down.", "what"),
        (value.kind == RATE and not value.source.strip(), "A rate needs a source.", "Say where it comes from.", "source"),
    ):
        if wrong:
            raise UnableTo(words, to_do=to_do, code=code)
    can_be_meant(value.since, today=today, code="since", ahead=VALUE_AHEAD)
    if value.until is not None:
        can_be_meant(value.until, today=today, code="until", ahead=UNTIL_AHEAD)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Return values as JSON keeps them."""
    return {name: _written(value) for name, value in fields.items()}


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Any) -> Any:
    if name in {"low", "high"}:
        return Decimal(value)
    return date.fromisoformat(value) if name in {"since", "until"} and value else value
