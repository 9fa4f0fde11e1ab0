"""What people of these pages change, each with its event."""

from espalier.site.actions.letters import choose_letters, stop_letters, write_again, write_letters
from espalier.site.actions.tokens import (
    make_token,
    stop_token,
)

__all__ = [
    "choose_letters",
    "make_token",
    "stop_letters",
    "stop_token",
    "write_again",
    "write_letters",
]
