from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "espalier.access"
    label = "access"
