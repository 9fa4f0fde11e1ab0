"""What a partner is asked and paid: the words, and which step of a claim is whose."""

from __future__ import annotations

from decimal import Decimal  # noqa: TC003  the example below uses it

FORMATS = {
    "online": "Online",
    "in-person": "In person",
    "phone": "By phone",
    "post": "By post",
    "easy-read": "Easy read",
    "large-print": "Large print",
    "bsl": "British Sign Language",
    "interpreter": "With an interpreter",
}
KINDS = {"expenses": "Money you spent", "payment": "Payment for your time"}
TEAM_KINDS = {"expenses": "Money they spent", "payment": "Payment for their time"}
STATES = {
    "offered": "Offered to you",
    "claimed": "Asked for",
    "agreed": "Agreed. It will be paid",
    "paid": "Paid",
    "declined": "Not agreed",
    "withdrawn": "You took it back",
}
VIEWS = {"yes": "Yes", "no": "No", "unsure": "I am not sure"}
PARTNER, TEAM = "partner", "team"
# From where to where, and whose step it is. Nothing that was paid goes back: a slip is put right by a new claim.
STEPS = {
    ("offered", "claimed"): PARTNER,
    ("offered", "withdrawn"): TEAM,
    ("claimed", "withdrawn"): PARTNER,
    ("withdrawn", "claimed"): PARTNER,
    ("claimed", "agreed"): TEAM,
    ("claimed", "declined"): TEAM,
    ("agreed", "paid"): TEAM,
    ("declined", "agreed"): TEAM,
}
MOST_PENCE = 1_000_000
MOVED_ON = "This claim has moved on since you opened the page."


def steps_of(state: str, *, whose: str, by_team: bool = False) -> tuple[str, ...]:
    """Return where somebody may take a claim from here. by_team: the team took its offer back, so nobody can take it any more.

    >>> steps_of("claimed", whose="team"), steps_of("claimed", whose="partner"), steps_of("paid", whose="team")
    (('agreed', 'declined'), ('withdrawn',), ())
    >>> steps_of("withdrawn", whose="partner"), steps_of("withdrawn", whose="partner", by_team=True)
    (('claimed',), ())
    """
    if by_team:
        return ()
    return tuple(after for (before, after), who in STEPS.items() if before == state and who == whose)


def pence(pounds: Decimal) -> int:
    """Return pounds as whole pence.

    >>> pence(Decimal("12.5")), pence(Decimal("0.01"))
    (1250, 1)
    """
    return int((pounds * 100).to_integral_value())


def pounds(amount: int) -> str:
    """Write pence as people write money.

    >>> pounds(1250), pounds(100), pounds(123456)
    ('£12.50', '£1', '£1,234.56')
    """
    whole, rest = divmod(amount, 100)
    return f"£{whole:,}.{rest:02d}" if rest else f"£{whole:,}"
