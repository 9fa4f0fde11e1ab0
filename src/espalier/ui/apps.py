from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The room of everything pages are made of."""

    name = "espalier.ui"
    label = "ui"
