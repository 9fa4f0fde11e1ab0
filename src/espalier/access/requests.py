"""What a view is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer


class Asked(HttpRequest):
    """A request that has passed the door: it knows who is looking, and when it came."""

    viewer: Viewer
    at: datetime
    read_at: frozenset[int]  # the organisations that are read under emergency access
    # Set by the interface for programs only: what the token may do (None without one), and its first characters.
    scopes: frozenset[str] | None
    token_prefix: str
