"""Reports and board pages, every version of them, and what was frozen."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

KINDS = ("report", "board")


class Paper(models.Model):
    """A report or a board page as it stands now; what stood before is in PaperVersion.

    owner is the place whose say it is who may look. Row-level security reads it.
    """

    kind = models.CharField(max_length=10)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    content = models.JSONField()
    made_by = models.BigIntegerField()  # number of an account
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="insight_paper_kind", condition=Q(kind__in=KINDS)),
            models.UniqueConstraint(name="insight_one_board_page", fields=["unit", "owner"], condition=Q(kind="board")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PaperVersion(models.Model):
    """A paper after one change, whole: who made the change, when and what it was. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper_id = models.BigIntegerField()
    owner_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    content = models.JSONField()
    account_id = models.BigIntegerField()
    at = models.DateTimeField()
    what = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(name="insight_paperversion_once", fields=["paper_id", "version", "owner_id"])]

    def __str__(self) -> str:
        return f"{self.paper_id} v{self.version}"


class Frozen(models.Model):
    """A paper as it stood on a day: every figure, drawing and word. Only ever added to; later data never change it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper_id = models.BigIntegerField()
    number = models.PositiveIntegerField()  # the first, second … time this paper was frozen, for its address
    owner_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    frozen_on = models.DateField()
    document = models.JSONField()
    account_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="insight_frozen_once", fields=["paper_id", "number", "owner_id"])]

    def __str__(self) -> str:
        return f"{self.title} on {self.frozen_on}"
