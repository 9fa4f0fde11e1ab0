"""From codes and times to the words of the pages on signing in and joining."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.utils import timezone

from espalier.ui.filters import and_list, day, moment, plural
from espalier.ui.pages import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from espalier.access.letters import Letter
    from espalier.access.signing import Key
    from espalier.organisations.queries import InvitationFacts, RequestFacts

EMAIL = "We send a code to your work e-mail. There is no password to remember."
PASSKEY = "Your device asks you the way it always does: your finger, your face or the code that unlocks it."
PIN = "The sign-in name and PIN that you chose when you joined."
TOO_OFTEN = "You asked for several codes in a short time. Wait a minute, then try again"
NOT_THIS_KEY = "We do not know this passkey, or it took too long. Try again, or use another way."
WRONG_PIN = "This name and PIN do not go together. Look at both again"
WRONG_STEP = "That code is not right, or has been used. Type the one the app shows now"
WRONG_APP = "That is not the code the app shows now. Wait for the next one, then type it"
JOIN = "You can work here by yourself at once. Nobody else sees it. Then you can ask your organisation to take you in."
WORDS = "Somebody gave you five words, on a card or by telephone. No e-mail address is needed."
KINDS = {"totp": "App for codes", "webauthn": "Passkey", "recovery_codes": "Spare codes"}
ANSWERS = {"": "waiting for an answer", "adopted": "you were taken in", "declined": "they said no", "withdrawn": "you took it back"}


def with_next(path: str, back: str) -> str:
    """Return an address with the way back."""
    return path if back == "/" else f"{path}?next={quote(back, safe='/')}"


def sent_to(email: str) -> str:
    """Say where the code went, to whoever typed the address."""
    return f"We have sent a letter to {email}. The code in it works for 15 minutes. If nothing comes, look among unwanted mail."


def link_does(letter: Letter) -> str:
    """Say what the button on the page of a letter's link does."""
    return "Join" if letter.name else "Sign in"


def link_for(letter: Letter) -> str:
    """Say whom the link is for."""
    return f"This link was sent to {letter.email}. Press the button only if you asked for it just now."


def locked(until: datetime, *, at: datetime) -> str:
    """Say how long a name is locked, and what can be done meanwhile."""
    minutes = max(1, round((until - at).total_seconds() / 60))
    wait = plural(minutes, "minute", "minutes")
    return f"This name was tried too often. Wait {wait}, sign in with a code by e-mail or a passkey, or ask your administrator to unlock it"


def options(given: Mapping[str, Any] | None) -> str:
    """Return what the script gives to the browser; "" where there is nothing to ask for."""
    return json.dumps(given) if given else ""


def passkey_page(does: str, given: Mapping[str, Any], **words: Any) -> dict[str, Any]:
    """Return what a page of one passkey button needs."""
    return {"does": does, "options": options(given), "lede": PASSKEY, **words}


def after(sent: Mapping[str, str]) -> str:
    """Return where to go once a passkey is there: where somebody came from, or else to their account."""
    back = local(sent.get("next", ""))
    return "/account/" if back == "/" else back


def readable(fields: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """Return what was typed as words: names of boxes as people read them, and nothing that was empty."""
    return [(name.replace("_", " ").replace("-", " ").capitalize(), value) for name, value in fields if value.strip()]


def key_line(key: Key) -> str:
    """Say since when a way to sign in is there, and when it was last used."""
    used = f"last used {moment(timezone.localtime(key.used_at))}" if key.used_at else "not used yet"
    return f"since {day(key.made_at.date())}, {used}"


def seen(at: datetime) -> str:
    """Say when somebody was last there."""
    return moment(timezone.localtime(at))


def uses(one: InvitationFacts) -> str:
    """Say how often an invitation was taken up."""
    return f"{one.uses} of {one.uses_allowed} taken up"


def state(one: InvitationFacts, at: datetime) -> str:
    """Say whether an invitation works."""
    if one.works(at):
        return f"works until {moment(timezone.localtime(one.expires_at))}"
    if one.stopped_at:
        return f"stopped on {day(one.stopped_at.date())}"
    return "used up" if one.uses >= one.uses_allowed else f"ended on {day(one.expires_at.date())}"


def answer(one: RequestFacts) -> str:
    """Say what came of a question."""
    return ANSWERS[one.answer] + (f": {one.why}" if one.why else "")


def in_words(several: Sequence[str]) -> str:
    """Join words of a list."""
    return and_list(several)
