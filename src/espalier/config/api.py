"""The interface for programs, put together: who is calling, what is answered when it cannot be, and what it says of itself."""

from __future__ import annotations

import difflib
import re
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from espalier.access import problems, tokens
from espalier.access.door import look_as
from espalier.access.limits import Limit
from espalier.access.programs import NeedsToken, NotAllowed, may
from espalier.access.viewer import VISITOR
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.config import api_docs
from espalier.measures.actions import KeyUsedAlready, TooLateToUndo, UnableToEnter, WroteMeanwhile
from espalier.measures.api import NotAcceptable
from espalier.measures.api import router as measures
from espalier.organisations import queries as organisations
from espalier.organisations.api import router as units
from espalier.ui.pages import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.access.requests import Asked

ROOT = "/api/v1/"
LARGEST = 2_000_000  # bytes of a body: 5,000 figures are about a third of it
LIMIT = Limit(settings.API_PER_MINUTE)
ABOUT = """Read what is measured, where, and what it says; send your own figures.

Without a token you read open data, as a visitor of the pages does. With a token, made at /tokens/ and sent as
`Authorization: Bearer esp_…`, you see what its person sees, or less. Lists come in pages: follow `next`. Send
`If-None-Match` with the `ETag` of an answer you have, and nothing is sent twice. 600 calls a minute are answered.
Whatever cannot be answered comes as `application/problem+json`: what happened, where, what to do, and a code."""


class TooMany(UnableTo):
    """More calls than are answered in a minute."""

    code = "too-many"

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(f"More than {LIMIT.per_minute} calls in a minute.", to_do=f"Wait {wait} seconds, then go on more slowly.")


class UnknownParameter(UnableTo):
    """A parameter that means nothing here would be passed over in silence, and the answer would be to another question."""

    code = "parameter"


class TooLarge(UnableTo):
    """The body is longer than any batch can be."""

    code = "too-large"

    def __init__(self) -> None:
        super().__init__("That is too much at once.", where="body", to_do="Send 5,000 figures at most, and 2 MB.")


class WrongKind(UnableTo):
    """The body is not said to be JSON."""

    code = "content-type"


class Token(HttpBearer):
    """Who calls: the person behind a token, narrowed to what it may do; without one a visitor. Cookies count for nothing.

    So a page in a browser cannot be made to call this interface as the person who has it open.
    """

    openapi_description = "A token made at /tokens/. Without one, open data are read."

    def __call__(self, request: Asked) -> bool:  # type: ignore[override]
        """Find out who calls; count the call first, so that guessing tokens is slow."""
        header, address = request.headers.get("Authorization"), str(request.META.get("REMOTE_ADDR", ""))
        request.token_prefix, request.scopes = "", None
        if header is None:
            _count(f"address {address}", request)
            request.viewer = VISITOR
        else:
            self._recognise(request, header, address)
        look_as(request.viewer)
        if request.method == "POST":  # said before anything of what was sent is looked at
            may(request, tokens.ENTER)
        _sound(request)
        return True

    def _recognise(self, request: Asked, header: str, address: str) -> None:
        try:
            token = tokens.recognise(_secret(header), at=request.at)
        except tokens.UnableToRecognise:
            _count(f"address {address}", request)
            raise
        _count(f"token {token.pk}", request)
        viewer = token.viewer
        if token.unit_id is not None:
            viewer = organisations.narrowed(viewer=viewer, unit_id=token.unit_id)
        request.viewer, request.scopes, request.token_prefix = viewer, token.scopes, token.prefix

    def authenticate(self, request: Any, token: str) -> None:
        """Not reached: __call__ does it, because no header is an answer too."""


def _secret(header: str) -> str:
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        raise tokens.UnableToRecognise("We read no such Authorization header.", to_do="Write it as: Bearer esp_…")
    return secret.strip()


def _count(who: str, request: Asked) -> None:
    if wait := LIMIT.wait(who, at=request.at):
        raise TooMany(wait)


def _sound(request: Asked) -> None:
    """Refuse what cannot be meant: parameters nobody knows, a body too large, or one that is not JSON."""
    _known_parameters(request)
    if request.method == "POST":
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdigit() or int(length) > LARGEST:
            raise TooLarge
        takes_body = request.resolver_match.url_name == "points"  # type: ignore[union-attr]
        if takes_body and int(length) and request.content_type != "application/json":
            raise WrongKind("We read JSON only.", where="header, Content-Type", to_do="Send application/json.")


def _known_parameters(request: Asked) -> None:
    route = re.sub(r"<\w+:(\w+)>", r"<\1>", request.resolver_match.route)  # type: ignore[union-attr]
    known = _parameters().get((route, str(request.method).lower()), ())
    for name in request.GET:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise UnknownParameter(
                f"There is no parameter {name[:40]!r} here.",
                where="query",
                to_do=f"{hint}You can use: {', '.join(known)}." if known else "Leave it out: this address takes none.",
            )
        if len(request.GET.getlist(name)) > 1:
            raise UnknownParameter(f"{name} stands there twice.", where=f"query, {name}", to_do="Give it once.")


