"""Two organisations' staff systems never see each other; what is foreign and what never was are answered alike. And bad input."""

import json
import uuid

import pytest

from espalier.access import connections
from espalier.access.door import acting_as
from espalier.access.viewer import Viewer
from espalier.organisations.models import Assignment, Connected, Person

pytestmark = pytest.mark.django_db
NOBODY = str(uuid.UUID(int=7))


def answers(system, path, of):
    """Everything one can do to a user or group, each answer without the id in it."""
    asked = (
        ("GET", None), ("PUT", {"userName": "a@example.org", "displayName": "x"}), ("DELETE", None),
        ("PATCH", {"Operations": [{"op": "replace", "path": "externalId", "value": "x"}]}),
    )  # fmt: skip
    found = []
    for method, body in asked:
        answer = system.send(method, f"{path}/{of}", body)
        found.append((method, answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k != "Date"}))
    return found


@pytest.mark.parametrize("path", ["/Users", "/Groups"])
def test_foreign_and_missing_are_the_same_404(hospital, care, path):
    theirs = care.add(path, userName="theirs@example.org", displayName="Theirs", externalId="t")
    foreign = answers(hospital, path, theirs["id"])
    assert foreign == answers(hospital, path, NOBODY) == answers(hospital, path, "no-id-at-all")
    assert {status for _, status, *_ in foreign} == {404}
    assert care.get(f"{path}/{theirs['id']}").json()["externalId"] == "t"


def test_lists_searches_and_members_hold_one_organisation(hospital, care):
    theirs = care.add(userName="theirs@example.org")
    ours = hospital.add(userName="ours@example.org")
    for filters in ("", "?filter=userName+eq+%22theirs@example.org%22", "?filter=userName+co+%22e%22", "?filter=id+pr"):
        assert "theirs" not in hospital.get(f"/Users{filters}").content.decode()
    found = hospital.send("POST", "/.search", {"filter": 'userName co "example"'}).json()
    assert [one["id"] for one in found["Resources"]] == [ours["id"]]
    foreign = hospital.send("POST", "/Groups", {"displayName": "g", "members": [{"value": theirs["id"]}]})
    missing = hospital.send("POST", "/Groups", {"displayName": "g", "members": [{"value": NOBODY}]})
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.status_code == 400


def test_the_same_name_is_taken_in_one_organisation_only(hospital, care):
    hospital.add(userName="Same@example.org")
    care.add(userName="same@example.org")
    again = hospital.send("POST", "/Users", {"userName": "same@EXAMPLE.org"})
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")


def test_the_database_alone_keeps_them_apart(hospital, care, at):
    """With no filter of ours, a connection's rows are its own."""
    care.add(userName="theirs@example.org")
    hospital.add(userName="ours@example.org")
    for system in (hospital, care):
        calling = connections.recognise(system.secret, at=at)
        with acting_as(calling.viewer):
            assert set(Connected.objects.values_list("owner_id", flat=True)) == {calling.owner_id}
            assert set(Assignment.objects.values_list("owner_id", flat=True)) == {calling.owner_id}
            assert all(calling.owner_id in owners for owners in Person.objects.values_list("owner_ids", flat=True))
    with acting_as(Viewer()):
        assert not Connected.objects.exists()


def test_a_token_that_is_wrong_or_stopped_says_the_same(hospital, at, client):
    from espalier.access.actions import system_viewer

    with acting_as(system_viewer()):
        (facts,) = connections.of(owner_ids=[connections.recognise(hospital.secret, at=at).owner_id])
    assert hospital.get("/Users").status_code == 200
    with acting_as(system_viewer()):
        connections.stop(at=at, owner_ids=[facts.owner_id], pk=facts.pk)
    refused = hospital.get("/Users")
    hospital.client.defaults["HTTP_AUTHORIZATION"] = "Bearer esc_wrong"
    assert refused.status_code == 401
    assert refused["Content-Type"] == "application/scim+json"
    unknown = client.get("/scim/v2/Users", headers={"authorization": "Bearer esc_wrong"})
    assert (refused.status_code, refused.content) == (unknown.status_code, unknown.content)


BAD = [b"", b"{", b"[]", b'"x"', b"null", b"NaN", b'{"userName": NaN}', b"\xff\xfe", b"[" * 100_000, b'{"userName": ""}', b'{"userName": 7.5e999}',
       b'{"userName": {"a": 1}}', b'{"userName": "a\\u0000b"}', b'{"userName": "\\ud800"}', b'{"userName":"a","emails":7}',
       b'{"userName":"a","emails":[1,2]}', b'{"userName":"a","active":"maybe"}', b'{"userName":"a","name":[]}', b'{"userName":"' + b"a" * 5000 + b'"}',
       b'{"userName":"a","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":7}', b'{"Operations":[]}', b'{"Operations":[{"op":"fly"}]}',
       b'{"Operations":[{"op":"add","path":7}]}', b'{"Operations":[{"op":"remove"}]}', b'{"Operations":[{"op":"replace","path":"emails[","value":1}]}',
       b'{"Operations":[{"op":"replace","path":"emails[type eq \\"x\\"].value","value":"y"}]}', b'{"Operations":[{"op":"add","path":"nosuch","value":1}]}',
       b'{"Operations":[{"op":"add","path":"userName","value":["a"]}]}', b'{"Operations":[{"op":"remove","path":"userName"}]}',
       b'{"Operations":[{"op":"replace","path":"id","value":"x"}]}', b'{"Operations":"x"}', b'{"Operations":[1]}']  # fmt: skip


