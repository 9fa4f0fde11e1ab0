"""What low rooms need from high ones, joined in one place."""

from __future__ import annotations

from espalier.access import registry as access_registry
from espalier.organisations import queries as organisations


def join() -> None:
    """Fill every registry. A test finds one that stayed empty."""
    access_registry.fill(organisations.viewer_for)
