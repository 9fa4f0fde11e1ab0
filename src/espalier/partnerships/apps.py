from __future__ import annotations

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "espalier.partnerships"
    label = "partnerships"
