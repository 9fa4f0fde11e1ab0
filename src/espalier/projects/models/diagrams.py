"""Pictures of thought: driver diagrams and their siblings, one box each row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from espalier.projects.models.projects import Project

DIAGRAMS = ("drivers", "fishbone", "process", "pareto")
KINDS = ("aim", "primary", "secondary", "idea", "cause", "step", "count")
IDEA_STATES = ("", "new", "testing", "adopted", "adapted", "abandoned")


class Diagram(models.Model):
    """One picture of a project. The driver diagram is there once; of the others there may be several."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, default="drivers")
    title = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="projects_diagram_kind", condition=Q(kind__in=DIAGRAMS)),
            models.UniqueConstraint(name="projects_one_driver_diagram", fields=["project"], condition=Q(kind="drivers")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.project_id}"


class Node(models.Model):
    """One box of a picture. A change idea is a box of kind idea: tests of change hang on it.

    Each box has a version of its own, so that twenty people changing twenty boxes are never in each other's way. rank
    orders boxes under one parent; a box put between two others gets a rank between theirs.
    """

    diagram = models.ForeignKey(Diagram, on_delete=models.CASCADE, related_name="+")
    project_id = models.BigIntegerField()
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    words = models.CharField(max_length=300)
    rank = models.FloatField(default=0)
    amount = models.FloatField(null=True)  # Pareto: how often; process map: minutes it takes
    waits = models.FloatField(null=True)  # process map: minutes until the next step begins
    state = models.CharField(max_length=10, blank=True, default="")  # of a change idea
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_node_project", fields=["project_id", "kind"])]
        constraints = [
            models.CheckConstraint(name="projects_node_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="projects_node_state", condition=Q(state__in=IDEA_STATES)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
