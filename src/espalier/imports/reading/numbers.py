"""Read a number as a person wrote it: a value, missing with a reason, or wrong with what to do.

Publishers write why a figure is not there in many short marks, and "-", "*" and "nil" mean different things to different
offices. Each keeps a code of its own, so that nobody's "not yet known" turns into nought.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NumberRead:
    """One text read as a number: exactly one of `value`, `missing` (a code) and `wrong` (a code) is set.

    `percent` means that the text carried a % sign; `value` is then the number before it: "4.5%" is 4.5.
    `mark` is a publisher's mark beside a value that stands: "[p]" provisional, "[r]" revised.
    """

    value: Decimal | None = None
    missing: str = ""
    wrong: str = ""
    what: str = ""
    to_do: str = ""
    percent: bool = False
    mark: str = ""


# Reason codes for figures that are not there, by the mark as written (without regard to case).
MISSING = {
    "suppressed": ("*", "**", "c", "[c]", "(c)", "suppressed", "redacted", "s", "[s]", "supp"),
    "dash": ("-", "–", "—", "--", "−"),
    "nil": ("nil", "none"),
    "not-applicable": (".", "z", "[z]", "n/a", "na", "n.a.", "n.a", "not applicable"),
    "not-available": ("..", "...", "…", ":", "x", "[x]", "u", "[u]", "#n/a", "not available", "no data", "missing", "null", "nan",
                      "unknown", "not known", "not recorded", "?"),
    "not-yet": ("tbc", "tba", "awaited", "pending", "to follow"),
    "near-zero": ("~", "[low]", "[w]", "[k]"),
}  # fmt: skip
REASON = {mark: code for code, marks in MISSING.items() for mark in marks}
MISSING_WORDS = {
    "blank": "left blank",
    "suppressed": "hidden by the publisher",
    "dash": "a dash",
    "nil": "“nil”: write 0 if nought was counted",
    "not-applicable": "does not apply",
    "not-available": "not available",
    "not-yet": "not known yet",
    "near-zero": "too small to be shown",
}
BELOW = re.compile(r"(?:n\s*)?[<≤]\s*=?\s*\d{1,3}\Z")
PLAIN = re.compile(r"\d+(?:\.\d*)?\Z|\.\d+\Z")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?\Z")
SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f']\d{3})+(?:\.\d*)?\Z")
POWER = re.compile(r"(\d+(?:\.\d*)?|\.\d+)e([+-]?)(\d{1,3})\Z", re.IGNORECASE)
COMMA = re.compile(r"\d+,\d+\Z|\d{1,3}(?:\.\d{3})+,\d+\Z")
BRACKETS = re.compile(r"\(\s*£?[\d,]*\.?\d+\s*%?\s*\)\Z")
FRACTION = re.compile(r"\d+\s*(?:/|of|out of)\s*\d+\Z", re.IGNORECASE)
MARK = re.compile(r"(.*\d%?)\s*(\[[a-z]{1,2}\d?\]|\[note \d+\])\Z", re.IGNORECASE)
LONGEST = 60
# A power of ten this high is how a spreadsheet shows a long code it took for a number: its last digits are gone.
LOST_FROM = 10


def number_of(text: str) -> NumberRead:
    """Read one text as a number, as missing with a reason, or as wrong.

    >>> number_of("1,234.50").value, number_of("4.5 %").percent, number_of("*").missing, number_of("1,5").wrong
    (Decimal('1234.50'), True, 'suppressed', 'decimal-comma')
    """
    # Asked first: one long text that a hundred thousand cells point to must cost nothing each time.
    if len(text) > 4 * LONGEST:
        return _not_a_number(text[:LONGEST])
    plain = text.strip()
    if not plain:
        return NumberRead(missing="blank")
    # The usual number of a file, without the long way round.
    if plain.isascii() and PLAIN.match(plain) and len(plain) < LONGEST:
        return NumberRead(value=Decimal(plain))
    if reason := REASON.get(plain.casefold()) or ("suppressed" if BELOW.match(plain.casefold()) else ""):
        return NumberRead(missing=reason)
    if plain.startswith("#"):
        return _wrong("excel-error", f"{plain[:20]} is an error of the spreadsheet", "Mend the formula or leave the cell blank.")
    marked = MARK.match(plain)
    read = _value(text, marked[1] if marked else plain)
    return NumberRead(read.value, percent=read.percent, mark=marked[2]) if marked and read.value is not None else read


def _value(text: str, plain: str) -> NumberRead:
    percent = plain.endswith("%")
    bare = plain.removesuffix("%").rstrip()
    negative = bare[:1] in {"-", "−", "–"}
    bare = bare[1:].lstrip() if negative or bare.startswith("+") else bare
    bare = bare.removeprefix("£").lstrip()
    if len(bare) > LONGEST or (not bare.isascii() and not SPACED.match(bare)):
        return _not_a_number(text)
    if PLAIN.match(bare) or GROUPED.match(bare) or SPACED.match(bare):
        value = Decimal(re.sub(r"[^\d.]", "", bare))
        return NumberRead(-value if negative else value, percent=percent)
    if power := POWER.match(bare):
        return _power(text, power, negative=negative, percent=percent)
    return _known_slips(text, bare)


def _power(text: str, power: re.Match[str], *, negative: bool, percent: bool) -> NumberRead:
    exponent = int(power[3])
    if power[2] != "-" and exponent >= LOST_FROM:
        what = f"{text.strip()[:40]} is how a spreadsheet shows a long number, and its last digits are gone"
        return _wrong("digits-lost", what, "Set the column to Text in the source and export it again.")
    value = Decimal(power[1]) * (Decimal(10) ** (-exponent if power[2] == "-" else exponent))
    return NumberRead(-value if negative else value, percent=percent)


def _known_slips(text: str, bare: str) -> NumberRead:
    shown = text.strip()[:40]
    if COMMA.match(bare):
        whole, _, part = bare.replace(".", "").partition(",")
        return _wrong(
            "decimal-comma", f"{shown} has a comma where a point is meant, or lost a digit", f"Write {whole}.{part} or {whole}{part}."
        )
    if BRACKETS.match(bare):
        inner = bare.strip("() ")
        return _wrong("brackets", f"{shown} stands in brackets", f"Write -{inner} if it is below nought, or {inner}.")
    if FRACTION.match(bare):
        return _wrong("two-numbers", f"{shown} is two numbers", "Put them into two columns.")
    return _not_a_number(text)


def _not_a_number(text: str) -> NumberRead:
    return _wrong("not-a-number", f"“{text.strip()[:40]}” is not a number", "Write a number, or leave the cell blank.")


def _wrong(code: str, what: str, to_do: str) -> NumberRead:
    return NumberRead(wrong=code, what=what, to_do=to_do)
