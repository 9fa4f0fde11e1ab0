"""What a project is worth: lines, each a range with who says so and how they know."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from espalier.projects.models.projects import Project

KINDS = ("time", "cost", "benefit", "rate")
PERS = ("once", "week", "month", "year")
HOW = ("counted", "estimated", "assumed")


class Value(models.Model):
    """Time freed, a cost, a benefit, or what an hour is worth (rate): from low to high, never one number.

    releases says of pounds whether they leave or enter a budget; of anything else it is empty.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    what = models.CharField(max_length=200)
    amount = models.CharField(max_length=20)  # rules/value.py AMOUNTS
    per = models.CharField(max_length=5, default="once")
    low = models.DecimalField(max_digits=14, decimal_places=2)
    high = models.DecimalField(max_digits=14, decimal_places=2)
    releases = models.BooleanField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)  # the last day
    says = models.CharField(max_length=120)  # a role in words, never a name
    how = models.CharField(max_length=10)
    source = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_value_project", fields=["project", "id"])]
        constraints = [
            models.CheckConstraint(name="projects_value_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="projects_value_per", condition=Q(per__in=PERS)),
            models.CheckConstraint(name="projects_value_how", condition=Q(how__in=HOW)),
            models.CheckConstraint(name="projects_value_range", condition=Q(low__gte=0, high__gte=F("low"))),
            models.CheckConstraint(name="projects_value_days", condition=Q(until__isnull=True) | Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="projects_value_money",
                condition=Q(amount="pounds", releases__isnull=False) | ~Q(amount="pounds") & Q(releases__isnull=True),
            ),
            models.UniqueConstraint(name="projects_value_one_rate", fields=["project"], condition=Q(kind="rate", removed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.project_id}"
