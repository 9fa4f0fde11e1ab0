from __future__ import annotations

from django.apps import AppConfig


class TalentConfig(AppConfig):
    name = "espalier.talent"
    label = "talent"
