"""A believable England, built by calling actions."""

from __future__ import annotations

from collections.abc import Callable


def load(*, only_if_empty: bool, say: Callable[[str], None]) -> int:
    """Load the demonstration."""
    say(f"Nothing to load yet ({only_if_empty=}).")
    return 0
