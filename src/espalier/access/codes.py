"""Codes by e-mail: allauth's own process for those who have an account, and the same for those who join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings

from espalier.access import letters, pins, signing

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from espalier.access.models import Account

KEY = "joining_code"


class Joining(AbstractCodeVerificationProcess):
    """The code for an address that has no account yet; name and address wait in the session until it is typed."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            max_attempts=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS, timeout=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT, state=state
        )

    def persist(self) -> None:
        """Keep it until the next try."""
        self.request.session[KEY] = self.state

    def abort(self) -> None:
        """Give it up."""
        self.request.session.pop(KEY, None)

    def send(self) -> None:
        """Make a code and send it."""
        self.state["code"] = get_adapter().generate_login_code()
        letters.send_code(
            email=self.state["email"],
            code=self.state["code"],
            name=self.state["name"],
            at=self.request.at,  # type: ignore[attr-defined]
            back=self.state["back"],
        )


def ask(request: HttpRequest, *, email: str, name: str = "", back: str = "/") -> bool:
    """Send a code, or a letter that says there is nobody. False when this was asked for too often.

    The page after it is the same whoever has an account: only the owner of the address learns which it was.
    """
    if not ratelimit.consume(request, action="request_login_code", key=email.lower()):
        return False
    request.session.pop(KEY, None)
    account = signing.account_of_email(email)
    if account is None and name and signing.may_join():
        state = Joining.initial_state(user=None, email=email) | {"name": name, "back": back}
        process = Joining(request, state)
        process.send()
        process.persist()
    else:
        LoginCodeVerificationProcess.initiate(request=request, user=account, email=email)
    return True


def waiting_for(request: HttpRequest) -> str:
    """Return the address a code was sent to; "" when none is waited for, or it took too long."""
    process = _process(request)
    return str(process.state.get("email", "")) if process else ""


def _process(request: HttpRequest) -> Joining | LoginCodeVerificationProcess | None:
    if KEY in request.session:
        joining: Joining | None = Joining(request, request.session[KEY]).abort_if_invalid()  # type: ignore[no-untyped-call]  # allauth says nothing of types
        return joining
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return LoginCodeVerificationProcess.resume(stage) if stage else None  # type: ignore[no-untyped-call]


def try_code(request: HttpRequest, *, code: str, back: str, at: datetime) -> HttpResponse | None:
    """Sign somebody in whose code is right; None when it was wrong (waiting_for then says whether they may try again)."""
    process = _process(request)
    if process is None:
        return None
    if not (process.code and compare_user_code(actual=code, expected=process.code)):
        process.record_invalid_attempt()
        return None
    if isinstance(process, Joining):
        process.abort()
        return join(request, email=process.state["email"], name=process.state["name"], back=back, at=at)
    if process.user is not None:
        pins.unlock(process.user.pk)
    answer: HttpResponse = process.finish(back)
    return answer


def join(request: HttpRequest, *, email: str, name: str, back: str, at: datetime) -> HttpResponse:
    """Make the account of somebody who has proven an address, and sign them in; if it was made meanwhile, sign them in to it."""
    account = signing.account_of_email(email) or signing.make_account(at=at, name=name, email=email)
    return enter(request, account, method="code", back=back, email=email)


def enter(request: HttpRequest, account: Account, *, method: str, back: str, **facts: Any) -> HttpResponse:
    """Sign an account in by allauth's road, which asks for a second step where one was set up."""
    signing.note_proof(request, account, method, **facts)
    answer: HttpResponse = perform_login(request, Login(user=account, redirect_url=back))
    return answer
