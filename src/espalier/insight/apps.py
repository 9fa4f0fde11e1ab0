from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "espalier.insight"
    label = "insight"
