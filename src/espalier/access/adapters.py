"""What allauth asks of us: letters in our words, who may join, whom a provider's word is believed about, and where to go next."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect

from espalier.access import letters, registry, sessions, signing

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest

    from espalier.access.models import Account
    from espalier.access.providers import Provider

CHANGED = {
    "mfa/email/totp_activated": "An app for codes was set up as your second step.",
    "mfa/email/totp_deactivated": "The app for codes is no longer your second step.",
    "mfa/email/webauthn_added": "A passkey was added.",
    "mfa/email/webauthn_removed": "A passkey was taken away.",
    "mfa/email/recovery_codes_generated": "New spare codes were made. The old ones no longer work.",
    "socialaccount/email/account_connected": "Your organisation's sign-on was connected.",
}


class Accounts(DefaultAccountAdapter):
    """Signing in and joining."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of our letters; allauth names which."""
        if template_prefix == "account/email/login_code":
            request = context["request"]
            back = request.POST.get("next", "") or "/"
            letters.send_code(email=email, code=context["code"], at=request.at, back=back)
        elif template_prefix == "account/email/unknown_account":
            letters.send_unknown(email=email)
        elif template_prefix in CHANGED:
            letters.send_changed(email=email, what=CHANGED[template_prefix])

    def add_message(self, *args: Any, **named: Any) -> None:
        """Say nothing: our pages say what happened."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Ask the one place that knows."""
        del request
        return bool(signing.may_join())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead home."""
        del request
        return "/"

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign somebody in with a new session key, and let an earlier lock go: they have just proven who they are."""
        super().login(request, user)
        request.session.cycle_key()

    def post_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse:
        """Note what the provider asked for; lead somebody who needs a second step and has none to where it is set up."""
        login = (facts.get("signal_kwargs") or {}).get("sociallogin")
        if login is not None and (provider := provider_of(login)) and proved_twice(provider, login.account.extra_data):
            request.session[signing.STRONG_BY] = provider.code
        response: HttpResponse = super().post_login(request, user, **facts)
        if sessions.needs_second_step(registry.viewer_of(user)) and not signing.is_strong(request, user):
            response["Location"] = f"/account/second-step/?why=role&next={response['Location']}"
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Say that an account has been switched off: to its owner, who has just proven that they are."""
        del request, user
        return HttpResponseRedirect("/sign-in/?why=off")

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Never: our own pages ask that somebody has just signed in."""
        del app, named
        return False


class Providers(DefaultSocialAccountAdapter):
    """Sign-on of organisations."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether a new account may be made for somebody whom a provider sent."""
        del request, sociallogin
        if not signing.may_join():
            raise ImmediateHttpResponse(HttpResponseRedirect("/sign-in/?why=closed"))
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Stop where an account has this address and the provider's word is not enough to open it."""
        del request
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        known = [one for one in sociallogin.email_addresses if one.verified]
        if any(signing.is_known(one.email) for one in known):
            raise ImmediateHttpResponse(HttpResponseRedirect("/sign-in/?why=taken"))
        # An address the provider is not trusted for is not kept: it would block whoever it really belongs to.
        sociallogin.email_addresses = [one for one in known if self.can_authenticate_by_email(sociallogin, one.email)]
        user: Any = sociallogin.user
        user.email, user.username = "", ""

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Any, str] | None:
        """Open the account of a proven address for a provider that is trusted to know whose an address is."""
        for one in sociallogin.email_addresses:
            if one.verified and self.can_authenticate_by_email(sociallogin, one.email) and (found := signing.account_of_email(one.email)):
                return found, one.email
        return None

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: object = None) -> Account:
        """Make the account and the person behind it."""
        email = sociallogin.email_addresses[0].email if sociallogin.email_addresses else ""
        user: Any = sociallogin.user
        user.email, user.username = email, f"p-{secrets.token_hex(8)}"
        account: Account = super().save_user(request, sociallogin, form)
        facts = sociallogin.account.get_provider_account().get_user_data() or {}  # type: ignore[no-untyped-call]
        name = str(facts.get("name") or facts.get("preferred_username") or email.partition("@")[0] or "New person")[:120]
        signing.make_person(account=account, at=request.at, name=name, email=email)  # type: ignore[attr-defined]
        return account

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Lead back to the ways to sign in, with words."""
        del request, provider, exception, extra_context
        raise ImmediateHttpResponse(HttpResponseRedirect(f"/sign-in/?why={'cancelled' if error == 'cancelled' else 'failed'}"))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: object) -> str:
        """Lead back to where it was asked for."""
        del request, socialaccount
        return "/account/"


class SecondSteps(DefaultMFAAdapter):
    """Passkeys and codes from an app; what is secret of them is stored encrypted."""

    def get_totp_issuer(self) -> str:
        """What the app shows."""
        return "Espalier"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who asks for a passkey: this host."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Espalier"}

    def encrypt(self, text: str) -> str:
        """Keep a secret so that a copy of the database alone is of no use."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    key = hashlib.sha256(b"espalier second step" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def provider_of(login: SocialLogin) -> Provider | None:
    """Return the provider that somebody came from, as the settings have it."""
    return next((one for one in settings.PROVIDERS if one.code == login.account.provider), None)


def proved_twice(provider: Provider, facts: dict[str, Any]) -> bool:
    """Whether the provider says, in the words agreed with it, that it asked for two proofs."""
    told = facts.get("id_token") or {}
    amr = told.get("amr") or []
    said = {*([amr] if isinstance(amr, str) else amr), told.get("acr")}
    return bool(said & set(provider.strong))
