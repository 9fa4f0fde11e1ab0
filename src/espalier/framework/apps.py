from __future__ import annotations

from django.apps import AppConfig


class FrameworkConfig(AppConfig):
    """The room that shows the framework."""

    name = "espalier.framework"
    label = "framework"
