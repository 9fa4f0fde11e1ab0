"""Pages for when something went wrong: what happened, and what to do next."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.html import escape

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.ui import pages

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)
BAD_REQUEST, FORBIDDEN, NOT_FOUND, ONLY_SENT, BROKEN, AWAY = 400, 403, 404, 405, 500, 503
AGAIN_AFTER = "10"  # seconds: what is restarted is mostly back by then
TO_DO, TO_SEE = "That cannot be done", "That cannot be shown"
TITLES = {
    BAD_REQUEST: "We could not read that",
    FORBIDDEN: "You cannot open this page",
    NOT_FOUND: "Page not found",
    ONLY_SENT: "There is no page here",
    BROKEN: "Something went wrong here",
    AWAY: "This page cannot be shown just now",
}


class FriendlyErrors:
    """Turn the errors written for people, raised anywhere in a view, into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; Django calls process_exception by itself. An address that only takes forms gets a page too."""
        response = self.get_response(request)
        if response.status_code != ONLY_SENT or response.content or request.path.startswith("/api/"):
            return response
        page = _page(request, ONLY_SENT, {})
        page["Allow"] = response.get("Allow", "")
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer the errors made for people; leave every other one to Django, which logs it."""
        if isinstance(exception, NotFoundHere):
            return not_found(request, exception)
        if isinstance(exception, UnableTo):
            return unable(request, exception)
        return None


def not_found(request: HttpRequest, error: NotFoundHere) -> HttpResponse:
    """Answer 404 with near matches. Words and bytes are the same whether the thing is missing or hidden."""
    near = [(item.label, item.href) for item in error.suggestions]
    return _page(request, NOT_FOUND, {"what": error.what, "suggestions": near})


def unable(request: HttpRequest, error: UnableTo, status: int = BAD_REQUEST) -> HttpResponse:
    """Answer with what happened, where, and what to do next. What was sent was read perfectly well, so the heading says only that."""
    words = {"what": error.what, "where": error.where, "to_do": error.to_do, "see": error.see}
    return _page(request, status, {"heading": TO_SEE if request.method in {"GET", "HEAD"} else TO_DO, **words})


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read. The reason stays in the log: it may repeat what an attacker sent."""
    del exception
    return _page(request, BAD_REQUEST, {})


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request for something this person may not see; a visitor is led to the sign-in page and back here."""
    return _page(request, FORBIDDEN, {"what": _words(exception), "sign_in": pages.sign_in_to(request)})


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere; an exception with suggestions gets them shown."""
    near = [(item.label, item.href) for item in getattr(exception, "suggestions", ())]
    return _page(request, NOT_FOUND, {"suggestions": near})


def handler500(request: HttpRequest) -> HttpResponse:
    """Answer after a crash, asking neither the database nor the session: they may be what crashed.

    Where it is the database that went away, what was sent is not saved, and the page says so and how to go on.
    """
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return _page(request, BROKEN, {}, bare=True)
    page = _page(request, AWAY, {"sent": request.method not in {"GET", "HEAD", "OPTIONS"}}, bare=True)
    page["Retry-After"] = AGAIN_AFTER
    return page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose security check failed, most often a page left open overnight."""
    log.info("form refused: %s", reason)
    return _page(request, FORBIDDEN, {"stale": True})


def _words(exception: Exception | None) -> str:
    return str(exception) if exception and exception.args else ""


def _page(request: HttpRequest, status: int, words: dict[str, Any], *, bare: bool = False) -> HttpResponse:
    title = "This page was open for too long" if words.get("stale") else TITLES[status]
    title = "Sign in to open this page" if words.get("sign_in") else title
    title = "Not saved yet" if words.get("sent") else words.get("heading", title)
    context = {"title": title, "status": status, "path": request.path, **words}
    try:
        # Rendered here and now: rendered later, a broken template would escape the fallback below.
        if bare:
            shell = {"shell": pages.bare_shell(title)}
            html = engines["jinja2"].get_template("ui/error.html").render({**context, **shell})
            return HttpResponse(html, status=status)
        response = pages.render(request, "ui/error.html", context, status=status)
        response.render()
    except Exception:
        log.exception("the page for error %s could not be drawn", status)
        return HttpResponse(_plain(title), status=status)
    else:
        return response


def _plain(title: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>{escape(title)}</h1><p>Nothing you saved before is lost. Try again in a few minutes.</p>"
        '<p><a href="/">Go to the home page</a></p></main></body></html>'
    )
