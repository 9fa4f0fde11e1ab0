"""From a view's words to a page inside the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.messages import get_messages
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme

from espalier.ui import menu
from espalier.ui.brand import Brand, brand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest

OK, BAD_REQUEST, FORBIDDEN, UNPROCESSABLE = 200, 400, 403, 422
LONGEST_WAY_BACK = 1000


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way up; the last one, this page, is not given."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Here:
    """The organisation, team or area a page is about, for the switcher in the header."""

    label: str
    kind: str = ""  # the kind's own name: trust, ward, region
    near: tuple[Crumb, ...] = ()  # where one may want to go from here: up, or the start of the tree


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, as the header shows it."""

    name: str
    href: str = ""
    sign_out: str = ""
    mark: str = ""  # tells two people of one browser apart, without a name
    tools: str = ""  # where they look after others' access and records; empty for whoever does not


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything around a page's own content."""

    brand: Brand
    title: str
    menu: tuple[menu.Shown, ...]
    breadcrumbs: tuple[Crumb, ...]
    here: Here | None
    signed_in: SignedIn | None
    sign_in: str
    search: str
    messages: tuple[tuple[str, str], ...]


_wired: dict[str, Any] = {"who": None, "sign_in": "", "here": None}


def fill(
    *,
    who: Callable[[HttpRequest], SignedIn | None],
    sign_in: str = "",
    here: Callable[[HttpRequest], Here | None] | None = None,
) -> None:
    """Tell the frame who is signed in, where to sign in, and where a page without a place of its own stands."""
    _wired.update(who=who, sign_in=sign_in, here=here)


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    status: int = OK,
) -> TemplateResponse:
    """Put a page into the frame.

    The context may give title, breadcrumbs (Crumbs, without this page), here (a Here) and problems
    (espalier.ui.fields.problems(form)). With problems the title starts "Error: " and the summary is drawn at the
    top by the frame, so that no page can forget it.
    """
    given = dict(context or {})
    given["shell"] = _shell(request, given, comes_back=status < BAD_REQUEST or status in {FORBIDDEN, UNPROCESSABLE})
    return TemplateResponse(request, template, given, status=status)


def bare_shell(title: str) -> Shell:
    """Return a frame that asks nobody anything: for the page shown when the database does not answer."""
    return Shell(
        brand=brand(), title=_title(title, wrong=False), menu=menu.shown(""), breadcrumbs=(), here=None,
        signed_in=None, sign_in="", search="", messages=(),
    )  # fmt: skip


def sign_in_to(request: HttpRequest) -> str:
    """Return where a visitor signs in to see this very page; empty for whoever is signed in, or where nobody can."""
    who = _wired["who"]
    return "" if who and who(request) else _sign_in(request)


def mark_of(request: HttpRequest) -> str:
    """Return the mark that tells two people of one browser apart, without a name; empty for a visitor."""
    who = _wired["who"]
    signed_in = who(request) if who else None
    return str(signed_in.mark) if signed_in else ""


def local(path: str) -> str:
    """Return a path on this site as it was given, and the home page for everything else: a link must not lead astray."""
    fine = path.startswith("/") and len(path) <= LONGEST_WAY_BACK and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if fine else "/"


def _sign_in(request: HttpRequest) -> str:
    """Return the sign-in page's address with the way back. What a form sent cannot be opened: its own page can."""
    start, back = _wired["sign_in"], request.get_full_path()
    if request.method not in {"GET", "HEAD"}:
        sent_from = urlsplit(request.headers.get("Referer", ""))
        back = sent_from.path + (f"?{sent_from.query}" if sent_from.query else "") if sent_from.netloc == request.get_host() else "/"
    away = not start or back.startswith(start) or local(back) == "/"
    return start if away else f"{start}?next={quote(back, safe='/')}"


def _shell(request: HttpRequest, given: Mapping[str, Any], *, comes_back: bool) -> Shell:
    crumbs: Sequence[Crumb] = given.get("breadcrumbs") or ()
    who, here = _wired["who"], _wired["here"]
    return Shell(
        brand=brand(),
        title=_title(str(given.get("title") or ""), wrong=bool(given.get("problems"))),
        menu=menu.shown(request.path),
        breadcrumbs=tuple(crumbs),
        here=given.get("here") or (here(request) if here else None),
        signed_in=who(request) if who else None,
        # A page that is not there, or is hidden, reads the same whatever its address.
        sign_in=_sign_in(request) if comes_back else _wired["sign_in"],
        search=request.GET.get("q", "") if request.path.startswith("/search") else "",
        messages=_messages(request),
    )


def _title(title: str, *, wrong: bool) -> str:
    named = f"{title} – {brand().name}" if title else brand().name
    return f"Error: {named}" if wrong else named


def _messages(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    # A visitor without a session has no messages; asking would make every public page vary by cookie.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "_messages"):
        return ()
    return tuple((message.level_tag, str(message)) for message in get_messages(request))
