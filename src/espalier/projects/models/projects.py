"""Projects, the places they are about and the people in them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

STATES = ("planning", "active", "sustaining", "finished", "stopped")
OPEN_TO = ("team", "organisation", "everybody")
ROLES = ("leader", "member", "partner", "coach", "sponsor")


class Project(models.Model):
    """Improvement work with an aim, a team and measures.

    owner_id is the organisation of the unit, set by the database. open_to says who may read it: its team, its
    organisation, or everybody. Whoever reads it reads all of it but what belongs to its team alone.
    supports is what the record supports (0.5 to 5), kept here so that a portfolio of thousands need not work it out.
    """

    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    owner_id = models.IntegerField(null=True)
    title = models.CharField(max_length=200)
    aim_what = models.CharField(max_length=300, blank=True, default="")
    aim_from = models.FloatField(null=True)
    aim_to = models.FloatField(null=True)
    aim_unit = models.CharField(max_length=60, blank=True, default="")  # falls a month
    aim_by = models.DateField(null=True)
    aim_for = models.CharField(max_length=200, blank=True, default="")
    patient_would = models.CharField(max_length=500, blank=True, default="")  # would a patient choose this measure?
    state = models.CharField(max_length=12, default="planning")
    why_stopped = models.CharField(max_length=300, blank=True, default="")
    method = models.CharField(max_length=40, default="model-for-improvement")
    open_to = models.CharField(max_length=12, default="team")
    programme_id = models.BigIntegerField(null=True)
    supports = models.FloatField(default=0.5)
    weighed = models.JSONField(null=True)  # the facts that rests on (rules/evidence.py Facts)
    main_code = models.CharField(max_length=60, blank=True, default="", db_default="")  # its first main measure, kept by the database
    better = models.BooleanField(default=False, db_default=False)  # what weighed says of that, kept by the database
    said = models.FloatField(null=True)  # what the team says
    said_why = models.CharField(max_length=300, blank=True, default="")
    said_at = models.DateTimeField(null=True)
    came_from = models.CharField(max_length=60, blank=True, default="")  # an import; "" where it was begun here
    begun_at = models.DateTimeField()
    begun_by_id = models.BigIntegerField(null=True)
    begun_in = models.BigIntegerField(null=True)  # the transaction it was begun in, set by the database: its maker has no other right to it
    changed_at = models.DateTimeField()  # last time anything of it changed: a stalled project is one where this is long ago
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(name="projects_project_owner", fields=["owner_id", "state"]),
            models.Index(name="projects_project_unit", fields=["unit"]),
            models.Index(name="projects_project_changed", fields=["-changed_at", "-id"]),
            # All that the portfolio asks of a project, so that it reads 50,000 of them without their words.
            models.Index(
                name="projects_project_standing", fields=["owner_id"],
                include=["id", "unit", "open_to", "state", "changed_at", "ended_on", "better", "main_code"],
            ),
            # Whose own they are: what belongs to no organisation, such as a region's, and the few that one keeps at its top.
            models.Index(name="projects_project_its_own", fields=["owner_id"], condition=Q(owner_id=F("unit"))),
            models.Index(name="projects_project_programme", fields=["programme_id"], condition=Q(programme_id__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="projects_project_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="projects_project_open_to", condition=Q(open_to__in=OPEN_TO)),
            models.CheckConstraint(name="projects_project_supports", condition=Q(supports__gte=0.5, supports__lte=5)),
            models.CheckConstraint(name="projects_project_said", condition=Q(said__isnull=True) | Q(said__gte=0.5, said__lte=5)),
        ]

    def __str__(self) -> str:
        return f"project {self.pk}"


class Place(models.Model):
    """Another unit that a project is about."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="projects_place_once", fields=["project", "unit"])]

    def __str__(self) -> str:
        return f"{self.project_id} at {self.unit_id}"


class Member(models.Model):
    """An account in a project, from one moment until another. partner: a patient, carer or member of the public."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    role = models.CharField(max_length=10, default="member")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    added_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_member_account", fields=["account_id"])]
        constraints = [
            models.CheckConstraint(name="projects_member_role", condition=Q(role__in=ROLES)),
            models.CheckConstraint(name="projects_member_half_open", condition=Q(until__isnull=True) | Q(until__gte=F("since"))),
            models.UniqueConstraint(name="projects_member_once", fields=["project", "account_id"], condition=Q(until__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.project_id}"
