"""Retention schedules: what goes after how long, read from content/retention.yaml, and what was cleared away when."""

from __future__ import annotations

import calendar
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import yaml
from django.conf import settings
from django.db.models import Max, Sum
from jsonschema import Draft202012Validator

from espalier.access.models import Cleared
from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

RUN = "run"  # the code of the row that says the schedules were looked at, whatever was due


@dataclass(frozen=True, slots=True)
class Schedule:
    """One line of the file."""

    code: str
    what: str
    kept: Mapping[str, int]  # days, months or years
    counted_from: str
    why: str
    action: str
    source: str
    verified: bool

    def before(self, at: datetime) -> datetime:
        """Return the moment before which a row is due.

        >>> from datetime import UTC, datetime
        >>> Schedule("a", "A", {"months": 1}, "", "", "delete", "", True).before(datetime(2026, 3, 31, tzinfo=UTC)).date().isoformat()
        '2026-02-28'
        """
        months = self.kept.get("months", 0) + 12 * self.kept.get("years", 0)
        year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
        day = min(at.day, calendar.monthrange(year, month + 1)[1])
        return at.replace(year=year, month=month + 1, day=day) - timedelta(days=self.kept.get("days", 0))

    @property
    def how_long(self) -> str:
        """In words.

        >>> Schedule("a", "A", {"years": 6}, "", "", "delete", "", True).how_long
        '6 years'
        """
        (name, number), *_ = self.kept.items()
        return f"{number} {name if number != 1 else name[:-1]}" if number else "not at all"


@dataclass(frozen=True, slots=True)
class ClearedFacts:
    """What one schedule removed on one day."""

    code: str
    at: datetime
    removed: int


@cache
def schedules() -> tuple[Schedule, ...]:
    """Return the schedules of this installation."""
    return read_schedules(settings.CONTENT_DIR)


def read_schedules(content_dir: Path) -> tuple[Schedule, ...]:
    """Read and check the file: nothing is removed by a guess."""
    content = yaml.safe_load((content_dir / "retention.yaml").read_text(encoding="utf-8"))
    schema = json.loads((content_dir / "retention.schema.json").read_text(encoding="utf-8"))
    for problem in Draft202012Validator(schema).iter_errors(content):
        raise UnableTo(
            problem.message[:300], where=f"retention.yaml, {problem.json_path}", to_do="See retention.schema.json.", code="retention"
        )
    return tuple(Schedule(**one) for one in content["schedules"])


def note(*, at: datetime, code: str, before: datetime, removed: int) -> None:
    """Write down that a schedule was carried out."""
    Cleared.objects.create(code=code, at=at, before=before, removed=removed)


def history(*, limit: int = 100) -> tuple[ClearedFacts, ...]:
    """Return what was cleared away, newest first."""
    rows = Cleared.objects.exclude(code=RUN).order_by("-at", "code").values_list("code", "at", "removed")[:limit]
    return tuple(ClearedFacts(*row) for row in rows)


def totals() -> dict[str, tuple[int, datetime]]:
    """Return by schedule how much it has removed in all, and when it last removed something; RUN says when it last ran."""
    rows = Cleared.objects.values_list("code").annotate(Sum("removed"), Max("at"))
    return {code: (removed, at) for code, removed, at in rows}


def may_be_gone(code: str, *, at: datetime) -> datetime | None:
    """Return the moment before which rows of a schedule may lawfully be gone; None where it never removed any.

    Never later than the schedule itself allows today: whoever removes rows of last week and notes that they were cleared
    away is not believed.
    """
    noted = Cleared.objects.filter(code=code).aggregate(Max("before"))["before__max"]
    allowed = next((one.before(at) for one in schedules() if one.code == code), None)
    return min(noted, allowed) if noted and allowed else None
