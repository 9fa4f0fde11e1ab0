"""Tokens for programs: made and stopped by the person they act for, each with its event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from espalier.access import tokens
from espalier.audit.recording import record

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer


@transaction.atomic
def make_token(
    *, actor: Viewer, at: datetime, name: str, scopes: frozenset[str], expires_at: datetime, unit_id: int | None, secret: str
) -> tokens.Made:
    """Make a token; its secret goes to the page once and nowhere else, the event least of all."""
    made = tokens.make(actor=actor, at=at, name=name, scopes=scopes, expires_at=expires_at, unit_id=unit_id, secret=secret)
    detail = {"scopes": sorted(scopes), "unit": unit_id, "expires_at": expires_at.isoformat()}
    record(actor=actor, verb="make", object_kind="token", object_id=str(made.pk), at=at, detail=detail)
    return made


@transaction.atomic
def stop_token(*, actor: Viewer, at: datetime, pk: int) -> tokens.TokenFacts:
    """Stop a token at once."""
    stopped = tokens.stop(actor=actor, at=at, pk=pk)
    record(actor=actor, verb="stop", object_kind="token", object_id=str(pk), at=at)
    return stopped
