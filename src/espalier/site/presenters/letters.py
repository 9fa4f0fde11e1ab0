"""Words about letters."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from espalier.ui.filters import and_list, plural

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from espalier.measures.queries import Sent

OFTEN = {"at-once": "at once", "daily": "every day", "weekly": "every week", "monthly": "every month"}
STUCK_AFTER = timedelta(minutes=10)
CHOSEN = {
    "at-once": "We write to you when something is due, outside your quiet time.",
    "daily": "We write to you at most once a day, and only when something is due.",
    "weekly": "We write to you at most once a week, and only when something is due.",
    "never": "We write nothing to you about what is due.",
}


def chosen_letters(how_often: str) -> str:
    """Say what a choice brings."""
    return f"Saved. {CHOSEN[how_often]}"


def rhythm(how_often: str) -> str:
    """Say how often."""
    return OFTEN.get(how_often, how_often)


def followed_how_often(follows: Mapping[str, int]) -> str:
    """Say how many charts and places are followed in each rhythm."""
    said = and_list(f"{number:,} {OFTEN[code]}" for code, number in follows.items())
    return f"You follow {plural(sum(follows.values()), 'chart or place', 'charts or places')}: {said}."


def letter_said(one: Sent) -> str:
    """Say what a letter was about."""
    parts = [plural(one.due, "thing") + " due"] if one.due else []
    parts += [plural(one.signals, "chart") + " that newly stood out"] if one.signals else []
    parts += [plural(one.late, "late figure")] if one.late else []
    return and_list(parts) or "nothing"


def may_be_lost(one: Sent, at: datetime) -> bool:
    """Whether it is not known that a letter was sent."""
    return one.state in {"unsure", "refused"} or (one.state == "writing" and one.at < at - STUCK_AFTER)


def letter_became(one: Sent, at: datetime) -> str:
    """Say what became of a letter."""
    if one.state == "sent":
        return "sent"
    if one.state == "refused":
        return "your mail server refused it"
    return "we do not know if it reached you" if may_be_lost(one, at) else "on its way"


def letters_stopped(count: int, how_often: str) -> str:
    """Say what stopping did."""
    return f"No more letters come {OFTEN[how_often]}." if count else "No letters were coming any more."
