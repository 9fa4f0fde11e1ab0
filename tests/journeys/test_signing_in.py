"""Coming in and signing in with a real browser: a passkey of Chromium's own, made, named, used and taken away."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def person(arrives, live_address):
    """Passkeys belong to a name: a browser makes none for a bare number."""
    return arrives(at=live_address.replace("127.0.0.1", "localhost"))


@pytest.fixture
def authenticator(person):
    """An authenticator that checks its owner, as a phone does."""
    session = person.page.context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def invited(person):
    """The ward's leader makes an invitation and reads its words out."""
    person.signs_in_as("Alex").opens("/units/DEMO-WARD-7/invitations/")
    person.chooses("Role", "Team member").presses("Make an invitation")
    words = person.page.locator(".esp-invite__words").inner_text()
    person.presses("Sign out", inside="header")
    return words


def comes_in(person, words, name):
    person.opens("/join/words/")
    person.page.get_by_label("The five words of your invitation").fill(words)
    person.presses("Continue")
    person.page.get_by_label("Your name").fill(name)


def test_somebody_without_e_mail_comes_in_with_a_passkey_and_signs_in_with_it(person, authenticator):
    session, number = authenticator
    page = person.page
    comes_in(person, invited(person), "Alma Beech")
    page.get_by_label("With a passkey").check()
    person.presses("Come in")
    page.get_by_label("What to call it").fill("My phone")
    person.presses("Make my passkey")
    page.get_by_role("button", name="Come in as Alma Beech").click()
    page.wait_for_url(re.compile(r"/$"))
    person.opens("/account/")
    expect(page.get_by_role("heading", name="Passkey: My phone")).to_be_visible()
    expect(page.get_by_text("Team member")).to_be_visible()
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]) == 1
    # Named anew.
    page.get_by_label("New name").fill("Work phone")
    person.presses("Rename My phone")
    expect(page.get_by_role("heading", name="Passkey: Work phone")).to_be_visible()
    # Signed in with.
    person.presses("Sign out", inside="header")
    person.opens("/sign-in/").follows("Passkey", inside="main").presses("Use my passkey")
    expect(page.locator("header").get_by_text("Alma Beech")).to_be_visible()
    # It is the only way in, so it stays.
    person.expects(400)
    person.opens("/account/").presses("Take Work phone away")
    expect(page.get_by_text("This is your only way to sign in")).to_be_visible()
    # With a second one the first can go.
    session.send("WebAuthn.clearCredentials", {"authenticatorId": number})
    person.opens("/account/passkeys/add/")
    page.get_by_label("What to call it").fill("New phone")
    person.presses("Make my passkey")
    expect(page.get_by_role("heading", name="Passkey: New phone")).to_be_visible()  # the device answers in its own time
    person.opens("/account/").presses("Take Work phone away")
    expect(page.get_by_role("heading", name="Passkey: New phone")).to_be_visible()
    assert page.get_by_role("heading", name="Passkey: Work phone").count() == 0


def test_a_passkey_that_nobody_here_has_says_so(person, authenticator):
    person.opens("/sign-in/passkey/").presses("Use my passkey")
    person.page.get_by_text("Nothing came back from your device").wait_for()


def test_a_device_that_did_not_check_its_owner_is_not_enough(person, authenticator):
    session, number = authenticator
    comes_in(person, invited(person), "Tom Elm")
    person.page.get_by_label("With a passkey").check()
    person.presses("Come in")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    person.presses("Make my passkey")
    person.page.get_by_text("Nothing came back from your device").wait_for()
    person.opens("/account/")
    assert person.page.get_by_text("Passkey:").count() == 0


def test_without_javascript_words_and_a_pin_are_enough(arrives):
    person = arrives(java_script_enabled=False)
    page = person.page
    comes_in(person, invited(person), "Ida Holly")
    page.get_by_label("With a name and a PIN").check()
    page.get_by_label("Sign-in name").fill("ida.holly")
    page.get_by_label("PIN", exact=True).fill("294817")
    page.get_by_label("The same PIN again").fill("294817")
    person.presses("Come in")
    person.presses("Sign out", inside="header")
    person.opens("/sign-in/pin/")
    page.get_by_label("Sign-in name").fill("ida.holly")
    page.get_by_label("PIN", exact=True).fill("294817")
    person.presses("Sign in")
    expect(page.locator("header").get_by_text("Ida Holly")).to_be_visible()
    person.opens("/sign-in/passkey/")
    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()
