"""What a team keeps for itself: what gets in the way of a good day, what was promised to it, and thanks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

HINDRANCE_STATES = ("open", "working", "better", "not-now")
PROMISE_STATES = ("open", "kept", "not-kept")


class OfATeam(models.Model):
    """What all three have: only the people of the place read it, nothing is deleted, and one press takes the last change back.

    was holds the fields as they stood before the last change. edition counts the changes, so that two people who change
    the same thing at once are told of each other. owner_id is the organisation of the place, set by the database.
    """

    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    owner_id = models.IntegerField(null=True)
    words = models.CharField(max_length=300)
    said_by_id = models.BigIntegerField(null=True)
    said_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    edition = models.PositiveIntegerField(default=1)
    was = models.JSONField(null=True)
    removed_at = models.DateTimeField(null=True)  # put away: kept, and shown no longer

    class Meta:
        abstract = True


class Hindrance(OfATeam):
    """Something that gets in the way of a good day. Who said it stands on no page.

    It goes on in a project or an idea by number: those have their own guards, and may go without asking this one.
    """

    state = models.CharField(max_length=8, default="open")
    reason = models.CharField(max_length=300, blank=True, default="")  # what became of it, or why not now
    worked_on_by_id = models.BigIntegerField(null=True)
    project_id = models.BigIntegerField(null=True)
    idea_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(name="projects_hindrance_unit", fields=["unit", "-changed_at"]),
            models.Index(name="projects_hindrance_said", fields=["said_by_id"]),
            models.Index(name="projects_hindrance_worked", fields=["worked_on_by_id"], condition=Q(worked_on_by_id__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="projects_hindrance_state", condition=Q(state__in=HINDRANCE_STATES)),
            models.CheckConstraint(name="projects_hindrance_words", condition=~Q(words="")),
            models.CheckConstraint(name="projects_hindrance_reason", condition=~Q(state="not-now") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"hindrance {self.pk}"


class Promise(OfATeam):
    """What somebody said to the team that they would do, by when, and what became of it."""

    by_on = models.DateField()
    state = models.CharField(max_length=8, default="open")
    became = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(name="projects_promise_unit", fields=["unit", "-changed_at"]),
            models.Index(name="projects_promise_said", fields=["said_by_id"]),
        ]
        constraints = [
            models.CheckConstraint(name="projects_promise_state", condition=Q(state__in=PROMISE_STATES)),
            models.CheckConstraint(name="projects_promise_words", condition=~Q(words="")),
            models.CheckConstraint(name="projects_promise_became", condition=~Q(state="not-kept") | ~Q(became="")),
        ]

    def __str__(self) -> str:
        return f"promise {self.pk}"


class Thanks(OfATeam):
    """A thank-you note, to one person or to the whole team. Nobody counts them, and nobody presses "like"."""

    for_id = models.BigIntegerField(null=True)  # none: the whole team

    class Meta:
        indexes = [
            models.Index(name="projects_thanks_unit", fields=["unit", "-said_at"]),
            models.Index(name="projects_thanks_for", fields=["for_id"], condition=Q(for_id__isnull=False)),
            models.Index(name="projects_thanks_said", fields=["said_by_id"]),
        ]
        constraints = [
            models.CheckConstraint(name="projects_thanks_words", condition=~Q(words="")),
            models.CheckConstraint(name="projects_thanks_other", condition=Q(for_id__isnull=True) | ~Q(for_id=models.F("said_by_id"))),
        ]

    def __str__(self) -> str:
        return f"thanks {self.pk}"
