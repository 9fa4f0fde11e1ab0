"""What somebody is typing, kept until it is sent."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """The words in one long form, of one account, at one address: nobody else's to read, and gone after 30 days.

    fields is NULL once the form was sent: the row then only tells a device that its own copy is no longer needed.
    """

    account_id = models.BigIntegerField()
    place = models.CharField(max_length=400)  # the form's address and its own name
    title = models.CharField(max_length=200, blank=True, default="")
    fields = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="site_draft_once", fields=["account_id", "place"])]
        indexes = [models.Index(name="site_draft_at", fields=["at"])]

    def __str__(self) -> str:
        return self.title
