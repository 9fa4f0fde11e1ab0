"""From events to sentences that anybody can read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from espalier.access.roles import all_roles
from espalier.audit.words import FOUND
from espalier.ui.filters import and_list, moment, plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.audit.chain import Finding
    from espalier.audit.finding import EventFacts
    from espalier.organisations.queries import EmergencyFacts
    from espalier.site.queries import AuditPage, Looks

LONG = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # nobody reads these; the file has them whole
DID = {
    "look": "looked at", "look-in-emergency": "read under emergency access", "refused": "was refused",
    "sign-in-failed": "failed to sign in to", "locked-out": "was locked out of",
    "add": "added", "change": "changed", "enter": "put in", "paste": "pasted",
    "store": "stored",
    "undo": "took back", "make": "made", "stop": "stopped", "share": "shared upward", "withdraw": "stopped sharing upward",
    "emergency-ask": "asked for", "emergency-approve": "agreed to", "emergency-refuse": "refused", "emergency-end": "ended early",
    "give": "gave",
    "verify": "looked through", "roll-up": "added up", "take-back": "took out", "publish": "published",
    "end": "ended",
    "import": "loaded", "forget": "deleted", "see": "saw what changed at",
}  # fmt: skip
THING = {
    "unit": "place", "units": "places", "points": "figures", "point": "figure", "series": "chart", "measure": "measure", "person": "person",
    "account": "sign-in", "page": "page", "token": "token for programs", "emergency": "emergency access", "file": "file",
    "staff-record": "staff record",
    "mark": "note on a chart", "view": "saved view", "grant": "role", "log": "log",
}  # fmt: skip
WAY = {"page": "Page", "program": "Program", "job": "By itself", "command": "Command", "staff-system": "Staff system", "": "Not known"}
STATE = {
    "asked": ("Waiting for an answer", "yellow"), "running": ("Running", "red"), "over": ("Over", "grey"),
    "stopped": ("Ended early", "grey"), "refused": ("Refused", "orange"), "lapsed": ("Nobody answered", "grey"),
}  # fmt: skip


def did(verb: str) -> str:
    """Say what was done."""
    return DID.get(verb, verb.replace("-", " "))


def who(event: EventFacts, names: Mapping[int, str]) -> str:
    """Say who did it, as far as the reader may know."""
    if event.account_id is None:
        return "Nobody signed in"
    return names.get(event.account_id, f"Somebody else (sign-in {event.account_id})")


def thing(event: EventFacts) -> str:
    """Say to what."""
    named = f"{event.object_id[:8]}…" if LONG.fullmatch(event.object_id) else event.object_id
    return f"{THING.get(event.object_kind, event.object_kind.replace('-', ' '))} {named}".strip()


def came_from(event: EventFacts) -> str:
    """Say from where it was done."""
    return f"{WAY.get(event.way, event.way)}: {event.place}" if event.place else WAY.get(event.way, event.way)


def where(event: EventFacts, page: AuditPage, what: str) -> str:
    """Return the name or code of the organisation that an event concerns."""
    place = page.places.get(event.owner_id or 0)
    return str(getattr(place, what)) if place else ""


def sealed(event: EventFacts) -> str:
    """Say whether it is sealed, and at which place of the chain."""
    return f"No. {event.sequence:,}" if event.sequence else "Not sealed yet"


def more(event: EventFacts, page: AuditPage) -> str:
    """Say what changed, where that may be kept, and from which network address while it is kept."""
    said = [f"{name}: {_short(event.detail['before'].get(name))} → {_short(event.detail['after'].get(name))}" for name in _both(event)]
    changed = event.detail.get("changed")  # names of fields here; some events count with the same word
    hushed = [str(name) for name in changed if name not in _both(event)] if isinstance(changed, list) else []
    said += [f"changed: {and_list(hushed)}"] if hushed else []
    said += [f"from {page.addresses[event.pk]}"] if event.pk in page.addresses else []
    return "; ".join(said)


def _both(event: EventFacts) -> list[str]:
    before, after = event.detail.get("before"), event.detail.get("after")
    return sorted(str(name) for name in {*before, *after}) if isinstance(before, dict) and isinstance(after, dict) else []


def _short(value: Any) -> str:
    return "nothing" if value in (None, "") else str(value)[:60]


COLUMNS = ("When", "Who", "What", "Where it concerns", "From where", "Seal")


def audit_rows(page: AuditPage) -> list[list[str]]:
    """Return the log as a table."""
    return [
        [
            moment(one.at), who(one, page.names), f"{did(one.verb)} {thing(one)}" + (f" ({extra})" if (extra := more(one, page)) else ""),
            where(one, page, "name"), came_from(one), sealed(one),
        ]
        for one in page.rows
    ]  # fmt: skip


def audit_file(page: AuditPage) -> tuple[Sequence[str], list[list[object]]]:
    """Return the log as a file: codes and numbers beside the words, so that it can be worked with."""
    head = ("at", "who", "account", "verb", "object_kind", "object_id", "organisation", "way", "place", "more", "sealed_as", "event")
    rows: list[list[object]] = [
        [
            one.at.isoformat(), who(one, page.names), one.account_id, one.verb, one.object_kind, one.object_id,
            where(one, page, "code"), one.way, one.place, more(one, page), one.sequence, str(one.pk),
        ]
        for one in page.rows
    ]  # fmt: skip
    return head, rows


def verbs(page: AuditPage) -> list[tuple[str, str]]:
    """Return what can be chosen as done."""
    return sorted(((verb, did(verb)) for verb in page.verbs), key=lambda pair: pair[1])


def sealed_words(page: AuditPage) -> str:
    """Say how much is sealed."""
    waits = f"{plural(page.waiting, 'event')} {'waits' if page.waiting == 1 else 'wait'} for the seal" if page.waiting else "none waits"
    return f"{plural(page.sealed, 'event')} of this whole Espalier {'is' if page.sealed == 1 else 'are'} sealed, {waits}."


def found(one: Finding) -> str:
    """Say one thing that is wrong with the log."""
    return FOUND[one.what] + (f" Place {one.sequence:,}." if one.sequence else "")


LOOK_COLUMNS = ("When", "Who", "As", "What they saw", "From where")


def look_rows(page: Looks) -> list[list[str]]:
    """Return who looked at one's record as a table."""
    return [[moment(one.at), who(one, page.names), as_whom(one), thing(one), came_from(one)] for one in page.rows]


def as_whom(event: EventFacts) -> str:
    """Say with which roles somebody looked, in the roles' own names."""
    known = all_roles().roles
    return and_list(known[code].name.lower() if code in known else code for code in event.detail.get("roles", ())) or "no role"


def state(one: EmergencyFacts) -> tuple[str, str]:
    """Return how an emergency access stands, and the colour of its tag."""
    return STATE[one.state]


def emergency_story(one: EmergencyFacts) -> str:
    """Say what became of it in one line."""
    parts = [f"asked on {moment(one.asked_at)}"]
    if one.approved_at:
        parts.append(f"agreed to by {one.approved_by or 'somebody there'} on {moment(one.approved_at)}")
    if one.ended_at:
        how = "ended" if one.approved_at else "refused or taken back"
        parts.append(f"{how} by {one.ended_by or 'somebody there'} on {moment(one.ended_at)}")
    elif one.until:
        parts.append(f"until {moment(one.until)}")
    text = ", ".join(parts)
    return text[0].upper() + text[1:] + "."
