"""Many charts as files, made in the background for one person and kept for a week."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

STATES = ("waiting", "ready", "failed")


class Pack(models.Model):
    """What was asked for and how far it is. Row-level security lets only the account that asked see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    pairs = models.JSONField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    asked_at = models.DateTimeField()
    kept_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="insight_pack_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="insight_pack_done", condition=Q(done__lte=models.F("total"))),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.done}/{self.total}"


class PackPart(models.Model):
    """One file of a pack, or one stretch of the finished archive."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)  # charts, figures or whole
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="insight_packpart_once", fields=["pack", "kind", "number"])]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.kind} {self.number}"
