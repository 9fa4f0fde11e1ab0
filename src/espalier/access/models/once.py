"""Forms that were sent: each counts once."""

from __future__ import annotations

from django.db import models


class Sent(models.Model):
    """One sending of one form by one account, with what was answered.

    The answer is kept so that a second sending of the same gets the same. It may hold something that is shown once (a
    token's secret), so it is locked with a key made of the form's own number, of which only the hash is here: what
    stands in this table can be read by the browser that sent the form, and by nobody else.
    """

    account_id = models.BigIntegerField()
    mark = models.CharField(max_length=64)  # hash of the form's number, its address and all that was typed
    answer = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="access_sent_once", fields=["account_id", "mark"])]
        indexes = [models.Index(name="access_sent_at", fields=["account_id", "at"])]

    def __str__(self) -> str:
        return self.mark[:8]
