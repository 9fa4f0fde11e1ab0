"""What was refused and what was looked at, written outside the transaction of the page: a refusal rolls that one back.

It fails closed: when the log cannot be written, the page that shows somebody's record is not sent. Nothing of a page's
content, of a form or of an address's question is ever written.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from espalier.audit import owners
from espalier.audit.models import Address, Event
from espalier.audit.recording import record
from espalier.audit.whence import PAGE, PROGRAM, STAFF_SYSTEM, Whence, coming_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from espalier.audit.reading import Look

REFUSED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
KEEP_ADDRESS = timedelta(days=30)
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:-]*")  # what codes and numbers are made of: free text is never written


class Nobody:
    """Who has not signed in."""

    account_id = None


class Watching:
    """The outermost of ours that the log needs: it stands around the door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(lambda: whence_of(request)):
            response = self.get_response(request)
            write(request, response.status_code)
        if response.streaming:
            response.streaming_content = _watched(request, response.streaming_content)  # type: ignore[attr-defined]
        return response


def whence_of(request: HttpRequest) -> Whence:
    """Say from which page, or by which token of a program, a request came."""
    match = request.resolver_match
    name = (match.view_name or match.route) if match else ""
    if token := getattr(request, "token_prefix", ""):
        return Whence(PROGRAM, f"{name} {token}")
    return Whence(STAFF_SYSTEM if name.startswith("scim") else PAGE, name)


def write(request: HttpRequest, status: int) -> None:
    """Write what this request is to be remembered for, in a transaction of its own; most requests need none."""
    actor, at = getattr(request, "viewer", None) or Nobody(), getattr(request, "at", None) or _now()
    looks, notes = _taken(request, "looks"), _taken(request, "notes")
    refused = actor.account_id is not None and status in REFUSED and request.resolver_match is not None
    emergency: frozenset[int] = getattr(request, "read_at", frozenset())
    if status in REFUSED or request.resolver_match is None:
        emergency = frozenset()
    if not (looks or notes or refused or emergency):
        return
    with transaction.atomic():
        for look in looks:
            _look(actor, look, at)
        for organisation in sorted(emergency):
            record(actor=actor, verb="look-in-emergency", object_kind="page", object_id=_named(request), at=at, owner_id=organisation)
        for note in notes:
            facts = {"verb": note.verb, "object_kind": note.object_kind, "object_id": note.object_id, "detail": note.detail}
            _keep_address(request, record(actor=actor, at=at, **facts), at)
        if refused:
            facts = {"verb": "refused", "object_kind": "page", "object_id": _named(request), "detail": {"answer": int(status)}}
            _keep_address(request, record(actor=actor, at=at, owner_id=_whose(request, actor), **facts), at)


def forget_addresses(*, at: datetime) -> int:
    """Remove the network addresses whose time is over; the events stay."""
    return Address.objects.filter(until__lt=at).delete()[0]


def _look(actor: Any, look: Look, at: datetime) -> None:
    about = look.person_id
    found = owners.owners_of(object_kind="person", object_ids=[str(about)], account_id=actor.account_id) if about else {}
    roles = sorted({held.role for held in getattr(actor, "grants", ())})
    record(
        actor=actor, verb="look", object_kind=look.object_kind, object_id=look.object_id, at=at, detail={"roles": roles},
        owner_id=found.get(str(about)), about_id=about,
    )  # fmt: skip


def _watched(request: HttpRequest, content: Any) -> Iterator[bytes]:
    """Pass a stream on, and before each piece write the looks that making it noted."""
    for piece in content:
        if looks := _taken(request, "looks"):
            with coming_from(lambda: whence_of(request)), transaction.atomic():
                for look in looks:
                    _look(request.viewer, look, _now())  # type: ignore[attr-defined]
        yield piece


def _taken(request: HttpRequest, name: str) -> list[Any]:
    """Return what was noted, once."""
    found = getattr(request, name, [])
    setattr(request, name, [])
    return list(found)


def _named(request: HttpRequest) -> str:
    """Return which thing the address names, as far as it is a code or a number."""
    named = [str(value) for value in (request.resolver_match.kwargs if request.resolver_match else {}).values()]
    return " ".join(value if PLAIN.fullmatch(value) else "…" for value in named)[:120] or "-"


def _whose(request: HttpRequest, actor: Any) -> int | None:
    """Return the organisation at whose door somebody knocked; where the address names no place, that of who knocked."""
    named = [str(value) for name, value in request.resolver_match.kwargs.items() if name in {"unit", "code"}]  # type: ignore[union-attr]
    found = owners.owners_of(object_kind="unit", object_ids=named[:1] or ["-"], account_id=actor.account_id)
    return next(iter(found.values()), None)


def _keep_address(request: HttpRequest, events: tuple[Event, ...], at: datetime) -> None:
    address = request.META.get("REMOTE_ADDR", "")
    try:
        ipaddress.ip_address(address)
    except ValueError:  # a socket has none
        return
    kept = (Address(event_id=event.pk, owner_id=event.owner_id, address=address, until=at + KEEP_ADDRESS) for event in events)
    Address.objects.bulk_create(kept)


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  a request that never passed the door has no time of its own
