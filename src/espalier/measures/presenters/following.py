"""Words about what a person saves and follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.measures.presenters import SIGNALS

if TYPE_CHECKING:
    from espalier.measures.queries import Followed, View

OFTEN = {"daily": "every day", "weekly": "every week", "monthly": "every month"}
_ORDERS = {"attention": "needs a look first", "name": "A to Z"}


def followed(one: Followed) -> str:
    """Name what is followed."""
    if one.definition is None:
        return f"Everything at {one.unit.name}"
    return f"{one.definition.name}: {'all of ' if one.below else ''}{one.unit.name}"


def described(view: View) -> str:
    """Say what a saved page shows."""
    choices, signals = dict(view.choices), dict(SIGNALS) | {"sure": "the surest signs"}
    parts = [f"{view.definition.name}, {view.place.name}"]
    if choices.get("order"):
        parts.append(_ORDERS.get(choices["order"], ""))
    if choices.get("compare"):
        parts.append("compared with the same month last year")
    if choices.get("signal"):
        parts.append(f"only {signals.get(choices['signal'], '')}")
    if choices.get("view") == "table":
        parts.append("as a table")
    return ", ".join(filter(None, parts))


def began(how_often: str, name: str) -> str:
    """Say what following brings."""
    rhythm = {"daily": "once a day", "weekly": "once a week", "monthly": "once a month"}[how_often]
    return f"You follow {name}. A letter comes at most {rhythm}, and only when something is new."


def stopped(count: int, how_often: str) -> str:
    """Say what stopping did."""
    return f"No more letters come {OFTEN[how_often]}." if count else "No letters were coming any more."
