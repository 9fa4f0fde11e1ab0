"""What people say of a series: where a new baseline begins, what is left out, what was noted and what was tried."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from espalier.measures.rules.marking import FREEZE, NOT_NOW, NOTES, PHASES


class Mark(models.Model):
    """One thing said of one series, as it stands now; ended marks stay. What it said before is in MarkVersion.

    owner_id and for_staff are set by a trigger, never by callers: the series' owner where it has one; else the series is
    open, and the mark belongs to the organisation and is seen by its own people only (docs/adr/0016).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey("measures.Series", on_delete=models.CASCADE, related_name="+")
    owner_id = models.BigIntegerField(null=True)
    for_staff = models.BooleanField(default=False)
    kind = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the last period of a frozen baseline
    words = models.CharField(max_length=500)  # the reason, or the note itself
    cause_known = models.BooleanField(null=True)  # whether somebody knows what changed; phases only
    version = models.PositiveSmallIntegerField(default=1)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="measures_mark_kind", condition=Q(kind__in=[*PHASES, *NOTES, NOT_NOW])),
            models.CheckConstraint(name="measures_mark_says_why", condition=~Q(words="") | Q(kind=NOT_NOW)),
            models.CheckConstraint(
                name="measures_mark_baseline_has_an_end",
                condition=Q(kind=FREEZE, ends_on__gt=models.F("starts_on")) | (~Q(kind=FREEZE) & Q(ends_on__isnull=True)),
            ),
            # The owner stands in it: else a clash would betray a mark that somebody may not see.
            models.UniqueConstraint(
                name="measures_mark_once",
                fields=["series", "owner_id", "kind", "starts_on"],
                condition=Q(ended_at__isnull=True) & ~Q(kind__in=NOTES),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.series_id} from {self.starts_on}"


class MarkVersion(models.Model):
    """What a mark said after a change, who changed it and why. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mark_id = models.UUIDField()
    series_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    for_staff = models.BooleanField(default=False)
    number = models.PositiveSmallIntegerField()
    did = models.CharField(max_length=10)  # made, changed, ended, back
    kind = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    words = models.CharField(max_length=500)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="measures_markversion_once", fields=["mark_id", "number"])]
        indexes = [models.Index(fields=["series_id", "at"], name="measures_markversion_when")]

    def __str__(self) -> str:
        return f"{self.mark_id} version {self.number}"
