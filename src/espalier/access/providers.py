"""Organisations' own sign-on (OpenID Connect), read from the environment: pure, so that settings can call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

START = "ESPALIER_OIDC_"


@dataclass(frozen=True, slots=True)
class Provider:
    """One identity provider, and how far its word goes.

    trusted: its verified e-mail addresses open the account that has the address. strong: values of amr or acr with which it
    says that somebody proved in two ways who they are. Both are off until somebody decides otherwise: a provider at which
    anybody may register could else take over accounts.
    """

    code: str
    name: str
    issuer: str
    client_id: str
    secret: str
    trusted: bool = False
    strong: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # further addresses of it that a browser is sent to


def from_environment(environ: Mapping[str, str]) -> tuple[Provider, ...]:
    """Return the providers named in ESPALIER_OIDC, in that order.

    >>> settings = {"ESPALIER_OIDC": "nhs", "ESPALIER_OIDC_NHS_ISSUER": "https://id.example.org/", "ESPALIER_OIDC_NHS_CLIENT_ID": "us"}
    >>> [(one.code, one.name, one.issuer, one.trusted) for one in from_environment(settings)]
    [('nhs', 'nhs', 'https://id.example.org', False)]
    """
    codes = [code.strip() for code in environ.get("ESPALIER_OIDC", "").split(",") if code.strip()]
    return tuple(_one(code, environ) for code in codes)


def _one(code: str, environ: Mapping[str, str]) -> Provider:
    start = f"{START}{code.upper().replace('-', '_')}_"

    def said(name: str, *, needed: bool = False) -> str:
        value = environ.get(start + name, "").strip()
        if needed and not value:
            message = f"ESPALIER_OIDC names {code!r}, and {start}{name} is missing. Set it, or take {code!r} out."
            raise ValueError(message)
        return value

    return Provider(
        code=code, name=said("NAME") or code, issuer=said("ISSUER", needed=True).rstrip("/"), client_id=said("CLIENT_ID", needed=True),
        secret=said("SECRET"), trusted=said("TRUSTED") == "1", strong=_listed(said("STRONG")), also=_listed(said("ALSO")),
    )  # fmt: skip


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


def for_allauth(providers: Iterable[Provider]) -> dict[str, Any]:
    """Return the providers as allauth wants to hear of them: always with PKCE."""
    apps = [
        {
            "provider_id": one.code, "name": one.name, "client_id": one.client_id, "secret": one.secret,
            "settings": {"server_url": one.issuer, "oauth_pkce_enabled": True, "email_authentication": one.trusted},
        }
        for one in providers
    ]  # fmt: skip
    return {"openid_connect": {"APPS": apps}} if apps else {}


def origins(providers: Iterable[Provider]) -> list[str]:
    """Return where a browser is sent to: the page's policy must let a form lead there."""
    places = [urlsplit(address) for one in providers for address in (one.issuer, *one.also)]
    return sorted({f"{place.scheme}://{place.netloc}" for place in places if place.netloc})
