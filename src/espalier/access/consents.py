"""What people may choose about themselves: off until they say yes, on until they say no, and kept with the day and the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.access.models import Consent
from espalier.access.privacy import Choice, privacy
from espalier.common.errors import NotFoundHere

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice and what the person has said."""

    choice: Choice
    given: bool
    at: datetime | None


def chosen(*, viewer: Viewer) -> tuple[Chosen, ...]:
    """Return every choice with what the person last said; without a word it stands as the law has it to begin with."""
    said = {
        code: (given, at)
        for code, given, at in Consent.objects.filter(account_id=viewer.account_id or 0).order_by("at").values_list("code", "given", "at")
    }
    return tuple(Chosen(one, *said.get(one.code, (one.begins, None))) for one in privacy().choices)


def say(*, actor: Viewer, at: datetime, code: str, given: bool) -> bool:
    """Write down a yes or no; return whether it was a change."""
    found = next((one for one in chosen(viewer=actor) if one.choice.code == code), None)
    if found is None or actor.account_id is None:
        raise NotFoundHere("There is no such choice.")
    if found.given == given and found.at is not None:
        return False
    Consent.objects.create(account_id=actor.account_id, code=code, given=given, words=found.choice.words[:300], at=at)
    return True
