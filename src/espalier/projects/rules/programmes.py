"""Months of a programme: which are due, where a team lands, what may follow what, and who is asked first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.errors import UnableTo
from espalier.common.periods import add_months, month_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

DRAFT, SUBMITTED, ANSWERED, COMPLETED = "draft", "submitted", "answered", "completed"
SEND, PULL_BACK, REPLY, COMPLETE = "send", "pull-back", "reply", "complete"
# What may be done in a state, and what it becomes.
STEPS: Mapping[tuple[str, str], str] = {
    (DRAFT, SEND): SUBMITTED, (SUBMITTED, PULL_BACK): DRAFT, (ANSWERED, PULL_BACK): DRAFT, (SUBMITTED, REPLY): ANSWERED,
    (ANSWERED, REPLY): ANSWERED, (SUBMITTED, COMPLETE): COMPLETED, (ANSWERED, COMPLETE): COMPLETED, (COMPLETED, REPLY): ANSWERED,
}  # fmt: skip
NOT_POSSIBLE = {
    SEND: ("This month has been sent already.", "Pull it back first if something in it must change."),
    PULL_BACK: ("This month cannot be pulled back.", "Ask the coach to reply to it: then it opens again."),
    REPLY: ("This month has not been sent yet.", "Wait until the team sends it, or talk to them."),
    COMPLETE: ("This month cannot be completed now.", "Open it again to see how it stands."),
}


class NotNow(UnableTo):
    """What was asked does not follow from how the month stands."""

    code = "not-now"


def next_state(state: str, do: str) -> str:
    """Return what a month becomes; what does not follow is refused with what to do instead.

    >>> next_state("draft", "send"), next_state("answered", "pull-back"), next_state("submitted", "complete")
    ('submitted', 'draft', 'completed')
    """
    if found := STEPS.get((state, do)):
        return found
    what, to_do = NOT_POSSIBLE[do]
    raise NotNow(what, to_do=to_do)


def months_due(*, since: date, starts_on: date, ends_on: date | None, today: date) -> tuple[date, ...]:
    """Return the months a team is asked for, oldest first: from joining or the start, whichever is later, to the last that is over.

    The month of joining counts: a team that joins on the 28th has figures for it all the same.

    >>> from datetime import date
    >>> months_due(since=date(2026, 2, 28), starts_on=date(2026, 1, 1), ends_on=None, today=date(2026, 4, 1))
    (datetime.date(2026, 2, 1), datetime.date(2026, 3, 1))
    >>> months_due(since=date(2026, 2, 28), starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 10), today=date(2026, 9, 1))
    (datetime.date(2026, 2, 1),)
    """
    month, last = month_start(max(since, starts_on)), add_months(month_start(today), -1)
    if ends_on:
        last = min(last, month_start(ends_on))
    found = []
    while month <= last:
        found.append(month)
        month = add_months(month, 1)
    return tuple(found)


def landing(months: Iterable[date], states: Mapping[date, str]) -> date | None:
    """Return the oldest month that is not sent; None where all are.

    >>> from datetime import date
    >>> landing([date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)], {date(2026, 1, 1): "completed", date(2026, 2, 1): "draft"})
    datetime.date(2026, 2, 1)
    """
    return next((month for month in months if states.get(month, DRAFT) == DRAFT), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to ask for a month, and as whom."""

    account_id: int
    role: str  # keeper, second, leader


def whom_to_ask(*, keepers: Iterable[int | None], seconds: Iterable[int | None], leaders: Iterable[int]) -> tuple[Asked, ...]:
    """Return whom to ask, in order: who keeps the figures, who stands in for them, who leads. Nobody is named twice.

    >>> [(one.account_id, one.role) for one in whom_to_ask(keepers=[7, None], seconds=[8, 7], leaders=[9, 8])]
    [(7, 'keeper'), (8, 'second'), (9, 'leader')]
    """
    found: dict[int, Asked] = {}
    for role, accounts in (("keeper", keepers), ("second", seconds), ("leader", leaders)):
        for account in accounts:
            if account is not None:
                found.setdefault(account, Asked(account, role))
    return tuple(found.values())
