"""What an import of figures needs to know: the measures and places somebody may load, and what stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from espalier.access.deciding import anywhere
from espalier.access.roles import all_roles
from espalier.measures.permissions import PUBLISH, may_enter
from espalier.measures.queries.definitions import Definition, definitions, of_numbers
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import UnitFacts

Key = tuple[int, int, "date"]  # measure, unit, period
Numbers = tuple[float | None, float | None, float | None]
MOST_NEAR = 20  # texts looked up; a file with more wrong names than that has another trouble
# A code of the health service, such as 03Y: the next code is another place, and no slip of the hand.
_SHORT_CODE = re.compile(r"(?=.*\d)[0-9A-Za-z]{3,6}")


def measures_to_load(*, viewer: Viewer) -> tuple[Definition, ...]:
    """Return the measures whose figures this viewer may load somewhere."""
    if viewer.is_visitor or not viewer.grants:
        return ()
    steward = bool(anywhere(viewer=viewer, do=PUBLISH))
    return tuple(one for one in definitions(viewer=viewer) if one.words.get("entered_by") == "teams" or steward)


@dataclass(slots=True)
class Places:
    """The places one viewer may load figures for, found by code or by name. Only these are ever compared or named."""

    viewer: Viewer
    inside: dict[int, UnitFacts]  # everything below the viewer's places
    open_to: frozenset[int]  # what lies below the places of a steward of published figures
    by_code: dict[str, UnitFacts] = field(default_factory=dict)
    by_name: dict[str, list[UnitFacts]] = field(default_factory=dict)
    _may: dict[tuple[int, str], bool] = field(default_factory=dict)
    _looked: int = 0

    def may(self, unit: UnitFacts, definition: Definition) -> bool:
        """Whether the viewer may load this measure's figures here."""
        if definition.words.get("entered_by") != "teams":
            return unit.pk in self.open_to
        known = (unit.pk, "teams")  # may_enter asks the measure only whether teams type it
        if known not in self._may:
            self._may[known] = bool(may_enter(viewer=self.viewer, unit=unit, definition=definition.words))
        return self._may[known]

    def find(self, text: str) -> tuple[UnitFacts, ...]:
        """Return the places a text names: one by its code, or all with exactly this name."""
        plain = _plain(text)
        if found := self.by_code.get(plain):
            return (found,)
        return tuple(self.by_name.get(plain, ()))

    def near(self, text: str) -> str:
        """Return the name of a place of the viewer's own that is nearly the text; others' places are never suggested."""
        if self._looked >= MOST_NEAR or _SHORT_CODE.fullmatch(text.strip()):
            return ""
        self._looked += 1
        found = [one for one in organisations.near_matches(viewer=self.viewer, text=text) if one.pk in self.inside]
        return f"{found[0].name} ({found[0].code})" if found else ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def places_to_load(*, viewer: Viewer) -> Places:
    """Return the viewer's places; one question for each role held, however many places lie below."""
    held: dict[int, set[int]] = {}
    for grant in viewer.grants:
        if grant.unit_id not in held:
            held[grant.unit_id] = set(organisations.below(viewer=viewer, unit_id=grant.unit_id).values_list("unit_id", flat=True))
    stewards = all_roles().with_right(PUBLISH)
    steward = frozenset().union(*(held[grant.unit_id] for grant in viewer.grants if grant.role in stewards))
    places = Places(viewer, organisations.units(viewer=viewer, pks=set().union(*held.values())), steward)
    for one in places.inside.values():
        places.by_code[_plain(one.code)] = one
        whole = one.name.removesuffix(" (made up)")
        for name in {_plain(one.name), _plain(whole), _plain(whole.partition(",")[0])}:  # "Ward 7, care of older people" is Ward 7
            places.by_name.setdefault(name, []).append(one)
    return places


def known_codes(*, viewer: Viewer, texts: Collection[str]) -> set[str]:
    """Return which of these texts are codes of places at all, in lower case: "not yours" is then said, not "unknown"."""
    return {code.casefold() for code in organisations.find(viewer=viewer, codes=[text.upper() for text in texts])}


def standing(*, viewer: Viewer, keys: Iterable[Key], lock: bool) -> dict[Key, Numbers]:
    """Return the figures that stand at these measures and places, from the first to the last of the keys' periods.

    Also those of periods between that the keys leave out: a file that says it is everything would remove them.
    """
    del viewer  # row-level security shows what this viewer may see; callers ask only for places they may write
    spans: dict[tuple[int, int], tuple[date, date]] = {}
    for measure, unit, period in keys:
        first, last = spans.get((measure, unit), (period, period))
        spans[measure, unit] = min(first, period), max(last, period)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE spans (measure_id bigint, unit_id bigint, first date, last date) ON COMMIT DROP")
        with cursor.copy("COPY spans FROM STDIN") as copy:
            for (measure, unit), (first, last) in spans.items():
                copy.write_row((measure, unit, first, last))
        cursor.execute("ANALYZE spans")
        query = (
            "SELECT i.measure_id, i.unit_id, p.period_on, p.numerator, p.denominator, p.value FROM spans i"
            " JOIN LATERAL (SELECT id FROM measures_series s WHERE s.measure_id = i.measure_id AND s.unit_id = i.unit_id"
            " AND s.stratum = '' ORDER BY s.owner_id LIMIT 1) s ON true"
            " JOIN measures_point p ON p.series_id = s.id AND p.period_on BETWEEN i.first AND i.last"
        )
        cursor.execute(query + " FOR UPDATE OF p" if lock else query)
        found = {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in cursor.fetchall()}
        cursor.execute("DROP TABLE spans")
    return found


def codes_of(*, viewer: Viewer, measures: Collection[int], units: Collection[int]) -> tuple[dict[int, Definition], dict[int, UnitFacts]]:
    """Return definitions and places by their numbers."""
    return of_numbers(viewer=viewer, pks=measures), organisations.units(viewer=viewer, pks=units)
