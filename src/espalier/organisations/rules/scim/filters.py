"""Filters and paths of the standard: `userName eq "a@b.org"`, `emails[type eq "work"].value`.

A filter is read into small parts and tried on one document after another. Its length and depth are bounded before it
is read: it comes from outside.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from espalier.organisations.rules.scim.kinds import Attribute, Kind, ScimProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST, DEEPEST = 2000, 20
OPERATORS = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})
WORDS = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>[()\[\]])|(?P<word>[^\s()\[\]"]+))')


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a document: of which extension ("" is the resource itself), which attribute, and which one inside it."""

    extension: str
    attribute: Attribute | None  # None: the whole extension
    inside: Attribute | None = None

    def values(self, document: Mapping[str, Any]) -> list[Any]:
        """Return every value that stands there."""
        if self.attribute is None:
            found = document.get(self.extension)
        else:
            found = (document.get(self.extension) or {} if self.extension else document).get(self.attribute.name)
        several = found if isinstance(found, list) else [] if found is None else [found]
        if self.inside is None:
            return several
        return [one[self.inside.name] for one in several if isinstance(one, dict) and one.get(self.inside.name) is not None]


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; an operator of "pr" asks whether there is a value at all."""

    spot: Spot
    operator: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Several filters, all or any of which must hold."""

    every: bool
    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a filter."""

    part: Filter


@dataclass(frozen=True, slots=True)
class Within:
    """One value of a list for which a filter holds."""

    spot: Spot
    part: Filter


Filter = Compare | Joined | Not | Within


def find(kind: Kind, path: str) -> Spot | None:
    """Return the spot a plain path names, whatever its capitals; None where we keep no such thing.

    >>> user = Kind("User", "urn:x:User", {"name": Attribute("name", inside={"givenname": Attribute("givenName")})})
    >>> find(user, "urn:x:user:NAME.givenname").inside.name
    'givenName'
    """
    low, extension, attributes = path.lower(), "", kind.attributes
    for urn, (exact, theirs) in kind.extensions.items():
        if low == urn:
            return Spot(exact, None)
        if low.startswith(urn + ":"):
            low, extension, attributes = low[len(urn) + 1 :], exact, theirs
    if not extension and low.startswith(kind.urn.lower() + ":"):
        low = low[len(kind.urn) + 1 :]
    name, _, rest = low.partition(".")
    if (attribute := attributes.get(name)) is None:
        return None
    inside = attribute.inside.get(rest) if rest else None
    return None if rest and inside is None else Spot(extension, attribute, inside)


class _Reading:
    """Reads one filter, word by word."""

    def __init__(self, text: str, kind: Kind, *, top: Spot | None = None) -> None:
        if len(text) > LONGEST:
            raise ScimProblem(f"A filter has {LONGEST} characters at most.", word="invalidFilter")
        self.kind, self.top, self.depth, self.at = kind, top, 0, 0
        self.words: list[str] = []
        while self.at < len(text.rstrip()):
            if (found := WORDS.match(text, self.at)) is None:
                raise ScimProblem("The filter cannot be read.", word="invalidFilter")
            self.words.append(found.group().strip())
            self.at = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.words[self.at].lower() if self.at < len(self.words) else ""

    def take(self) -> str:
        if self.at >= len(self.words):
            raise ScimProblem("The filter ends too early.", word="invalidFilter")
        self.at += 1
        return self.words[self.at - 1]

    def any_of(self) -> Filter:
        parts = [self.all_of()]
        while self.peek() == "or":
            self.take()
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Joined(every=False, parts=tuple(parts))

    def all_of(self) -> Filter:
        parts = [self.one()]
        while self.peek() == "and":
            self.take()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Joined(every=True, parts=tuple(parts))

    def one(self) -> Filter:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ScimProblem("The filter is too deep.", word="invalidFilter")
        word = self.take()
        if word.lower() == "not" and self.peek() == "(":
            self.take()
            part: Filter = Not(self.closed(")"))
        elif word == "(":
            part = self.closed(")")
        else:
            part = self.compare(word)
        self.depth -= 1
        return part

    def closed(self, sign: str) -> Filter:
        part = self.any_of()
        if self.take() != sign:
            raise ScimProblem("A bracket of the filter is not closed.", word="invalidFilter")
        return part

    def compare(self, name: str) -> Filter:
        spot = self.spot(name)
        if self.peek() == "[":
            self.take()
            outer, self.top = self.top, spot
            part = self.closed("]")
            self.top = outer
            return Within(spot, part)
        operator = self.take().lower()
        if operator == "pr":
            return Compare(spot, "pr")
        if operator not in OPERATORS:
            raise ScimProblem(f"{operator[:20]!r} is no comparison.", word="invalidFilter")
        return Compare(spot, operator, _value(self.take()))

    def spot(self, name: str) -> Spot:
        if self.top is not None and self.top.attribute is not None:
            inside = self.top.attribute.inside.get(name.lower())
            found = Spot("", inside) if inside else None
        else:
            found = find(self.kind, name)
        if found is None:
            raise ScimProblem(f"There is no attribute {name[:60]!r}.", word="invalidFilter")
        return found


def _value(word: str) -> Any:
    try:
        value = json.loads(word if word.startswith('"') else word.lower())
    except ValueError as error:
        raise ScimProblem("A value in the filter cannot be read.", word="invalidFilter") from error
    if isinstance(value, str) and not storable(value):
        raise ScimProblem("A value in the filter has a character that no text has.", word="invalidFilter")
    return value


def storable(text: str) -> bool:
    """Whether a text can be kept: no NUL, and no half of a character."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def read_filter(text: str, kind: Kind, *, top: Spot | None = None) -> Filter:
    """Read a whole filter; inside brackets of a path, of the attribute they belong to."""
    reading = _Reading(text, kind, top=top)
    found = reading.any_of()
    if reading.peek():
        raise ScimProblem("The filter goes on after its end.", word="invalidFilter")
    return found


