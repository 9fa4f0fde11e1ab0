"""Names as people see them."""

from __future__ import annotations

import re

# Marks that turn the direction of writing, and characters without a width: with them two names that look alike differ,
# and a name can turn the words around it.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def visible(text: str) -> str:
    """Return a text without what nobody can see in it."""
    return _INVISIBLE.sub("", text)


def alike(name: str) -> str:
    """Return what two names that a person takes for the same have in common: capitals and spaces do not tell them apart."""
    return " ".join(visible(name).casefold().split())
