"""Words about ideas."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import Resolver404, resolve

from espalier.projects.rules.ideas import MOVES

if TYPE_CHECKING:
    from espalier.projects.queries import IdeaFacts

QUESTION = "What would make tomorrow better?"
# What an idea is, and the colour of its tag; the words do without it.
STATES = {
    "new": ("New", "blue"),
    "trying": ("Being tried", "purple"),
    "project": ("Became a project", "green"),
    "done": ("Done", "green"),
    "not-now": ("Not now", "grey"),
}
CHOICES = (("", "All"), *((code, words) for code, (words, _) in STATES.items()))
SAID = {
    "new": "It is new again.",
    "trying": "You are trying it. Write here what becomes of it.",
    "done": "Done. Well done.",
    "not-now": "Put aside for now. You can take it up again at any time.",
}
BEGIN = "/projects/new/"


def kept(*, again: bool) -> str:
    """Say that an idea is kept."""
    return "It was kept already: you have it once." if again else "Kept. Only you see it, until you share it."


def seen_by(idea: IdeaFacts) -> str:
    """Say who sees an idea."""
    if not idea.shared:
        return "only you see it"
    return f"shared with {idea.unit.name}" if idea.unit else "shared"


def whose(idea: IdeaFacts) -> str:
    """Name who had it; a colleague whose name is not known is a colleague."""
    return "You" if idea.is_mine else idea.author or "A colleague"


def who_said(idea: IdeaFacts) -> str:
    """Say who said what becomes of it; nothing where it was its author."""
    return idea.answered_by or ("somebody who leads there" if idea.is_unread else "")


def answers(idea: IdeaFacts) -> list[tuple[str, str]]:
    """Return what somebody who leads may answer."""
    offered = (("trying", "Let us try it"), ("done", "It is done"), ("not-now", "Not now"), ("new", "Look at it anew"))
    return [(code, said) for code, said in offered if code in MOVES[idea.state]]


def begin_href(idea: IdeaFacts) -> str:
    """Return the page on which it becomes a project; empty where there is none."""
    try:
        resolve(BEGIN)
    except Resolver404:
        return ""
    facts = {"title": idea.words[:200], "idea": str(idea.pk)} | ({"place": idea.unit.code} if idea.unit else {})
    return f"{BEGIN}?{urlencode(facts)}"
