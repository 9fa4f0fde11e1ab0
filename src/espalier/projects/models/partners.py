"""Patients, carers and members of the public in a project: what they are asked, what they are paid, what changed because of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from espalier.projects.models.projects import Project

CLAIM_KINDS = ("expenses", "payment")
CLAIM_STATES = ("offered", "claimed", "agreed", "paid", "declined", "withdrawn")
VIEWS = ("yes", "no", "unsure")


class PartnerRole(models.Model):
    """What a partner is asked in one project, and what they get for it. Seen by the partner and the project's team alone.

    When they stop, stopped_at says when. There is no field for a reason: nobody has to give one.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    asked = models.CharField(max_length=500, blank=True, default="")
    asked_by_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=120, blank=True, default="")  # by name: who is no colleague cannot look it up
    takes = models.CharField(max_length=100, blank=True, default="")  # 10 minutes; 2 hours a month
    formats = models.JSONField(default=list)  # codes of rules.partners.FORMATS
    next_what = models.CharField(max_length=200, blank=True, default="")
    next_on = models.DateField(null=True)
    ring_name = models.CharField(max_length=100, blank=True, default="")  # of the organisation, for its work
    ring_phone = models.CharField(max_length=40, blank=True, default="")
    expenses = models.CharField(max_length=200, blank=True, default="")
    payment = models.CharField(max_length=200, blank=True, default="")
    stopped_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="projects_partnerrole_once", fields=["project", "account_id"])]
        indexes = [models.Index(name="projects_partnerrole_who", fields=["account_id"])]

    def __str__(self) -> str:
        return f"partner in {self.project_id}"


class Claim(models.Model):
    """Money a partner gets back or is paid. Seen by them and by who leads or coaches the project: nobody else of the team."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    pence = models.PositiveIntegerField()
    on_day = models.DateField()
    words = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=10, default="claimed")
    reason = models.CharField(max_length=300, blank=True, default="")  # why it was declined
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_claim_who", fields=["account_id"])]
        constraints = [
            models.CheckConstraint(name="projects_claim_kind", condition=Q(kind__in=CLAIM_KINDS)),
            models.CheckConstraint(name="projects_claim_state", condition=Q(state__in=CLAIM_STATES)),
            models.CheckConstraint(name="projects_claim_pence", condition=Q(pence__gt=0, pence__lte=1_000_000)),
            models.CheckConstraint(name="projects_claim_reason", condition=~Q(state="declined") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class BecauseOf(models.Model):
    """What changed because of a partner's part. Seen by whoever reads the project: it is thanks, and it is evidence."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    words = models.CharField(max_length=300)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_becauseof_who", fields=["account_id"])]

    def __str__(self) -> str:
        return f"because of a partner, {self.project_id}"


class PatientView(models.Model):
    """A partner's own answer to "Would a patient choose this measure?"."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    says = models.CharField(max_length=6)
    words = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="projects_patientview_says", condition=Q(says__in=VIEWS)),
            models.UniqueConstraint(name="projects_patientview_once", fields=["project", "account_id"]),
        ]
        indexes = [models.Index(name="projects_patientview_who", fields=["account_id"])]

    def __str__(self) -> str:
        return f"{self.says} for {self.project_id}"
