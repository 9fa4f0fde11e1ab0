"""What may be said, and what about."""

from __future__ import annotations

import re

from espalier.common.errors import UnableTo

LONGEST = 4_000
_ABOUT = re.compile(r"(cycle):(\d{1,9})|(point|month):((?:19|20|21)\d\d-(?:0[1-9]|1[0-2]))")


class UnableToSay(UnableTo):
    """What was to be said cannot be stored."""

    code = "words"


def read_about(about: str) -> tuple[str, str] | None:
    """Read what an address says a conversation is about: its kind and mark; None where it says nothing that can be.

    >>> read_about("cycle:3"), read_about("point:2026-03"), read_about(""), read_about("point:2026-13")
    (('cycle', '3'), ('point', '2026-03'), ('project', ''), None)
    """
    if not about:
        return "project", ""
    found = _ABOUT.fullmatch(about)
    return (found[1] or found[3], found[2] or found[4]) if found else None


def checked_words(words: str) -> str:
    """Return what was said without spaces around it; nothing, and more than a page, is refused.

    >>> checked_words("  We tried it.  ")
    'We tried it.'
    """
    plain = words.replace("\x00", "").strip()
    if not plain:
        raise UnableToSay("There are no words yet.", to_do="Write what you want to say.")
    if len(plain) > LONGEST:
        raise UnableToSay("That is more than a page.", to_do=f"Say it in at most {LONGEST:,} characters.")
    return plain
