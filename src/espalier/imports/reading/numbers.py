"""Read a number as a person wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True, slots=True)
class NumberRead:
    """One text read as a number: exactly one of `value`, `missing` (a code: blank, suppressed …) and `wrong` (a code) is set.

    `percent` means that the text carried a % sign; `value` is then the number before it: "4.5%" is 4.5.
    """

    value: Decimal | None = None
    missing: str = ""
    wrong: str = ""
    what: str = ""
    to_do: str = ""
    percent: bool = False


def number_of(text: str) -> NumberRead:
    """Read one text as a number, as missing with a reason, or as wrong."""
    plain = text.strip()
    if not plain:
        return NumberRead(missing="blank")
    if plain.casefold() in {"*", "-", "n/a", "nil", "c", ".."}:
        return NumberRead(missing="suppressed")
    try:
        return NumberRead(value=Decimal(plain.replace(",", "").rstrip("%")), percent=plain.endswith("%"))
    except InvalidOperation:
        return NumberRead(wrong="not-a-number", what=f'"{text}" is not a number', to_do="Change it or leave it blank.")
