"""Connections of staff systems: by one, an organisation's own system tells us who joins, moves and leaves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from espalier.access.models.accounts import Account


class Connection(models.Model):
    """A staff system that may tell us of the people of one organisation, and of nobody else.

    It acts as an account of its own, to which nobody can sign in: who made it may leave, and it goes on. Of its token only
    the SHA-256 is stored, as of every token.
    """

    owner_id = models.IntegerField()  # the organisation
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    made_by_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="access_connection_digest_is_whole", condition=Q(digest__regex=r"^[0-9a-f]{64}$"))]
        indexes = [models.Index(name="access_connection_owner", fields=["owner_id"])]

    def __str__(self) -> str:
        return self.name
