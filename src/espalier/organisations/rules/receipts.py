"""Receipts in words: a number and five words, by which somebody without an account finds their complaint again."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

WORDS, LETTERS = 5, "23456789BCDFGHJKMNPQRSTVWXZ"  # no vowels: no number spells a word; nothing that looks like another


@cache
def words_of(content_dir: Path) -> tuple[str, ...]:
    """Return the words a receipt is made of."""
    content = yaml.safe_load((content_dir / "receipt-words.yaml").read_text(encoding="utf-8"))
    return tuple(content["words"].split())


def new_number(chance: Random) -> str:
    """Make a number like C-7KQ4-XW2M; 27 to the power of eight are too many to try."""
    drawn = "".join(chance.choice(LETTERS) for _ in range(8))
    return f"C-{drawn[:4]}-{drawn[4:]}"


def new_words(chance: Random, known: tuple[str, ...]) -> str:
    """Draw the words of one receipt."""
    return " ".join(chance.choice(known) for _ in range(WORDS))


def tidy_number(typed: str) -> str:
    """Read a number as people type it.

    >>> tidy_number(" c 7kq4xw2m ")
    'C-7KQ4-XW2M'
    """
    plain = re.sub(r"[^A-Z0-9]", "", typed.upper())
    return f"{plain[0]}-{plain[1:5]}-{plain[5:9]}" if len(plain) == 9 else plain[:12]


def mark_of(typed: str) -> str:
    """Return what is kept of a receipt's words, however they were typed.

    >>> mark_of("Acorn, anchor; apple") == mark_of("acorn anchor apple")
    True
    """
    return hashlib.sha256(" ".join(re.findall(r"[a-z]+", typed.lower())).encode()).hexdigest()
