"""From facts to the words of these pages."""

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
    "by_gap",
    "colleague",
    "contains",
    "held",
    "late",
    "latest",
    "publishers",
    "retention_rows",
    "shared_how",
    "token_does",
    "token_ended",
    "token_used",
    "token_where",
    "trusts_first",
    "what_it_is",
    "would_see",
]
