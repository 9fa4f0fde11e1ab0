"""What was changed in a project, so that it can be seen and taken back."""

from __future__ import annotations

import uuid

from django.db import models


class Edit(models.Model):
    """One change of one thing in a project, as it stood before and after. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)  # project, member, node, cycle …
    object_id = models.BigIntegerField()
    what = models.CharField(max_length=20)  # add, change, remove, undo
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="projects_edit_project", fields=["project_id", "at"])]

    def __str__(self) -> str:
        return f"{self.what} {self.kind} {self.object_id}"