def matches(part: Filter, document: Mapping[str, Any]) -> bool:
    """Whether a document is one of those a filter asks for."""
    if isinstance(part, Joined):
        return all(matches(one, document) for one in part.parts) if part.every else any(matches(one, document) for one in part.parts)
    if isinstance(part, Not):
        return not matches(part.part, document)
    if isinstance(part, Within):
        return any(isinstance(one, dict) and matches(part.part, one) for one in part.spot.values(document))
    return _compared(part, document)


def _compared(part: Compare, document: Mapping[str, Any]) -> bool:
    values = part.spot.values(document)
    inner = part.spot.inside or part.spot.attribute
    # "emails eq …" means the value of each: the standard's shorthand.
    values = [one.get("value") if isinstance(one, dict) else one for one in values]
    if part.operator == "pr":
        return any(one not in (None, "") for one in values)
    if part.operator == "ne":
        return not any(_holds("eq", one, part.value, exact=bool(inner and inner.is_exact)) for one in values)
    if part.value is None:
        return part.operator == "eq" and not values
    return any(_holds(part.operator, one, part.value, exact=bool(inner and inner.is_exact)) for one in values)


def _holds(operator: str, have: Any, want: Any, *, exact: bool) -> bool:
    if isinstance(have, str) and isinstance(want, str):
        have, want = (have, want) if exact else (have.casefold(), want.casefold())
        held = {"co": want in have, "sw": have.startswith(want), "ew": have.endswith(want)}.get(operator)
        if held is not None:
            return bool(held)
    elif isinstance(have, bool) != isinstance(want, bool) or not isinstance(want, (int, float)) or not isinstance(have, (int, float)):
        return False
    ordered = {"eq": have == want, "gt": have > want, "ge": have >= want, "lt": have < want, "le": have <= want}
    return bool(ordered.get(operator, False))
