"""From facts to the words of the front pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.access.roles import all_roles
from espalier.ui.filters import and_list, day, figure, moment, period, plural
from espalier.ui.gaps import GAPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.access.tokens import TokenFacts
    from espalier.measures.queries import Card, LateCard, Latest
    from espalier.organisations.queries import Agreement, Colleague, Related, UnitFacts
    from espalier.site.queries import Below, SharingPage, Taker, TokensPage, UnitPage


JOY, CARE = "staff-experience", "care-quality"


def what_it_is(unit: UnitFacts) -> str:
    """Say in one line what a unit is and whether it still is."""
    parts = [unit.kind_name]
    if unit.country == "W":
        parts.append("in Wales")
    if not unit.code.startswith("DEMO"):
        parts.append(f"code {unit.code}")
    if unit.closed_on:
        parts.append(f"{'closed' if unit.closed_on < timezone.localdate() else 'closes'} on {day(unit.closed_on)}")
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
        f"{people} a role at {taker.unit.name} today, and would see these figures added up with others.",
        "They see it only when three teams or more share without their names, and it does not say which figures are yours.",
    ]
    if by_name:
        lines[1] = f"They would also see the figures of {page.unit.name} by name, each period as it is."
        lines.append("A sum in which this would leave only one or two teams unnamed is no longer shown: they could be worked out.")
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


def token_does(one: TokenFacts) -> str:
    """Say what a token may do."""
    return and_list([words for words, may in (("read", one.may_read), ("put figures in", one.may_enter)) if may])


def token_where(one: TokenFacts, page: TokensPage) -> str:
    """Say where a token works."""
    return page.names.get(one.unit_id, "a place that is no longer here") if one.unit_id else "Wherever you may"


def token_used(one: TokenFacts) -> str:
    """Say when a token was last used."""
    return moment(timezone.localtime(one.used_at)) if one.used_at else "not yet"


def token_ended(one: TokenFacts) -> str:
    """Say how a token came to its end."""
    if one.stopped_at:
        return f"Stopped on {day(timezone.localdate(one.stopped_at))}"
    return f"Ended on {day(timezone.localdate(one.expires_at))}"




def by_gap(cards: Sequence[Card]) -> list[tuple[str, list[Card]]]:
    """Put a unit's charts under the gap each belongs to."""
    groups = [(words, [card for card in cards if card.definition.gap == code]) for code, words in GAPS.items()]
    return [(words, several) for words, several in groups if several]


def joy(cards: Sequence[Card]) -> list[Card]:
    """Pick the charts of how people are at work: they stand above care."""
    return [card for card in cards if card.definition.gap == JOY]


def care(cards: Sequence[Card]) -> list[Card]:
    """Pick the charts of care; what is neither joy nor care comes after both."""
    return [card for card in cards if card.definition.gap == CARE]


def others(cards: Sequence[Card]) -> list[Card]:
    """Pick the charts that are of neither."""
    return [card for card in cards if card.definition.gap not in {JOY, CARE}]


def late(one: LateCard) -> str:
    """Say what is missing."""
    missing = "" if one.behind == 1 else f", {plural(one.behind, 'figure')} missing"
    return f"nothing since {period(one.card.period, one.card.definition.frequency)}{missing}"


def latest(one: Latest) -> str:
    """Say what was stored in one go."""
    what, newest = one.definition, one.figures[0]
    if len(one.figures) > 1:
        return f"{what.short_name}: {plural(len(one.figures), 'figure')}, the newest for {period(newest.period, what.frequency)}"
    new, old = (figure(value, what.measured_in, what.decimals) for value in (newest.new, newest.old))
    if newest.kind == "removed":
        return f"{what.short_name}: {period(newest.period, what.frequency)} taken back"
    if newest.kind == "corrected":
        return f"{what.short_name}: {period(newest.period, what.frequency)} changed from {old} to {new}"
    return f"{what.short_name}: {period(newest.period, what.frequency)} is {new}"


def colleague(one: Colleague) -> str:
    """Name somebody to ask."""
    return f"{one.name}, {all_roles().roles[one.role].name.lower()} at {one.place}"


def publishers(cards: Sequence[Card]) -> str:
    """Say who answers for published figures; for those of teams, that names are for colleagues."""
    published = dict.fromkeys(
        card.definition.words["source"]["words"].split(",")[0] for card in cards if card.definition.words.get("entered_by") != "teams"
    )
    if published:
        return f"Published figures: {and_list(published)}."
    return "Names are shown to colleagues who have signed in."
