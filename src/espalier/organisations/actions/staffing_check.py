"""One check of a staff list: what each row says, which place it means, and which post it is about.

A row is about the post with its assignment number within the organisation; without one, about a post of the person with
its work address and name. Nobody is found by name alone, and never across organisations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from espalier.common.names import alike
from espalier.imports.kinds import Checked, Record, Trouble
from espalier.organisations.queries.people_staffing import staff_of, staff_places
from espalier.organisations.queries.units import find
from espalier.organisations.rules.staffing import (
    PostFacts,
    UnableToReadStaff,
    another_name,
    band_of,
    email_of,
    fits,
    fraction_of,
    name_of,
    stem_of,
    tidy,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from espalier.access.viewer import Viewer
    from espalier.imports.kinds import Key, Line
    from espalier.organisations.queries.people_staffing import Chain
    from espalier.organisations.queries.units import UnitFacts

NUMBER, NAME, FIRST, LAST, EMAIL, PLACE, TITLE, GROUP, PROFESSION, BAND, FRACTION, SINCE, UNTIL, MANAGER = range(14)
AT = {"name": NAME, "email": EMAIL, "number": NUMBER, "title": TITLE, "staff_group": GROUP, "profession": PROFESSION, "band": BAND,
      "fraction": FRACTION}  # fmt: skip
NOT_A_POST = "Post not named"
ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Row:
    """What one line says, before it is known which post it is about."""

    line: Line
    unit_id: int
    owner: int
    number: str
    name: str
    email: str
    title: str
    profession: str
    staff_group: str
    band: str
    fraction: Decimal | None
    since: date | None
    until: date | None
    manager: str
    chain: Chain | None = None
    person: int | str = ""


class Check:
    """One check of one list; it looks everything up once."""

    def __init__(self, viewer: Viewer, today: date, lines: Sequence[Line]) -> None:
        self.viewer, self.today, self.lines = viewer, today, lines
        self.places = staff_places(viewer=viewer)
        texts = {line.texts[PLACE] for line in lines}
        self._places = {text: self._place(text) for text in texts}
        self.others = {code.casefold() for code in find(viewer=viewer, codes=[text.strip().upper() for text in texts])}
        self.given = [any(line.columns[at] >= 0 or line.texts[at] for line in lines[:1]) for at in range(MANAGER + 1)]
        self.problems: list[Trouble] = []
        self.bands: dict[str, str] = {}
        self.tokens: dict[tuple[object, ...], str] = {}

    def run(self) -> Checked:
        """Return the records and what is wrong."""
        rows = [row for line in self.lines if (row := self._row(line)) is not None]
        self.staff = staff_of(viewer=self.viewer, owners={row.owner for row in rows})
        self._match(rows)
        rows = self._one_name_each(rows)
        self._managers = {(row.owner, row.number): row.person for row in rows if row.number}
        records = [record for row in rows if (record := self._record(row)) is not None]
        return Checked(tuple(records), tuple(self.problems))

    # ---- what a line says

    def _row(self, line: Line) -> Row | None:
        """Read one line; every slip in it is named, so that nobody mends a list once for each."""
        unit, before = self._places[line.texts[PLACE]], len(self.problems)
        if isinstance(unit, Trouble):
            known = line.texts[PLACE].strip().casefold() in self.others
            if known:
                self._wrong(line, PLACE, "You do not keep the staff records of this place", "Leave these rows out.", "not-yours")
                return None  # what else it says is another's matter
            self._wrong(line, PLACE, unit.what, unit.to_do, unit.cause)
        row = self._read(line, None if isinstance(unit, Trouble) else unit)
        return row if len(self.problems) == before else None

    def _read(self, line: Line, unit: UnitFacts | None) -> Row:
        texts = line.texts
        slipped: set[str] = set()

        def said(read: Callable[..., Any], *given: str) -> Any:
            try:
                return read(*given)
            except UnableToReadStaff as problem:
                slipped.add(problem.field)
                self._wrong(line, AT[problem.field], problem.what, problem.to_do, f"{problem.field}-{problem.what[:30]}")
                return ""

        since, until = line.values[SINCE], line.values[UNTIL]
        pk = unit.pk if unit else 0
        row = Row(
            line, pk, self.places.owners[pk] if unit else 0, said(fits, "number", tidy(texts[NUMBER])),
            said(name_of, texts[NAME], texts[FIRST], texts[LAST]), said(email_of, texts[EMAIL]), said(fits, "title", tidy(texts[TITLE])),
            said(fits, "profession", tidy(texts[PROFESSION])), said(fits, "staff_group", tidy(texts[GROUP])), said(self._band, texts[BAND]),
            said(fraction_of, texts[FRACTION]), since.day if since else None, _after(until.day) if until else None, tidy(texts[MANAGER]),
        )  # fmt: skip
        self._lacks(row, slipped)
        return row

    def _band(self, text: str) -> str:
        if text not in self.bands:
            self.bands[text] = fits("band", band_of(text))
        return self.bands[text]

    def _lacks(self, row: Row, slipped: set[str]) -> None:
        """Name what is missing or does not go together; what could not be read is named already."""
        line = row.line
        if not row.name and "name" not in slipped:
            self._wrong(line, NAME if self.given[NAME] else LAST, "The name is missing", "Fill it in.", "no-name")
        if not row.number and not row.email and not slipped & {"number", "email"}:
            what = "There is neither a number nor an e-mail address"
            self._wrong(line, NUMBER if self.given[NUMBER] else EMAIL, what, "Fill in one: two people may have one name.", "no-number")
        if row.until and row.since and row.until <= row.since:
            self._wrong(line, UNTIL, "The last day is before the first", "Check both days.", "backwards")

    def _place(self, text: str) -> UnitFacts | Trouble:
        found = self.places.find(text)
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(unit.code for unit in found[:4])
            return Trouble(0, 0, text, "Several places have this name", f"Use a code: {codes}.", "several-places")
        if near := self.places.near(text):
            return Trouble(0, 0, text, "We know no such place", f"Did you mean {near}?", f"place-near-{near}")
        return Trouble(0, 0, text, "We know no such place", "Use the place's code or its whole name, or add the team first.", "place")

    # ---- which post and which person it is about

    def _match(self, rows: Sequence[Row]) -> None:
        """Find posts by number, then by address and name; what is left of one person is that person's one post that is left."""
        taken: set[int] = set()
        for row in rows:
            if row.number and (chain := self.staff.by_number.get((row.owner, row.number))):
                self._take(row, chain, taken)
        waiting: dict[tuple[int, int], list[Row]] = {}
        for row in rows:
            if row.chain is None:
                row.person = self._person(row)
                if isinstance(row.person, int):
                    waiting.setdefault((row.owner, row.person), []).append(row)
        for whose, several in waiting.items():
            self._pair(several, whose, taken)

    def _pair(self, rows: Sequence[Row], whose: tuple[int, int], taken: set[int]) -> None:
        """Pair one person's rows with their posts: the same place and title first, then the same place, then the only one left."""
        for fits_ in (
            lambda row, facts: facts.unit_id == row.unit_id and facts.title == row.title,
            lambda row, facts: facts.unit_id == row.unit_id,
            None,
        ):
            open_rows = [row for row in rows if row.chain is None]
            free = [chain for chain in self.staff.by_person.get(whose, ()) if chain.facts.unit_id in self.places.inside]
            for row in open_rows:
                mine = [chain for chain in free if chain.pk not in taken and _could_be(row, chain)]
                only_one = len(open_rows) == 1 == len(mine)
                chosen = [chain for chain in mine if (only_one if fits_ is None else fits_(row, chain.facts))]
                if chosen:
                    self._take(row, chosen[0], taken)

    def _take(self, row: Row, chain: Chain, taken: set[int]) -> None:
        row.chain, row.person = chain, chain.facts.person
        taken.add(chain.pk)

    def _person(self, row: Row) -> int | str:
        """Return who holds a post that is new: somebody known here, or a mark of a newcomer who may stand in several rows."""
        name = alike(row.name)
        if row.email and len(known := self.staff.by_email.get((row.owner, row.email, name), ())) == 1:
            return next(iter(known))
        stem = (row.owner, stem_of(row.number), name)
        if row.number and stem in self.staff.by_stem:
            return self.staff.by_stem[stem]
        keys = [key for key in (row.number and stem, row.email and (row.owner, row.email, name, "@")) if key]
        token = next((self.tokens[key] for key in keys if key in self.tokens), f"new:{row.line.row}")
        self.tokens.update(dict.fromkeys(keys, token))
        return token

    def _one_name_each(self, rows: Sequence[Row]) -> list[Row]:
        """Refuse two names or addresses of one person in one list: which is right is for somebody to say."""
        said: dict[int | str, Row] = {}
        good = []
        for row in rows:
            first = said.setdefault(row.person, row)
            email = row.email or first.email
            if (row.name, email) == (first.name, first.email or email):
                first.email, row.email = email, email
                good.append(row)
                continue
            what = f"Row {first.line.row + 1} gives the same person another name or address"
            key = ("post", row.chain.pk) if row.chain else None
            self._wrong(row.line, NAME if self.given[NAME] else LAST, what, "Write both the same way.", "two-names", key)
        return good

    # ---- what it comes to

    def _record(self, row: Row) -> Record | None:
        old = row.chain.facts if row.chain else None
        if row.chain and row.chain.facts.unit_id not in self.places.inside:
            self._wrong(row.line, NUMBER, "This post is at a place whose records you do not keep", "Leave the row out.", "not-yours")
            return None
        if row.chain and row.since and row.since not in row.chain.begun and row.chain.before and row.since < row.chain.before:
            what = "It begins before an earlier post under this number ended"
            self._wrong(row.line, SINCE, what, "Check the first day.", "overlaps", ("post", row.chain.pk))
            return None
        facts = self._facts(row, old)
        if old and another_name(old.name, row.name):
            what = f"This number stands for {old.name} here"
            self._warn(row.line, NUMBER, what, "Check that it is the same person with a new name.", "renamed")
        key: Key = ("post", row.chain.pk) if row.chain else _new_key(row, facts)
        at = NUMBER if row.line.columns[NUMBER] >= 0 else EMAIL
        return Record(key, facts, row.line.row, row.line.columns[at], row.line.texts[at])

    def _facts(self, row: Row, old: PostFacts | None) -> PostFacts:
        """Put together what the row says with what stands, where the list has no such column."""
        def said(at: int, new: object, name: str, empty: object) -> object:
            return new if self.given[at] or old is None else (getattr(old, name) if old else empty)

        since = row.since or (old.since if old else self.today)
        if row.chain and since in row.chain.begun:
            since = row.chain.facts.since
        return PostFacts(
            row.person, row.name, row.email or (old.email if old else ""), row.number or (old.number if old else ""), row.unit_id,
            str(said(TITLE, row.title, "title", "") or (old.title if old else "") or row.profession or NOT_A_POST),
            str(said(PROFESSION, row.profession, "profession", "")), str(said(GROUP, row.staff_group, "staff_group", "")),
            str(said(BAND, row.band, "band", "")), said(FRACTION, row.fraction, "fraction", None),  # type: ignore[arg-type]
            since, said(UNTIL, row.until, "until", None), self._manager(row, old),  # type: ignore[arg-type]
        )  # fmt: skip

    def _manager(self, row: Row, old: PostFacts | None) -> int | str | None:
        if not self.given[MANAGER]:
            return old.manager if old else None
        if not row.manager:
            return None
        known = self._managers.get((row.owner, row.manager))
        if known is None and (chain := self.staff.by_number.get((row.owner, row.manager))):
            known = chain.facts.person
        if known is None:
            self._warn(row.line, MANAGER, "Nobody here has this number", "The post is stored without a manager.", "no-manager")
        elif known == row.person:
            self._warn(row.line, MANAGER, "Nobody is their own manager", "The post is stored without a manager.", "own-manager")
            known = None
        return known

    def _wrong(self, line: Line, at: int, what: str, to_do: str, cause: str, key: Key | None = None) -> None:
        self.problems.append(Trouble(line.row, line.columns[at], line.texts[at], what.rstrip("."), to_do, cause, key=key))

    def _warn(self, line: Line, at: int, what: str, to_do: str, cause: str) -> None:
        self.problems.append(Trouble(line.row, line.columns[at], line.texts[at], what, to_do, cause, warning=True))


def _could_be(row: Row, chain: Chain) -> bool:
    """Whether a row without a known number may be about a post.

    One that has ended is known again by its first day only: otherwise whoever comes back would undo that they left.
    """
    return not (row.number and chain.facts.number) and (chain.facts.until is None or row.since == chain.facts.since)


def _after(day: date) -> date:
    """Return the first day on which a post with this last day is no longer held."""
    return min(day, date.max - ONE_DAY) + ONE_DAY


def _new_key(row: Row, facts: PostFacts) -> Key:
    """Return what tells a new post from the others of its list."""
    if row.number:
        return ("new", row.owner, row.number)
    return ("new", row.owner, row.email, alike(row.name), row.unit_id, facts.title)
