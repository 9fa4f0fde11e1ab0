"""What is due from somebody in this room, in one question, which the home page asks together with those of other rooms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from espalier.access.deciding import anywhere
from espalier.access.roles import all_roles
from espalier.common.todo import Asking, Due, day_of, gather
from espalier.organisations.queries.units import ORGANISATION_RANK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from espalier.access.viewer import Viewer

JOINING, COMPLAINTS, EMERGENCIES = "people.invite", "complaints.answer", "emergency.approve"
ANSWERED_WITHIN = timedelta(days=30)
ASKED_FOR = timedelta(hours=24)  # an emergency that nobody agreed to for a day is over

# A role counts at its own place, and below it inside one organisation: asked of the few rows that wait, not of all places.
_COUNTS = f"""EXISTS (SELECT 1 FROM organisations_below b JOIN organisations_unit u ON u.id = b.ancestor_id
    JOIN organisations_kind k ON k.code = u.kind_id WHERE b.unit_id = {{place}} AND b.ancestor_id = ANY (%(at_{{right}})s)
    AND b.since <= current_date AND current_date < b.until AND (b.depth = 0 OR k.rank >= {ORGANISATION_RANK}))"""  # noqa: S608
WAITING = f"""
SELECT 'running' AS kind, count(*) AS many, min(approved_at) AS since FROM organisations_emergency
    WHERE approved_at IS NOT NULL AND until > %(at)s AND ended_at IS NULL AND account_id <> %(me)s
    AND {_COUNTS.format(place="owner_id", right="emergency")}
UNION ALL SELECT 'emergency', count(*), min(asked_at) FROM organisations_emergency
    WHERE approved_at IS NULL AND ended_at IS NULL AND asked_at > %(day_ago)s AND account_id <> %(me)s
    AND {_COUNTS.format(place="owner_id", right="emergency")}
UNION ALL SELECT 'complaint', count(*), min(sent_at) FROM organisations_complaint
    WHERE answered_at IS NULL AND (owner_id IS NULL OR {_COUNTS.format(place="owner_id", right="complaints")})
UNION ALL SELECT 'joining', count(*), min(asked_at) FROM organisations_joinrequest
    WHERE answer = '' AND {_COUNTS.format(place="unit_id", right="invite")}
"""  # noqa: S608
WORDS = {
    "running": ("Emergency access is being used", "See it", "/admin-tools/emergency/"),
    "emergency": ("Emergency access is asked for", "Answer", "/admin-tools/emergency/"),
    "complaint": ("A complaint waits for an answer", "Answer", "/admin-tools/complaints/"),
    "joining": ("Somebody asks to join", "Answer", "/admin-tools/joining/"),
}
SEVERAL = {
    "running": "Emergency access is used {} times", "emergency": "Emergency access is asked for {} times",
    "complaint": "{} complaints wait for an answer", "joining": "{} people ask to join",
}  # fmt: skip


def asking(*, viewer: Viewer, at: datetime) -> tuple[Asking, ...]:
    """Ask what waits for the viewer, one line of each kind: the lines' own pages name who and where."""
    if not any(anywhere(viewer=viewer, do=right) for right in (JOINING, COMPLAINTS, EMERGENCIES)):
        return ()
    facts: dict[str, Any] = {"at": at, "day_ago": at - ASKED_FOR, "me": viewer.account_id or 0}
    facts |= {"at_invite": _held(viewer, JOINING), "at_complaints": _held(viewer, COMPLAINTS), "at_emergency": _held(viewer, EMERGENCIES)}
    return (Asking.named(WAITING, facts, _tell),)


def due(*, viewer: Viewer, at: datetime) -> tuple[Due, ...]:
    """Return what waits for the viewer."""
    return gather({"organisations": asking(viewer=viewer, at=at)})["organisations"]


def _held(viewer: Viewer, right: str) -> list[int]:
    if not anywhere(viewer=viewer, do=right):
        return []
    roles = all_roles().with_right(right)
    return [held.unit_id for held in viewer.grants if held.role in roles]


def _tell(rows: Sequence[dict[str, Any]]) -> Iterator[Due]:
    for row in rows:
        if first := day_of(row["since"]):
            yield _line(row["kind"], row["many"], first)


def _line(kind: str, many: int, first: date) -> Due:
    what, do, href = WORDS[kind]
    last = first + ANSWERED_WITHIN if kind == "complaint" else first if kind == "emergency" else None
    return Due(what if many == 1 else SEVERAL[kind].format(many), do=do, href=href, since_on=first, due_on=last)
