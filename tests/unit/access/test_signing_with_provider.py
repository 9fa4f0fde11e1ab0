"""The round trip to an organisation's own sign-on, against a real provider on this machine."""

import base64
import hashlib
import re
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from django.conf import settings as live
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings

from espalier.access import providers, signing
from espalier.access.actions import system_viewer
from espalier.access.adapters import proved_twice
from espalier.access.door import acting_as
from espalier.organisations.models import Person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
ADDRESS = "sam.fern@trust.example.org"


@pytest.fixture(scope="module")
def issuer():
    """A real OpenID provider, serving in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--host", "127.0.0.1", "--require-nonce", "true"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def configured(issuer, **more):
    environ = {
        "ESPALIER_OIDC": "nhs", "ESPALIER_OIDC_NHS_ISSUER": issuer, "ESPALIER_OIDC_NHS_CLIENT_ID": "espalier",
        "ESPALIER_OIDC_NHS_SECRET": "secret", "ESPALIER_OIDC_NHS_NAME": "Trust sign-on",
        **{f"ESPALIER_OIDC_NHS_{name}": value for name, value in more.items()},
    }  # fmt: skip
    ours = providers.from_environment(environ)
    return override_settings(PROVIDERS=ours, SOCIALACCOUNT_PROVIDERS=providers.for_allauth(ours))


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def person(issuer, sub="sam", **claims):
    """Let the provider know somebody."""
    requests.put(f"{issuer}/users/{sub}", json={"email": ADDRESS, "email_verified": True, "name": "Sam Fern"} | claims, timeout=5).raise_for_status()


def leaves(client, back="/"):
    answer = client.post("/sign-in/with/nhs/", {"next": back})
    assert answer.status_code == 302
    return answer["Location"]


def returns(address, sub="sam"):
    """What a browser does there: says who it is, and is sent back."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def round_trip(client, sub="sam", back="/"):
    return client.get(returns(leaves(client, back), sub))


def who(client):
    page = client.get("/account/")
    return page.status_code == 200 and page.content.decode()


def test_the_round_trip_signs_in_and_leads_back(issuer, client):
    person(issuer)
    with configured(issuer, TRUSTED="1"):
        answer = round_trip(client, back="/measures/")
        assert (answer.status_code, answer["Location"]) == (302, "/measures/")
        assert "Sam Fern" in who(client)
        again = Client()
        round_trip(again)
        assert "Sam Fern" in who(again)
    assert EmailAddress.objects.filter(email=ADDRESS, verified=True).count() == 1
    with acting_as(system_viewer()):
        assert Person.objects.filter(name="Sam Fern", work_email=ADDRESS).count() == 1


def test_what_is_asked_carries_state_nonce_and_pkce(issuer, client):
    with configured(issuer):
        asked = parse_qs(urlsplit(leaves(client)).query)
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 16 for name in ("state", "nonce", "code_challenge"))


def test_a_way_back_that_nobody_set_out_on_is_refused(issuer, client):
    """State: somebody else's answer, brought to this browser."""
    person(issuer)
    with configured(issuer):
        other = Client()
        address = returns(leaves(other))
        assert client.get(address)["Location"] == "/sign-in/?why=failed"
        assert not who(client)
        assert other.get(re.sub("state=[^&]+", "state=wrong", address))["Location"] == "/sign-in/?why=failed"


def test_an_answer_with_another_nonce_is_refused(issuer, client):
    person(issuer)
    with configured(issuer):
        address = leaves(client)
        query = parse_qs(urlsplit(address).query)
        swapped = address.replace(quote(query["nonce"][0]), "somebody-elses-nonce-123456")
        assert swapped != address
        assert client.get(returns(swapped))["Location"] == "/sign-in/?why=failed"
    assert not who(client)


def test_the_code_verifier_is_sent_with_the_code(issuer, client, monkeypatch):
    """PKCE: this provider does not check it, so what goes to it is looked at."""
    person(issuer)
    sent, really = [], requests.Session.request

    def watched(self, method, url, **facts):
        sent.append((url, facts.get("data") or {}))
        return really(self, method, url, **facts)

    monkeypatch.setattr(requests.Session, "request", watched)
    with configured(issuer):
        address = leaves(client)
        client.get(returns(address))
    challenge = parse_qs(urlsplit(address).query)["code_challenge"][0]
    (verifier,) = [data["code_verifier"] for url, data in sent if url.endswith("/oauth2/token")]
    assert base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=") == challenge


