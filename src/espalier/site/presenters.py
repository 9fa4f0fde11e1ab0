"""From facts to the words of the front pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.ui.filters import and_list, day, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.organisations.queries import Agreement, Related, UnitFacts
    from espalier.site.queries import Below, SharingPage, Taker, UnitPage


def what_it_is(unit: UnitFacts) -> str:
    """Say in one line what a unit is and whether it still is."""
    parts = [unit.kind_name]
    if unit.country == "W":
        parts.append("in Wales")
    if not unit.code.startswith("DEMO"):
        parts.append(f"code {unit.code}")
    if unit.closed_on:
        parts.append(f"closed on {day(unit.closed_on)}")
    elif unit.opened_on:
        parts.append(f"since {day(unit.opened_on)}")
    return ", ".join(parts)


def held(related: Related) -> str:
    """Say from when until when a relation held, and how surely we know."""
    if related.since and related.until:
        words = f"from {day(related.since)} until {day(related.until)}"
    elif related.since:
        words = f"since {day(related.since)}"
    elif related.until:
        words = f"until {day(related.until)}"
    else:
        words = "for as long as we know"
    if related.inferred:
        words += " (inferred: no file says so for that time)"
    return words if related.verified else f"{words} (we have not checked this)"


def shared_how(agreement: Agreement) -> str:
    """Say how what is shared is seen."""
    return "added up, and by name" if agreement.by_name else "only added up with others"


def would_see(page: SharingPage, taker: Taker, *, by_name: bool) -> list[str]:
    """Say in plain words who would see what, before anything is given."""
    people = plural(taker.people, "person holds", "people hold")
    lines = [
        f"{people} a role at {taker.unit.name} today, and would see a sum with these figures in it.",
        "The sum is shown only when three teams or more share. It does not say which figures are yours.",
    ]
    if by_name:
        lines[1] = f"They would also see the figures of {page.unit.name} by name, each period as it is."
    return [*lines, "You can take it back at any time. It takes effect at once, for all periods. What was frozen in a report stays."]


def trusts_first(below: Sequence[Below]) -> list[Below]:
    """Put what people come for first: regions, systems, trusts, and then the rest in the order given."""
    first = ("region", "system", "trust")
    return sorted(below, key=lambda one: first.index(one.units[0].kind) if one.units[0].kind in first else len(first))


def contains(page: UnitPage) -> str:
    """Say what lies inside a unit, in one sentence."""
    if not page.counts:
        return ""
    return and_list(
        [
            plural(number, name.lower() if name[1:2].islower() else name, kind.lower() if kind[1:2].islower() else kind)
            for name, kind, number in sorted(page.counts, key=lambda one: one[0] not in {"Region", "System", "Trust"})
        ]
    )
