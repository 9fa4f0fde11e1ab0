"""Learning reviews: what happened and what we learn from it; never whose fault it was."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

STATES = ("open", "closed")
OPEN_TO = ("team", "organisation")


class Review(models.Model):
    """One look back at something that happened, written by several, each section by itself.

    sections holds, by key, the words, what stood there before, and a version of its own: two people who write in two
    sections are never in each other's way, and one press brings the words before back. owner_id is the organisation of the
    place, set by the database.
    """

    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    owner_id = models.IntegerField(null=True)
    title = models.CharField(max_length=200)
    happened_on = models.DateField(null=True)
    sections = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="open")
    open_to = models.CharField(max_length=12, default="team")
    begun_at = models.DateTimeField()
    begun_by_id = models.BigIntegerField(null=True)
    begun_in = models.BigIntegerField(null=True)  # as for projects: the transaction it was begun in
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="projects_review_owner", fields=["owner_id", "changed_at"]),
            models.Index(name="projects_review_unit", fields=["unit"]),
            models.Index(name="projects_review_begun", fields=["begun_by_id"]),
        ]
        constraints = [
            models.CheckConstraint(name="projects_review_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="projects_review_open_to", condition=Q(open_to__in=OPEN_TO)),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"
