"""Find what points at one patient in words that somebody typed, so that it never gets into a record of improvement work.

It finds shapes and neighbours, never names as such: a colleague's name is welcome in a project, and "Mrs Okafor" alone may be
one. The same name beside a bed is a patient's. Pure: the caller decides whether to warn or to refuse.

NHS numbers: ten digits whose last is a check digit (modulus 11). One wrong digit never passes, so nearly all ten-digit
figures pass unharmed; phone numbers are told apart by how they begin and by the words before them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NHS_NUMBER, BIRTH, NAME, HOSPITAL_NUMBER, POSTCODE = "nhs-number", "date-of-birth", "name-beside-bed", "hospital-number", "postcode"
SAYS = {
    NHS_NUMBER: "an NHS number",
    BIRTH: "a date of birth",
    NAME: "a person's name beside a ward or bed",
    HOSPITAL_NUMBER: "a patient's hospital number",
    POSTCODE: "a person's name with a postcode",
}


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Something that looks as if it pointed at a patient: which kind, from where to where, and the words that did."""

    start: int
    end: int
    kind: str
    words: str


def find(text: str) -> tuple[Found, ...]:
    """Return all that looks like a patient's details, in the order in which it stands.

    >>> [one.kind for one in find("943 476 5919 fell")], find("Ring 0113 496 0000: 4 falls in bed 4")
    (['nhs-number'], ())
    """
    plain, places = _plain(text)
    numbers = tuple(_numbers(plain))
    several = (*numbers, *_births(plain, numbers), *_names(plain), *_hospital_numbers(plain, numbers), *_postcodes(plain))
    spans = {(places[one.start], places[one.end - 1] + 1, one.kind) for one in several}
    return tuple(sorted(Found(start, end, kind, text[start:end]) for start, end, kind in spans))


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Write signs as they are mostly typed, without those that nobody sees; and say where in the text each of them stands.

    >>> _plain("Žižek 943\u2013476")[0], _plain("9\u00ad4\u00a03")
    ('Zizek 943-476', ('94 3', [0, 2, 3, 4]))
    """
    if text.isascii():
        return text, range(len(text))
    typed = [(sign, place) for place, one in enumerate(text) if (sign := one if one.isascii() else _as_typed(one))]
    return "".join(sign for sign, _ in typed), [place for _, place in typed]


_ALSO = {"\u2212": "-", "\u2043": "-", "\u2044": "/", "\u2215": "/"}  # a minus sign, a bullet like a dash, strokes of a fraction


def _as_typed(one: str) -> str:
    """Return the sign of a plain keyboard that stands for this one: a digit, a dash, a space, a letter without its accent; "" for none."""
    wide = unicodedata.normalize("NFKC", one)
    one = wide if len(wide) == 1 else one
    kind = unicodedata.category(one)
    if kind in {"Cf", "Mn"}:  # a soft hyphen, a joiner; an accent that follows its letter
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(one))
    if one in _ALSO or kind in {"Pd", "Zs", "Zl", "Zp"}:
        return _ALSO.get(one) or {"Pd": "-", "Zs": " "}.get(kind, "\n")
    if one.isalpha() and not one.isascii():
        bare = unicodedata.normalize("NFKD", one)[0]
        return bare if bare.isascii() and bare.isalpha() else "X" if one.isupper() else "x"
    return one


def kinds(*texts: str) -> tuple[str, ...]:
    """Return which kinds stand in any of these texts, each once.

    >>> kinds("Mrs Okafor in bed 4", "943 476 5919")
    ('name-beside-bed', 'nhs-number')
    """
    return tuple(dict.fromkeys(one.kind for text in texts for one in find(text)))


def kinds_of_colleague(text: str) -> tuple[str, ...]:
    """Return which kinds stand where a colleague is meant to: their name, their telephone and the ward they work on are none.

    >>> kinds_of_colleague("Mrs Okafor, ward 7, 01632 960 177"), kinds_of_colleague("Mrs Okafor in bed 4, 943 476 5919")
    ((), ('name-beside-bed', 'nhs-number'))
    """
    several = (one for one in find(text) if one.kind != POSTCODE and (one.kind != NAME or _BEDSIDE.search(one.words)))
    return tuple(dict.fromkeys(one.kind for one in several))


def said(several: tuple[str, ...]) -> str:
    """Name kinds to a person.

    >>> said(("nhs-number", "date-of-birth")), said(("nhs-number",))
    ('an NHS number and a date of birth', 'an NHS number')
    """
    words = [SAYS[kind] for kind in several]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number.

    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918")
    (True, False)
    """
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return rest != 10 and rest % 11 == int(digits[9])


