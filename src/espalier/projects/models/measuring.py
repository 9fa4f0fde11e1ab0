"""What a project measures: charts that exist, chosen for it, with people who put the figures in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from espalier.projects.models.projects import Project

KINDS = ("outcome", "process", "balancing")


class Counted(models.Model):
    """A measure at a place that a project looks at, by code, as measures knows it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    measure_code = models.CharField(max_length=60)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, default="outcome")
    keeper_id = models.BigIntegerField(null=True)  # the account that puts its figures in
    second_id = models.BigIntegerField(null=True)  # and who does it when that person is away
    rank = models.FloatField(default=0)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # kept: tests that predicted it still say so, and it can be put back

    class Meta:
        indexes = [models.Index(name="projects_counted_measure", fields=["measure_code", "project"], condition=Q(removed_at=None))]
        constraints = [
            models.CheckConstraint(name="projects_counted_kind", condition=Q(kind__in=KINDS)),
            models.UniqueConstraint(name="projects_counted_once", fields=["project", "measure_code", "unit"]),
        ]

    def __str__(self) -> str:
        return f"{self.measure_code} of {self.project_id}"
