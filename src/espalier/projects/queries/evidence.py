"""What the record of a project shows: gathered in one question, and one look at its charts."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from espalier.access.door import door_of_account
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects.queries.foreseen import came_late
from espalier.projects.rules.cycles import FORESEEN
from espalier.projects.rules.evidence import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Moved

# Facts that rest on charts. In a project that nobody leads they stay as they were where whoever changes it sees none of its figures.
ON_CHARTS = ("figures", "moving", "better", "held", "others_worse", "reached")
WHICH = "which"  # under which name a project keeps the measure that is better
_KNOWN = frozenset(one.name for one in fields(Facts))
MOST_LEADERS = 3
_RECORD = """
SELECT p.begun_at, p.state, p.aim_from, p.aim_to, p.weighed,
    p.aim_to IS NOT NULL AND p.aim_unit <> '' AS aim_set, p.open_to <> 'team' AS shared,
    t.people, t.partner, t.leaders,
    (SELECT count(*) FROM projects_node n WHERE n.project_id = p.id AND n.kind = 'idea' AND n.removed_at IS NULL) AS ideas,
    count(c.id) AS planned, count(c.id) FILTER (WHERE c.typed) AS typed,
    count(c.id) FILTER (WHERE NOT c.typed AND (c.state <> 'planned' OR c.starts_on <= current_date)) AS run,
    count(c.id) FILTER (WHERE NOT c.typed AND c.decision <> '') AS decided,
    jsonb_agg(jsonb_build_array(c.id, c.decision <> '', c.ends_on, c.decided_on,
        (SELECT max(e.at) FROM projects_edit e
         WHERE e.project_id = c.project_id AND e.kind = 'cycle' AND e.object_id = c.id AND jsonb_exists_any(e.after, %s))))
        FILTER (WHERE NOT c.typed AND coalesce(c.predicted, c.predicted_low, c.predicted_high) IS NOT NULL) AS foreseen,
    count(c.id) FILTER (WHERE NOT c.typed AND c.decision = 'adopt') AS adopted,
    (SELECT jsonb_agg(jsonb_build_array(k.measure_code, k.unit_id, k.kind) ORDER BY k.rank, k.id)
     FROM projects_counted k WHERE k.project_id = p.id AND k.removed_at IS NULL) AS counted
FROM projects_project p LEFT JOIN projects_cycle c ON c.project_id = p.id CROSS JOIN LATERAL (
    SELECT count(*) AS people, count(*) FILTER (WHERE m.role = 'partner') > 0 AS partner,
        jsonb_agg(m.account_id ORDER BY m.since, m.id) FILTER (WHERE m.role = 'leader') AS leaders
    FROM projects_member m WHERE m.project_id = p.id AND m.until IS NULL AND m.id <> %s) t
WHERE p.id = %s GROUP BY p.id, t.people, t.partner, t.leaders
"""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The facts of a project, its state, the tests whose prediction was written when they were over, and the measure that is better."""

    facts: Facts
    state: str
    late: tuple[int, ...] = ()
    which: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen of charts, and the names of the measures that are better."""

    charts: dict[tuple[str, int], Moved]
    names: dict[str, str]


def weighed(*, viewer: Viewer, pk: int, without: int = 0) -> Weighed:
    """Gather the facts of a project that the viewer takes part in. without is the part that ends now, and counts no longer.

    Its charts are looked at as those who lead it see them, whoever the viewer is: a partner or a coach may see fewer of them, or
    without the team's baselines, and what they see decides nothing. What nobody who leads sees, or has no figures, shows nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [list(FORESEEN), without, pk])
        columns = [column.name for column in cursor.description or ()]
        row = dict(zip(columns, cursor.fetchone(), strict=True))
    counted = _json(row["counted"]) or []
    decided, late = _foreseen(_json(row["foreseen"]) or [])
    found = {name: row[name] for name in _KNOWN & row.keys()} | {"measures": len(counted), "predicted": len(decided - late)}
    which = ""
    if counted:
        by_leaders, before = _seen(viewer, _json(row["leaders"]) or [], counted, row["begun_at"]), _json(row["weighed"]) or {}
        seen = by_leaders or _look(viewer, counted, row["begun_at"], _Seen({}, {}))
        if by_leaders or seen.charts:
            found, which = found | _on_charts(counted, seen.charts, row), _which(counted, seen)
        else:
            found, which = found | {name: getattr(facts_of(before), name) for name in ON_CHARTS}, before.get(WHICH, "")
    return Weighed(Facts(**found), row["state"], tuple(sorted(late)), which)