# ---- NHS numbers ---------------------------------------------------------------------------------------------------

# Three, three and four digits with at most three signs between; a comma parts two numbers. Not the rest of a longer number, of
# a decimal or of money. Letters may touch it, as in "x9434765919".
_TEN = re.compile(
    r"(?<![0-9£$€+])(?<![0-9][./_+-])"
    r"[0-9]{3}(?P<one>[ \t\r\n./_()-]{0,3})[0-9]{3}(?P<two>[ \t\r\n./_()-]{0,3})[0-9]{4}"
    r"(?![0-9]|[./_+-][0-9]|,[0-9]{3}(?![0-9]))"
)
_SAYS_NHS = re.compile(r"\b(?:NHS|CHI)(?: (?:no|num|number)s?)?[.:#()/_\s-]{0,5}(?:is )?\Z", re.IGNORECASE)
_SAYS_PHONE = re.compile(
    r"\b(?:tel|telephone|phone|mobile|fax|ring|rings|rang|call|bleep|ext|extension|dial|text)\b[^.0-9]{0,20}$|\+[0-9]{1,3}[ (-]{0,3}$",
    re.IGNORECASE,
)
_SAYS_OTHER = re.compile(
    r"(?:£|\b(?:order|invoice|serial|asset|batch|ISBN|ISSN|PO)(?![A-Za-z])[^.0-9]{0,12}|://\S*)$|(?:\A|[^A-Za-z])\.\Z", re.IGNORECASE
)  # also in an address on the web, and a decimal without its nought
# Figures that stand in a row are a table somebody pasted, not one number.
_ROW_BEFORE, _ROW_AFTER = (
    re.compile(r"[0-9](?P<gap>[ ,;\t]{1,3})\Z"),
    re.compile(r"(?P<gap>[ ,;\t]{1,3})[0-9]{1,12}(?![0-9/.-]{0,12}[/-][0-9])(?= ?[0-9,;]|$)"),
)
# The figure of a bed, a ward or a day begins no row: what follows it is of its own.
_NO_ROW = re.compile(
    r"(?:\b(?:wards?|beds?|bay|cubicle|room|chair|trolley|aged?)[ -]?[0-9]{1,3}"
    r"|\b[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4})[ ,;\t\n]{1,3}\Z",
    re.IGNORECASE,
)
_COLUMN_BEFORE, _COLUMN_AFTER = re.compile(r"[0-9](?P<gap>\s{1,3})\Z"), re.compile(r"(?P<gap>\s{1,3})[0-9]{1,12}(?=\s|$)")


def _numbers(text: str) -> Iterator[Found]:
    several = {match: re.sub(r"[^0-9]", "", match[0]) for match in _TEN.finditer(text) if _is_one(match)}
    right = {match for match, digits in several.items() if is_nhs_number(digits)}
    edges = {match.start() for match in right}, {match.end() for match in right}
    for match, digits in several.items():
        before = text[max(0, match.start() - 60) : match.start()]
        named = bool(_SAYS_NHS.search(before))
        other = digits[0] == "0" or _SAYS_PHONE.search(before) or _SAYS_OTHER.search(before) or len(set(digits)) == 1
        if named or (match in right and not other and not _in_a_row(text, match, *edges)):
            yield Found(match.start(), match.end(), NHS_NUMBER, match[0])


