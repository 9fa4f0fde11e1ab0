"""Complaints about how somebody's data are looked after."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Complaint(models.Model):
    """One complaint, from anybody. Who sent it without signing in finds it again by its number and the words of the receipt.

    Of the words only a hash is kept. owner_id is the organisation it is about; NULL: whoever runs this installation.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=12, unique=True)
    receipt = models.CharField(max_length=64)  # SHA-256 of the receipt's words
    owner_id = models.IntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    words = models.TextField()
    sent_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.BigIntegerField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["sent_at"], name="organisations_complaint_open", condition=Q(answered_at=None))]
        constraints = [
            models.CheckConstraint(
                name="organisations_complaint_answered",
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number
