"""Where the next page of a long list begins: a mark that a caller hands back unread."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import TYPE_CHECKING

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MARK = 8  # characters of the question's own mark


class UnableToContinue(UnableTo):
    """The mark is not one of ours, or it belongs to another question."""

    code = "cursor"

    def __init__(self) -> None:
        super().__init__(
            "This cursor does not belong to this question.",
            where="query, cursor",
            to_do="Take it from `next` of the page before, and ask the same question again.",
        )


def mark_of(question: Mapping[str, object]) -> str:
    """Name a question briefly, so that the cursor of one list is not used to walk through another."""
    words = json.dumps({key: str(value) for key, value in question.items() if value not in {None, ""}}, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:MARK]


def cursor_of(question: Mapping[str, object], last: Sequence[object]) -> str:
    """Make the mark after the last row shown. It names the row and not a number of rows, so new rows shift nothing.

    >>> after(cursor_of({"q": "leeds"}, ["RR8"]), {"q": "leeds"}, 1)
    ['RR8']
    """
    return base64.urlsafe_b64encode(json.dumps([mark_of(question), *last]).encode()).decode().rstrip("=")


def after(cursor: str | None, question: Mapping[str, object], parts: int) -> list[str] | None:
    """Read a mark back as text parts; None where there is none."""
    if not cursor:
        return None
    try:
        read = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise UnableToContinue from None
    if not isinstance(read, list) or len(read) != parts + 1 or read[0] != mark_of(question):
        raise UnableToContinue
    return [str(part)[:80].replace("\0", "") for part in read[1:]]
