"""What people of these pages change, each with its event."""

from espalier.site.actions.drafts import UnableToKeep, forget_old_drafts, keep_draft, sent_draft, throw_draft
from espalier.site.actions.tokens import (
    make_token,
    stop_token,
)

__all__ = [
    "UnableToKeep",
    "forget_old_drafts",
    "keep_draft",
    "make_token",
    "sent_draft",
    "stop_token",
    "throw_draft",
]
