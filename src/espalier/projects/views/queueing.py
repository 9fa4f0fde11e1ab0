"""What a phone kept while it was off-line, sent later: the protocol that every kind of thing in the queue shares.

GET says who is signed in (a mark, no name) and gives a fresh token. POST sends one thing under a number made on the phone;
the answer says that it is stored, and is the same however often it is sent. 401: nobody is signed in. 409: somebody else
is. 422: it will never be taken, and why. Anything else: try again later. The phone's side is static/projects/queue.js.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.utils.crypto import constant_time_compare

from espalier.common.errors import UnableTo
from espalier.ui.pages import mark_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from espalier.access.requests import Asked

SIGNED_OUT, SOMEBODY_ELSE, NEVER = 401, 409, 422


def answer(request: Asked, take: Callable[[Asked], Mapping[str, object]]) -> JsonResponse:
    """Answer a queue; take stores one thing and says what stands there now."""
    who = mark_of(request)
    if request.method != "POST":
        return JsonResponse({"who": who, "token": get_token(request)})
    if not who:
        return JsonResponse({"problem": "signed-out"}, status=SIGNED_OUT)
    if not constant_time_compare(request.POST.get("who", "").encode(errors="replace").decode(), who):
        return JsonResponse({"problem": "somebody-else"}, status=SOMEBODY_ELSE)
    try:
        return JsonResponse({"stored": True, **take(request)})
    except UnableTo as error:
        return JsonResponse({"problem": error.code, "what": error.what, "to_do": error.to_do}, status=NEVER)
