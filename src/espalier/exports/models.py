"""Backups that were made, so that those who answer for the installation see when the last one was."""

from __future__ import annotations

import uuid

from django.db import models


class Backup(models.Model):
    """One backup: when, how much and how long it took; where it lies is nobody's business here. Written by the command."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    rows = models.BigIntegerField()
    size = models.BigIntegerField()
    seconds = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
