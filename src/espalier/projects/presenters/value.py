"""The words of what a project is worth: always a range, never one number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.projects.rules.value import POUNDS, Key, Span
from espalier.ui.filters import day, plural

if TYPE_CHECKING:
    from decimal import Decimal

    from espalier.projects.queries.value import ValueFacts
    from espalier.projects.rules.value import Total

KINDS = {
    "time": ("Time freed", "Say what takes less time", "time"), "cost": ("Costs", "Say what it costs", "a cost"),
    "benefit": ("Benefits", "Say what good it does", "a benefit"),
    "rate": ("What an hour is worth", "Say what an hour is worth", "what an hour is worth"),
}  # fmt: skip
THINGS = {
    "hours": "hours", "bed-days": "days in a hospital bed", "appointments": "appointments", "miles": "miles travelled",
    "kg-carbon": "kilograms of carbon",
}  # fmt: skip
OFTEN = {"once": "once", "week": "a week", "month": "a month", "year": "a year"}
HOW = {"counted": "counted", "estimated": "estimated", "assumed": "assumed"}
COLOURS = {"counted": "green", "estimated": "blue", "assumed": "yellow"}
STANDS = {"over": "over: not in the sums", "to-come": "still to come: not in the sums"}


def amount(value: Decimal) -> str:
    """Write an amount with as many decimals as it has, at most two.

    >>> from decimal import Decimal
    >>> [amount(Decimal(one)) for one in ("1234.50", "1200.00", "0.25")]
    ['1,234.50', '1,200', '0.25']
    """
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def span(found: Span, thing: str) -> str:
    """Write a range: £100 to £300; 10 to 20 hours; exactly £240, where somebody counted it.

    >>> from decimal import Decimal
    >>> span(Span(Decimal(-20), Decimal(250)), "pounds"), span(Span(Decimal(240), Decimal(240)), "pounds")
    ('−£20 to £250', 'exactly £240')
    """
    money = thing in {POUNDS, "pounds-an-hour"}
    ends = [f"{'−' if one < 0 else ''}{'£' if money else ''}{amount(abs(one))}" for one in (found.low, found.high)]
    words = f"exactly {ends[0]}" if found.low == found.high else " to ".join(ends)
    return words if money else f"{words} {THINGS[thing]}"


def said(one: ValueFacts) -> str:
    """Write a line's range and how often it comes."""
    words = span(Span(one.low, one.high), one.amount)
    return f"{words} an hour" if one.kind == "rate" else f"{words} {OFTEN[one.per]}"


def when(one: ValueFacts) -> str:
    """Say from when to when."""
    if one.until:
        return f"{day(one.since)} to {day(one.until)}"
    return f"on {day(one.since)}" if one.per == "once" else f"since {day(one.since)}"


def name(key: Key) -> str:
    """Name what was added up."""
    if key.kind == "time":
        return "Time freed"
    if key.amount != POUNDS:
        return "Time it takes" if key.kind == "cost" else "Benefit"
    if key.kind == "cost":
        return "Costs, paid out of a budget" if key.releases else "Costs, in time or rooms there are anyway"
    if key.releases:
        return "Benefit, a budget has more left (cash-releasing)"
    return "Benefit in pounds, no budget feels it (not cash-releasing)"


def sum_of(one: Total) -> str:
    """Write a sum: its range, and whether it comes each year or came once."""
    return f"{span(one.span, one.key.amount)} {often(one.key.yearly)}"


def often(yearly: bool) -> str:
    """Say whether something comes each year or once."""
    return "a year" if yearly else "once"


def rests(one: Total) -> str:
    """Say on how much a sum rests."""
    least = "" if one.lines == 1 else "the least sure is "
    return f"{plural(one.lines, 'line')}, {least}{HOW[one.how]}"


def initial(one: ValueFacts) -> dict[str, Any]:
    """Return a line as its form shows it."""
    plain = {field: getattr(one, field) for field in ("what", "since", "until", "says", "how", "source")}
    money = "" if one.releases is None else "yes" if one.releases else "no"
    ends = {"low": f"{one.low.normalize():f}", "high": f"{one.high.normalize():f}"}
    return plain | ends | {"unit": f"{one.amount}:{one.per}", "releases": money}
