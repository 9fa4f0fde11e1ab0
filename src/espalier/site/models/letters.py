"""If and when somebody wants to be written to."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

RHYTHMS = ("at-once", "daily", "weekly", "never")
QUIET_FROM, QUIET_UNTIL, WEEKEND = time(18), time(8), (5, 6)


def weekend() -> list[int]:
    """Return the days without letters where nobody has chosen any: Saturday and Sunday, counted from Monday as 0."""
    return list(WEEKEND)


class LetterChoice(models.Model):
    """How often one person hears of what is due, and the hours and days on which nothing comes.

    looked_on and told keep a letter from being written twice: until which day it was looked whether there is anything
    to say, and of which things somebody was told at once. Both change in the transaction that writes the letter.
    """

    account_id = models.BigIntegerField(unique=True)
    how_often = models.CharField(max_length=10, default="never")
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    quiet_days = ArrayField(models.SmallIntegerField(), default=weekend)
    looked_on = models.DateField(null=True)
    told = ArrayField(models.CharField(max_length=16), default=list)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="site_letterchoice_how_often", condition=Q(how_often__in=RHYTHMS))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.how_often}"
