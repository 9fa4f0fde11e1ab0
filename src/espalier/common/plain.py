"""Things made plain enough for JSON."""

from __future__ import annotations

from datetime import date
from typing import Any


def days_as_text(thing: Any) -> Any:
    """Return a nest of mappings and lists with every day and moment as ISO text, and every tuple as a list.

    >>> days_as_text({"on": date(2025, 4, 1), "each": (1, "two")})
    {'on': '2025-04-01', 'each': [1, 'two']}
    """
    if isinstance(thing, dict):
        return {key: days_as_text(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [days_as_text(value) for value in thing]
    return thing.isoformat() if isinstance(thing, date) else thing
