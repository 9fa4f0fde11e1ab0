"""What a number format of a workbook makes of a number: a date, a time, a percentage, a code with leading zeros.

A workbook stores 29 May 2026 as 46171 and 4.5 % as 0.045; only the format tells. The text we keep is what the person sees
where the format adds meaning, and every digit where it only rounds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from math import inf

from espalier.imports.reading.book import Kind


class Format(Enum):
    """What a format does to the text of a number."""

    PLAIN = auto()
    DATE = auto()
    TIME = auto()
    LENGTH = auto()  # [h]:mm, longer than a day
    PERCENT = auto()
    ZEROS = auto()


@dataclass(frozen=True, slots=True)
class Style:
    """The format of a cell; `digits` is the length a code is filled up to with zeros."""

    format: Format
    digits: int = 0


PLAIN = Style(Format.PLAIN)
BUILT_IN = (
    dict.fromkeys([*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)], Style(Format.DATE))
    | dict.fromkeys([*range(18, 22), *range(32, 36), 45, 47], Style(Format.TIME))
    | {46: Style(Format.LENGTH)}
    | dict.fromkeys([9, 10], Style(Format.PERCENT))
)
A_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z")
LONGEST_NUMBER = 100
# The 1900 system believes 1900 was a leap year, so its days before March 1900 are counted from one day later.
LEAP_DAY_1900 = 60
LAST_SERIAL = 2_958_465  # 31 December 9999
DAY_SECONDS = 86_400
# Above this a number in a workbook has lost its last digits: they are stored with some 15.
MOST_EXACT = 10**15


@lru_cache(maxsize=4096)
def style_of(code: str) -> Style:
    """Read a custom number format.

    >>> style_of("dd/mm/yyyy").format.name, style_of("000000").digits, style_of('0.0"m"').format.name
    ('DATE', 6, 'PLAIN')
    """
    section = code[:255].partition(";")[0]
    if re.search(r"\[(h+|m+|s+)\]", section, re.IGNORECASE):
        return Style(Format.LENGTH)
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|AM/PM|A/P', "", section, flags=re.IGNORECASE).lower()
    if re.search(r"[dy]", bare) or ("m" in bare and not re.search(r"[hs]", bare)):
        return Style(Format.DATE)
    if re.search(r"[hs]", bare):
        return Style(Format.TIME)
    if "%" in bare:
        return Style(Format.PERCENT)
    if re.fullmatch(r"0{2,}", bare.strip()):
        return Style(Format.ZEROS, len(bare.strip()))
    return PLAIN


def number_text(raw: str, style: Style, *, from_1904: bool) -> tuple[str, Kind]:
    """Text and kind of a stored number. What is no number after all is an ERROR cell that keeps its words."""
    value = float(raw) if len(raw) <= LONGEST_NUMBER and A_NUMBER.match(raw) else inf
    if abs(value) == inf:
        return raw[:LONGEST_NUMBER], Kind.ERROR
    if style.format is Format.PLAIN:
        return plain_number(value), Kind.NUMBER
    if style.format is Format.PERCENT:
        return f"{(Decimal(repr(value)) * 100).normalize():f}%", Kind.NUMBER
    if style.format is Format.ZEROS:
        text = plain_number(value)
        return (text.zfill(style.digits) if text.isdigit() else text), Kind.TEXT if text.isdigit() else Kind.NUMBER
    return _moment(value, style, from_1904=from_1904)


def plain_number(value: float) -> str:
    """The shortest text that is exactly this number, never with an exponent below 22 digits.

    >>> plain_number(1.23e15), plain_number(0.1), plain_number(1e-7), plain_number(4.0)
    ('1230000000000000', '0.1', '0.0000001', '4')
    """
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    return f"{Decimal(text):f}" if "e-" in text and abs(value) > 1e-12 else text


def _moment(value: float, style: Style, *, from_1904: bool) -> tuple[str, Kind]:
    seconds = round(value * DAY_SECONDS)
    if style.format is Format.LENGTH and value >= 0:
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}", Kind.TEXT
    days, rest = divmod(seconds, DAY_SECONDS)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
    if style.format is Format.TIME and days == 0:
        return clock, Kind.TEXT
    day = serial_day(days, from_1904=from_1904)
    if day is None:
        return plain_number(value), Kind.NUMBER
    return (f"{day.isoformat()} {clock}" if rest else day.isoformat()), Kind.DATE


def serial_day(serial: int, *, from_1904: bool) -> date | None:
    """The day a serial number stands for; None when there is no such day (29 February 1900, or out of range).

    >>> serial_day(46171, from_1904=False), serial_day(44709, from_1904=True)
    (datetime.date(2026, 5, 29), datetime.date(2026, 5, 29))
    """
    if not 0 < serial <= LAST_SERIAL - (1462 if from_1904 else 0):
        return date(1904, 1, 1) if from_1904 and serial == 0 else None
    if from_1904:
        return date(1904, 1, 1) + timedelta(days=serial)
    if serial == LEAP_DAY_1900:
        return None
    return date(1899, 12, 31 if serial < LEAP_DAY_1900 else 30) + timedelta(days=serial)


def iso_text(raw: str) -> tuple[str, Kind]:
    """A date stored as ISO text (strict workbooks): the same text a serial number would give."""
    try:
        moment = datetime.fromisoformat(raw.removesuffix("Z"))
    except ValueError:
        return raw, Kind.ERROR
    if moment.time() == datetime.min.time():
        return moment.date().isoformat(), Kind.DATE
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M"), Kind.DATE
