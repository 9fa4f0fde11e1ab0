"""Drafts: what somebody is typing, kept until it is sent, for 30 days at most.

They leave no event: what is not sent yet has not been said. Only the words that are sent are recorded, by what they do.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.common.errors import UnableTo
from espalier.jobs.queue import schedule
from espalier.site.models import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from espalier.access.viewer import Viewer

KEPT = timedelta(days=30)
MOST = 50  # of one person; the oldest give way
LARGEST = 100_000  # characters of one


class UnableToKeep(UnableTo):
    """A draft that cannot be kept; what is typed is still in the page."""

    code = "draft"


@transaction.atomic
def keep_draft(*, actor: Viewer, at: datetime, place: str, title: str, fields: Mapping[str, list[str]]) -> None:
    """Keep what stands in a form, in place of what was kept of it before; nothing typed keeps nothing."""
    if actor.account_id is None:
        raise UnableToKeep("Sign in first.", to_do="What you typed stays in the page.")
    if sum(len(value) for several in fields.values() for value in several) > LARGEST:
        raise UnableToKeep("That is too long to keep as a draft.", to_do="Send it, or copy it elsewhere.")
    if not any(value.strip() for several in fields.values() for value in several):
        throw_draft(actor=actor, at=at, place=place)
        return
    facts = {"title": title[:200], "fields": dict(fields), "at": at}
    Draft.objects.update_or_create(account_id=actor.account_id, place=place[:400], defaults=facts)
    oldest = Draft.objects.filter(account_id=actor.account_id).order_by("-at").values_list("pk", flat=True)[MOST:]
    Draft.objects.filter(pk__in=list(oldest)).delete()


@transaction.atomic
def throw_draft(*, actor: Viewer, at: datetime, place: str) -> None:
    """Throw a draft away."""
    del at
    Draft.objects.filter(account_id=actor.account_id or 0, place=place).delete()


@transaction.atomic
def sent_draft(*, actor: Viewer, at: datetime, place: str) -> None:
    """Empty the draft of a form that was sent and stored: in that same transaction, so that words are in one place or the other."""
    if actor.account_id is not None:
        Draft.objects.filter(account_id=actor.account_id, place=place).update(fields=None, title="", at=at)


@schedule("site.forget-old-drafts", cron="20 3 * * *")
def forget_old_drafts(*, viewer: Viewer, at: datetime) -> int:
    """Delete drafts older than 30 days, everybody's; safe to run twice."""
    del viewer
    with acting_as(system_viewer()):
        return Draft.objects.filter(at__lt=at - KEPT).delete()[0]
