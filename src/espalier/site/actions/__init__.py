"""What people of these pages change, each with its event."""

from espalier.site.actions.tokens import (
    make_token,
    stop_token,
)

__all__ = [
    "make_token",
    "stop_token",
]