def _is_one(match: re.Match[str]) -> bool:
    """Whether three groups are one number: a point or a stroke in one gap alone makes a decimal or a fraction of it."""
    return all((sign in match["one"]) == (sign in match["two"]) for sign in "./")


def _in_a_row(text: str, match: re.Match[str], starts: set[int], ends: set[int]) -> bool:
    """Whether groups stand beside other figures, as in a table; ten digits without a gap are one number wherever they stand."""
    if not match["one"] and not match["two"]:
        return False
    before = text[max(0, match.start() - 20) : match.start()]
    down = "\n" in match["one"] + match["two"]
    for left in (_ROW_BEFORE, _COLUMN_BEFORE)[: 1 + down]:
        found = left.search(before)
        if found and match.start() - len(found["gap"]) not in ends and not _NO_ROW.search(before):
            return True
    for right in (_ROW_AFTER, _COLUMN_AFTER)[: 1 + down]:
        found = right.match(text, match.end())
        if found and found.end("gap") not in starts:
            return True
    return False


# ---- Dates of birth ------------------------------------------------------------------------------------------------

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    rf"(?<![\w/.-])(?:[0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-](?P<y1>[0-9]{{4}}|[0-9]{{2}})|(?P<y2>[0-9]{{4}})-[0-9]{{2}}-[0-9]{{2}}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?P<y3>[0-9]{{4}})"
    rf"|{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? (?P<y4>[0-9]{{4}}))(?![\w/-])",
    re.IGNORECASE,
)
_BORN = re.compile(r"(?:\bborn\b|\bd\.? ?o\.? ?b\b\.?|\bdate of birth\b|\bbirth ?day\b|\bbirth ?date\b)[^.;\n0-9]{0,20}$", re.IGNORECASE)
_BORN_AFTER = re.compile(
    r"[ ,(]{0,3}(?:\(?d\.?o\.?b\b|date of birth|(?:is|was) (?:his|her|their|my|the patient['’]s)"
    r" (?:birth ?(?:day|date)|date of birth))",
    re.IGNORECASE,
)
# Work is born too: a project, never a patient.
_WORK_BORN = re.compile(
    r"\b(?:project|idea|team|group|programme|plan|collaborative|network|pathway|service|ward|unit|change|scheme)s?\b"
    r"[^.;]{0,15}\bborn\b[^.;]*$",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:aged? ?(?P<a1>[0-9]{1,3})|(?P<a2>[0-9]{1,3})[ -]?(?:years?[ -]old|yrs?(?:[ -]old)?|y/?o)|(?P<a3>[0-9]{1,3}) ?[MF])\b"
    r"(?! ?(?:\+|-|–|to\b|and (?:over|above|older|under|up)|or (?:over|above|older|under|more)|plus))",
    re.IGNORECASE,
)
NEAR = 24
LIVED = range(2005, 2046)  # the years in which somebody of this age, born on this day, has it


def _births(text: str, numbers: tuple[Found, ...]) -> Iterator[Found]:
    for match in _DATE.finditer(text):
        before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 40]
        beside = any(one.start - NEAR <= match.end() and match.start() <= one.end + NEAR for one in numbers)
        born = (_BORN.search(before) and not _WORK_BORN.search(before)) or _BORN_AFTER.match(after)
        if born or beside or _ages_fit(match, before[-NEAR:], after[:NEAR]):
            yield Found(match.start(), match.end(), BIRTH, match[0])


def _ages_fit(match: re.Match[str], before: str, after: str) -> bool:
    """Whether an age stands beside a day on which somebody of that age may have been born: a day they fell is no such day."""
    year = next(one for one in match.groups() if one)
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    ages = [int(next(one for one in found.groups() if one)) for found in (*_AGE.finditer(before), *_AGE.finditer(after))]
    return any(born + age in LIVED for born in years for age in ages)


