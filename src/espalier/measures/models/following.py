"""What one person keeps: views saved, places looked at, what is followed, and the letters that were sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

HOW_OFTEN = ("daily", "weekly", "monthly")
LETTER_STATES = ("writing", "sent", "refused", "unsure")


class SavedView(models.Model):
    """A page of many charts as somebody set it up, under a name of their own.

    It holds an address and no figure: whoever opens it sees what they may see, and nothing else. unit is the team or
    organisation it is shared with; NULL keeps it to the person. A removed one can be put back.
    """

    account_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    measure = models.ForeignKey("measures.Measure", on_delete=models.CASCADE, related_name="+")
    place = models.ForeignKey("organisations.Unit", on_delete=models.CASCADE, related_name="+")
    choices = models.JSONField(default=dict)  # what else stands in the address: order, signal, region …
    unit = models.ForeignKey("organisations.Unit", null=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account_id"], name="measures_savedview_whose")]

    def __str__(self) -> str:
        return self.name


class LastLook(models.Model):
    """Until when a person has seen what changed at a unit."""

    account_id = models.BigIntegerField()
    unit = models.ForeignKey("organisations.Unit", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="measures_lastlook_once", fields=["account_id", "unit"])]

    def __str__(self) -> str:
        return f"{self.account_id} at {self.unit_id}"


class Follow(models.Model):
    """A person wants to hear of a unit, or of one measure there."""

    account_id = models.BigIntegerField()
    unit = models.ForeignKey("organisations.Unit", on_delete=models.CASCADE, related_name="+")
    measure = models.ForeignKey("measures.Measure", null=True, on_delete=models.CASCADE, related_name="+")
    below = models.BooleanField(default=False)  # everything inside the unit too: following a page of many charts
    how_often = models.CharField(max_length=10)
    since_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="measures_follow_once", fields=["account_id", "unit", "measure", "below"], nulls_distinct=False),
            models.CheckConstraint(name="measures_follow_how_often", condition=Q(how_often__in=HOW_OFTEN)),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} follows {self.unit_id}"


class Digest(models.Model):
    """A letter: one for each person, rhythm and day, week or month, however often the job runs.

    It is written here before it is handed to the mail server. One whose fate is not known stays "writing", or is
    "unsure", and is never sent again by itself: two letters are worse than one that is missing, and the page says so.
    """

    account_id = models.BigIntegerField()
    how_often = models.CharField(max_length=10)
    period = models.CharField(max_length=40)  # 2026-11-23, 2026-W48 or 2026-11; at once: a mark of what it tells
    sent_at = models.DateTimeField()
    signals = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    due = models.PositiveIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=10, default="sent", db_default="sent")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="measures_digest_once", fields=["account_id", "how_often", "period"]),
            models.CheckConstraint(name="measures_digest_state", condition=Q(state__in=LETTER_STATES)),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.period}"
