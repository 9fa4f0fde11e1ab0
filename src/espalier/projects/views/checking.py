"""Whether words look like a patient's details, asked while they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from espalier.common.identifying import kinds
from espalier.ui.not_a_person import warning

if TYPE_CHECKING:
    from espalier.access.requests import Asked

LONGEST = 20_000


@never_cache
@require_POST
def check_words(request: Asked) -> HttpResponse:
    """Say what words look like. Nothing is stored and nothing is written down."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in first.")
    found = kinds(request.POST.get("words", "")[:LONGEST])
    return JsonResponse({"kinds": list(found), "says": warning(found)})