# ---- Names beside wards and beds -----------------------------------------------------------------------------------

_WORD = r"[A-Z][a-z]+(?:['’-][A-Za-z]+)*|[A-Z]['’][A-Z][a-z]+|Mc[A-Z][a-z]+"
_TITLED = rf"(?:Mr|Mrs|Ms|Miss|Mx|Master|Baby)\.? (?:[A-Z]\.? ?){{0,2}}(?:(?:{_WORD})\b ?){{1,3}}"
_BED = (
    r"(?:(?i:\bbeds?|\bbay|\bcubicle|\bside ?room|\broom|\bchair|\btrolley)|\bSR)[ -]?(?i:no\.? |number )?"
    r"(?:[0-9]{1,3}|[A-F])[A-Fa-f]?\b"
)
_WARD = r"\b(?i:ward) (?:[A-Z]?[0-9]{1,3}[A-Z]?|[A-Z])\b"
_BEDSIDE = re.compile(r"\b(?:beds?|bay|cubicle|side ?room|trolley)\b", re.IGNORECASE)  # a colleague may have a room and a chair
_NAME_THEN_BED = re.compile(rf"\b(?P<name>{_TITLED})(?P<gap>[^.;\n]{{0,40}}?){_BED}")
_NAME_THEN_WARD = re.compile(rf"\b(?P<name>{_TITLED})(?P<gap>[ ,(–-]{{0,3}}(?:[a-z]+ ){{0,3}}?){_WARD}")
_BED_THEN_NAME = re.compile(rf"(?:{_BED}|{_WARD})(?P<gap>[ ,:;(–=-]{{1,4}}(?:(?:is|was|has|patient|pt|for|with) )?)(?P<name>{_TITLED})")
_FULL = rf"(?P<first>{_WORD}) (?P<last>{_WORD})"
_FULL_THEN_BED = re.compile(rf"\b{_FULL}[ ,(–-]{{1,3}}(?:(?:who is |was |is )?(?:in|from|of|on) )?(?:the )?{_BED}")
_BED_THEN_FULL = re.compile(rf"{_BED}[ ,:(–=-]{{1,3}}{_FULL}")
_ONE_IN_BED = re.compile(rf"\b(?P<first>{_WORD}|(?:[A-Z]\.){{2}}) (?:in|from) (?:the )?{_BED}")
# In capitals or in small letters, as people type in a hurry. "Baby" and "Master" are words of their own there.
_HURRIED = r"(?P<title>(?i:mrs?|ms|mx|miss))\.? (?P<first>[A-Za-z][A-Za-z'’-]{0,30})(?![A-Za-z])"
_HURRIED_THEN_BED = re.compile(rf"\b{_HURRIED}[^.;\n]{{0,40}}?{_BED}")
_HURRIED_THEN_WARD = re.compile(rf"\b{_HURRIED}[ ,(-]{{0,3}}(?:[A-Za-z]{{1,20}} ){{0,3}}?{_WARD}")
_BED_THEN_HURRIED = re.compile(rf"(?:{_BED}|{_WARD})[ ,:;(=-]{{1,4}}(?i:(?:is|was|has|patient|pt|for|with) )?{_HURRIED}")
_NOT_AFTER_TITLE = frozenset(
    """
    a an and any are as at bay be bed beds but by clinic department doses every fewer for from group had has he her his imaging in is
    it its meals more most no nobody none not nothing nurse nurses of off on one or our out patient patients people room scan scanner
    scanning scans service services she some specialist suite team that the their them they this those to two unit us ward was we
    were what when who with you your mr mrs ms mx miss
    """.split()  # noqa: SIM905
)
# "Miss okafor" and "for miss okafor" are somebody, "we miss calls" is nobody.
_BEFORE_MISS = re.compile(
    r"(?:\A|[^\w\s'’]|\n|\b(?:and|by|for|from|gave|helped|moved|of|saw|that|to|told|turned|when|with))\s*\Z", re.IGNORECASE
)
_OF_STAFF = re.compile(
    r"\b(?:manag\w*|matron|nurses?|nursing|sister|leads?|leader|leading|consultant|surgeon|pharmacist|coach\w*"
    r"|chair(?:s|ed| of)|physio\w*|clerk"
    r"|housekeep\w*|volunteer\w*|porter|doctor|therapist|sponsor|partner|checks?|checked|audits?|audited|visits|inspect\w*|cleans?|cleaned"
    r"|fits|fitted|counts|counted|tests|tested|trains?|trained|measures|measured|writes|wrote|runs|staff|team|HCA|director|dietitian|works?)\b",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    """
    Ward Hospital Unit Room Bay House Centre Trust Team Low New The This That Each Every In On At By From Of And Or For With Bed
    Beds Side Patient Patients Falls Fall Someone Nobody Somebody Everybody Person People Resident Relative Family Staff Nurse
    Nurses Sister Doctor Doctors Alarm Alarms Sensor Sensors Light Lights Handrail Handrails Table Tables Curtain Curtains
    Cleaning Mattress Mattresses Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June
    July August September October November December North South East West Surgery Clinic General Infirmary Practice Street Road
    Lane Park Avenue Close Health Community Royal Riverside City County Trial Trials Test Tests Testing Cycle Change Changes Idea
    Ideas Two Three Four One Both All Some Most Many Here There Where When What Why Who How No Not Call Bell Bells Rails Leave Put
    Begin Start Try Check Only Also Then Now Next Last First Night Nights Day Days Evening Morning Water Chairs Privacy Oxygen
    Suction Clocks Clock Socks Woman Man Lady Gentleman Child Infant He She It They We Started Saint St Dr Prof Professor Matron
    Consultant Physio Pharmacist
    """.split()  # noqa: SIM905  words are read more easily than a list of strings
)


