"""Tests of change: plan, do, study, act."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from espalier.projects.models.diagrams import Node
from espalier.projects.models.measuring import Counted
from espalier.projects.models.projects import Project

STATES = ("planned", "running", "studying", "done")
DECISIONS = ("", "adopt", "adapt", "abandon")


class Cycle(models.Model):
    """One test of a change. follows makes a ramp: the cycle that this one goes on from.

    predicted is written down before; result is what the measure then said, worked out and never typed, except where a
    project came from elsewhere (typed).
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    idea = models.ForeignKey(Node, on_delete=models.PROTECT, null=True, related_name="+")
    follows = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    number = models.PositiveIntegerField()  # the first, second … of its project
    title = models.CharField(max_length=200)
    counted = models.ForeignKey(Counted, on_delete=models.PROTECT, null=True, related_name="+")
    prediction = models.CharField(max_length=500, blank=True, default="")
    predicted = models.FloatField(null=True)
    predicted_low = models.FloatField(null=True)
    predicted_high = models.FloatField(null=True)
    who = models.CharField(max_length=200, blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    state = models.CharField(max_length=10, default="planned")
    happened = models.TextField(blank=True, default="")
    result = models.FloatField(null=True)
    learned = models.TextField(blank=True, default="")
    decision = models.CharField(max_length=8, blank=True, default="")
    decided_on = models.DateField(null=True)
    typed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    begun_by_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="projects_cycle_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="projects_cycle_decision", condition=Q(decision__in=DECISIONS)),
            models.CheckConstraint(name="projects_cycle_half_open", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="projects_cycle_range", condition=Q(predicted_low__isnull=True) | Q(predicted_high__gte=F("predicted_low"))
            ),
            models.UniqueConstraint(name="projects_cycle_number", fields=["project", "number"]),
        ]

    def __str__(self) -> str:
        return f"cycle {self.number} of {self.project_id}"


class Task(models.Model):
    """Something that somebody said they would do, for a cycle or for the project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, null=True, related_name="+")
    words = models.CharField(max_length=300)
    account_id = models.BigIntegerField(null=True)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"task {self.pk}"
