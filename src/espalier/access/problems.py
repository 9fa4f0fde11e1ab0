"""Problem answers for programs (RFC 9457): what happened, where, what to do next, and a code that does not change."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

PROBLEM = "application/problem+json"


def answer(
    status: int, code: str, what: str, *, where: str = "", to_do: str = "", several: Sequence[tuple[str, str, str]] = ()
) -> HttpResponse:
    """Make a problem answer; several names each wrong part of a batch as (where, what, to do)."""
    body: dict[str, object] = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "what": what, "where": where,
        "to_do": to_do,
    }  # fmt: skip
    if several:
        body["problems"] = [{"where": one, "what": wrong, "to_do": mend} for one, wrong, mend in several]
    return HttpResponse(json.dumps(body), status=status, content_type=PROBLEM)
