"""What stands beside the stored sums of shared figures."""

from __future__ import annotations

from django.db import models

from espalier.measures.models.figures import Measure, Series


class SumCoverage(models.Model):
    """How many of how many units are in one period of a stored sum, and about which share of what they counted.

    Guarded like the points of its series. The share is rounded to tenths: exact, it would tell what the one unit that
    does not share has counted.
    """

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="+", db_index=False)
    period_on = models.DateField()
    owner_id = models.BigIntegerField(null=True)
    reported = models.IntegerField()
    expected = models.IntegerField()
    share = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="measures_sumcoverage_once", fields=["series", "period_on"])]

    def __str__(self) -> str:
        return f"{self.series_id} {self.period_on}: {self.reported} of {self.expected}"


class SumDue(models.Model):
    """A shared measure whose figures changed since its sums were stored; the job takes the row away."""

    measure = models.OneToOneField(Measure, on_delete=models.CASCADE, related_name="+", primary_key=True)

    def __str__(self) -> str:
        return str(self.measure_id)
