"""What was changed in the records of people and their posts, so that it can be read and taken back."""

from __future__ import annotations

import uuid

from django.db import models

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


class StaffChange(models.Model):
    """One row of a person or a post before and after one change; only ever added.

    Without post_id it is about the person. number is the version the row has since: taking back asks whether it still
    has it. No foreign keys: what happened outlives what it speaks of. A change that takes another back names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_id = models.IntegerField()  # the organisation in whose name it was changed
    person_id = models.BigIntegerField()
    post_id = models.BigIntegerField(null=True)
    number = models.IntegerField()
    did = models.CharField(max_length=10, choices=[(ADDED, "added"), (CHANGED, "changed"), (REMOVED, "removed")])
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    batch = models.UUIDField()  # what was done in one go is taken back in one go
    undoes = models.UUIDField(null=True)  # the batch that this one takes back
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["batch"], name="organisations_staffchange_bat"),
            models.Index(fields=["undoes"], name="organisations_staffchange_und", condition=models.Q(undoes__isnull=False)),
            models.Index(fields=["person_id", "at"], name="organisations_staffchange_who"),
        ]

    def __str__(self) -> str:
        return f"{self.did} {self.post_id or self.person_id}"
