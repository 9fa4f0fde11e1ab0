"""Whether the server lives, answered before anything else can fail."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from espalier.ui import errors

if TYPE_CHECKING:
    from collections.abc import Callable


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


class Readable:
    """Answer 400 to an address with a NUL character: no name holds one, and PostgreSQL cannot store it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.handler400(request)
        return self.get_response(request)


def _ready() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM organisations_unit LIMIT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain")
    return HttpResponse("espalier is ready\n", content_type="text/plain")
