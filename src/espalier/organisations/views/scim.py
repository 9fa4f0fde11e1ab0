"""The address at which staff systems tell us who joins, moves and leaves (SCIM 2.0).

No page and no session: each call brings the token of a staff system, and acts inside that system's organisation only.
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
from espalier.common.errors import UnableTo
from espalier.organisations import actions
from espalier.organisations.presenters import scim as written
from espalier.organisations.queries import connected as queries
from espalier.organisations.rules.scim import ScimProblem, changed, clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from espalier.access.connections import Calling
    from espalier.access.requests import Asked
    from espalier.organisations.rules.scim import Kind

TYPE = "application/scim+json"
LARGEST = 2_000_000  # bytes of a body: 20,000 members of a group are about half of it
LIMIT = Limit(settings.API_PER_MINUTE * 2)  # a first load of a whole organisation comes as one call a person
GUESSES = Limit(60)
KINDS, BOTH = {"users": "User", "groups": "Group"}, ("User", "Group")
NOT_OFFERED = {"bulk": "Send one at a time.", "me": "A staff system is nobody in particular."}
TAG = re.compile(r'^(?:W/)?"(\d{1,9})"$')
Answered = tuple[int, dict[str, Any] | None, dict[str, str]]


@csrf_exempt
def scim(request: Asked, path: str = "") -> HttpResponse:
    """Answer one call, mistakes included, in the standard's own form."""
    try:
        calling = _caller(request)
        return _answer(*_route(request, calling, [part for part in path.split("/") if part]))
    except ScimProblem as error:
        named = {"WWW-Authenticate": 'Bearer realm="scim"'} if error.status == HTTPStatus.UNAUTHORIZED else {}
        return _answer(error.status, written.problem(error.status, error.what, error.word), named)
    except UnableTo as error:  # refused by a rule that is not the standard's, such as the database that comes along
        return _answer(403, written.problem(403, str(error)), {})


def _answer(status: int, body: dict[str, Any] | None, headers: dict[str, str]) -> HttpResponse:
    content = b"" if body is None or status == HTTPStatus.NOT_MODIFIED else json.dumps(body).encode()
    return HttpResponse(content, status=status, content_type=TYPE, headers={"Cache-Control": "no-store", **headers})


def _caller(request: Asked) -> Calling:
    """Find out who calls; guessing tokens is slow, and everybody's calls are counted."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    try:
        calling = connections.recognise(secret.strip() if scheme.lower() == "bearer" else "", at=request.at)
    except UnableToRecognise:
        _count(GUESSES, str(request.META.get("REMOTE_ADDR", "")), request)
        raise ScimProblem("Send the token of a staff system that is connected.", status=401) from None
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
        return _people(request, calling, KINDS[first], rest[0] if rest else "")
    if not parts:
        return _method(request, GET=lambda: _list(request, calling, BOTH))
    if parts == [".search"]:
        return _method(request, POST=lambda: _search(request, calling, BOTH))
    if first in NOT_OFFERED and not rest:
        raise ScimProblem(NOT_OFFERED[first], status=501)
    return _about(request, first, rest)


def _people(request: Asked, calling: Calling, kind: str, one: str) -> Answered:
    """Answer for users or for groups."""
    if not one:
        return _method(request, GET=lambda: _list(request, calling, (kind,)), POST=lambda: _add(request, calling, kind))
    if one == ".search":
        return _method(request, POST=lambda: _search(request, calling, (kind,)))
    try:
        return _one(request, calling, kind, UUID(one))
    except ValueError:
        raise ScimProblem(f"There is no {kind.lower()} with this id.", status=404) from None


def _method(request: Asked, **may: Callable[[], Answered]) -> Answered:
    if (act := may.get(str(request.method))) is not None:
        return act()
    raise ScimProblem(f"{request.method} is not for this address. Use {' or '.join(may)}.", status=405)


def _about(request: Asked, first: str, rest: list[str]) -> Answered:
    """Say what this interface is; whoever asks holds a token."""
    told = written.described(first, rest, queries.scim_kinds()[1], base=_base(request))
    if told is None:
        raise ScimProblem("There is nothing at this address.", status=404)
    if request.GET.get("filter"):
        raise ScimProblem("This list takes no filter.", status=403)
    return _method(request, GET=lambda: (200, told, {}))


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
    if any("\x00" in text for text in asked.values()):
        word = "invalidFilter" if "\x00" in asked.get("filter", "") else "invalidValue"
        raise ScimProblem("No name or value here holds a NUL character.", word=word)
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
    row = actions.receive(actor=request.viewer, at=request.at, owner_id=calling.owner_id, kind=kind, document=document)
    return _told(request, queries.told(row), status=201)


def _one(request: Asked, calling: Calling, kind: str, pk: UUID) -> Answered:
    of: dict[str, Any] = {"owner_id": calling.owner_id, "kind": kind, "pk": pk}
    return _method(
        request,
        GET=lambda: _told(request, queries.one_told(viewer=request.viewer, **of)),
        PUT=lambda: _change(request, of, lambda body, rules: lambda _: clean(body, rules)),
        PATCH=lambda: _change(request, of, lambda body, rules: lambda before: changed(before, rules, body)),
        DELETE=lambda: _remove(request, of),
    )


def _change(request: Asked, of: dict[str, Any], make: Callable[[Any, Kind], Callable[[dict[str, Any]], dict[str, Any]]]) -> Answered:
    change = make(_body(request), queries.scim_kinds()[0][of["kind"]])
    row = actions.receive_change(actor=request.viewer, at=request.at, change=change, seen=_seen(request), **of)
    return _told(request, queries.told(row))


def _remove(request: Asked, of: dict[str, Any]) -> Answered:
    actions.receive_leaver(actor=request.viewer, at=request.at, seen=_seen(request), **of)
    return 204, None, {}


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
    if not length.isdecimal() or len(length) > 9 or int(length) > LARGEST:  # nine digits are a gigabyte
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
