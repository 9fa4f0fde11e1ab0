"""Signing in by a letter or a PIN, and changes of how somebody signs in: each leaves an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.shortcuts import redirect

from espalier.access import codes, keys, letters, pins, sessions, signing
from espalier.access.door import look_as
from espalier.access.registry import viewer_of
from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.organisations import actions as organisations

if TYPE_CHECKING:
    from datetime import datetime

    from allauth.mfa.totp.forms import ActivateTOTPForm
    from django.http import HttpRequest, HttpResponse

    from espalier.access.requests import Asked
    from espalier.access.viewer import Viewer
    from espalier.organisations.queries import Invited


class UnableToSignUp(UnableTo):
    """An account that cannot be made, or not like that."""

    code = "sign-up"


def use_letter(request: Asked, *, token: str) -> HttpResponse:
    """Use the link of a letter: sign its owner in, or let them join."""
    letter = letters.use(token, at=request.at)
    if letter is None:
        return redirect("/sign-in/?why=ended")
    if letter.name:
        return codes.join(request, email=letter.email, name=letter.name, back=letter.back, at=request.at)
    account = signing.account_of_email(letter.email)
    if account is None:
        return redirect("/sign-in/?why=ended")
    pins.unlock(account.pk)
    return codes.enter(request, account, method="code", back=letter.back, email=letter.email)


def sign_in_by_pin(request: Asked, *, username: str, pin: str, back: str) -> HttpResponse | None:
    """Sign in by name and PIN; None where they do not go together, or the name is locked from here."""
    if pins.locked_until(request, name=username, at=request.at):
        return None
    account = pins.sign_in(request, name=username, pin=pin)
    return codes.enter(request, account, method="pin", back=back) if account else None


def change_key(request: HttpRequest, *, actor: Viewer, at: datetime, verb: str, done: bool, what: str) -> None:
    """Write down that a way to sign in was added, renamed or taken away."""
    del request
    if not done:
        raise NotFoundHere("There is no such way to sign in.")
    record(actor=actor, verb=verb, object_kind="way to sign in", object_id=str(actor.account_id), at=at, detail={"what": what})


@transaction.atomic
def add_passkey(request: HttpRequest, *, actor: Viewer, at: datetime, name: str, credential: str) -> bool:
    """Add a passkey to the actor's account; False when the browser's answer does not fit."""
    account = signing.account_of(actor)
    done = account is not None and keys.add_passkey(request, account, name=name, credential=credential)
    if done:
        change_key(request, actor=actor, at=at, verb="add", done=True, what="passkey")
    return done


@transaction.atomic
def add_app(request: HttpRequest, *, actor: Viewer, at: datetime, form: ActivateTOTPForm) -> None:
    """Set up an app for codes whose first code was right."""
    account = signing.account_of(actor)
    if account is not None:
        keys.add_app(request, account, form)
    change_key(request, actor=actor, at=at, verb="add", done=account is not None, what="totp")


@transaction.atomic
def remove_key(request: HttpRequest, *, actor: Viewer, at: datetime, pk: int) -> None:
    """Take a passkey or the app away, but never the last way somebody can sign in at all."""
    account = signing.account_of(actor)
    if account is None or all(key.pk != pk for key in signing.keys_of(account)):
        raise NotFoundHere("There is no such way to sign in.")
    others = account.email or account.has_usable_password() or _passkeys(account, but=pk) or signing.comes_from_provider(account)
    if not others:
        raise UnableToSignUp("This is your only way to sign in.", to_do="Add another one first.")
    what = keys.remove(request, account, pk=pk)
    change_key(request, actor=actor, at=at, verb="remove", done=bool(what), what=what)


def _passkeys(account: object, *, but: int) -> bool:
    return any(key.kind == "webauthn" and key.pk != but for key in signing.keys_of(account))  # type: ignore[arg-type]


@transaction.atomic
def rename_passkey(*, actor: Viewer, at: datetime, pk: int, name: str) -> None:
    """Give a passkey another name."""
    account = signing.account_of(actor)
    if account is None or not keys.rename_passkey(account, pk=pk, name=name):
        raise NotFoundHere("There is no such passkey.")
    record(actor=actor, verb="rename", object_kind="way to sign in", object_id=str(actor.account_id), at=at, detail={"what": "webauthn"})


@transaction.atomic
def new_spare_codes(request: HttpRequest, *, actor: Viewer, at: datetime) -> list[str]:
    """Make ten new spare codes; the old ones stop."""
    account = signing.account_of(actor)
    if account is None or not signing.has_second_step(account):
        raise NotFoundHere("Set up an app or a passkey first.")
    record(actor=actor, verb="renew", object_kind="way to sign in", object_id=str(actor.account_id), at=at, detail={"what": "spare codes"})
    return keys.spare_codes(request, account, anew=True)


@transaction.atomic
def set_pin(request: HttpRequest, *, actor: Viewer, at: datetime, pin: str) -> None:
    """Give the actor's account a PIN: not where a role needs two proofs, of which a PIN is none."""
    account = signing.account_of(actor)
    if account is None or account.is_demo:
        raise UnableToSignUp("Made-up people have no PIN.", to_do="Join first.")
    if sessions.needs_second_step(actor):
        raise UnableToSignUp("Your role needs more than a PIN.", to_do="Use a passkey, or a code by e-mail and an app.")
    pins.set_pin(account, pin)
    sessions.keep(request, account)
    record(actor=actor, verb="set", object_kind="way to sign in", object_id=str(account.pk), at=at, detail={"what": "pin"})


@transaction.atomic
def end_session(request: HttpRequest, *, actor: Viewer, at: datetime, pk: int | None = None) -> int:
    """Sign the actor out in one other place, or in all of them; how many it was."""
    ended = sessions.end_others(request, viewer=actor) if pk is None else int(sessions.end(request, viewer=actor, pk=pk))
    if pk is not None and not ended:
        raise NotFoundHere("You are not signed in there.")
    record(actor=actor, verb="end", object_kind="session", object_id=str(actor.account_id), at=at, detail={"ended": ended})
    return ended


@transaction.atomic
def unlock(*, actor: Viewer, at: datetime, account_id: int) -> None:
    """Let somebody who tried too often try again at once."""
    pins.unlock(account_id)
    record(actor=actor, verb="unlock", object_kind="account", object_id=str(account_id), at=at)


@transaction.atomic
def come_in(request: Asked, *, invited: Invited, typed: str, name: str, username: str = "", pin: str = "") -> Viewer:
    """Make an account for whoever brings an invitation, and sign them in; with a PIN the role is theirs at once.

    With a passkey it is theirs when the passkey is there: an account nobody can sign in to again shall hold nothing.
    """
    if not (decision := signing.may_join()):
        raise UnableToSignUp(decision.reason)
    if pin and (invited.needs_second_step or not signing.name_is_free(username)):
        raise UnableToSignUp("That sign-in name is taken." if not invited.needs_second_step else "This role needs a passkey.")
    account = signing.make_account(at=request.at, name=name, username=username, is_partner=invited.is_outside)
    if pin:
        pins.set_pin(account, pin)
    codes.enter(request, account, method="pin" if pin else "invitation", back="/")
    viewer = viewer_of(account)
    look_as(viewer)
    if pin:
        organisations.accept_invitation(actor=viewer, at=request.at, typed=typed)
    return viewer
