"""What people of these pages change, each with its event."""

from espalier.site.actions.audit import UnableToProve, verify_log
from espalier.site.actions.tokens import (
    make_token,
    stop_token,
)

__all__ = [
    "UnableToProve",
    "make_token",
    "stop_token",
    "verify_log",
]
