"""What happened, and the chain that seals it: rows that are only ever added."""

from __future__ import annotations

import uuid

from django.db import models


class Event(models.Model):
    """Who did what to which object, when, from where. No foreign keys: an event outlives what it speaks of.

    The key is made in Python: the app role may insert but a table that only grows needs no number from a sequence.
    No field has a default of the database's own: such an insert would have to read its row back, and who adds an event
    may not always read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)  # NULL: the system itself, or a visitor
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)
    owner_id = models.IntegerField(null=True)  # the organisation it concerns; NULL: none in particular
    about_id = models.BigIntegerField(null=True)  # the person whose record was shown
    way = models.CharField(max_length=20, default="")  # page, program, job, command; '' in events of before
    place = models.CharField(max_length=120, default="")  # the page's route, the job's or the command's name

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "at"], name="audit_event_object"),
            models.Index(fields=["at"], name="audit_event_at"),
            models.Index(fields=["owner_id", "at"], name="audit_event_owner"),
            models.Index(fields=["account_id", "at"], name="audit_event_account"),
            models.Index(fields=["about_id", "at"], name="audit_event_about", condition=models.Q(about_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_kind} {self.object_id}"


class Waiting(models.Model):
    """An event that is not sealed yet. The database adds it with the event; the sealer takes it away.

    It is a list of work and no proof: who empties it hides nothing, because verifying looks for events without a seal.
    """

    event_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.event_id)


class Seal(models.Model):
    """One link of the chain: the hash of an event, of its place in the order, and of the link before."""

    sequence = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)  # of the event; '' when it was gone before it could be sealed
    chain = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sequence} {self.chain[:12]}"


class Address(models.Model):
    """The network address of a refusal or a failed sign-in, for 30 days: to find who tries doors, not to follow people.

    It is personal data, so it stands outside the sealed event: it can be removed without breaking the chain.
    """

    event_id = models.UUIDField(primary_key=True)
    owner_id = models.IntegerField(null=True)
    address = models.GenericIPAddressField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="audit_address_until")]

    def __str__(self) -> str:
        return f"{self.event_id} until {self.until:%Y-%m-%d}"
