"""Coaches: who has time for how many projects, who asks for one, and what stays between coach and team."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from espalier.projects.models.projects import Project

ASKED = ("asked", "offered", "agreed", "withdrawn")


class Coach(models.Model):
    """Somebody who coaches, and how many projects at once. owner_id is the organisation of the unit, set by the database.

    Actions keep one line for each organisation; two come to stand in one when a place moves there, and the move is not refused for it.
    """

    account_id = models.BigIntegerField()
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    owner_id = models.IntegerField(null=True)
    capacity = models.PositiveSmallIntegerField(default=2)
    helps_with = models.CharField(max_length=300, blank=True, default="")
    trained_on = models.DateField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_coach_account", fields=["account_id"])]
        constraints = [
            models.CheckConstraint(name="projects_coach_half_open", condition=Q(until__isnull=True) | Q(until__gte=F("since"))),
            models.UniqueConstraint(name="projects_coach_once", fields=["account_id", "unit"], condition=Q(until__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"coach {self.pk}"


class CoachNote(models.Model):
    """What coach and team tell one another. Nobody outside the project reads it, whoever the project is open to."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    words = models.TextField()
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_coachnote_project", fields=["project", "at"])]

    def __str__(self) -> str:
        return f"note {self.pk}"


class CoachRequest(models.Model):
    """A project that asks for a coach; who keeps the list reads its title here even while the project is open to its team only.

    offered: somebody who keeps the list proposes a coach; agreed: the team's leader took them in.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    owner_id = models.IntegerField(null=True)
    title = models.CharField(max_length=200)
    words = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, default="asked")
    asked_by_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    coach_account_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=300, blank=True, default="")
    offered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_coachrequest_owner", fields=["owner_id", "state"])]
        constraints = [
            models.CheckConstraint(name="projects_coachrequest_state", condition=Q(state__in=ASKED)),
            models.UniqueConstraint(name="projects_coachrequest_once", fields=["project"], condition=Q(state__in=("asked", "offered"))),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"