def _names(text: str) -> Iterator[Found]:
    for pattern in (_NAME_THEN_BED, _NAME_THEN_WARD, _BED_THEN_NAME):
        for match in pattern.finditer(text):
            if not _OF_STAFF.search(_clause(text, match)):
                yield Found(match.start(), match.end(), NAME, match[0])
    for pattern in (_HURRIED_THEN_BED, _HURRIED_THEN_WARD, _BED_THEN_HURRIED):
        for match in pattern.finditer(text):
            if _is_titled(text, match) and not _OF_STAFF.search(_clause(text, match)):
                yield Found(match.start(), match.end(), NAME, match[0])
    for pattern in (_FULL_THEN_BED, _BED_THEN_FULL, _ONE_IN_BED):
        for match in pattern.finditer(text):
            named = {word for word in match.groups() if word}
            if not named & _NO_NAMES and not _OF_STAFF.search(_clause(text, match)):
                yield Found(match.start(), match.end(), NAME, match[0])


def _is_titled(text: str, match: re.Match[str]) -> bool:
    """Whether somebody stands there whose title or name is not written as usual: MS is an illness, ms a short time, mx a plan of care."""
    title, first, before = match["title"], match["first"], text[max(0, match.start("title") - 12) : match.start("title")]
    if first.lower() in _NOT_AFTER_TITLE or (title in {"MS", "MR", "Mx", "mx", "MX"} and first.islower()):
        return False
    if title.lower() == "miss" and first.islower():
        return bool(_BEFORE_MISS.search(before))
    return title != "ms" or not re.search(r"[0-9] ?\Z", before)


def _clause(text: str, match: re.Match[str]) -> str:
    """Return the find and the few words after it: "Ms Green, ward 7 manager" is of the staff."""
    return match[0] + re.split(r"[.;,:)]| (?:and|but) ", text[match.end() : match.end() + 30])[0]


