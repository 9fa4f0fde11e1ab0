"""Every way in, through the pages: what works, what does not, and what nobody learns from it."""

import re
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.test import Client

from espalier.access import sessions, signing
from espalier.access.decisions import Decision

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
ADDRESS = "sam.fern@trust.example.org"


@pytest.fixture(autouse=True)
def _letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def code_in(letter):
    return re.search(r"^    (\S+)$", letter.body, re.MULTILINE)[1]


def link_in(letter):
    return re.search(r"/sign-in/link/\S+/", letter.body)[0]


def joined(client, email=ADDRESS, name="Sam Fern", back=""):
    client.post("/join/", {"name": name, "email": email, "next": back})
    return client.post("/sign-in/code/", {"code": code_in(mail.outbox[-1]), "next": back})


def account(email=ADDRESS):
    return EmailAddress.objects.get(email=email).user


def same(page):
    """Return a page without what is random in every form ever drawn: the csrf field and the number that lets it count once."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]{64}"|name="form_number" value="[0-9a-f]{32}"', "", page)


def who(client):
    page = client.get("/account/")
    return page.status_code == 200 and page.content.decode()


def totp(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


# ---- a code by e-mail ------------------------------------------------------------------------------


def test_joining_with_a_work_e_mail_works_privately_at_once(client):
    answer = joined(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = who(client)
    assert "Sam Fern" in page and ADDRESS in page and "nobody else sees what you do" in page
    assert not account().has_usable_password()
    assert signing.account_of_email(ADDRESS.upper()) == account()


def test_a_code_signs_in_whoever_has_joined_and_leads_back(client):
    joined(client)
    other = Client()
    other.post("/sign-in/email/", {"email": ADDRESS, "next": "/measures/"})
    answer = other.post("/sign-in/code/", {"code": code_in(mail.outbox[-1]), "next": "/measures/"})
    assert answer["Location"] == "/measures/"
    assert "Sam Fern" in who(other)
    assert get_user_model().objects.filter(email=ADDRESS).count() == 1


def test_a_wrong_code_says_so_and_five_of_them_end_it(client):
    joined(client)
    other = Client()
    other.post("/sign-in/email/", {"email": ADDRESS})
    right = code_in(mail.outbox[-1])
    for _ in range(4):
        page = other.post("/sign-in/code/", {"code": "WRONG1"})
        assert page.status_code == 422 and "That is not the code" in page.content.decode()
    assert other.post("/sign-in/code/", {"code": "WRONG1"})["Location"] == "/sign-in/?why=ended"
    assert other.post("/sign-in/code/", {"code": right}).status_code == 302
    assert not who(other)


def test_a_code_is_good_for_a_quarter_of_an_hour(client, clock):
    joined(client)
    other = Client()
    other.post("/sign-in/email/", {"email": ADDRESS})
    clock.shift(timedelta(minutes=16))
    other.post("/sign-in/code/", {"code": code_in(mail.outbox[-1])})
    assert not who(other)


@pytest.mark.parametrize("path", ["/sign-in/email/", "/join/"])
def test_nobody_learns_from_the_page_whether_an_address_has_joined(client, path):
    joined(client)
    seen = []
    for email in (ADDRESS, "nobody@trust.example.org"):
        one = Client()
        answer = one.post(path, {"email": email, "name": "Somebody"})
        page = one.get("/sign-in/code/").content.decode().replace(email, "IT")
        seen.append((answer.status_code, answer["Location"], same(page)))
    assert seen[0] == seen[1]
    assert [letter.to for letter in mail.outbox[-2:]] == [[ADDRESS], ["nobody@trust.example.org"]]


def test_codes_cannot_be_asked_for_without_end(client):
    answers = [client.post("/sign-in/email/", {"email": ADDRESS}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 422]
    assert len(mail.outbox) == 3


def test_the_way_back_never_leads_to_another_site(client):
    assert joined(client, back="https://evil.example.org/")["Location"] == "/"


# ---- links in letters ------------------------------------------------------------------------------


def test_a_mail_scanner_uses_no_link_up(client):
    client.post("/join/", {"name": "Sam Fern", "email": ADDRESS})
    link, scanner, reader = link_in(mail.outbox[-1]), Client(), Client()
    assert [scanner.get(link).status_code, scanner.head(link).status_code, scanner.get(link).status_code] == [200, 200, 200]
    assert not who(scanner) and not EmailAddress.objects.filter(email=ADDRESS).exists()
    assert reader.post(link).status_code == 302
    assert "Sam Fern" in who(reader)
    assert Client().post(link).status_code == 404, "a link works once"
    assert Client().get(link).status_code == 404


def test_a_link_is_too_old_after_a_quarter_of_an_hour(client, clock):
    client.post("/join/", {"name": "Sam Fern", "email": ADDRESS})
    clock.shift(timedelta(minutes=16))
    assert Client().post(link_in(mail.outbox[-1])).status_code == 404


# ---- sessions --------------------------------------------------------------------------------------


def test_signing_in_takes_a_new_session_key(client):
    client.get("/sign-in/email/")
    client.post("/join/", {"name": "Sam Fern", "email": ADDRESS})
    before = client.session.session_key
    client.post("/sign-in/code/", {"code": code_in(mail.outbox[-1])})
    assert before and client.session.session_key != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert not who(thief)


@pytest.mark.parametrize(("person", "minutes"), [("demo-nurse", 60), ("demo-admin", 15)])
def test_a_session_nobody_uses_ends(client, clock, person, minutes):
    client.force_login(get_user_model().objects.get(username=person), backend="django.contrib.auth.backends.ModelBackend")
    clock.shift(timedelta(minutes=minutes - 1))
    assert client.get("/account/").status_code == 200
    clock.shift(timedelta(minutes=minutes - 1))
    assert client.get("/account/").status_code == 200, "each page begins the time anew"
    clock.shift(timedelta(minutes=minutes))
    answer = client.get("/account/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?why=idle&next=/account/")
    assert client.get("/account/").status_code == 403


def test_after_twelve_hours_everybody_signs_in_anew(client, clock):
    client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(23):
        clock.shift(timedelta(minutes=30))
        assert client.get("/account/").status_code == 200
    clock.shift(timedelta(minutes=30))
    assert client.get("/account/")["Location"].startswith("/sign-in/?why=long")


def test_what_was_being_typed_is_not_lost(client, clock):
    joined(client)
    clock.shift(timedelta(hours=2))
    answer = client.post("/measures/team-falls/DEMO-WARD-7/marks/new/", {"words": "x", "note": "New beds came", "csrfmiddlewaretoken": "t"},
                         headers={"referer": "http://testserver/measures/team-falls/DEMO-WARD-7/marks/new/"})  # fmt: skip
    assert answer["Location"] == "/sign-in/?why=idle&next=/sign-in/typed/"
    assert client.get("/sign-in/typed/").status_code == 403, "not before it is known who comes"
    client.post("/sign-in/email/", {"email": ADDRESS, "next": "/sign-in/typed/"})
    back = client.post("/sign-in/code/", {"code": code_in(mail.outbox[-1]), "next": "/sign-in/typed/"})
    page = client.get(back["Location"]).content.decode()
    assert "New beds came" in page and 'action="/measures/team-falls/DEMO-WARD-7/marks/new/"' in page


def test_what_was_typed_is_nobody_elses(client, clock):
    joined(client)
    clock.shift(timedelta(hours=2))
    client.post("/measures/views/save/", {"name": "My secret view"})
    joined(client, email="other@trust.example.org", name="Other")
    assert client.get("/sign-in/typed/").status_code == 302


def test_a_disabled_account_is_refused_at_the_next_click(client):
    joined(client)
    get_user_model().objects.filter(pk=account().pk).update(is_active=False)
    assert not who(client)
    assert signing.account_of_email(ADDRESS) is None


def test_somebody_sees_where_they_are_signed_in_and_ends_it(client):
    joined(client)
    phone = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/604"})
    phone.post("/sign-in/email/", {"email": ADDRESS})
    phone.post("/sign-in/code/", {"code": code_in(mail.outbox[-1])})
    assert "Safari on an iPhone" in who(client)
    other = UserSession.objects.get(session_key=phone.session.session_key)
    stranger = Client()
    joined(stranger, email="other@trust.example.org", name="Other")
    assert stranger.post(f"/account/sessions/{other.pk}/end/").status_code == 404
    assert who(phone)
    assert client.post(f"/account/sessions/{other.pk}/end/").status_code == 302
    assert not who(phone) and who(client)


def test_signing_out_everywhere_else(client):
    joined(client)
    several = [Client(), Client()]
    for one in several:
        one.post("/sign-in/email/", {"email": ADDRESS})
        one.post("/sign-in/code/", {"code": code_in(mail.outbox[-1])})
    client.post("/account/sessions/end/")
    assert [bool(who(one)) for one in (client, *several)] == [True, False, False]


# ---- second step -----------------------------------------------------------------------------------


def with_app(client):
    client.get("/account/second-step/app/")
    secret = client.session["mfa.totp.secret"]
    assert client.post("/account/second-step/app/", {"code": totp(secret)})["Location"] == "/account/second-step/codes/?new=1"
    return secret


def test_an_app_for_codes_is_asked_for_from_then_on(client):
    joined(client)
    secret = with_app(client)
    stored = Authenticator.objects.get(user=account(), type="totp").data["secret"]
    assert secret not in stored, "kept encrypted"
    other = Client()
    other.post("/sign-in/email/", {"email": ADDRESS})
    answer = other.post("/sign-in/code/", {"code": code_in(mail.outbox[-1]), "next": "/tokens/"})
    assert answer["Location"] == "/sign-in/second-step/"
    assert not who(other)
    wrong = other.post("/sign-in/second-step/", {"code": "000000"})
    assert wrong.status_code == 422 and "That code is not right" in wrong.content.decode()
    assert other.post("/sign-in/second-step/", {"code": totp(secret)})["Location"] == "/tokens/"
    assert who(other)


def test_a_code_of_the_app_works_once(client, clock):
    joined(client)
    secret = with_app(client)
    clock.shift(timedelta(minutes=2))
    got = []
    for _ in range(2):
        other = Client()
        other.post("/sign-in/email/", {"email": ADDRESS})
        other.post("/sign-in/code/", {"code": code_in(mail.outbox[-1])})
        got.append(other.post("/sign-in/second-step/", {"code": totp(secret)}).status_code)
    assert got == [302, 422]


def test_a_spare_code_works_once_and_new_ones_end_the_old(client):
    joined(client)
    with_app(client)
    page = client.get("/account/second-step/codes/").content.decode()
    spare = re.findall(r'<code class="data-name">(\d{8})</code>', page)
    assert len(spare) == 10
    got = []
    for code in (spare[0], spare[0]):
        other = Client()
        other.post("/sign-in/email/", {"email": ADDRESS})
        other.post("/sign-in/code/", {"code": code_in(mail.outbox[-1])})
        got.append(other.post("/sign-in/second-step/", {"code": code}).status_code)
    assert got == [302, 422]
    client.post("/account/second-step/codes/")
    assert spare[1] not in client.get("/account/second-step/codes/").content.decode()


def test_only_somebody_who_has_just_signed_in_changes_how(client, clock):
    joined(client)
    clock.shift(timedelta(minutes=16))
    for path in ("/account/second-step/app/", "/account/passkeys/add/", "/account/pin/"):
        assert client.get(path)["Location"] == f"/sign-in/ways/?next={path}&why=again"
    assert client.post("/account/pin/", {"pin": "294817", "pin_again": "294817"}).status_code == 302
    assert not account().has_usable_password()


def test_the_picture_for_the_app_has_no_style_of_its_own(client):
    joined(client)
    page = client.get("/account/second-step/app/").content.decode()
    assert "<svg" in page and "style=" not in page and "<style" not in page


def test_nobody_takes_their_only_way_away(client):
    joined(client)
    get_user_model().objects.filter(pk=account().pk).update(email="")
    with_app(client)
    key = Authenticator.objects.get(user=account(), type="totp")
    assert client.post(f"/account/keys/{key.pk}/").status_code == 400
    assert Authenticator.objects.filter(pk=key.pk).exists()


def role(person, code, unit="DEMO-TRUST"):
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.organisations.models import Grant, Person, Unit

    with acting_as(system_viewer()):
        one = Person.objects.get(account=person)
        return Grant.objects.create(person=one, role=code, unit=Unit.objects.get(code=unit), since=date(2026, 1, 1)).pk


def test_somebody_whose_role_needs_a_second_step_is_led_to_it_and_told_why_not(client):
    joined(client)
    role(account(), "administrator")
    other = Client()
    other.post("/sign-in/email/", {"email": ADDRESS, "next": "/measures/"})
    answer = other.post("/sign-in/code/", {"code": code_in(mail.outbox[-1]), "next": "/measures/"})
    assert answer["Location"] == "/account/second-step/?why=role&next=/measures/"
    assert "One thing before you go on" in other.get(answer["Location"]).content.decode()
    refused = other.get("/admin-tools/locked/")
    assert refused.status_code == 403 and "second step" in refused.content.decode()
    with_app(other)
    assert other.get("/admin-tools/locked/").status_code == 200


def test_a_role_that_ended_is_gone_at_the_next_click(client):
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.organisations.models import Grant

    joined(client)
    pk = role(account(), "team-leader", "DEMO-WARD-7")
    assert client.get("/units/DEMO-WARD-7/invitations/").status_code == 200
    with acting_as(system_viewer()):
        Grant.objects.filter(pk=pk).delete()
    assert client.get("/units/DEMO-WARD-7/invitations/").status_code == 403


def test_a_pin_is_not_for_a_role_that_needs_two_proofs(client):
    joined(client)
    role(account(), "administrator")
    assert "Choose a PIN" not in who(client)
    assert client.post("/account/pin/", {"pin": "294817", "pin_again": "294817"}).status_code == 400
    assert not account().has_usable_password()


# ---- PIN and lock-out ------------------------------------------------------------------------------


def with_pin(client, pin="294817"):
    joined(client)
    assert client.post("/account/pin/", {"pin": pin, "pin_again": pin}).status_code == 302
    return account().username


def try_pin(name, pin, address="127.0.0.1"):
    return Client(REMOTE_ADDR=address).post("/sign-in/pin/", {"username": name, "pin": pin})


def test_a_pin_signs_in_and_is_never_two_proofs(client):
    name = with_pin(client)
    assert who(client), "whoever set it stays signed in"
    other = Client()
    assert other.post("/sign-in/pin/", {"username": name.upper(), "pin": "294817"}).status_code == 302
    assert who(other)
    assert "294817" not in account().password and account().password.startswith("pbkdf2_")
    request = other.get("/account/").wsgi_request
    assert request.viewer.is_strong is False


@pytest.mark.parametrize(("pin", "words"), [
    ("29481", "6 digits or more"), ("123456", "one of the first"), ("111111", "one of the first"), ("12x456", "digits only"),
    ("987654", "one of the first"), ("", "Choose a PIN"),
])  # fmt: skip
def test_a_pin_that_would_be_guessed_is_refused(client, pin, words):
    joined(client)
    page = client.post("/account/pin/", {"pin": pin, "pin_again": pin})
    assert page.status_code == 422 and words in page.content.decode()
    assert pin == "" or f'value="{pin}"' not in page.content.decode(), "what is secret is not written back"


def test_five_wrong_pins_lock_the_name_from_there_with_ways_back(client, clock):
    name = with_pin(client)
    pages = [try_pin(name, "000000").content.decode() for _ in range(5)]
    assert "do not go together" in pages[0]
    assert "Wait 15 minutes" in pages[4] and "code by e-mail" in pages[4]
    assert try_pin(name, "294817").status_code == 422, "the right one neither, while it is locked"
    assert try_pin(name, "294817", address="10.9.9.9").status_code == 302, "from elsewhere it works"
    clock.shift(timedelta(minutes=16))
    assert try_pin(name, "294817").status_code == 302


def test_a_code_by_e_mail_opens_the_lock(client):
    name = with_pin(client)
    for _ in range(5):
        try_pin(name, "000000")
    other = Client()
    other.post("/sign-in/email/", {"email": ADDRESS})
    other.post("/sign-in/code/", {"code": code_in(mail.outbox[-1])})
    assert who(other)
    assert try_pin(name, "294817").status_code == 302


def test_a_name_tried_from_everywhere_is_locked_everywhere(client):
    name = with_pin(client)
    for number in range(50):
        try_pin(name, "000000", address=f"10.0.0.{number}")
    assert "Wait" in try_pin(name, "294817", address="10.1.1.1").content.decode()


def test_nobody_learns_from_a_wrong_pin_whether_a_name_exists(client):
    name = with_pin(client)
    seen = [same(try_pin(one, "000000").content.decode()).replace(f'value="{one}"', "") for one in (name, "p-0123456789abcdef")]
    assert seen[0] == seen[1]


def test_a_wrong_pin_takes_as_long_for_a_name_nobody_has(client, settings):
    name = with_pin(client)

    def took(one):
        begun = time.perf_counter()
        try_pin(one, "000000")
        return time.perf_counter() - begun

    known, unknown = min(took(name) for _ in range(2)), min(took("p-0123456789abcdef") for _ in range(2))
    assert 0.5 < known / unknown < 2


def test_no_pin_is_written_down_with_an_attempt(client):
    from axes.models import AccessAttempt

    name = with_pin(client)
    try_pin(name, "738291")
    assert AccessAttempt.objects.filter(username=name).exists()
    assert not [row for row in AccessAttempt.objects.values_list("get_data", "post_data", "path_info") if "738291" in str(row)]


# ---- who may join ----------------------------------------------------------------------------------


def test_where_nobody_may_join_no_account_is_made(client, monkeypatch):
    monkeypatch.setattr(signing, "_joining", [lambda: Decision(allowed=False, reason="This database is for one person.")])
    page = client.get("/join/").content.decode()
    assert "This database is for one person." in page
    client.post("/join/", {"name": "Sam", "email": ADDRESS})
    assert not [letter for letter in mail.outbox if "join" in letter.subject.lower() and "Your code" in letter.subject]


def test_whoever_may_see_staff_records_has_less_time():
    assert (sessions.IDLE_SHORT, sessions.IDLE, sessions.LONGEST) == (900, 3600, 43200)
