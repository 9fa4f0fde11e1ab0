"""The configuration room as a Django app: it joins the rooms when Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Fill every registry, in one place."""

    name = "espalier.config"
    label = "config"

    def ready(self) -> None:
        """Join the rooms. No other app has such a method, so what is joined can be read in one file."""
        from espalier.config import wiring

        wiring.join()