# ---- Hospital numbers and postcodes --------------------------------------------------------------------------------

_HOSPITAL = re.compile(
    r"\b(?:MRN|hospital (?:id|no|num|number)|hosp\.? (?:no|number)|patient(?:['’]s)? (?:id|no|number)|PAS (?:id|no|number)"
    r"|case ?note (?:no|number)|district number)\b[ .:#=]{0,3}(?:is |was )?"
    r"(?P<number>[A-Z]{1,3}[ -]?[0-9]{4,9}|[0-9]{5,10}[A-Z]?|[0-9]{3}[ -][0-9]{3,4})\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})\b")
_TITLED_BEFORE = re.compile(rf"\b{_TITLED}[^.;\n]{{0,50}}$")
_FULL_AT_HOME = re.compile(rf"\b{_FULL},? (?:of |at |lives at |from )?[0-9]{{1,4}}[A-Za-z]? [^.;\n]{{0,40}}$")
_FULL_BEFORE = re.compile(
    rf"\b{_FULL}(?:,? (?:who )?(?:lives|lived|living|resides|is|was)(?: at| in| of| from)?|,? (?:of|at|from))?[ ,:;(–-]{{1,3}}$"
)
_CAPITALS_BEFORE = re.compile(r"(?:[A-Z][\w'’-]*\.? )+$")
# What stands before a postcode without being anybody: organisations, streets, and towns of two words.
_PLACES = frozenset(
    """
    Hospice Pharmacy Dental Medical Nursing Residential Care Home Homes Lodge Court School College University Academy Foundation
    Council Library Village Town Church Chapel Mill Mills Square Gardens Drive Crescent Way Terrace Grove Building Buildings Office
    Offices Services Service Group Limited Ltd Partnership Association Charity Station Estate Business Science Walk Row Quay
    Wharf Milton Tunbridge Great Little Upper Lower Old High Hemel Sutton Bognor Merthyr Port Colwyn Milford Melton Leighton Potters
    Canary Haywards Burgess Market Kings King's Queens Queen's Bishops Bishop's Stoke Isle Welwyn Saffron Tower Leamington Lytham
    Houghton Newton Burton Newcastle Kingston Weston Ashby Barrow Bury Shepton Shepherds Chipping Stow Long Much Thornton Castle
    """.split()  # noqa: SIM905
)
_TITLED_AFTER = re.compile(rf"[ ,(–-]{{1,3}}(?:is |for )?{_TITLED}")


def _hospital_numbers(text: str, numbers: tuple[Found, ...]) -> Iterator[Found]:
    taken = {one.start for one in numbers}
    for match in _HOSPITAL.finditer(text):
        if match.start("number") not in taken:
            yield Found(match.start(), match.end(), HOSPITAL_NUMBER, match[0])


def _postcodes(text: str) -> Iterator[Found]:
    for match in _POSTCODE.finditer(text):
        before, after = text[max(0, match.start() - 90) : match.start()], text[match.end() : match.end() + 30]
        at_home, beside = _FULL_AT_HOME.search(before), _FULL_BEFORE.search(before)
        named = _TITLED_BEFORE.search(before) or _TITLED_AFTER.match(text, match.end())
        full = (at_home and not set(at_home.groups()) & _NO_NAMES) or (
            beside and not _is_a_place(before, beside) and not _OF_STAFF.search(f"{beside[0]} {after}")
        )
        if (named and not _OF_STAFF.search(named[0])) or full:
            yield Found(match.start(), match.end(), POSTCODE, match[0])


def _is_a_place(text: str, match: re.Match[str]) -> bool:
    """Whether two words with capitals are a place or an organisation (St Mary Abbots, W8 6AA), or somebody of the staff."""
    before = _CAPITALS_BEFORE.search(text[: match.start("first")])
    several = {*match.groups(), *(before[0].replace(".", "").split() if before else ())}
    return bool(several & (_NO_NAMES | _PLACES))
