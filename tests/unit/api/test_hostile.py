"""Whatever comes, the answer is a problem a person can read, and never a failure of ours."""

import json

import pytest
from tests.unit.api.calling import batch, new_token, viewer

from espalier.access.door import acting_as
from espalier.access.limits import Limit
from espalier.config import api
from espalier.measures.models import Point, PointVersion

pytestmark = pytest.mark.django_db
GOOD = {"measure": "team-medicine-errors", "unit": "DEMO-WARD-7", "period": "2019-04", "numerator": 3}


def stored():
    """What is there, as who sends sees it: what is shared is not seen by everybody."""
    with acting_as(viewer("demo-leader")):
        return Point.objects.count(), PointVersion.objects.count()


def one(**instead):
    return json.dumps({"figures": [GOOD | instead]})


BODIES = {
    "nothing": "", "a word": "figures", "a list": "[]", "null": "null", "a number": "1", "a text": '"x"',
    "cut off": one()[:-5], "two": one() + one(), "a comma too many": '{"figures": [],}', "no figures": '{"figures": []}',
    "figures that are one": json.dumps({"figures": GOOD}), "figures that are numbers": '{"figures": [1, 2]}',
    "figures that are null": '{"figures": null}', "nested deep": "[" * 100_000 + "]" * 100_000,
    "nested deep in a figure": '{"figures": ' + '{"measure": ' * 900 + "1" + "}" * 900 + "}",
    "a number too long": '{"figures": [{"measure": "team-falls", "unit": "DEMO-WARD-7", "period": "2019-04", "numerator": ' + "9" * 5000 + "}]}",
    "infinity": one(numerator=float("inf")), "not a number": one(numerator=float("nan")), "1e400": one().replace("3}", "1e400}"),
    "a huge number": one(numerator=10**30), "below nought": one(numerator=-1), "minus nothing": one(numerator=-1e-300),
    "true": one(numerator=True), "a number as text": one(numerator="3"), "null for a number": one(numerator=None),
    "NUL in a code": one(unit="DEMO\u0000WARD"), "NUL in a period": one(period="2019\u0000"), "half a character": '{"figures": [{"measure": "\\ud800"}]}',
    "half a character in the words": json.dumps({"figures": [GOOD], "why": "x"}).replace('"x"', '"\\ud800"'),
    "NUL in the words": json.dumps({"figures": [GOOD], "why": "\u0000"}), "words too long": json.dumps({"figures": [GOOD], "why": "x" * 201}),
    "a field nobody knows": one(value=3), "a field nobody knows beside": json.dumps({"figures": [GOOD], "dry_run": True}),
    "an empty code": one(unit=""), "a code with a slash": one(unit="../x"), "a code like SQL": one(unit="x' OR 1=1 --"), "a code too long": one(unit="x" * 999),
    "a period like a date": one(period="01/04/2019"), "a period as a number": one(period=201904), "a period far away": one(period="9999-12"),
    "a period of no year": one(period="0000-00"), "full-width digits": one(period="２０１９-04"), "a figure twice": json.dumps({"figures": [GOOD, GOOD]}),
    "UTF-16": None, "broken UTF-8": b'{"figures": "\xff\xfe"}',
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_cannot_be_is_refused_and_nothing_is_stored(client, name):
    token = new_token().secret
    before = stored()
    body = BODIES[name] if BODIES[name] is not None else one().encode("utf-16")[:-1]
    answer = client.generic("POST", "/api/v1/points", body, content_type="application/json",
                            headers={"authorization": f"Bearer {token}", "idempotency-key": "k"})  # fmt: skip
    assert answer.status_code in {400, 422}, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["what"] and said["to_do"] and said["code"] and said["status"] == answer.status_code
    assert stored() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", ""]
)
def test_a_body_of_another_kind_is_refused(client, kind):
    token = new_token().secret
    answer = client.generic(
        "POST", "/api/v1/points", one(), content_type=kind, headers={"authorization": f"Bearer {token}", "idempotency-key": "k"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "content-type")


def test_a_body_too_large_is_refused_before_it_is_read(client):
    token = new_token().secret
    answer = client.generic("POST", "/api/v1/points", " " * (api.LARGEST + 1) + one(), content_type="application/json",
                            headers={"authorization": f"Bearer {token}", "idempotency-key": "k"})  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


ASKED = (
    "units?limit=0", "units?limit=501", "units?limit=-1", "units?limit=1.5", "units?limit=99999999999999999999999", "units?limit=x", "units?limit=",
    "units?on=2019-13-01", "units?on=0000-00-00", "units?on=now", "units?on=99999-01-01", "units?kind=%FF", "units?kind=x%27--", "units?q=" + "x" * 101,
    "units?cursor=%20", "units?cursor=" + "x" * 401, "units?limit=2&limit=3", "units?q=%00", "units?=x", "measures?gap=" + "x" * 61,
    "series?unit=%0A", "series?stratum=%01", "series/team-falls/DEMO-WARD-7?rules=none", "series/team-falls/DEMO-WARD-7?until=2018-13",
    "series/team-falls/DEMO-WARD-7?until=0001-01", "series/team-falls/DEMO-WARD-7?compare=week", "series/team-falls/DEMO-WARD-7?months=37",
    "points?since=1e9", "points?until=2019", "points?limit=501", "points?limit=50001", "points?since=-9999-01-01",
)  # fmt: skip


@pytest.mark.parametrize("path", ASKED)
def test_a_question_that_cannot_be_is_refused(call, path):
    answer = call(path)
    assert answer.status_code in {400, 422}, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["what"] and answer.json()["to_do"]


@pytest.mark.parametrize(
    "path",
    [
        "units/%00",
        "units/..%2f..%2fetc",
        "units/" + "x" * 300,
        "series/a/b/c",
        "points/batches/1/undo",
        "nosuch",
        "",
        "units/",
        "openapi.yaml",
        "units/%FF%FE",
    ],
)
def test_an_address_that_is_none_is_a_problem_too(call, path):
    answer = call(path)
    assert answer.status_code in {400, 404, 422}, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "allow"), [
    ("DELETE", "units", "GET"), ("PUT", "points", "GET, POST"), ("PATCH", "measures/team-falls", "GET"), ("TRACE", "series", "GET"), ("POST", "openapi.json", "GET"),
    ("GET", "points/batches/00000000-0000-4000-8000-000000000000/undo", "POST"),
])  # fmt: skip
def test_another_method_is_refused_with_those_that_work(call, method, path, allow):
    answer = call(path, method=method)
    assert answer.status_code == 405
    assert sorted(answer["Allow"].split(", ")) == sorted(allow.split(", "))
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0.9, application/pdf", "application/json;q=0"])
def test_a_kind_of_file_we_do_not_make_is_refused(call, accept):
    answer = call("points", accept=accept)
    assert (answer.status_code, answer.json()["code"]) == (406, "accept")


