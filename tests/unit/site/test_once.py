"""A form counts once: double click, back and send again, retry, twenty at the same moment."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.utils import timezone

from espalier.access.door import acting_as
from espalier.access.models import Sent, Token
from espalier.access.registry import viewer_of

TOKEN = {"name": "monthly falls script", "scopes": ["read"], "where": "", "days": "30"}


def browser(username="demo-nurse"):
    client = Client()
    client.force_login(get_user_model().objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def mine(model, username="demo-nurse"):
    with acting_as(viewer_of(get_user_model().objects.get(username=username))):
        return model.objects.count()


def test_each_form_of_a_page_has_a_number_of_its_own(db):
    client = browser()
    client.post("/tokens/", TOKEN)
    page = client.get("/tokens/").content.decode()
    numbers = re.findall(r'name="form_number" value="([0-9a-f]{32})"', page)
    assert len(numbers) == page.count("csrfmiddlewaretoken") >= 3
    assert len(set(numbers)) == len(numbers)


def test_sent_twice_it_is_done_once_and_answered_the_same(db):
    """Also the answer that is shown once: who pressed twice sees the token of the first press."""
    client, form = browser(), TOKEN | {"form_number": uuid.uuid4().hex}
    first, again = client.post("/tokens/", form), client.post("/tokens/", form)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert b"esp_" in first.content
    assert mine(Token) == 1


def test_a_redirect_is_answered_again_too(db):
    client = browser()
    client.post("/tokens/", TOKEN)
    page = client.get("/tokens/").content.decode()
    pk = re.search(r"/tokens/(\d+)/stop/", page)[1]
    number = uuid.uuid4().hex
    answers = [client.post(f"/tokens/{pk}/stop/", {"form_number": number}) for _ in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/tokens/")] * 2


def test_other_words_are_another_sending(db):
    """Who goes back and changes a word means it."""
    client, number = browser(), uuid.uuid4().hex
    client.post("/tokens/", TOKEN | {"form_number": number})
    client.post("/tokens/", TOKEN | {"name": "another", "form_number": number})
    assert mine(Token) == 2


def test_what_was_refused_can_be_mended_and_sent(db):
    client, number = browser(), uuid.uuid4().hex
    assert client.post("/tokens/", TOKEN | {"name": "", "form_number": number}).status_code == 422
    assert client.post("/tokens/", TOKEN | {"name": "", "form_number": number}).status_code == 422
    assert mine(Sent) == 0
    assert client.post("/tokens/", TOKEN | {"form_number": number}).status_code == 200


def test_two_people_with_one_number_are_two(db):
    number = uuid.uuid4().hex
    one, other = (browser(name).post("/tokens/", TOKEN | {"form_number": number}) for name in ("demo-nurse", "demo-leader"))
    assert mine(Token) == mine(Token, "demo-leader") == 1
    assert one.content != other.content


def test_what_is_kept_cannot_be_read_without_the_form(db):
    client, number = browser(), uuid.uuid4().hex
    secret = re.search(rb"esp_[\w-]{43}", client.post("/tokens/", TOKEN | {"form_number": number}).content)[0]
    with acting_as(viewer_of(get_user_model().objects.get(username="demo-nurse"))):
        (row,) = Sent.objects.values_list("mark", "answer")
    assert secret not in bytes(row[1])
    assert number not in row[0]
    with acting_as(viewer_of(get_user_model().objects.get(username="demo-leader"))):
        assert not Sent.objects.exists()


def test_old_answers_are_let_go(db):
    client = browser()
    client.post("/tokens/", TOKEN | {"form_number": uuid.uuid4().hex})
    with acting_as(viewer_of(get_user_model().objects.get(username="demo-nurse"))):
        Sent.objects.update(at=timezone.now() - timezone.timedelta(days=3))
    client.post("/tokens/", TOKEN | {"form_number": uuid.uuid4().hex})
    assert mine(Sent) == 1


@pytest.mark.parametrize("number", ["", "x" * 41, "é", "\x00", "a b", "' OR 1=1"])
def test_a_number_that_is_none_changes_nothing(db, number):
    assert browser().post("/tokens/", TOKEN | {"form_number": number}).status_code == 200
    assert mine(Sent) == 0


def test_twenty_at_the_same_moment_are_one(own_database):
    """T-21: really side by side, each with a connection of its own, really committing."""
    client, form = browser(), TOKEN | {"form_number": uuid.uuid4().hex}
    cookies = client.cookies

    def press(_):
        another = Client()
        another.cookies = cookies
        try:
            answer = another.post("/tokens/", form)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(press, range(20)))
    assert len(answers) == 1
    assert answers.pop()[0] == 200
    assert mine(Token) == 1
