"""What each room holds about a person: how it is told, what is erased, what is kept and why. Filled in config/wiring.py.

A room says it table by table, as data. The words go into the person's copy; the statements go into the database, where its
owner puts them at each migration (config/rights.py): the app can ask for the rows about one person, and have them erased
after the wait, and can put no other question that passes row-level security.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Read = Callable[[str], list[dict[str, Any]]]

DELETE = "delete"  # erase: every row that `where` finds
SOMEBODY = "somebody else (name left out)"
YOU = "you"
# A column of one of these beginnings says who rated, answered about or referred somebody. It is never given out, whoever asks.
RATERS = ("rater", "respondent", "referee", "answered_by", "reviewer")


class UnableToTell(UnableTo):
    """A room would tell who said something about the person: nothing of it leaves."""

    code = "raters"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about. A person may have no account, and an account no person yet."""

    account_id: int | None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One table that holds rows about people, and what becomes of them.

    where and erase are SQL for PostgreSQL in which $1 is the number of the account, $2 of the person, $3 the sign-in name and
    $4 the account's e-mail address in small letters. columns maps what is given out to plain words; a column that is not
    named stays inside. others and other_people name columns with the number of somebody who may be someone else: they are
    told as "somebody else", because who they are is their own matter. erase is DELETE, a statement, or empty where rows are
    kept; kept says why, also when only some are.
    """

    table: str
    title: str
    about: str
    where: str
    columns: Mapping[str, str]
    erase: str = ""
    kept: str = ""
    others: tuple[str, ...] = ()  # with the number of an account
    other_people: tuple[str, ...] = ()  # with the number of a person; the two run side by side, so 7 is not 7
    reads: Mapping[str, str] = field(default_factory=dict)  # columns that are worked out: SQL by name
    order: str = ""
    index: str = ""
    rank: int = 5  # erased in this order, smallest first: what points at a row goes before it


@dataclass(frozen=True, slots=True)
class Clearing:
    """What a retention schedule removes: SQL with $1 the moment before which a row is due; it must say how many (one number)."""

    code: str
    sql: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A table's rows about one person, in plain words."""

    title: str
    about: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class HoldsPersonal(Protocol):
    """What a room with personal fields must say.

    The rule that no room may break: what others said of a person may be told, who said it never. `told` enforces it for
    whatever a room returns.
    """

    @property
    def name(self) -> str:
        """The folder of its part of a copy."""

    @property
    def title(self) -> str:
        """What that part is, in plain words."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Its tables."""

    @property
    def clearings(self) -> tuple[Clearing, ...]:
        """What of its rows goes after a time."""

    @property
    def nothing(self) -> Mapping[str, str]:
        """Tables with personal fields of which nothing is told or erased here, each with the reason."""

    def gather(self, *, about: Subject, read: Read) -> tuple[Section, ...]:
        """Return what is held about a person. read returns the rows of one of its tables that are about them."""


@dataclass(frozen=True, slots=True)
class Tables:
    """A room whose tables say everything: most rooms need no more than this."""

    name: str
    title: str
    places: tuple[Place, ...]
    clearings: tuple[Clearing, ...] = ()
    nothing: Mapping[str, str] = field(default_factory=dict)

    def gather(self, *, about: Subject, read: Read) -> tuple[Section, ...]:
        """Tell each table's rows, with the numbers of other people left out."""
        return tuple(_section(place, read(place.table), about) for place in self.places if place.columns)


_holders: dict[str, HoldsPersonal] = {}


def fill(*several: HoldsPersonal) -> None:
    """Say what rooms hold; a room filled twice replaces the first."""
    _holders.update({one.name: one for one in several})


def holders() -> tuple[HoldsPersonal, ...]:
    """Return every room that holds something, in the order in which they were filled."""
    return tuple(_holders.values())


def places() -> tuple[Place, ...]:
    """Return every table with rows about people."""
    return tuple(place for holder in holders() for place in holder.places)


def clearings() -> dict[str, Clearing]:
    """Return what schedules can remove, by code."""
    return {one.code: one for holder in holders() for one in holder.clearings}


def told(holder: HoldsPersonal, *, about: Subject, read: Read) -> tuple[Section, ...]:
    """Return what a room holds about a person, having looked that it names nobody who answered about them."""
    sections = holder.gather(about=about, read=read)
    for section in sections:
        if wrong := [heading for heading in section.headings if _names_rater(heading)]:
            raise UnableToTell(
                f"{holder.title} would say who answered about somebody.", where=f"{section.title}: {', '.join(wrong)}",
                to_do="Leave the column out: what was said may be told, who said it never.",
            )  # fmt: skip
    return sections


def _section(place: Place, rows: Iterable[Mapping[str, Any]], about: Subject) -> Section:
    given = {column: words for column, words in place.columns.items() if not _names_rater(column)}

    def cell(row: Mapping[str, Any], column: str) -> Any:
        value = row.get(column)
        if value is None or column not in (*place.others, *place.other_people):
            return value
        return YOU if value == (about.account_id if column in place.others else about.person_id) else SOMEBODY

    return Section(place.title, place.about, tuple(given.values()), tuple(tuple(cell(row, column) for column in given) for row in rows))


def _names_rater(word: str) -> bool:
    plain = word.lower().replace(" ", "_")
    return any(plain.startswith(start) for start in RATERS)
