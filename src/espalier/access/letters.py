"""Letters about signing in: short, and nothing in them works by being opened.

A mail scanner opens every link it sees. Ours leads to a page with a button, and only the button does something, once.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage

from espalier.access.models import SignInLetter

if TYPE_CHECKING:
    from datetime import datetime

LASTS = timedelta(minutes=15)
SUBJECTS = {
    "code": "Your code to sign in to Espalier",
    "join": "Your code to join Espalier",
    "unknown": "Nobody has joined Espalier with this address",
    "changed": "How you sign in to Espalier has changed",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What a link in a letter stands for."""

    pk: int
    email: str
    name: str  # of somebody who joins; "" where somebody signs in
    back: str


def digest_of(token: str) -> str:
    """Return what is stored of a link: who reads the table cannot use one."""
    return hashlib.sha256(token.encode()).hexdigest()


def send_code(*, email: str, code: str, at: datetime, name: str = "", back: str = "/") -> None:
    """Send a code, and a link for whoever reads letters on another machine. name is given by somebody who joins."""
    token = secrets.token_urlsafe(32)
    SignInLetter.objects.filter(expires_at__lt=at).delete()
    SignInLetter.objects.create(digest=digest_of(token), email=email, name=name, back=back, made_at=at, expires_at=at + LASTS)
    does = "join" if name else "sign in"
    words = (
        f"Your code to {does} is\n\n    {code}\n\nType it on the page where you asked for it. It works for 15 minutes.\n\n"
        "Are you reading this on another machine? Then open this page there and press the button:\n"
        f"{settings.ADDRESS}/sign-in/link/{token}/\n\n"
        f"If you did not ask to {does}, do nothing: nobody can {does} without this letter. Nobody will ever ask you for the code.\n"
    )
    _send("join" if name else "code", email, words)


def send_unknown(*, email: str) -> None:
    """Tell the owner of an address that nobody has joined with it; the page itself must not."""
    words = (
        "Somebody, perhaps you, asked for a code to sign in with this address. Nobody has joined with it yet.\n\n"
        f"If you want to: {settings.ADDRESS}/join/\nIf not, do nothing.\n"
    )
    _send("unknown", email, words)


def send_changed(*, email: str, what: str) -> None:
    """Tell somebody that a way to sign in was added or taken away."""
    words = f"{what}\n\nIf that was you, there is nothing to do. If it was not, look here at once:\n{settings.ADDRESS}/account/\n"
    _send("changed", email, words)


def _send(kind: str, email: str, words: str) -> None:
    EmailMessage(SUBJECTS[kind], words, settings.DEFAULT_FROM_EMAIL, [email]).send()


def look(token: str, *, at: datetime) -> Letter | None:
    """Return what a link stands for, if it still works; looking uses nothing up."""
    row = SignInLetter.objects.filter(digest=digest_of(token), used_at=None, expires_at__gt=at).first()
    return Letter(row.pk, row.email, row.name, row.back) if row else None


def use(token: str, *, at: datetime) -> Letter | None:
    """Use a link: once, also when two people press its button in the same moment."""
    letter = look(token, at=at)
    if letter is None or not SignInLetter.objects.filter(pk=letter.pk, used_at=None).update(used_at=at):
        return None
    return letter
