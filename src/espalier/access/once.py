"""A form counts once, however often it is sent: a double click, a retry, back and send again.

Every form of the product carries a number made when its page was drawn (it comes with the csrf field, so no form can
forget it). The number, the address and all that was typed make the mark of one sending. The first of the same mark does
its work and its answer is kept in the same transaction; every further one waits for it and gets that answer. Other words
with the same number are another sending: whoever goes back and changes a word means it, and must not lose it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from espalier.access.models import Sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cryptography.fernet import Fernet
    from django.core.files.uploadedfile import UploadedFile

FIELD, LONGEST = "form_number", 40
KEPT = timedelta(days=2)  # a tab left open over a night
LARGEST = 2_000_000  # bytes of an answer that is kept
BEGINS_ERRORS = 400
ELSEWHERE = ("/api/", "/scim/", "/imports/")  # they have keys of their own, or files too large to be read twice
NOT_KEPT = frozenset({"set-cookie", "content-length", "date", "etag", "last-modified"})
TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def fields(request: HttpRequest) -> dict[str, Any]:
    """Add to every page's context the csrf field with the form's number beside it; a new number in each form."""

    def drawn() -> SafeString:
        csrf = '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">'
        return format_html(csrf, get_token(request), FIELD, uuid.uuid4().hex)

    return {"csrf_input": lazy(drawn, SafeString, str)()}


class Once:
    """Stand between the door and the views: what was answered already is answered so again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is sent for the first time, and keep its answer."""
        account_id = request.viewer.account_id  # type: ignore[attr-defined]
        number = _number(request) if account_id is not None else ""
        if not number:
            return self.get_response(request)
        mark, key = _mark(request, number), _key(number)
        with connection.cursor() as cursor:  # the same sending, at the same moment, waits here until the first is stored
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [mark, account_id])
        before = Sent.objects.filter(account_id=account_id, mark=mark).values_list("answer", flat=True).first()
        if before is not None:
            return _opened(bytes(before), key)
        response = self.get_response(request)
        if response.status_code < BEGINS_ERRORS and not response.streaming and len(response.content) <= LARGEST:
            _keep(account_id, mark, _locked(response, key), request.at)  # type: ignore[attr-defined]
        return response


def _number(request: HttpRequest) -> str:
    if request.method != "POST" or request.path.startswith(ELSEWHERE) or request.content_type not in TYPES:
        return ""
    number = request.POST.get(FIELD, "")
    return number if number.isascii() and number.isalnum() and len(number) <= LONGEST else ""


def _mark(request: HttpRequest, number: str) -> str:
    """Hash everything one sending is made of; the csrf field differs from page to page and says nothing."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in {"csrfmiddlewaretoken", FIELD})
    files = sorted((name, *_content(one)) for name, several in request.FILES.lists() for one in several)
    return hashlib.sha256(json.dumps([number, request.get_full_path(), typed, files]).encode()).hexdigest()


def _content(one: UploadedFile[Any]) -> tuple[str, str]:
    content = hashlib.sha256(one.read()).hexdigest()
    one.seek(0)
    return one.name or "", content


def _key(number: str) -> Fernet:
    from cryptography.fernet import Fernet  # heavy, and only a form that is sent needs it

    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"answer {number}".encode()).digest()))


def _locked(response: HttpResponse, key: Fernet) -> bytes:
    headers = {name: value for name, value in response.headers.items() if name.lower() not in NOT_KEPT}
    head = json.dumps([response.status_code, headers]).encode()
    return key.encrypt(head + b"\n" + response.content)


def _opened(answer: bytes, key: Fernet) -> HttpResponse:
    head, _, content = key.decrypt(answer).partition(b"\n")
    status, headers = json.loads(head)
    return HttpResponse(content, status=status, headers=headers)


def _keep(account_id: int, mark: str, answer: bytes, at: datetime) -> None:
    """Keep an answer, and let go of this person's old ones: no schedule is needed for rows that only their own sender reads."""
    Sent.objects.filter(account_id=account_id, at__lt=at - KEPT).delete()
    Sent.objects.create(account_id=account_id, mark=mark, answer=answer, at=at)
