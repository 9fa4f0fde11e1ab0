"""What people asked for under their rights, and what was cleared away when its time was over."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

COPY, ERASE = "copy", "erase"
# asked: a copy is being made, or an erasure is looked at before it is confirmed · waiting: an erasure can still be taken back
STATES = ("asked", "waiting", "ready", "done", "taken-back", "failed")


class DataRequest(models.Model):
    """A copy of everything about somebody, or its erasure.

    account_id is who may fetch the answer: the person it is about; only where they have no account the person who asked.
    When an erasure is done its numbers stay and name nobody any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=5)
    account_id = models.BigIntegerField()
    about_id = models.BigIntegerField(null=True)  # the account it is about
    person_id = models.BigIntegerField(null=True)  # the person it is about
    asked_by_id = models.BigIntegerField()
    state = models.CharField(max_length=10, default="asked")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when an erasure is carried out
    kept_until = models.DateTimeField(null=True)  # how long a copy can be fetched
    result = models.JSONField(default=dict)  # of an erasure: how many rows went, by table

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "-asked_at"], name="access_datarequest_whose"),
            models.Index(fields=["due_at"], name="access_datarequest_due", condition=Q(state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(name="access_datarequest_kind", condition=Q(kind__in=(COPY, ERASE))),
            models.CheckConstraint(name="access_datarequest_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="access_datarequest_about", condition=Q(about_id__isnull=False) | Q(person_id__isnull=False)),
            models.CheckConstraint(name="access_datarequest_waits", condition=~Q(kind=ERASE, state="waiting") | Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class DataPart(models.Model):
    """What one room told, and at the end the whole archive in stretches."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(DataRequest, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=5)  # room or whole
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="access_datapart_once", fields=["request", "kind", "number"])]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind} {self.number}"


class Consent(models.Model):
    """What somebody said yes or no to, and when. The newest row of a code counts; the others say what was before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.BigIntegerField()
    code = models.CharField(max_length=40)
    given = models.BooleanField()
    words = models.CharField(max_length=300)  # what was asked, as it stood on the page that day
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account_id", "code", "-at"], name="access_consent_newest")]

    def __str__(self) -> str:
        return f"{self.code}: {'yes' if self.given else 'no'}"


class Cleared(models.Model):
    """One schedule carried out on one day: how many rows went. Only ever added to, and it names nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=40)
    at = models.DateTimeField()
    before = models.DateTimeField()  # what was older than this was due
    removed = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="access_cleared_newest")]

    def __str__(self) -> str:
        return f"{self.code}: {self.removed}"


class HeldPlace(models.Model):
    """A table with rows about people, and the statements that find and erase them. Only the owner of the database writes here."""

    table = models.CharField(max_length=63, primary_key=True)
    find = models.TextField()
    erase = models.TextField(blank=True)
    rank = models.SmallIntegerField()

    class Meta:
        db_table = "access_held_place"

    def __str__(self) -> str:
        return self.table


class HeldClearing(models.Model):
    """What a retention schedule runs. Only the owner of the database writes here."""

    code = models.CharField(max_length=40, primary_key=True)
    sql = models.TextField()

    class Meta:
        db_table = "access_held_clearing"

    def __str__(self) -> str:
        return self.code
