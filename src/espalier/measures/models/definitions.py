"""Versions of a definition, and who uses it."""

from __future__ import annotations

import uuid

from django.db import models

from espalier.measures.models.figures import Measure


class MeasureVersion(models.Model):
    """What a definition said from a moment on, who wrote it and why. Only ever added to; the database refuses anything else.

    The key is made when the form is opened, so that a form sent twice makes one version.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    definition = models.JSONField()
    # False where what is counted, or out of what, changed: figures before and after may not compare.
    comparable = models.BooleanField(default=True)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(name="measures_measureversion_once", fields=["measure", "number"])]

    def __str__(self) -> str:
        return f"{self.measure_id} version {self.number}"


class MeasureUse(models.Model):
    """A unit that has said it uses a measure, so that the measure is found there before its first figure."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="measures_measureuse_once", fields=["measure", "unit"])]

    def __str__(self) -> str:
        return f"{self.measure_id} at {self.unit_id}"
