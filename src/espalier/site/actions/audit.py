"""Proving the log from a page: it reads everything, tells nothing of it but what is wrong, and leaves an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from espalier.access import clearing
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.audit import heads, sealing
from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.site import queries

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

MOST = 200_000


class UnableToProve(UnableTo):
    """The log is too long to be looked through while somebody waits for a page."""

    code = "audit"


@transaction.atomic
def verify_log(*, actor: Viewer, at: datetime, head: str = "") -> sealing.Verified:
    """Look through the whole log, with a head that was kept elsewhere if there is one."""
    if not (decision := queries.may_read_log(viewer=actor)):
        raise PermissionDenied(decision.reason)
    known = (heads.read(head, settings.AUDIT_KEY),) if head.strip() else ()
    if sealing.head().sequence > MOST:
        raise UnableToProve("The log is too long for a page.", to_do="Ask for `espalier audit verify` to be run on the server.")
    with acting_as(system_viewer()):
        found = sealing.verify(at=at, heads=known, gone_before=clearing.may_be_gone("audit", at=at))
    detail = {"sealed": found.sealed, "whole": found.is_whole, "heads": len(known)}
    record(actor=actor, verb="verify", object_kind="log", object_id=str(found.sealed), at=at, detail=detail)
    return found
