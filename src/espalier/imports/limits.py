"""Refuse what is too large before any of it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.template import engines

from espalier.imports.files import MOST
from espalier.ui import pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

ENVELOPE = 1_000_000  # what a form puts around its file
ELSEWHERE = 5_000_000  # no other form takes a large file
TOO_LARGE = 413


class Size:
    """Look at the length a request announces, before its first byte is read or any other part of the house is asked.

    A request that announces no length carries no body for us: the server hands on none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or answer at once."""
        most = MOST if request.path.startswith("/imports/") else ELSEWHERE
        if _length(request) <= most + ENVELOPE:
            return self.get_response(request)
        context = {"shell": pages.bare_shell("The file is too large"), "most": most // 1_000_000}
        answer = HttpResponse(engines["jinja2"].get_template("imports/too_large.html").render(context, request), status=TOO_LARGE)
        answer["Connection"] = "close"  # what follows on this connection is the rest of the file
        return answer


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isdecimal() and len(text) < 19 else 0 if not text.isdecimal() else 10**18