@pytest.mark.parametrize("accept", ["", "*/*", "application/*", "nonsense", "text/csv;q=banana", ";;;,,,", "a/b/c"])
def test_no_accept_header_brings_it_down(call, accept):
    assert call("points?limit=1", accept=accept).status_code in {200, 406}


def test_an_address_of_another_host_is_a_problem(client):
    answer = client.get("/api/v1/units", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_too_many_calls_are_told_how_long_to_wait(call, monkeypatch):
    monkeypatch.setattr(api, "LIMIT", Limit(3))
    token = new_token().secret
    assert [call("measures", token).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = call("measures", token)
    assert refused.json()["code"] == "too-many"
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert call("measures").status_code == 200  # the address has minutes of its own
    assert call("measures", new_token("demo-nurse").secret).status_code == 200


def test_guessing_tokens_is_counted_by_address(call, monkeypatch):
    monkeypatch.setattr(api, "LIMIT", Limit(3))
    assert [call("measures", f"esp_guess{number}").status_code for number in range(5)] == [401, 401, 401, 429, 429]


def test_a_clash_in_the_database_is_a_problem_that_may_be_tried_again(call, monkeypatch):
    from django.db import IntegrityError

    from espalier.measures.actions import posting

    def clash(*_, **__):
        raise IntegrityError

    monkeypatch.setattr(posting, "_store", clash)
    answer = call("points", new_token().secret, body=batch(tuple(GOOD.values())))
    assert (answer.status_code, answer.json()["code"]) == (409, "meanwhile")
