"""Whether the server lives, answered before anything else can fail."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from espalier.access import problems
from espalier.config import durable
from espalier.site.actions import sent_draft
from espalier.ui import errors

if TYPE_CHECKING:
    from collections.abc import Callable

TYPED = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class Health:
    """Answer /livez without the database and /readyz with it.

    It stands before host checking and sessions, so a load balancer needs neither a host name nor a cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/livez":
            return HttpResponse("espalier lives\n", content_type="text/plain")
        if request.path == "/readyz":
            return _ready()
        return self.get_response(request)


class Problems:
    """Say every refusal below /api/ as a problem answer, also those that never reached it: a broken address, a wrong method.

    What is answered there depends on the token and on nothing else; only its holder may keep a copy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/api/") or request.path.endswith("/docs"):
            return response
        if response.status_code >= HTTPStatus.BAD_REQUEST and response.get("Content-Type") != problems.PROBLEM:
            response = _as_problem(response)
        patch_vary_headers(response, ["Authorization", "Accept"])
        response["Cache-Control"] = "private, no-cache" if "Authorization" in request.headers else "no-cache"
        return response


def _as_problem(response: HttpResponse) -> HttpResponse:
    status = HTTPStatus(response.status_code)
    allow = response.get("Allow", "")
    to_do = f"Use {allow}." if allow else "See /api/v1/docs for every address."
    answer = problems.answer(status, status.phrase.lower().replace(" ", "-"), f"{status.phrase}.", where="address", to_do=to_do)
    if allow:
        answer["Allow"] = allow
    return answer


class SentDrafts:
    """Empty the draft of a form that was sent and stored, in the same transaction; a form that was refused keeps it.

    The small script puts the draft's place into the form; without it there is no draft and nothing to do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        typed = request.method == "POST" and request.content_type in TYPED and response.status_code < HTTPStatus.BAD_REQUEST
        if typed and (place := request.POST.get("draft", "")) and "\x00" not in place:
            sent_draft(actor=request.viewer, at=request.at, place=place)  # type: ignore[attr-defined]
        return response


SPEAKS_FOR_ITSELF = "/scim/"


class Readable:
    """Answer 400 to an address with a NUL character: no name holds one, and PostgreSQL cannot store it.

    Programs that read no pages are answered by their own address, in their own form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(SPEAKS_FOR_ITSELF):
            return self.get_response(request)
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.handler400(request)
        return self.get_response(request)


def _ready() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM organisations_unit LIMIT 1")
            cursor.execute(durable.QUESTION)
            kept = durable.keeps(cursor.fetchone())
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain")
    if not kept:
        return HttpResponse("the database may lose what is saved\n", status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain")
    return HttpResponse("espalier is ready\n", content_type="text/plain")
