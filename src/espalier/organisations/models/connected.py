"""What staff systems told us: one row for each user and group, with what was said of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from espalier.organisations.models.people import Person
from espalier.organisations.models.tree import Unit


class Connected(models.Model):
    """A user or a group of one organisation's staff system, as it was sent; what follows from it stands in people's posts and roles.

    Two organisations may send the same human being: each has a row of its own with its own number, and neither can tell
    that there is another. A row that was removed stays, so that the same person who comes back is known again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner_id = models.IntegerField()  # the organisation
    kind = models.CharField(max_length=10, choices=[("User", "user"), ("Group", "group")])
    key = models.CharField(max_length=1000)  # the name to sign in with, or the group's, in small letters
    external_id = models.CharField(max_length=1000, blank=True, default="")
    document = models.JSONField()
    version = models.IntegerField(default=1)
    is_active = models.BooleanField(default=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    post_id = models.BigIntegerField(null=True)  # the assignment that follows from it
    role = models.CharField(max_length=40, blank=True, default="")  # of a group: what it stands for, and where
    unit = models.ForeignKey(Unit, null=True, on_delete=models.SET_NULL, related_name="+")
    mapped_by_id = models.BigIntegerField(null=True)  # who said so on the page; NULL: the group's name says it
    said = models.CharField(max_length=200, blank=True, default="")  # what we could not make out, in words
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="organisations_connected_user_once", fields=["owner_id", "key"], condition=Q(kind="User", removed_at=None)
            ),
        ]
        indexes = [
            models.Index(name="organisations_connected_list", fields=["owner_id", "kind", "made_at", "id"]),
            models.Index(name="organisations_connected_ext", fields=["owner_id", "external_id"]),
            models.Index(name="organisations_connected_new", fields=["owner_id", "-changed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
