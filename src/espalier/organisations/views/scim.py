"""The address at which staff systems tell us who joins, moves and leaves (SCIM 2.0).

No page and no session: each call brings the token of its connection, and acts inside that connection's organisation only.
"""

from __future__ import annotations

import contextlib
import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from espalier.access import connections
from espalier.access.door import look_as
from espalier.access.limits import Limit
from espalier.access.tokens import UnableToRecognise
from espalier.organisations import actions
from espalier.organisations.presenters import scim as written
from espalier.organisations.queries import connected as queries
from espalier.organisations.rules.scim import ScimProblem, changed, clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from espalier.access.connections import Calling
    from espalier.access.requests import Asked

TYPE = "application/scim+json"
LARGEST = 2_000_000  # bytes of a body: 20,000 members of a group are about half of it
LIMIT = Limit(settings.API_PER_MINUTE * 2)  # a first load of a whole organisation comes as one call a person
GUESSES = Limit(60)
KINDS = {"users": "User", "groups": "Group"}
TAG = re.compile(r'^(?:W/)?"(\d{1,9})"$')
Answered = tuple[int, dict[str, Any] | None, dict[str, str]]


@csrf_exempt
def scim(request: Asked, path: str = "") -> HttpResponse:
    """Answer one call, mistakes included, in the standard's own form."""
    try:
        calling = _caller(request)
        status, body, headers = _route(request, calling, [part for part in path.split("/") if part])
    except ScimProblem as error:
        status, body, headers = error.status, written.problem(error.status, error.what, error.word), {}
    content = b"" if body is None or status == HTTPStatus.NOT_MODIFIED else json.dumps(body).encode()
    response = HttpResponse(content, status=status, content_type=TYPE, headers={"Cache-Control": "no-store", **headers})
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="scim"'
    return response


def _caller(request: Asked) -> Calling:
    """Find out who calls; guessing tokens is slow, and everybody's calls are counted."""
    address, header = str(request.META.get("REMOTE_ADDR", "")), request.headers.get("Authorization", "")
    scheme, _, secret = header.partition(" ")
    try:
        calling = connections.recognise(secret.strip() if scheme.lower() == "bearer" else "", at=request.at)
    except UnableToRecognise:
        _count(GUESSES, address, request)
        raise ScimProblem("Send the token of a connection that works.", status=401) from None
    _count(LIMIT, str(calling.pk), request)
    request.viewer = calling.viewer
    look_as(calling.viewer)
    return calling


def _count(limit: Limit, who: str, request: Asked) -> None:
    if wait := limit.wait(who, at=request.at):
        raise ScimProblem(f"Too many calls. Wait {wait} seconds.", status=429)


def _route(request: Asked, calling: Calling, parts: list[str]) -> Answered:
    first, rest = (parts[0].lower() if parts else ""), parts[1:]
    if first in KINDS and len(rest) <= 1:
        kind = KINDS[first]
        if not rest:
            return _method(request, GET=lambda: _list(request, calling, (kind,)), POST=lambda: _add(request, calling, kind))
        if rest[0] == ".search":
            return _method(request, POST=lambda: _search(request, calling, (kind,)))
        return _one(request, calling, kind, rest[0])
    if first in {"", ".search"} and not rest:
        asked = {"POST": lambda: _search(request, calling, ("User", "Group"))} if first else {}
        return _method(request, **asked, **({} if first else {"GET": lambda: _list(request, calling, ("User", "Group"))}))
    if first == "bulk" and not rest:
        raise ScimProblem("Send one at a time.", status=501)
    if first == "me":
        raise ScimProblem("A connection is nobody in particular.", status=501)
    return _about(request, first, rest)


def _method(request: Asked, **may: Callable[[], Answered]) -> Answered:
    if (act := may.get(str(request.method))) is not None:
        return act()
    _not_with(request, list(may))


def _not_with(request: Asked, may: list[str]) -> NoReturn:
    raise ScimProblem(f"{request.method} is not for this address. Use {' or '.join(may)}.", status=405)


def _about(request: Asked, first: str, rest: list[str]) -> Answered:
    """Say what this interface is; whoever asks holds a token."""
    base = _base(request)
    if first == "serviceproviderconfig" and not rest:
        return _method(request, GET=lambda: (200, written.service(base), {}))
    rows = {
        "resourcetypes": lambda: written.resource_types(base),
        "schemas": lambda: written.schemas(queries.scim_kinds()[1], base),
    }.get(first)
    if rows is None or len(rest) > 1:
        raise ScimProblem("There is nothing at this address.", status=404)
    if request.GET.get("filter"):
        raise ScimProblem("This list takes no filter.", status=403)
    if not rest:
        return _method(request, GET=lambda: (200, written.about(rows()), {}))
    found = next((row for row in rows() if row["id"].lower() == rest[0].lower()), None)
    if found is None:
        raise ScimProblem("There is nothing at this address.", status=404)
    return _method(request, GET=lambda: (200, found, {}))


