"""How long somebody stays signed in, and where else they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from espalier.access.roles import all_roles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest

    from espalier.access.models import Account
    from espalier.access.viewer import Viewer

MINUTE = 60
IDLE, IDLE_SHORT, LONGEST = 60 * MINUTE, 15 * MINUTE, 12 * 60 * MINUTE  # seconds
BEGAN, SEEN, TYPED = "began", "seen", "typed"
IDLE_WORD, LONG_WORD = "idle", "long"
MOST_TYPED = 200_000  # characters kept of a form: a long report, not a file
NEVER_KEPT = ("csrf", "pin", "code", "password", "credential", "secret", "words")
SIGNING = ("/sign-in/", "/sign-out/")


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where somebody is signed in."""

    pk: int
    began_at: datetime
    seen_at: datetime
    browser: str
    address: str
    is_this: bool


def begin(session: Any, at: datetime) -> None:
    """Write down when somebody signed in; both clocks start."""
    session[BEGAN] = session[SEEN] = int(at.timestamp())


def needs_second_step(viewer: Viewer) -> bool:
    """Whether the viewer holds a role for which one proof is not enough."""
    return any(all_roles().needs_second_step(held.role) for held in viewer.grants)


def over(session: Mapping[str, Any], *, viewer: Viewer, at: datetime) -> str:
    """Say why a session has ended ("idle", "long"), or "" while it goes on.

    Whoever may see staff records is left alone for 15 minutes, others for an hour; after 12 hours everybody signs in anew.
    """
    now = int(at.timestamp())
    began, seen = session.get(BEGAN, now), session.get(SEEN, now)
    if now - began >= LONGEST:
        return LONG_WORD
    return IDLE_WORD if now - seen >= (IDLE_SHORT if needs_second_step(viewer) else IDLE) else ""


def touch(session: Any, at: datetime) -> None:
    """Write down that somebody is still there, once a minute at most: each time is a write."""
    now = int(at.timestamp())
    if BEGAN not in session:
        begin(session, at)
    elif now - session.get(SEEN, 0) >= MINUTE:
        session[SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=at)


def ended(request: HttpRequest, *, viewer: Viewer, why: str) -> HttpResponse | None:
    """Sign somebody out whose time was over, and lead them to sign-in and back with what they had typed.

    None on the sign-in pages themselves, where they go on as a visitor.
    """
    typed = _typed(request, viewer)
    logout(request)
    if request.path.startswith(SIGNING):
        return None
    if typed:
        request.session[TYPED] = typed
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/sign-in/typed/" if typed else _sent_from(request)
    where = f"/sign-in/?why={why}&next={quote(back, safe='/')}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def _typed(request: HttpRequest, viewer: Viewer) -> dict[str, Any] | None:
    """Return what a form sent, without what is secret; a file cannot be kept."""
    if request.method != "POST" or request.path.startswith((*SIGNING, "/account/", "/api/")):
        return None
    fields = [
        [name, value] for name, values in request.POST.lists() for value in values if not any(word in name.lower() for word in NEVER_KEPT)
    ]
    if not fields or sum(len(name) + len(value) for name, value in fields) > MOST_TYPED:
        return None
    return {"account": viewer.account_id, "path": request.get_full_path(), "from": _sent_from(request), "fields": fields}


def _sent_from(request: HttpRequest) -> str:
    """Return the page a form stands on: what it was sent to cannot be opened."""
    parts = urlsplit(request.headers.get("Referer", ""))
    back = parts.path + (f"?{parts.query}" if parts.query else "")
    fine = parts.netloc == request.get_host() and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if fine else "/"


def typed_before(request: HttpRequest, *, viewer: Viewer) -> dict[str, Any] | None:
    """Return what this same person had typed when their time was over; nobody else gets it."""
    kept = request.session.get(TYPED)
    return kept if kept and viewer.account_id is not None and kept["account"] == viewer.account_id else None


def forget_typed(request: HttpRequest) -> None:
    """Throw away what was typed."""
    request.session.pop(TYPED, None)


def mine(request: HttpRequest, *, viewer: Viewer) -> tuple[OpenSession, ...]:
    """Return where the viewer is signed in, this place first."""
    rows = UserSession.objects.filter(user=viewer.account_id or 0).order_by("-last_seen_at")
    here = request.session.session_key
    found = [
        OpenSession(row.pk, row.created_at, row.last_seen_at, browser_of(row.user_agent), row.ip, row.session_key == here)
        for row in rows
        if row.exists()
    ]
    return tuple(sorted(found, key=lambda one: not one.is_this))


def end(request: HttpRequest, *, viewer: Viewer, pk: int) -> bool:
    """Sign the viewer out in one of their other places, at once; whether there was one."""
    row = UserSession.objects.filter(pk=pk, user=viewer.account_id or 0).exclude(session_key=request.session.session_key).first()
    if row is not None:
        row.end()
    return row is not None


def end_others(request: HttpRequest, *, viewer: Viewer) -> int:
    """Sign the viewer out everywhere but here; how many places it was."""
    rows = list(UserSession.objects.filter(user=viewer.account_id or 0).exclude(session_key=request.session.session_key))
    for row in rows:
        row.end()
    return len(rows)


def keep(request: HttpRequest, account: Account) -> None:
    """Stay signed in here after a PIN was set; everywhere else its owner is signed out, as whoever changes a lock wants."""
    before = request.session.session_key
    update_session_auth_hash(request, account)
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def browser_of(agent: str) -> str:
    """Say which browser on what, in two words people use.

    >>> browser_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36")
    'Chrome on Windows'
    >>> browser_of("curl/8")
    'A browser'
    """
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    machines = (
        ("Windows", "Windows"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("Mac OS", "a Mac"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in agent), "A browser")
    machine = next((name for mark, name in machines if mark in agent), "")
    return f"{browser} on {machine}" if machine else browser
