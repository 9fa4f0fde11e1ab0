"""Invitations in words: drawn, and read again however they were typed."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

HOW_MANY = 5  # of 640 words: 46 bits. Whoever tries ten a minute needs a hundred thousand years for one in a thousand
LONGEST = 200


@cache
def words_of(folder: Path) -> tuple[str, ...]:
    """Read the words invitations are made of: plain, short, and easy to say over a telephone."""
    return tuple((folder / "joining" / "words.txt").read_text(encoding="utf-8").split())


def draw(words: Sequence[str], choose: Callable[[Sequence[str]], str]) -> str:
    """Draw an invitation; choose must be a source nobody can guess.

    >>> draw(("apple", "boat"), lambda several: several[1])
    'boat boat boat boat boat'
    """
    return " ".join(choose(words) for _ in range(HOW_MANY))


def normal(typed: str) -> str:
    """Return words as they were given out: capitals, hyphens, commas and line ends make no difference.

    >>> normal(" Apple-boat,  CHAIR. ")
    'apple boat chair'
    """
    return " ".join(re.findall(r"[a-z]+", typed[:LONGEST].lower()))
