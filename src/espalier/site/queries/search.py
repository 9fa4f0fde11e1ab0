"""Find anything the viewer may see: places, people, charts, reports, saved pages, help and the framework."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from django.db import connection

from espalier.access.deciding import anywhere
from espalier.framework import queries as framework
from espalier.insight import queries as insight
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.site.queries.pages import help_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from espalier.access.viewer import Viewer
    from espalier.framework.rules import Entry
    from espalier.insight.queries import PaperFound
    from espalier.measures.queries import Definition, View
    from espalier.organisations.queries import PersonFound, UnitFacts
    from espalier.site.rules import HelpPage

EACH, SUGGESTED, FILES = 20, 4, 8
NAMES = "people.names"
KINDS = ("unit", "person", "measure", "report", "view", "help", "framework")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by kind; near is what the words were nearly, and only there where nothing was found."""

    text: str
    kind: str
    units: tuple[UnitFacts, ...] = ()
    people: tuple[PersonFound, ...] = ()
    measures: tuple[Definition, ...] = ()
    reports: tuple[PaperFound, ...] = ()
    views: tuple[View, ...] = ()
    help: tuple[HelpPage, ...] = ()
    framework: tuple[Entry, ...] = ()
    near_units: tuple[UnitFacts, ...] = ()
    near_people: tuple[PersonFound, ...] = ()
    near_measures: tuple[Definition, ...] = ()

    @property
    def total(self) -> int:
        """How many were found."""
        several = (self.units, self.people, self.measures, self.reports, self.views, self.help, self.framework)
        return sum(len(one) for one in several)

    @property
    def at_least(self) -> bool:
        """Whether there may be more, because of one kind as many were found as are shown."""
        return max(len(self.units), len(self.people), len(self.measures), len(self.reports), len(self.views)) >= EACH

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was found."""
        return not self.total

    @property
    def near(self) -> bool:
        """Whether there is something the words were nearly."""
        return bool(self.near_units or self.near_people or self.near_measures)


def search(*, viewer: Viewer, text: str, kind: str = "", most: int = EACH, nearly: bool = True) -> Found:
    """Find every kind of thing by all of the words, in any order. kind narrows it to one."""
    clean = " ".join(text.replace("\0", "").split())[:100]
    kind = kind if kind in KINDS else ""
    if not clean:
        return Found(clean, kind)
    hits = _ask("site_search", clean, most)
    found = Found(
        clean, kind,
        units=_in_order(hits, "unit", kind, lambda pks: organisations.units(viewer=viewer, pks=pks)),
        people=_in_order(_may_name(viewer, hits), "person", kind, lambda pks: organisations.people_found(viewer=viewer, pks=pks)),
        measures=_in_order(hits, "measure", kind, lambda pks: measures.of_numbers(viewer=viewer, pks=pks)),
        reports=_in_order(hits, "report", kind, lambda pks: insight.papers_found(viewer=viewer, pks=pks)),
        views=_in_order(hits, "view", kind, lambda pks: {one.pk: one for one in measures.saved_views(viewer=viewer) if one.pk in pks}),
        help=_pages(clean, most) if kind in {"", "help"} else (),
        framework=_entries(viewer, clean, most) if kind in {"", "framework"} else (),
    )  # fmt: skip
    return found if found.total or not nearly else _nearly(viewer, clean, kind)


def suggest(*, viewer: Viewer, text: str) -> Found:
    """Find the first few while somebody types; two letters say nothing yet, and what is half typed is no slip."""
    return search(viewer=viewer, text=text, most=SUGGESTED, nearly=False) if len(text.strip()) > 2 else Found(text.strip(), "")


Hits = dict[str, list[int]]
Row = TypeVar("Row")


def _ask(function: str, text: str, most: int) -> Hits:
    """Ask the one function that may look past row-level security; it answers with kinds, numbers and ranks only."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT kind, id FROM {function}(%s, %s) ORDER BY kind, rank", [text, most])  # noqa: S608  one of our two
        hits: Hits = {}
        for kind, pk in cursor.fetchall():
            hits.setdefault(kind, []).append(pk)
        return hits


def _may_name(viewer: Viewer, hits: Hits) -> Hits:
    """Leave people out for whoever may not see who works anywhere."""
    return hits if anywhere(viewer=viewer, do=NAMES) else {kind: pks for kind, pks in hits.items() if kind != "person"}


def _in_order(hits: Hits, name: str, kind: str, read: Callable[[list[int]], Mapping[int, Row]]) -> tuple[Row, ...]:
    """Read rows in the order found; what row-level security does not show is as if it had not been found."""
    pks = hits.get(name, []) if kind in {"", name} else []
    rows = read(pks) if pks else {}
    return tuple(rows[pk] for pk in pks if pk in rows)


def _nearly(viewer: Viewer, text: str, kind: str) -> Found:
    hits = _ask("site_near", text, 5)
    return Found(
        text, kind,
        near_units=organisations.near_matches(viewer=viewer, text=text) if kind in {"", "unit"} else (),
        near_people=_in_order(_may_name(viewer, hits), "person", kind, lambda pks: organisations.people_found(viewer=viewer, pks=pks)),
        near_measures=_in_order(hits, "measure", kind, lambda pks: measures.of_numbers(viewer=viewer, pks=pks)),
    )  # fmt: skip


@cache
def _help_words() -> dict[str, str]:
    """Return the words of every help page, in small letters; read once, as the pages are."""
    return {slug: re.sub(r"<[^>]+>", " ", f"{page.title} {page.html}").lower() for slug, page in help_pages().items()}


def _pages(text: str, most: int) -> tuple[HelpPage, ...]:
    """Find help pages; those that say it in their title come first."""
    words = text.lower().split()
    found = [page for slug, page in help_pages().items() if all(word in _help_words()[slug] for word in words)]
    return tuple(sorted(found, key=lambda page: not all(word in page.title.lower() for word in words))[: min(most, FILES)])


def _entries(viewer: Viewer, text: str, most: int) -> tuple[Entry, ...]:
    """Find lines of the framework by code or by what they say; titles first."""
    words = text.lower().split()
    entries: Sequence[Entry] = framework.edition(viewer=viewer).entries
    found = [one for one in entries if one.code.lower() == text.lower() or all(word in f"{one.title} {one.help}".lower() for word in words)]
    return tuple(sorted(found, key=lambda one: not all(word in one.title.lower() for word in words))[: min(most, FILES)])
