"""Ideas: one sentence each, noted in seconds, and what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from espalier.projects.models.projects import Project

STATES = ("new", "trying", "project", "done", "not-now")


class Idea(models.Model):
    """What would make tomorrow better, in the words of who had it. Private until they share it with their team.

    The number is made where it is typed, so that a phone may send it as often as it likes and it is stored once. edition
    counts the wordings: of two that arrive in the wrong order the later one stays. removed_at rather than a deletion: what
    was taken back must not come again from a phone that was off-line.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    account_id = models.BigIntegerField()
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+", null=True)  # none: of nobody's team yet
    owner_id = models.IntegerField(null=True)  # the unit's organisation, set by the database
    words = models.CharField(max_length=1000)
    edition = models.PositiveIntegerField(default=1)
    shared_with_team = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="new")
    reason = models.CharField(max_length=500, blank=True, default="")
    answered_by_id = models.BigIntegerField(null=True)  # who last said what becomes of it
    answered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # when who had it read the answer of somebody else
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField()  # when it was typed; never in the future
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="projects_idea_account", fields=["account_id", "-made_at"]),
            models.Index(name="projects_idea_shared", fields=["owner_id", "-made_at"], condition=Q(shared_with_team=True)),
        ]
        constraints = [
            models.CheckConstraint(name="projects_idea_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="projects_idea_words", condition=~Q(words="")),
            models.CheckConstraint(name="projects_idea_made", condition=Q(made_at__lte=models.F("received_at"))),
            models.CheckConstraint(name="projects_idea_place", condition=Q(shared_with_team=False) | Q(unit__isnull=False)),
            models.CheckConstraint(name="projects_idea_project", condition=~Q(state="project") | Q(project__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"idea {self.pk}"
