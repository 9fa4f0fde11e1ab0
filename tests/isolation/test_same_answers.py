"""What somebody may not know of and what does not exist are answered alike: same status, same words, same headers."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.contracts.routes import ROUTES, SIGNED_IN, VISITOR

pytestmark = pytest.mark.django_db
# What differs between any two answers: the mark against forged forms, the one-off numbers of a page's script and forms.
CHANGING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|value="[0-9a-f]{32}"')
NOTHING = {"api/v1/<path:rest>"}  # answers for addresses that never were; it names the one that was asked
HIDDEN = [
    (name, route) for name, route in ROUTES.items()
    if route.missing and route.otherwise == 404 and len(route.may) < len(SIGNED_IN) + 1 and name not in NOTHING
]  # fmt: skip


def answer(client, route, path):
    response = (client.post if route.post_only else client.get)(path)
    body = b"".join(response) if response.streaming else response.content
    headers = {name: value for name, value in response.items() if name not in {"Content-Security-Policy", "ETag"}}
    return response.status_code, CHANGING.sub(b"", body), headers


@pytest.mark.parametrize("person", [VISITOR, *SIGNED_IN])
def test_hidden_and_missing_are_answered_alike(person):
    client = Client(raise_request_exception=False)
    if person != VISITOR:
        client.force_login(get_user_model().objects.get(username=person), backend="django.contrib.auth.backends.ModelBackend")
    wrong = []
    for name, route in HIDDEN:
        if person in route.may or dict(route.also).get(person):
            continue
        hidden, missing = answer(client, route, route.example), answer(client, route, route.missing)
        if hidden != missing or hidden[0] != 404:
            wrong.append(f"{name}: {hidden[0]} and {missing[0]}, {len(hidden[1])} and {len(missing[1])} bytes")
    assert not wrong, "\n".join(wrong)


def test_there_is_something_hidden_to_ask_for():
    assert len(HIDDEN) >= 10
