"""Files on their way in: what was given, how its columns are read, how far the work has come."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from espalier.imports.states import State


class Upload(models.Model):
    """One file somebody gave us and where it stands. Private to who gave it, for as long as they belong to the owner.

    `seen` is the mark of the comparison the person agreed to: storing refuses when what stands has changed since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    account_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    mark = models.CharField(max_length=64)  # SHA-256 of the bytes
    at = models.DateTimeField()
    state = models.CharField(max_length=12, default=State.READING)
    queued = models.BooleanField(default=False)
    tables = models.JSONField(default=list)
    chosen = models.PositiveSmallIntegerField(null=True)  # which of the tables
    mapping = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    seen = models.CharField(max_length=64, default="", blank=True)
    take_good = models.BooleanField(default=False)
    remove = models.BooleanField(default=False)
    batch = models.UUIDField(null=True)
    stored_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    trouble = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["account_id", "-at"], name="imports_upload_recent")]
        constraints = [
            models.CheckConstraint(name="imports_upload_state", condition=Q(state__in=[state.value for state in State])),
            models.CheckConstraint(
                name="imports_upload_stored_has_batch", condition=~Q(state=State.STORED) | Q(batch__isnull=False, stored_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class Part(models.Model):
    """A stretch of a file's bytes. In parts, because a statement with 60 MB in it takes ten times as much memory."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="imports_part_once", fields=["upload", "number"])]

    def __str__(self) -> str:
        return f"{self.upload_id} part {self.number}"


class Progress(models.Model):
    """How far a file's job has come. Written beside the job's own transaction, so that it can be seen before that ends."""

    upload_id = models.UUIDField(primary_key=True)
    account_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    step = models.CharField(max_length=40)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.step} {self.done} of {self.total}"


class Remembered(models.Model):
    """How a place's files with these headings were read the last time, so that nobody says it twice."""

    kind = models.CharField(max_length=40)
    owner_id = models.BigIntegerField()
    headings = models.CharField(max_length=64)  # mark of the headings, periods across the top left out
    mapping = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="imports_remembered_once", fields=["kind", "owner_id", "headings"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.headings[:8]} of {self.owner_id}"
