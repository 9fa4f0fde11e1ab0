"""What programs have sent, so that a call repeated is answered and not stored again."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Posted(models.Model):
    """One batch of figures from a program, by the key the program gave it.

    The key belongs to the account and not to the token: a call may be repeated with a newer token. The number of the
    batch is made in Python and stands on each version of a point too. It is kept for good: a call repeated after years
    must not be stored twice either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    mark = models.CharField(max_length=64)  # SHA-256 of what was sent
    at = models.DateTimeField()
    answer = models.JSONField(default=dict)
    undone = models.JSONField(null=True)  # what undoing it was answered with

    class Meta:
        constraints = [
            models.UniqueConstraint(name="measures_posted_once", fields=["account_id", "key"]),
            models.CheckConstraint(name="measures_posted_mark_is_whole", condition=Q(mark__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.key}"
