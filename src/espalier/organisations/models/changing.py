"""What changed about a place, so that its past can be read and a slip undone."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from espalier.organisations.models.tree import DateRange, Unit


class Naming(models.Model):
    """What a unit was called from when until when. A unit that was never renamed has no row: its name always held.

    Unit.name is the name of today, kept in step by the action that renames and, for days to come, by the job of the new day.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    since = models.DateField(null=True)  # NULL: for as long as we know
    until = models.DateField(null=True)  # NULL: still

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organisations_naming_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), (DateRange("since", "until"), RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="organisations_naming_half_open",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """One thing done to places, with every row it touched as it stood before and after.

    It can be undone for as long as those rows still stand as it left them.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")  # on whose page it was done
    what = models.CharField(max_length=20)
    on = models.DateField()  # the first day on which it holds
    touched = ArrayField(models.IntegerField())
    before = models.JSONField()
    after = models.JSONField()
    said = models.JSONField(default=dict)  # names and numbers as the preview gave them, for the list of what was done
    done_at = models.DateTimeField()
    done_by_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [GinIndex(name="organisations_change_touched", fields=["touched"])]

    def __str__(self) -> str:
        return f"{self.what} {self.unit_id} on {self.on}"


class Followed(models.Model):
    """A post or a role that a change ended, and the one that goes on in its stead elsewhere. Numbers only."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10)  # post, role
    old_id = models.BigIntegerField()
    old_unit_id = models.BigIntegerField()
    old_until = models.DateField(null=True)
    new_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.what} {self.old_id}"


class Removal(models.Model):
    """A unit that is to be deleted for good on a day, unless somebody brings it back before."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="+", primary_key=True)
    why = models.CharField(max_length=300)
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.unit_id} on {self.due_on}"
