"""Emergency access: asked for with a reason, agreed to by somebody else, over in an hour."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from espalier.organisations.rules.emergencies import LASTS, LEAST, MOST

models.CharField.register_lookup(Length)


class Emergency(models.Model):
    """Somebody reads inside an organisation for an hour, for a reason, because a second person there agreed.

    What must never happen the database refuses by itself: agreeing to one's own, more than an hour, a change of what was
    asked, a removal. The past ones are the list for the quarterly review.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_id = models.IntegerField()  # the organisation
    account_id = models.BigIntegerField()  # who asks
    name = models.CharField(max_length=120)  # the name of who asks, as it was: they may be nobody's colleague there
    reason = models.CharField(max_length=MOST)
    asked_at = models.DateTimeField()
    approved_by_id = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # before its time, or refused
    ended_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisations_emergency_says_why", condition=Q(reason__length__gte=LEAST)),
            models.CheckConstraint(name="organisations_emergency_not_ones_own", condition=~Q(approved_by_id=F("account_id"))),
            models.CheckConstraint(
                name="organisations_emergency_an_hour",
                condition=Q(until__isnull=True, approved_at__isnull=True, approved_by_id__isnull=True)
                | Q(until__gt=F("approved_at"), until__lte=F("approved_at") + LASTS, approved_by_id__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["owner_id", "-asked_at"], name="organisations_emergency_owner")]

    def __str__(self) -> str:
        return f"{self.name} at {self.owner_id} since {self.asked_at:%Y-%m-%d %H:%M}"


