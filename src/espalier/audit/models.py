"""What happened: one row an event, only ever added."""

from __future__ import annotations

import uuid

from django.db import models


class Event(models.Model):
    """Who did what to which object, when. No foreign keys: an event outlives what it speaks of.

    The key is made in Python: the app role may insert but a table that only grows needs no number from a sequence.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)  # NULL: the system itself, or a visitor
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "at"], name="audit_event_object"),
            models.Index(fields=["at"], name="audit_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_kind} {self.object_id}"
