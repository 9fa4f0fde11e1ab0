"""The words of partners' pages: plain, short, and never a code."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from espalier.projects.rules.partners import FORMATS, KINDS, STATES, TEAM, TEAM_KINDS, VIEWS, pounds, steps_of
from espalier.ui.filters import and_list, day

if TYPE_CHECKING:
    from espalier.projects.queries import ClaimFacts, Partnering

COLOURS = {"offered": "blue", "claimed": "yellow", "agreed": "aqua-green", "paid": "green", "declined": "grey", "withdrawn": "grey"}
TEAM_STATES = {
    **STATES, "offered": "Offered, not taken yet", "claimed": "Waits for your answer", "agreed": "Agreed, to be paid",
    "withdrawn": "They took it back",
}  # fmt: skip
# What a partner may press beside a claim, by its state: the words, where it goes, and what is said then.
PRESS = {
    "offered": ("Yes please, {}", "claimed"),
    "claimed": ("Take back {}", "withdrawn"),
    "withdrawn": ("Ask for {} again", "claimed"),
}
TAKEN_BACK = "Your team took it back"
TEAM_TAKEN_BACK = "Taken back by the team"
TOOK_BACK = "Taken back. Their page says so."
DONE = {"claimed": "Your team has been asked for it.", "withdrawn": "You have taken it back. Your team is not asked for it any more."}


def money(one: ClaimFacts) -> str:
    """Write how much."""
    return pounds(one.pence)


def kind(one: ClaimFacts, *, team: bool = False) -> str:
    """Say what money it is."""
    return (TEAM_KINDS if team else KINDS)[one.kind]


def state(one: ClaimFacts, *, team: bool = False) -> str:
    """Say where a claim is."""
    if one.by_team:
        return TEAM_TAKEN_BACK if team else TAKEN_BACK
    words = (TEAM_STATES if team else STATES)[one.state]
    return f"{words} on {day(one.paid_on)}" if one.state == "paid" and one.paid_on else words


def colour(one: ClaimFacts) -> str:
    """Colour of a claim's tag; the words do without it."""
    return COLOURS[one.state]


def press(one: ClaimFacts) -> str:
    """What a partner's button beside a claim says, or nothing where they have nothing to press."""
    return PRESS[one.state][0].format(money(one)) if one.state in PRESS and not one.by_team else ""


def waits(one: ClaimFacts) -> str:
    """What the team's link says, or nothing where the team has nothing to answer."""
    return {"claimed": "Answer", "agreed": "Say that it was paid", "declined": "Change the answer"}.get(one.state, "")


def may_take_back(one: ClaimFacts) -> bool:
    """Whether the team may take back what it offered: nobody has taken it yet."""
    return "withdrawn" in steps_of(one.state, whose=TEAM)


def ways(one: Partnering) -> str:
    """How somebody can take part: or, because one way is enough.

    >>> from types import SimpleNamespace as S
    >>> ways(S(role=S(formats=("online", "post"))))
    'Online or by post'
    """
    words = [FORMATS[code] for code in one.role.formats if code in FORMATS]
    lower = [word if word.startswith("British") else word[:1].lower() + word[1:] for word in words]
    joined = lower[0] if len(lower) == 1 else f"{', '.join(lower[:-1])} or {lower[-1]}" if lower else ""
    return joined[:1].upper() + joined[1:]


def phone(one: Partnering) -> str:
    """Return the number as a link takes it."""
    return "".join(sign for sign in one.role.ring_phone if sign.isdigit() or sign == "+")


def view(one: Partnering) -> str:
    """A partner's answer about the measure."""
    return VIEWS[one.view.says] if one.view else ""


def called(one: Partnering) -> str:
    """Name somebody; a partner's name is not everybody's to see."""
    return one.name or "your partner"


def helped(one: Partnering) -> str:
    """Name a project that is no longer open to them: its title is not theirs to read any more, so the day tells it apart."""
    return f"A project you helped until {day(localdate(one.role.stopped_at))}" if one.role.stopped_at else "A project you helped"


def project(one: Partnering) -> str:
    """Name the project in a sentence."""
    words = helped(one)
    return one.title or f"{words[:1].lower()}{words[1:]}"


def names(several: tuple[str, ...]) -> str:
    """Write names in a row."""
    return and_list(list(several))


def initial(one: Partnering) -> dict[str, Any]:
    """What stands in the form that says what a partner is asked."""
    return asdict(one.role) | {"formats": list(one.role.formats)}


def claiming(part: Partnering, what: str) -> dict[str, Any]:
    """Words around the form for a claim."""
    title = "Ask for payment for your time" if what == "payment" else "Ask for money back"
    offered = part.role.payment if what == "payment" else part.role.expenses
    return _page(
        title,
        "Send",
        "Sent. Your team will answer.",
        offered and f"Your team said: {offered}",
        "Only you and who leads the project can see this.",
    )


def measuring(part: Partnering) -> dict[str, Any]:
    """Words around the question about the measure."""
    lead = f"We want to make this better: {part.aim}." if part.aim else ""
    team = f"Your team thinks: {part.patient_would}" if part.patient_would else ""
    return _page("Would a patient choose to measure this?", "Send", "Thank you. Your team can read your answer.", lead, team)


def asking(one: Partnering) -> dict[str, Any]:
    """Words around what a partner is asked."""
    return _page(
        f"What you ask of {called(one)}",
        "Save",
        "Saved. It stands on their page.",
        "They read this on their own page. Write as you would say it.",
    ) | {"seen": one.role.version}


def offering(one: Partnering) -> dict[str, Any]:
    """Words around an offer."""
    return _page(
        f"Promise money to {called(one)}",
        "Promise it",
        "Promised. It stands on their page.",
        "Nobody should have to ask first. They take it with one press.",
    )


def thanking(one: Partnering) -> dict[str, Any]:
    """Words around what changed because of somebody."""
    return _page(
        f"Because of {called(one)}",
        "Save",
        "Saved. It stands on their page and on the project's.",
        "People stay when they see what became of what they said.",
    )


def answering(one: ClaimFacts) -> dict[str, Any]:
    """Words around the answer to a claim; where there is nothing to answer, how it stands."""
    if not waits(one):
        return _standing(one)
    return _page(f"A claim of {money(one)}", "Send the answer", "Sent. The partner sees the answer.", *_about(one)) | {"seen": one.state}


def _standing(one: ClaimFacts) -> dict[str, Any]:
    """Words around a claim that has nothing to answer, with a button only where an offer can be taken back."""
    title = f"An offer of {money(one)}" if one.state == "offered" else f"A claim of {money(one)}"
    button = "Take it back" if may_take_back(one) else ""
    action = f"/projects/{one.project_id}/partner/claims/{one.pk}/back/"
    return _page(title, button, TOOK_BACK, *_about(one)) | {"seen": one.state, "action": action}


def _about(one: ClaimFacts) -> tuple[str, str]:
    """What money a claim is about, and how it stands."""
    about = f"{kind(one, team=True)}, {day(one.on_day)}" + (f": {one.words}" if one.words else "")
    return about, f"{state(one, team=True)}."


def _page(title: str, button: str, done: str, *lead: str) -> dict[str, Any]:
    return {"title": title, "button": button, "done": done, "lead": [one for one in lead if one]}