@pytest.mark.parametrize("raw", BAD, ids=range(len(BAD)))
def test_bad_bodies_are_told_so_and_store_nothing(hospital, raw):
    user = hospital.add(userName="fine@example.org")
    for method, path in (("POST", "/Users"), ("PUT", f"/Users/{user['id']}"), ("PATCH", f"/Users/{user['id']}"), ("POST", "/Groups")):
        answer = hospital.send(method, path, raw=raw)
        assert 400 <= answer.status_code < 500, (method, answer.content)
        assert answer["Content-Type"] == "application/scim+json"
        assert json.loads(answer.content)["status"] == str(answer.status_code)
    assert hospital.get(f"/Users/{user['id']}").json() == user
    assert hospital.get("/Users").json()["totalResults"] == 1


@pytest.mark.parametrize("query", [
    "filter=", "filter=(", "filter=userName", "filter=userName+eq", 'filter=userName+eq+"', "filter=nosuch+eq+1", "filter=" + "(" * 500,
    "filter=" + "not+(" * 300, "filter=userName+eq+%22%5Cu0000%22", "filter=emails[type+eq+%22work%22", "startIndex=x", "count=-5", "count=1e9",
    "startIndex=99999999999999999999", "attributes=,,,&excludedAttributes=..", "filter=userName+eq+true+and", "filter=active+gt+%22x%22",
])  # fmt: skip
def test_bad_questions_never_break(hospital, query):
    hospital.add(userName="fine@example.org")
    assert hospital.get(f"/Users?{query}").status_code in {200, 400}


def test_a_body_too_large_is_refused_before_it_is_read(hospital):
    assert hospital.send("POST", "/Users", raw=b'{"userName": "' + b"a" * 2_100_000 + b'"}').status_code == 413


def test_other_content_is_refused(hospital):
    assert hospital.send("POST", "/Users", raw=b"a=b", kind="application/x-www-form-urlencoded").status_code == 415


def test_versions(hospital):
    user = hospital.add(userName="fine@example.org")
    path, tag = f"/Users/{user['id']}", user["meta"]["version"]
    assert hospital.get(path, **{"If-None-Match": tag}).status_code == 304
    change = {"op": "replace", "path": "title", "value": "Matron"}
    assert hospital.patch(path, change, **{"If-Match": 'W/"9"'}).status_code == 412
    changed = hospital.patch(path, change, **{"If-Match": tag})
    assert (changed.status_code, changed["ETag"]) == (200, 'W/"2"')
    assert hospital.patch(path, change).json()["meta"]["version"] == 'W/"2"'  # nothing changed: the same version
    assert hospital.send("DELETE", path, **{"If-Match": tag}).status_code == 412


def test_pages_of_a_list(hospital):
    for number in range(5):
        hospital.add(userName=f"p{number}@example.org")
    page = hospital.get("/Users?startIndex=2&count=2").json()
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    assert [one["userName"] for one in page["Resources"]] == ["p1@example.org", "p2@example.org"]
    assert hospital.get("/Users?count=0").json()["totalResults"] == 5


@pytest.mark.parametrize(("text", "found"), [
    ('userName eq "ANN@example.org"', {"ann"}), ('title co "nurse" and active eq true', {"ann", "bob"}), ('not (title co "nurse")', {"cat"}),
    ('emails[type eq "home" and value ew ".net"]', {"bob"}), ('title sw "Staff" or userName sw "cat"', {"ann", "cat"}),
    ('externalId eq "E1"', {"ann"}), ('externalId eq "e1"', set()), ("title pr", {"ann", "bob"}), ("active eq false", {"cat"}),
    ('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "ed"', {"bob"}), ('userName ne "ann@example.org"', {"bob", "cat"}),
])  # fmt: skip
def test_filters(hospital, text, found):
    hospital.add(userName="ann@example.org", title="Staff nurse", externalId="E1")
    hospital.add(userName="bob@example.org", title="Charge nurse", emails=[{"value": "b@x.net", "type": "home"}],
                 **{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "ED"}})  # fmt: skip
    hospital.add(userName="cat@example.org", active=False)
    from urllib.parse import quote

    rows = hospital.get(f"/Users?filter={quote(text)}").json()["Resources"]
    assert {one["userName"].partition("@")[0] for one in rows} == found


def test_as_microsoft_entra_id_sends_it(hospital):
    """Capital verbs, true as a text, paths in brackets, several paths in one object without a path."""
    user = hospital.add(
        schemas=["urn:ietf:params:scim:schemas:core:2.0:User"], userName="e@example.org", active="True",
        phoneNumbers=[{"type": "work", "value": "1"}], preferredLanguage="en",
    )  # fmt: skip
    changed = hospital.patch(
        f"/Users/{user['id']}",
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "e@example.org"},
        {"op": "Replace", "path": 'phoneNumbers[type eq "work"].value', "value": "2"},
        {"op": "Replace", "value": {"name.givenName": "E", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "ED"}},
    ).json()
    assert changed["emails"] == [{"type": "work", "value": "e@example.org"}]
    assert changed["name"] == {"givenName": "E"}
    assert changed["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] == {"department": "ED"}
    assert "phoneNumbers" not in changed


def test_calls_are_counted(hospital, monkeypatch):
    from espalier.access.limits import Limit
    from espalier.organisations.views import scim

    monkeypatch.setattr(scim, "LIMIT", Limit(3))
    assert [hospital.get("/Users").status_code for _ in range(5)][-1] == 429
