"""The round trip to an organisation's own sign-on: allauth's, with a nonce, and with one look more at who is meant."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpResponse, HttpResponseRedirect

from espalier.common.errors import NotFoundHere

if TYPE_CHECKING:
    from django.http import HttpRequest

NONCES, MOST = "oidc_nonces", 5


class Checking(OpenIDConnectOAuth2Adapter):
    """allauth's adapter, which beside state, PKCE, issuer and audience also checks the nonce and that one person is meant."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **named: Any) -> Any:
        """Refuse an answer without identity token, or one whose two halves speak of two people."""
        login = super().complete_login(request, app, token, **named)
        facts = login.account.extra_data
        told, more = facts.get("id_token") or {}, facts.get("userinfo") or {}
        waiting = request.session.get(NONCES, [])
        if not told or told.get("nonce") not in waiting or more.get("sub", told.get("sub")) != told.get("sub"):
            message = "The answer was not for this sign-in."
            raise OAuth2Error(message)
        request.session[NONCES] = [one for one in waiting if one != told["nonce"]]
        return login


def leave_for(request: HttpRequest, *, code: str, back: str, connect: bool = False) -> HttpResponse:
    """Send a browser to a provider; one that does not answer leads back to the ways to sign in."""
    provider = _provider(request, code)
    nonce = secrets.token_urlsafe(24)
    request.session[NONCES] = [*request.session.get(NONCES, []), nonce][-MOST:]
    try:
        answer: HttpResponse = provider.redirect(
            request, process="connect" if connect else "login", next_url=back, auth_params=provider.get_auth_params() | {"nonce": nonce}
        )
    except ImmediateHttpResponse as early:
        return early.response
    except OSError:  # its address does not answer
        return HttpResponseRedirect("/sign-in/?why=failed")
    return answer


def come_back(request: HttpRequest, *, code: str) -> HttpResponse:
    """Take somebody in whom a provider sent back."""
    _provider(request, code)
    answer: HttpResponse = OAuth2CallbackView.adapter_view(Checking(request, code))(request)  # type: ignore[no-untyped-call]
    return answer


def _provider(request: HttpRequest, code: str) -> Any:
    try:
        return get_adapter(request).get_provider(request, provider=code)
    except SocialApp.DoesNotExist:
        raise NotFoundHere("There is no such sign-on here.") from None
