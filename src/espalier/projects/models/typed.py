"""What registers kept elsewhere say of projects and tests, as it was typed there."""

from __future__ import annotations

from django.db import models

from espalier.projects.models.cycles import Cycle
from espalier.projects.models.projects import Project


class Typed(models.Model):
    """What a register says of one project. It stands beside the project: what its team writes here is never overwritten by it.

    mark tells the rows of a register apart, so that a file loaded twice changes nothing. said is what the newest file says,
    before what the one before it said: nothing where this batch brought the project in.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="+")
    register_id = models.IntegerField()  # the organisation whose register it is
    mark = models.CharField(max_length=300)
    said = models.JSONField()
    before = models.JSONField(null=True)
    batch = models.UUIDField(null=True)
    account_id = models.BigIntegerField(null=True)  # who brought it in: they look after it until somebody leads it
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="projects_typed_account", fields=["account_id"]),
            models.Index(name="projects_typed_batch", fields=["batch"]),
        ]
        constraints = [models.UniqueConstraint(name="projects_typed_once", fields=["register_id", "mark"])]

    def __str__(self) -> str:
        return f"what a register says of {self.project_id}"


class TypedCycle(models.Model):
    """What a register says of one test of change. left is the test's version when the file was stored: later ones are somebody's work."""

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=300)
    said = models.JSONField()
    before = models.JSONField(null=True)
    left = models.PositiveIntegerField(default=1)
    batch = models.UUIDField(null=True)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="projects_typedcycle_account", fields=["account_id"]),
            models.Index(name="projects_typedcycle_batch", fields=["batch"]),
        ]
        constraints = [models.UniqueConstraint(name="projects_typedcycle_once", fields=["project", "mark"])]

    def __str__(self) -> str:
        return f"what a register says of test {self.cycle_id}"