def test_a_way_back_works_once(issuer, client):
    person(issuer)
    with configured(issuer):
        address = returns(leaves(client))
        assert client.get(address)["Location"] == "/"
        client.post("/sign-out/")
        assert client.get(address)["Location"] == "/sign-in/?why=failed"
        assert not who(client)


@pytest.mark.parametrize(("trusted", "verified", "opens"), [("1", True, True), ("", True, False), ("1", False, False)])
def test_an_address_opens_an_account_only_on_the_word_of_a_trusted_provider(issuer, client, trusted, verified, opens):
    mine = signing.make_account(at=AT, name="Sam as she was", email=ADDRESS)
    person(issuer, sub="other", email_verified=verified)
    with configured(issuer, TRUSTED=trusted):
        answer = round_trip(client, sub="other")
    page = who(client)
    assert bool(page and "Sam as she was" in page) is opens
    if not opens and verified:
        assert answer["Location"] == "/sign-in/?why=taken"
    assert EmailAddress.objects.get(email=ADDRESS).user == mine


def test_an_address_a_provider_is_not_trusted_for_is_not_kept(issuer, client):
    person(issuer)
    with configured(issuer):
        round_trip(client)
    assert "Sam Fern" in who(client)
    assert not EmailAddress.objects.filter(email=ADDRESS).exists()
    assert signing.account_of_email(ADDRESS) is None, "its owner can still join with it"


@pytest.mark.parametrize(("claims", "strong"), [({}, False), ({"amr": ["pwd"]}, False), ({"amr": ["pwd", "mfa"]}, True), ({"acr": "level3"}, True)])
def test_a_provider_says_that_it_asked_for_two_proofs(issuer, client, claims, strong):
    person(issuer, sub="strong", **claims)
    with configured(issuer, STRONG="mfa,level3"):
        round_trip(client, sub="strong")
        viewer = client.get("/account/").wsgi_request.viewer
    assert viewer.is_strong is strong


def test_what_counts_as_two_proofs_is_agreed_with_each_provider():
    one = providers.Provider("x", "X", "https://x.example.org", "id", "", strong=("mfa",))
    assert not proved_twice(one, {"userinfo": {"amr": ["mfa"]}}), "only what is signed counts"
    assert proved_twice(one, {"id_token": {"amr": "mfa"}})


def test_a_provider_nobody_configured_is_not_there(client):
    assert client.post("/sign-in/with/nosuch/").status_code == 404
    assert client.get("/sign-in/with/nosuch/back/?code=x&state=y").status_code == 404
    assert live.PROVIDERS == ()


def test_one_that_does_not_answer_leads_back_with_words(client):
    with configured("http://localhost:9"):
        assert client.post("/sign-in/with/nhs/")["Location"] == "/sign-in/?why=failed"
    assert "did not work this time" in client.get("/sign-in/?why=failed").content.decode()


def test_somebody_who_stops_half_way_is_led_back(issuer, client):
    with configured(issuer):
        state = parse_qs(urlsplit(leaves(client)).query)["state"][0]
        assert client.get(f"/sign-in/with/nhs/back/?error=access_denied&state={state}")["Location"] == "/sign-in/?why=cancelled"


def test_a_disabled_account_is_refused(issuer, client):
    person(issuer)
    with configured(issuer, TRUSTED="1"):
        round_trip(client)
        get_user_model().objects.filter(email=ADDRESS).update(is_active=False)
        again = Client()
        round_trip(again)
    assert not who(again)


@pytest.mark.parametrize("missing", ["ISSUER", "CLIENT_ID"])
def test_half_a_provider_stops_the_start_with_words(missing):
    environ = {"ESPALIER_OIDC": "nhs", "ESPALIER_OIDC_NHS_ISSUER": "https://x.example.org", "ESPALIER_OIDC_NHS_CLIENT_ID": "us"}
    del environ[f"ESPALIER_OIDC_NHS_{missing}"]
    with pytest.raises(ValueError, match=f"ESPALIER_OIDC_NHS_{missing} is missing"):
        providers.from_environment(environ)


def test_a_form_may_lead_to_the_providers_and_nowhere_else():
    two = [providers.Provider("a", "A", "https://a.example.org/realm", "", ""), providers.Provider("b", "B", "https://b.example.org", "", "", also=("https://c.example.org/x",))]
    assert providers.origins(two) == ["https://a.example.org", "https://b.example.org", "https://c.example.org"]
