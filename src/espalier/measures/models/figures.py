"""Measures, their series at units, and the points over time."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Measure(models.Model):
    """A definition of something counted over time: read from content/measures, or made on a page by an organisation.

    The columns are what the database is asked for; the whole file is kept in `definition`, so that a new word in the
    files needs no migration. What it said before stands in MeasureVersion.
    """

    code = models.CharField(max_length=60, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    place = models.PositiveSmallIntegerField(default=100)  # order on pages
    name = models.CharField(max_length=200)
    gap = models.CharField(max_length=40)
    roll_up = models.CharField(max_length=10)
    made_up = models.BooleanField(default=False)
    scope = models.CharField(max_length=10, default="open")
    # The organisation that made it and the place it was made for; NULL is the library, which comes from files.
    organisation = models.ForeignKey("organisations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    made_for = models.ForeignKey("organisations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)
    definition = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="measures_measure_roll_up", condition=Q(roll_up__in=["sum", "mean", "none"])),
            models.CheckConstraint(name="measures_measure_scope", condition=Q(scope__in=["open", "shared", "released"])),
        ]

    def __str__(self) -> str:
        return self.code


class Series(models.Model):
    """One measure at one unit, and one stratum of it ('' is everybody).

    owner is the unit whose say it is who may look; NULL is open to anyone. Row-level security reads it.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=80, blank=True, default="")
    owner = models.ForeignKey("organisations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    # How its figures come in: "figures" are put in, "sum" is a stored sum of shared ones, "release" are cells of a release.
    made_by = models.CharField(max_length=10, default="figures", db_default="figures")

    class Meta:
        constraints = [
            models.CheckConstraint(name="measures_series_made_by", condition=Q(made_by__in=["figures", "sum", "release"])),
            # Uniqueness ignores row-level security, so it includes the owner: else a clash would betray a hidden row.
            models.UniqueConstraint(
                name="measures_series_once", fields=["measure", "unit", "stratum", "owner", "made_by"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} at {self.unit_id}"


class Point(models.Model):
    """One period's figure, as it stands now; what stood before is in PointVersion.

    value is what is drawn. owner_id is a copy of the series' owner, kept by a trigger and never by callers, so that
    row-level security needs no join.
    """

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="+", db_index=False)
    period_on = models.DateField()
    owner_id = models.BigIntegerField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    value = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="measures_point_once",
                fields=["series", "period_on"],
                include=["owner_id", "numerator", "denominator", "value"],
            ),
            models.CheckConstraint(
                name="measures_point_denominator_not_negative",
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0),
            ),
            models.CheckConstraint(
                name="measures_point_says_something",
                condition=Q(value__isnull=False) | Q(denominator=0) | Q(numerator__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.period_on}"


class PointVersion(models.Model):
    """What a point said before and after a change, who changed it and why. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series_id = models.BigIntegerField()
    period_on = models.DateField()
    owner_id = models.BigIntegerField(null=True)
    old_numerator = models.FloatField(null=True)
    old_denominator = models.FloatField(null=True)
    old_value = models.FloatField(null=True)
    new_numerator = models.FloatField(null=True)
    new_denominator = models.FloatField(null=True)
    new_value = models.FloatField(null=True)
    removed = models.BooleanField(default=False)
    batch = models.UUIDField(null=True, db_index=True)  # what was stored together is taken back together
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["series_id", "period_on", "at"], name="measures_pointversion_when")]

    def __str__(self) -> str:
        return f"{self.series_id} {self.period_on} at {self.at}"
