"""How people come in: invitations in words, and people who ask an organisation to take them in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from espalier.organisations.models.people import Person
from espalier.organisations.models.tree import Unit

ADOPTED, DECLINED, WITHDRAWN = "adopted", "declined", "withdrawn"


class Invitation(models.Model):
    """A few words that give a role at one unit to whoever brings them; the words are not stored, only a keyed hash is."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    owner_id = models.IntegerField(null=True, editable=False)  # set by the database from the unit
    role = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    starts_with = models.CharField(max_length=20)  # its first word, so that a person finds the right one to stop
    note = models.CharField(max_length=80, blank=True)
    uses_allowed = models.SmallIntegerField()
    uses = models.SmallIntegerField(default=0)
    made_by_id = models.BigIntegerField(null=True)  # an account's number
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisations_invitation_uses", condition=Q(uses__gte=0) & Q(uses__lte=F("uses_allowed"))),
            models.CheckConstraint(name="organisations_invitation_ends", condition=Q(expires_at__gt=F("made_at"))),
        ]
        indexes = [models.Index(name="organisations_invitation_unit", fields=["unit", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.starts_with} … for {self.role} at {self.unit_id}"


class JoinRequest(models.Model):
    """Somebody who joined by themselves asks an organisation to take them in.

    Their person is not seen by that organisation yet, so what it may know of them stands here: what they sent.
    """

    account_id = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    owner_id = models.IntegerField(null=True, editable=False)  # set by the database from the unit
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    message = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="organisations_joinrequest_once", fields=["account_id", "unit"], condition=Q(answer="")),
        ]
        indexes = [models.Index(name="organisations_joinrequest_open", fields=["unit"], condition=Q(answer=""))]

    def __str__(self) -> str:
        return f"{self.name} asks {self.unit_id}"