def _foreseen(tests: Iterable[list[Any]]) -> tuple[set[int], set[int]]:
    """Return the tests with a prediction that were decided, and those with one that came too late."""
    several = [(pk, decided, *(_read(text) for text in moments)) for pk, decided, *moments in tests]
    late = {pk for pk, _, ends, on, written in several if came_late(written=written, ends_on=_on(ends), decided_on=_on(on))}
    return {pk for pk, decided, *_ in several if decided}, late


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _on(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def facts_of(stored: Mapping[str, Any] | None) -> Facts:
    """Return facts as they were kept; those of an older kind that are no longer asked for are left out."""
    return Facts(**{name: value for name, value in (stored or {}).items() if name in _KNOWN})


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value  # the driver gives it as text to a plain question


def _seen(viewer: Viewer, leaders: Sequence[int], counted: Sequence[list[Any]], begun_at: datetime) -> _Seen | None:
    """Look at each chart as the first of those who lead that sees it; None where nobody who leads can look any more."""
    seen = None
    for account in leaders[:MOST_LEADERS]:
        if seen is None or len(seen.charts) < len(counted):
            with _eyes_of(viewer, account) as eyes:
                if not eyes.is_visitor:  # an account that was closed sees what a visitor sees
                    seen = seen or _Seen({}, {})
                    _look(eyes, counted, begun_at, seen)
    return seen


def _look(eyes: Viewer, counted: Iterable[list[Any]], begun_at: datetime, seen: _Seen) -> _Seen:
    """Add the charts that have not been seen yet, with the names of those that are better."""
    found = _charts(eyes, [one for one in counted if (one[0], one[1]) not in seen.charts], begun_at)
    seen.charts.update(found)
    if better := {code for (code, _), one in found.items() if one.better}:
        seen.names.update({code: one.name for code, one in measures.named(viewer=eyes, codes=better).items()})
    return seen


@contextlib.contextmanager
def _eyes_of(viewer: Viewer, account: int) -> Iterator[Viewer]:
    if account == viewer.account_id and viewer.within is None:  # who acts by a token for one place sees less than they do
        yield viewer
    else:
        with door_of_account(account) as eyes:
            yield eyes


def _which(counted: Iterable[list[Any]], seen: _Seen) -> str:
    """Return the name of the first main measure that is better, else of the first that says whether we do it; "" for none."""
    better = [(kind, code) for code, unit, kind in counted if (code, unit) in seen.charts and seen.charts[code, unit].better]
    return next((seen.names.get(code, "") for wanted in ("outcome", "process") for kind, code in better if kind == wanted), "")


def _charts(viewer: Viewer, counted: Iterable[list[Any]], begun_at: datetime) -> dict[tuple[str, int], Moved]:
    """Look at the charts from the period in which the project began."""
    units = organisations.units(viewer=viewer, pks={unit for _, unit, _ in counted})
    pairs = [(code, units[unit].code) for code, unit, _ in counted if unit in units]
    found = measures.moved(viewer=viewer, pairs=pairs, since=_month(begun_at))
    return {(code, unit): found[code, units[unit].code] for code, unit, _ in counted if unit in units and (code, units[unit].code) in found}


def _month(moment: datetime) -> date:
    return timezone.localdate(moment).replace(day=1)


def _on_charts(counted: Iterable[list[Any]], charts: Mapping[tuple[str, int], Moved], row: Mapping[str, Any]) -> dict[str, Any]:
    by_kind: dict[str, list[Moved]] = {}
    for code, unit, kind in counted:
        if (code, unit) in charts:
            by_kind.setdefault(kind, []).append(charts[code, unit])
    main, process = by_kind.get("outcome", []), by_kind.get("process", [])
    return {
        "figures": max((one.figures for one in charts.values()), default=0), "moving": any(one.better for one in (*main, *process)),
        "better": any(one.better for one in main), "held": max((one.held for one in main), default=0),
        "others_worse": any(one.worse for one in by_kind.get("balancing", [])),
        "reached": bool(main) and _reached(main[0].now, row["aim_from"], row["aim_to"]),
    }  # fmt: skip


def _reached(now: float | None, start: float | None, goal: float | None) -> bool:
    """Whether the first main measure is where the aim wanted it; unknown without a start, which says the direction."""
    if now is None or start is None or goal is None or start == goal:
        return False
    return now <= goal if goal < start else now >= goal
