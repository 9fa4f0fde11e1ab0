"""What staff lists say, read: bands, hours, numbers and names. Pure decisions, no database."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from espalier.common.errors import UnableTo
from espalier.common.names import visible

if TYPE_CHECKING:
    from datetime import date

MOST_OF_FULL_TIME = Decimal("1.5")  # more than that is hours or days, not a share of full time
LONGEST = {"name": 120, "email": 254, "number": 40, "title": 120, "staff_group": 60, "profession": 60, "band": 40}
WORDS = {
    "name": "The name", "email": "The e-mail address", "number": "The assignment number", "title": "The post",
    "staff_group": "The staff group", "profession": "The profession", "band": "The band",
}  # fmt: skip
# Agenda for Change as staff systems write it: XR06 and XN8A are codes, "Review Body Band 6" and "Band 8 - Range A" descriptions.
_CODE = re.compile(r"X[NR]?0?([1-9])([A-D])?", re.IGNORECASE)
_BAND = re.compile(r".*\bband[\s:]*0?([1-9])(?:[\s-]*(?:range)?[\s-]*([a-d]))?\b.*|0?([1-9])([a-d])?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_FURTHER = re.compile(r"(.+?)-\d{1,2}")
_TITLES = re.compile(r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|rev)\.?\s+", re.IGNORECASE)


class UnableToReadStaff(UnableTo):
    """One cell of a staff list, or one box of a form about staff, that makes no sense."""

    code = "staff"

    def __init__(self, what: str, *, to_do: str, field: str) -> None:
        self.field = field
        super().__init__(what, to_do=to_do)


class PostFacts(NamedTuple):
    """A post and who holds it. person and manager are numbers, or marks of people who come with the same file.

    until is the first day on which it is no longer held.
    """

    person: int | str
    name: str
    email: str
    number: str
    unit_id: int
    title: str
    profession: str
    staff_group: str
    band: str
    fraction: Decimal | None
    since: date
    until: date | None
    manager: int | str | None


# What one holds from a day on: a change of these ends one stretch and begins another. All else is put right where it stands.
DATED = ("unit_id", "title", "profession", "staff_group", "band", "fraction")


def band_of(text: str) -> str:
    """Return a band in words people use; what is no such band stays as it is written.

    >>> band_of("XR06"), band_of("Review Body Band 5"), band_of("8a"), band_of("Non Review Body Band 8 - Range B"), band_of("Consultant")
    ('Band 6', 'Band 5', 'Band 8a', 'Band 8b', 'Consultant')
    """
    plain = tidy(text)
    if found := _CODE.fullmatch(plain) or _BAND.fullmatch(plain):
        number, letter = next((found[i], found[i + 1]) for i in range(1, len(found.groups()), 2) if found[i])
        return f"Band {number}{(letter or '').lower()}"
    return plain


def fraction_of(text: str) -> Decimal | None:
    """Return hours as a share of full time, to three places.

    >>> fraction_of("0.6"), fraction_of("60%"), fraction_of("1.00000"), fraction_of("")
    (Decimal('0.600'), Decimal('0.600'), Decimal('1.000'), None)
    """
    plain = text.strip().replace(",", ".")
    if not plain:
        return None
    share = plain.endswith("%")
    try:
        read = Decimal(plain.removesuffix("%").strip())
    except InvalidOperation:
        read = Decimal("NaN")
    read = read / 100 if share else read
    if not read.is_finite():
        raise UnableToReadStaff("is not a number", to_do="Write 1 for full time, 0.6 for three days of five.", field="fraction")
    if not 0 <= read <= MOST_OF_FULL_TIME:
        raise UnableToReadStaff("is no share of full time", to_do="Write 1 for full time, 0.6 for three days of five.", field="fraction")
    return read.quantize(Decimal("0.001"))


def email_of(text: str) -> str:
    """Return a work e-mail address in small letters, or say that it is none.

    >>> email_of(" Jo.Bloggs@Example.NHS.uk ")
    'jo.bloggs@example.nhs.uk'
    """
    plain = tidy(text).lower()
    if plain and not _EMAIL.fullmatch(plain):
        raise UnableToReadStaff("is not an e-mail address", to_do="Write it like name@example.org, or leave it empty.", field="email")
    return fits("email", plain)


def name_of(whole: str, first: str = "", last: str = "") -> str:
    """Return a name as it is said: first name first, without a title.

    >>> name_of("", "Jo", "Bloggs"), name_of("Bloggs, Mrs. Jo"), name_of("Dr Jo Bloggs")
    ('Jo Bloggs', 'Jo Bloggs', 'Jo Bloggs')
    """
    name = tidy(whole) or f"{tidy(first)} {tidy(last)}".strip()
    before, comma, after = name.partition(",")
    if comma and before.strip() and after.strip():
        name = f"{_TITLES.sub('', after.strip())} {before.strip()}"
    return fits("name", _TITLES.sub("", name, count=1) if _TITLES.match(name) else name)


def stem_of(number: str) -> str:
    """Return what an employer's numbers of one person's posts have in common: the second post of 20374839 is 20374839-2.

    >>> stem_of("20374839-2"), stem_of("20374839"), stem_of("-2")
    ('20374839', '20374839', '-2')
    """
    found = _FURTHER.fullmatch(number)
    return found[1] if found else number


def tidy(text: str) -> str:
    """Return a text with single spaces and nothing that nobody can see."""
    return " ".join(visible(text).split())


def fits(field: str, text: str) -> str:
    """Return a text that can be stored, or say that it is too long."""
    if len(text) > LONGEST[field]:
        raise UnableToReadStaff(f"{WORDS[field]} is too long", to_do=f"The most is {LONGEST[field]} letters.", field=field)
    return text


def another_name(old: str, new: str) -> bool:
    """Whether two names have no word in common: then a number may have passed to somebody else.

    >>> another_name("Jo Bloggs", "Jo Smith"), another_name("Jo Bloggs", "Kim Smith")
    (False, True)
    """
    return not set(old.casefold().split()) & set(new.casefold().split())


def begins_anew(old: PostFacts, new: PostFacts, today: date) -> date | None:
    """Return the day from which the changed post is held, or None where what stands is put right.

    A place, band or hours change from a day on, so that what was before stays known: the day the list names when it is
    later than the one we have, else today. What has not begun yet, or is over, is simply put right.
    """
    if old.until is not None and new.until is None and new.since >= old.until:
        return new.since  # came back
    if all(getattr(old, name) == getattr(new, name) for name in DATED):
        return None
    day = new.since if new.since > old.since else today
    over = (new.until is not None and new.until <= day) or (old.until is not None and old.until < day)
    return None if day <= old.since or over else day
