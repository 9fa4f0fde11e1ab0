"""What was counted at the bedside, one tap at a time, until somebody puts it into the chart."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from espalier.projects.models.measuring import Counted
from espalier.projects.models.projects import Project


class Tally(models.Model):
    """One tap. Only ever added to: taking one back is a tap of its own, so two people tapping are never in each other's way.

    The number is made by the phone, so that a tap sent twice on a bad line is stored once. top is what was counted;
    out_of is how many were looked at, where it is a share (a "no" adds to out_of only), and 0 where it is a plain count.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    counted = models.ForeignKey(Counted, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    top = models.SmallIntegerField()
    out_of = models.SmallIntegerField(default=0)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="projects_tally_day", fields=["counted", "on"])]
        constraints = [
            models.CheckConstraint(
                name="projects_tally_one", condition=Q(top__gte=-1, top__lte=1, out_of__gte=-1, out_of__lte=1) & ~Q(top=0, out_of=0)
            ),
        ]

    def __str__(self) -> str:
        return f"tap of {self.counted_id} on {self.on}"
