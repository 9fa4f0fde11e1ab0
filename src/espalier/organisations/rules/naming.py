"""Turn the capital letters of ODS names into names a person would write."""

from __future__ import annotations

import re

# Letters that stay capitals. Others are words: "AT" in "MEDICS AT THE GREEN" is not an abbreviation.
CAPITALS = {
    "NHS",
    "GP",
    "GPS",
    "PCN",
    "PCNS",
    "CCG",
    "CIC",
    "ICB",
    "ICS",
    "CSU",
    "UK",
    "HMP",
    "LLP",
    "MOD",
    "RAF",
    "WIC",
    "UCC",
    "UTC",
    "MIU",
    "II",
    "III",
    "IV",
    "NE",
    "NW",
    "SE",
    "SW",
    "BHR",
    "ABC",
    "PMS",
    "APMS",
    "OOH",
    "CHP",
    "SWB",
    "IOW",
    "BBG",
    "PLC",
    "A&E",
}
SMALL = {"and", "of", "the", "in", "for", "with", "upon", "on", "by", "at", "to", "de", "le", "under"}
WORD = re.compile(r"[A-Za-z0-9&]+(?:['’][A-Za-z]+)*")
SHORT_ENDINGS = (" nhs foundation trust", " national health service trust", " nhs trust", " foundation trust")
HAS_SMALL = re.compile(r"[a-z]")


def tidy_name(name: str) -> str:
    """Write an all-capitals name as a person would; a name that already has small letters is left alone.

    >>> tidy_name("ALDER HEY CHILDREN'S NHS FOUNDATION TRUST")
    "Alder Hey Children's NHS Foundation Trust"
    >>> tidy_name("UNIVERSITY HOSPITALS OF NORTH MIDLANDS NHS TRUST")
    'University Hospitals of North Midlands NHS Trust'
    >>> tidy_name("Vocare")
    'Vocare'
    """
    name = " ".join(name.split())
    if HAS_SMALL.search(name):
        return name
    return WORD.sub(lambda match: _word(match[0], first=match.start() == 0), name)


def _word(word: str, *, first: bool) -> str:
    if word in CAPITALS or any(letter.isdigit() for letter in word):
        return word
    lower = word.lower()
    if lower in SMALL and not first:
        return lower
    # str.title would write Children'S: only the first letter of the whole word is a capital.
    return lower[:1].upper() + lower[1:]


def short_name(name: str) -> str:
    """Leave out what kind of body it is, for cards with little room; never leave nothing.

    >>> short_name("Barts Health NHS Trust")
    'Barts Health'
    >>> short_name("NHS Trust")
    'NHS Trust'
    """
    lower = name.lower()
    for ending in SHORT_ENDINGS:
        if lower.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)].rstrip(" ,")
    return name
