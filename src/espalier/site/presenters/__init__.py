"""From facts to the words of these pages."""

from espalier.site.presenters.audit import COLUMNS as AUDIT_COLUMNS
from espalier.site.presenters.audit import LOOK_COLUMNS, audit_file, audit_rows, emergency_story, found, look_rows, sealed_words, state
from espalier.site.presenters.audit import verbs as audit_verbs
from espalier.site.presenters.pages import (
    by_gap,
    colleague,
    contains,
    held,
    late,
    latest,
    publishers,
    shared_how,
    token_does,
    token_ended,
    token_used,
    token_where,
    trusts_first,
    what_it_is,
    would_see,
)
from espalier.site.presenters.rights import retention_rows

__all__ = [
    "AUDIT_COLUMNS",
    "LOOK_COLUMNS",
    "audit_file",
    "audit_rows",
    "audit_verbs",
    "by_gap",
    "colleague",
    "contains",
    "emergency_story",
    "found",
    "held",
    "late",
    "latest",
    "look_rows",
    "publishers",
    "retention_rows",
    "sealed_words",
    "shared_how",
    "state",
    "token_does",
    "token_ended",
    "token_used",
    "token_where",
    "trusts_first",
    "what_it_is",
    "would_see",
]
