"""Programmes: many teams with one aim, the same measures and the same months."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from espalier.projects.models.measuring import KINDS
from espalier.projects.models.projects import Project

OPEN_TO = ("organisation", "everybody")
STATES = ("draft", "submitted", "answered", "completed")


class Programme(models.Model):
    """Work that many teams do together. owner_id is the organisation of the unit, set by the database.

    Whoever leads it (and the second person, for holidays) reads the projects of its teams: a team is told so when it joins.
    """

    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    owner_id = models.IntegerField(null=True)
    title = models.CharField(max_length=200)
    aim_what = models.CharField(max_length=300, blank=True, default="")
    aim_from = models.FloatField(null=True)
    aim_to = models.FloatField(null=True)
    aim_unit = models.CharField(max_length=60, blank=True, default="")
    aim_by = models.DateField(null=True)
    aim_for = models.CharField(max_length=200, blank=True, default="")
    open_to = models.CharField(max_length=12, default="organisation")
    rhythm = models.CharField(max_length=10, default="month")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    lead_id = models.BigIntegerField(null=True)
    second_id = models.BigIntegerField(null=True)
    begun_by_id = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(name="projects_programme_owner", fields=["owner_id"])]
        constraints = [
            models.CheckConstraint(name="projects_programme_open_to", condition=Q(open_to__in=OPEN_TO)),
            models.CheckConstraint(name="projects_programme_rhythm", condition=Q(rhythm="month")),
            models.CheckConstraint(
                name="projects_programme_half_open", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"programme {self.pk}"


class ProgrammeMeasure(models.Model):
    """A measure that all teams of a programme keep, by code, as measures knows it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    measure_code = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, default="outcome")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="projects_programmemeasure_kind", condition=Q(kind__in=KINDS)),
            models.UniqueConstraint(name="projects_programmemeasure_once", fields=["programme", "measure_code"]),
        ]

    def __str__(self) -> str:
        return f"{self.measure_code} of programme {self.programme_id}"


class Session(models.Model):
    """A day on which the teams learn from one another. One that is called off stays, so that calendars hear of it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    on = models.DateField()
    starts = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    place = models.CharField(max_length=200, blank=True, default="")
    words = models.TextField(blank=True, default="")
    called_off_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="projects_session_programme", fields=["programme", "on"])]

    def __str__(self) -> str:
        return f"session {self.pk}"


class ProgrammeTeam(models.Model):
    """A project in a programme, from one day until another."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_programmeteam_of", fields=["programme"])]
        constraints = [
            models.CheckConstraint(name="projects_programmeteam_half_open", condition=Q(until__isnull=True) | Q(until__gte=F("since"))),
            models.UniqueConstraint(name="projects_programmeteam_once", fields=["project"], condition=Q(until__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"project {self.project_id} in programme {self.programme_id}"


class Submission(models.Model):
    """What a team sends at the end of a month. While it is a draft nobody outside the team reads it; one for a project and month."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    period_on = models.DateField()
    state = models.CharField(max_length=10, default="draft")
    tried = models.TextField(blank=True, default="")
    learned = models.TextField(blank=True, default="")
    need = models.TextField(blank=True, default="")
    said = models.FloatField(null=True)  # the team's own score of progress, 0.5 to 5
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by_id = models.BigIntegerField(null=True)
    pulled_back_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True, default="")
    replied_at = models.DateTimeField(null=True)
    replied_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_submission_month", fields=["programme", "period_on"])]
        constraints = [
            models.CheckConstraint(name="projects_submission_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="projects_submission_said", condition=Q(said__isnull=True) | Q(said__gte=0.5, said__lte=5)),
            models.UniqueConstraint(name="projects_submission_once", fields=["project", "period_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.period_on:%Y-%m} of project {self.project_id}"
