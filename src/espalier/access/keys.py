"""Second steps and passkeys: allauth's own forms and flows, for our pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.core import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import add_authenticator, perform_passwordless_login
from django.utils.html import escape

from espalier.access.adapters import SecondSteps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from espalier.access.models import Account

QR_SIZE = 220


def passkey_to_sign_in() -> dict[str, Any]:
    """Return what a browser needs to ask for a passkey of anybody."""
    return _plain(webauthn.begin_authentication(None))


def sign_in_by_passkey(request: HttpRequest, data: Mapping[str, Any], *, back: str) -> HttpResponse | None:
    """Sign in whoever's passkey this is; None when it is nobody's here. It was checked on the device, so it counts as two proofs."""
    form = LoginWebAuthnForm(data)
    if not ratelimit.consume(request, action="login") or not form.is_valid() or not form.cleaned_data["credential"].user.is_active:
        return None
    key = form.cleaned_data["credential"]
    answer: HttpResponse = perform_passwordless_login(request, key, Login(user=key.user, redirect_url=back))
    return answer


def passkey_to_add(account: Account) -> dict[str, Any]:
    """Return what a browser needs to make a passkey for this account, which must be checked on the device."""
    return _plain(webauthn.begin_registration(account, passwordless=True))


def add_passkey(request: HttpRequest, account: Account, *, name: str, credential: str) -> bool:
    """Add a passkey; False when the browser's answer does not fit. Having just used it proves it is there."""
    form = AddWebAuthnForm({"name": name, "credential": credential, "passwordless": True}, user=account)
    if not form.is_valid():
        return False
    key, _ = add_authenticator(request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"])
    record_authentication(request, account, method="mfa", id=key.pk, type=key.type)
    return True


def rename_passkey(account: Account, *, pk: int, name: str) -> bool:
    """Give a passkey another name; whether there was one."""
    key = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN, pk=pk).first()
    if key is not None:
        key.data["name"] = name
        key.save(update_fields=["data"])
    return key is not None


def remove(request: HttpRequest, account: Account, *, pk: int) -> str:
    """Take a passkey or the app for codes away; what kind it was, "" when there was none."""
    key = Authenticator.objects.filter(user=account, pk=pk).exclude(type=Authenticator.Type.RECOVERY_CODES).first()
    if key is None:
        return ""
    delete_and_cleanup(request, key)
    return str(key.type)


def new_app(account: Account, data: Mapping[str, Any] | None = None) -> ActivateTOTPForm:
    """Begin to set up an app for codes, or check the first code typed."""
    return ActivateTOTPForm(data, user=account)


def add_app(request: HttpRequest, account: Account, form: ActivateTOTPForm) -> None:
    """Set the app up; its first code was right, so the second step has been taken."""
    key, _ = activate_totp(request, form)
    record_authentication(request, account, method="mfa", id=key.pk, type=key.type)


def picture_of(account: Account, secret: str) -> str:
    """Return the QR code an app reads, as SVG without style of its own."""
    import qrcode

    code: Any = qrcode.QRCode(border=4)
    code.add_data(SecondSteps().build_totp_url(account, secret))
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    words = escape("A picture for the app to read. Without a camera, type the key below.")
    size = f'width="{QR_SIZE}" height="{QR_SIZE}" viewBox="0 0 {len(rows)} {len(rows)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" {size} shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{len(rows)}v{len(rows)}H0z"/><path fill="#212b32" d="{path}"/></svg>'
    )


def spare_codes(request: HttpRequest, account: Account, *, anew: bool = False) -> list[str]:
    """Return the spare codes not used yet; anew makes ten new ones, and the old ones stop."""
    key = generate_recovery_codes(request) if anew else None
    key = key or Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(key.wrap().get_unused_codes()) if key else []  # type: ignore[no-untyped-call]


def waiting(request: HttpRequest) -> Account | None:
    """Return who has given the first proof and still owes the second."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    found: Account | None = stage.login.user if stage else None
    return found


def passkey_as_second(account: Account) -> dict[str, Any] | None:
    """Return what a browser needs to ask for one of this person's passkeys; None when they have none."""
    has = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).exists()
    return _plain(webauthn.begin_authentication(account)) if has else None


def take_second_step(request: HttpRequest, account: Account, data: Mapping[str, Any]) -> HttpResponse | None:
    """Finish signing in with a code from the app, a spare code or a passkey; None when it was not right."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    form = (AuthenticateWebAuthnForm if data.get("credential") else AuthenticateForm)(data, user=account)
    if stage is None or not form.is_valid():
        return None
    form.save()
    answer: HttpResponse = stage.exit()
    return answer


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the browser's own reader of such options understands."""
    return dict(options.get("publicKey", options))
