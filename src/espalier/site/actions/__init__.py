"""What people of these pages change, each with its event."""

from espalier.site.actions.audit import UnableToProve, verify_log
from espalier.site.actions.drafts import UnableToKeep, forget_old_drafts, keep_draft, sent_draft, throw_draft
from espalier.site.actions.letters import choose_letters, stop_letters, write_again, write_letters
from espalier.site.actions.retention import clear_what_is_due
from espalier.site.actions.rights import (
    UnableToErase,
    ask_for_copy,
    carry_out_erasure,
    choose,
    confirm_erasure,
    copy_content,
    fetch_copy,
    look_at_erasure,
    take_back_erasure,
)
from espalier.site.actions.tokens import make_token, stop_token

__all__ = [
    "UnableToErase",
    "UnableToKeep",
    "UnableToProve",
    "ask_for_copy",
    "carry_out_erasure",
    "choose",
    "choose_letters",
    "clear_what_is_due",
    "confirm_erasure",
    "copy_content",
    "fetch_copy",
    "forget_old_drafts",
    "keep_draft",
    "look_at_erasure",
    "make_token",
    "sent_draft",
    "stop_letters",
    "stop_token",
    "take_back_erasure",
    "throw_draft",
    "verify_log",
    "write_again",
    "write_letters",
]