def _list(request: Asked, calling: Calling, kinds: tuple[str, ...]) -> Answered:
    asked = request.GET
    return _page(request, calling, kinds, {name: asked[name] for name in asked})


def _search(request: Asked, calling: Calling, kinds: tuple[str, ...]) -> Answered:
    body = _body(request)
    if not isinstance(body, dict):
        raise ScimProblem("The body must be an object.", word="invalidSyntax")
    said = {name: ",".join(map(str, value)) if isinstance(value, list) else str(value) for name, value in body.items() if value is not None}
    return _page(request, calling, kinds, said)


def _page(request: Asked, calling: Calling, kinds: tuple[str, ...], asked: dict[str, str]) -> Answered:
    answer = queries.list_told(
        viewer=request.viewer, owner_id=calling.owner_id, kinds=kinds, text=asked.get("filter", "").strip(),
        start=_number(asked.get("startIndex"), 1), count=_number(asked.get("count"), queries.MOST),
    )  # fmt: skip
    return 200, written.listed(answer, queries.scim_kinds()[0], base=_base(request), **_parts(asked)), {}


def _number(text: str | None, otherwise: int) -> int:
    if not text:
        return otherwise
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        raise ScimProblem("startIndex and count are whole numbers.", word="invalidValue")
    return int(text)


def _parts(asked: dict[str, str]) -> dict[str, str]:
    return {"only": asked.get("attributes", ""), "without": asked.get("excludedAttributes", "")}


def _add(request: Asked, calling: Calling, kind: str) -> Answered:
    document = clean(_body(request), queries.scim_kinds()[0][kind])
    row = actions.take_in(actor=request.viewer, at=request.at, owner_id=calling.owner_id, kind=kind, document=document)
    return _told(request, queries.told(row), status=201)


def _one(request: Asked, calling: Calling, kind: str, text: str) -> Answered:
    rules, owner = queries.scim_kinds()[0][kind], calling.owner_id
    try:
        pk = UUID(text)
    except ValueError:
        raise ScimProblem(f"There is no {kind.lower()} with this id.", status=404) from None
    seen = _seen(request)

    def change(make: Callable[[dict[str, Any]], dict[str, Any]]) -> Answered:
        row = actions.take_change(actor=request.viewer, at=request.at, owner_id=owner, kind=kind, pk=pk, change=make, seen=seen)
        return _told(request, queries.told(row))

    def read() -> Answered:
        return _told(request, queries.one_told(viewer=request.viewer, owner_id=owner, kind=kind, pk=pk))

    def put() -> Answered:
        document = clean(_body(request), rules)
        return change(lambda _: document)

    def patch() -> Answered:
        body = _body(request)
        return change(lambda before: changed(before, rules, body))

    def delete() -> Answered:
        actions.take_out(actor=request.viewer, at=request.at, owner_id=owner, kind=kind, pk=pk, seen=seen)
        return 204, None, {}

    return _method(request, GET=read, PUT=put, PATCH=patch, DELETE=delete)


def _told(request: Asked, one: queries.Told, status: int = 200) -> Answered:
    asked = _parts({name: request.GET[name] for name in request.GET})
    body = written.resource(one, queries.scim_kinds()[0][one.kind], base=_base(request), **asked)
    where = f"{_base(request)}/{written.ENDPOINTS[one.kind]}/{one.pk}"
    headers = {"ETag": written.etag(one.version), "Location": where}
    if request.method == "GET" and written.etag(one.version) in request.headers.get("If-None-Match", ""):
        status = HTTPStatus.NOT_MODIFIED
    return status, body, headers


def _seen(request: Asked) -> int | None:
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return None
    found = TAG.match(header)
    return int(found[1]) if found else -1


def _body(request: Asked) -> Any:
    """Read the body as JSON; whatever else it may be is said in the standard's words, never as an error of ours."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > LARGEST:  # noqa: PLR2004  nine digits are a gigabyte
        raise ScimProblem("The body is too large.", status=413)
    if request.content_type not in {TYPE, "application/json", ""}:
        raise ScimProblem(f"Send {TYPE}.", status=415, word="invalidSyntax")
    with contextlib.suppress(ValueError, RecursionError, RequestDataTooBig, UnreadablePostError):
        return json.loads(request.body.decode("utf-8"), parse_constant=_no_number)
    raise ScimProblem("The body is not JSON.", word="invalidSyntax")


def _no_number(_: str) -> NoReturn:
    raise ValueError


def _base(request: Asked) -> str:
    return request.build_absolute_uri("/scim/v2")
