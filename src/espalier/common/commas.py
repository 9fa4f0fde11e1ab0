"""Commas inside numbers: at thousands they are read, where a point is meant they are named and never left out."""

from __future__ import annotations

import re

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_DECIMAL = re.compile(r"\d+,\d+|\d{1,3}(\.\d{3})+,\d+")


def without_commas(text: str) -> str:
    """Leave out the commas that stand at thousands. Any other comma stays, so that the number is refused and not ten times too large.

    >>> without_commas("12,345.6"), without_commas("-1,234"), without_commas("3,5")
    ('12345.6', '-1234', '3,5')
    """
    return text.replace(",", "") if _GROUPED.fullmatch(text.lstrip("+-")) else text


def with_a_point(text: str) -> str:
    """Return how a number with a decimal comma is written here; nothing where it has none.

    >>> with_a_point("3,5"), with_a_point("-1.234,5"), with_a_point("1,234"), with_a_point("1,2,3")
    ('3.5', '-1234.5', '', '')
    """
    bare = text.lstrip("+-")
    if _GROUPED.fullmatch(bare) or not _DECIMAL.fullmatch(bare):
        return ""
    return text.replace(".", "").replace(",", ".")