@cache
def _parameters() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the query parameters of each address and method, read from what the interface says of itself."""
    return {
        (re.sub(r"\{(\w+)\}", r"<\1>", address).lstrip("/"), method): tuple(
            one["name"] for one in operation["parameters"] if one["in"] == "query"
        )
        for address, methods in description()["paths"].items()
        for method, operation in methods.items()
    }


class Interface(NinjaAPI):
    """Ninja, with our problems said in the description too."""

    def get_openapi_schema(self, **facts: Any) -> Any:
        """Return the description; every status from 400 on is a problem answer."""
        whole = super().get_openapi_schema(**facts)
        for methods in whole["paths"].values():
            for operation in methods.values():
                for parameter in operation["parameters"]:
                    if examples := parameter.pop("examples", None):  # a list belongs to the schema; here one value does
                        parameter["example"] = examples[0]
                for status, said in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST:
                        said["content"] = {problems.PROBLEM: said["content"]["application/json"]}
        return whole


api = Interface(
    title="Espalier", version="1", description=ABOUT, docs_url=None, openapi_url=None, auth=Token(), urls_namespace="api",
    servers=[{"url": "/"}],
)  # fmt: skip
api.add_router("/units", units)
api.add_router("", measures)


@cache
def description() -> Mapping[str, Any]:
    """Return the OpenAPI description, made once."""
    return api.get_openapi_schema(path_prefix=ROOT)


@csrf_exempt  # a POST here changes nothing, and is to be told which methods work
def openapi(request: Asked) -> HttpResponse:
    """Answer with the description; it is for everybody and changes with a release only."""
    return JsonResponse(description()) if request.method == "GET" else HttpResponse(status=405, headers={"Allow": "GET"})


@cache
def _explained() -> tuple[api_docs.Operation, ...]:
    return api_docs.operations(description())


def docs(request: Asked) -> HttpResponse:
    """Show every address, what it takes and what it gives: drawn here, with no script and nobody else's host."""
    context = {"title": "For programs", "about": api_docs.paragraphs(ABOUT), "operations": _explained(), "wide": True}
    return render(request, "site/api_docs.html", context)


@csrf_exempt
def nothing_here(request: Asked, rest: str = "") -> HttpResponse:
    """Answer every address of the interface that does not exist."""
    del request
    what = f"There is nothing at {ROOT}{rest[:80]}."
    return problems.answer(404, "not-found", what, to_do=f"See {ROOT}docs for every address.")


# ---- Problems -----------------------------------------------------------------------------------------------

_STATUS: dict[type[UnableTo], int] = {
    tokens.UnableToRecognise: 401, NeedsToken: 401, NotAllowed: 403, UnableToEnter: 403, NotFoundHere: 404, NotAcceptable: 406,
    TooLateToUndo: 409, WroteMeanwhile: 409, TooLarge: 413, WrongKind: 415, KeyUsedAlready: 422, TooMany: 429,
}  # fmt: skip


@api.exception_handler(UnableTo)
def _unable(request: Asked, error: UnableTo) -> HttpResponse:
    """Answer with the words a person would get on a page; what is not listed above is wrong in what was sent: 422."""
    del request
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), HTTPStatus.UNPROCESSABLE_ENTITY)
    to_do = error.to_do
    if isinstance(error, NotFoundHere) and error.suggestions:
        to_do = f"Did you mean: {'; '.join(one.label for one in error.suggestions[:5])}?"
    several = [(one.where, one.what, one.to_do) for one in getattr(error, "problems", ())]
    answer = problems.answer(status, error.code, error.what, where=error.where, to_do=to_do, several=several)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="espalier"'
    if isinstance(error, TooMany):
        answer["Retry-After"] = str(error.wait)
    return answer


TO_DO = f"See the documentation of this address at {ROOT}docs."
# What is got wrong most often, in our words instead of the library's.
_PLAINLY = {
    **dict.fromkeys(
        ("date_from_datetime_inexact", "date_from_datetime_parsing", "date_parsing", "date_type"),
        ("This is not a day.", "Write it like 2026-04-01."),
    ),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), ("This is not a whole number.", TO_DO)),
    "missing": ("This is missing.", TO_DO),
}  # fmt: skip


@api.exception_handler(ValidationError)
def _not_valid(request: Asked, error: ValidationError) -> HttpResponse:
    del request
    wrong = [(_place(one["loc"]), *_PLAINLY.get(one["type"], (f"{one['msg']}.", TO_DO))) for one in error.errors[:50]]
    where = wrong[0][0] if len(wrong) == 1 else ""
    what = wrong[0][1] if len(wrong) == 1 else f"{len(error.errors)} things are not right."
    to_do = wrong[0][2] if len(wrong) == 1 else f"See {ROOT}docs."
    return problems.answer(422, "not-valid", what, where=where, to_do=to_do, several=wrong if len(wrong) > 1 else ())


def _place(steps: tuple[Any, ...]) -> str:
    """Write where something is wrong: ("body", "batch", "figures", 3, "unit") is body, figures[3].unit."""
    where, *rest = [step for step in steps if step not in {"asked", "batch", "_no_alias"}] or ["body"]
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest).lstrip(".")
    return f"{where}, {words}" if words else str(where)


@api.exception_handler(HttpError)
def _not_read(request: Asked, error: HttpError) -> HttpResponse:
    del request
    return problems.answer(error.status_code, "not-read", "We could not read the body as JSON.", where="body", to_do="Send JSON in UTF-8.")


@api.exception_handler(Http404)
def _not_there(request: Asked, error: Http404) -> HttpResponse:
    del error
    return nothing_here(request)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: Asked, error: RequestDataTooBig) -> HttpResponse:
    del error
    return _unable(request, TooLarge())


# ---- Addresses ----------------------------------------------------------------------------------------------


# Ninja's own front page is left out, since it answers only in debugging.
urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", openapi, name="openapi"),
    path("docs", docs, name="docs"),
    *(one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"),
    path("<path:rest>", nothing_here, name="nothing"),
]
app_name = "api"
