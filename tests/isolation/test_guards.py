"""Every guard in turn is made to say yes to everybody: if no answer changed then, nothing would watch over it.

Two kinds of guards stand in the code: rights (content/roles.yaml, asked through access.deciding) and refusals by hand
(raise PermissionDenied, raise NotFoundHere). Those of the database are switched off in test_rows_alone.py.
"""

import ast
import contextlib
import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404
from django.test import Client
from tests.contracts.routes import ROUTES, SIGNED_IN, sign_in
from tests.contracts.test_actions import ACTOR, AT, CALLS, actions, facts_for

from espalier.access import deciding
from espalier.access.actions import system_viewer
from espalier.access.decisions import YES
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.roles import all_roles
from espalier.common.errors import UnableTo
from espalier.measures.models import Digest
from espalier.organisations.rules.scim import ScimProblem

SOURCE = Path(__file__).resolve().parents[2] / "src" / "espalier"
ASKED = re.compile(r'"([a-z]+\.[a-z]+)"')
# Rights that no page asks for yet, each with the part of the product that will.
LATER = {
    "results.publish": "surveys and feedback",
    "talent.see": "careers and posts",
    "framework.edit": "the next version of the framework",
}
# A right that says which role is one for an emergency; it is asked of roles, never of people. What such a reader sees the
# database decides: tests/unit/organisations/test_emergencies.py.
MARKS = {"emergency.read"}

pytestmark = pytest.mark.django_db


def rights_in_the_code():
    """Each right that a line of the product names, and where."""
    found: dict[str, list[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z]+\.[a-z]+", node.value):
                found.setdefault(node.value, []).append(str(path.relative_to(SOURCE)))
    return found


def test_every_right_is_asked_for_somewhere_or_says_when_it_will_be():
    asked = rights_in_the_code().keys() & all_roles().rights.keys()
    assert all_roles().rights.keys() - asked == LATER.keys()


def test_no_line_compares_the_name_of_a_role():
    """What a role may do stands in the file; code that knew a role's name would be a second file."""
    names = set(all_roles().roles)
    told = {
        "organisations/queries/holding.py": "whom to ask about figures, by name of role, in that order",
        "organisations/queries/joining.py": "the role that a post gives, as the database's view organisations_held says",
        "organisations/queries/mine.py": "as joining.py",
        "organisations/rules/scim/meaning.py": "as joining.py: a group of a team stands for the role that a post gives",
        "organisations/models/people.py": "a rule of the database, which no file can change: a role for an emergency is stored by nobody",
    }
    wrong = []
    for path in SOURCE.rglob("*.py"):
        where = str(path.relative_to(SOURCE))
        if "migrations" in path.parts or path.parts[-2] == "demo" or where in told:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in names - {"board", "analyst"}:  # words of other things, too
                wrong.append(f"{where}:{node.lineno} {node.value}")  # noqa: PERF401  one line each is easier to read
    assert wrong == []


# Actions that anybody who has signed in may do for themselves, wherever they belong.
ONES_OWN = {
    "measures.save_view", "measures.rename_view", "measures.remove_view", "measures.restore_view", "measures.mark_seen", "measures.follow",
    "measures.stop_following", "measures.stop_letters", "measures.send_letter", "site.make_token", "site.stop_token",
    "insight.ask_for_files", "insight.try_again", "insight.start_report",
    "imports.keep_file",  # a file of one's own; where its figures may go is asked when it is checked
    "organisations.ask_to_join", "organisations.send_complaint", "site.choose", "site.choose_letters",
    "site.write_letters",  # writes to the actor alone, and holds what the actor may see
    "site.stop_letters",  # of the account that a signed link names: whoever holds a letter may stop letters
    "measures.forget_letter",  # finds the actor's own letters only; test_nobody_forgets_the_letter_of_another below
    "organisations.accept_invitation",  # the scene brings the right words: they are the key
}  # fmt: skip
# Actions of the house: commands and schedules run them, no page does, and their callers are listed.
OF_THE_HOUSE = {
    "measures.publish_definitions", "measures.store_figures", "measures.roll_up_shared", "organisations.load_open_places",
    "organisations.import_units", "organisations.add_units", "organisations.add_people", "organisations.keep_while_reporting",
    "imports.forget_old",
}  # fmt: skip


def outcome(name, who, monkeypatch, tmp_path):
    """What happens when somebody else does what an action's scene was set for: "done", or how it was refused."""
    with acting_as(system_viewer()), contextlib.suppress(BackError), transaction.atomic():
        with acting_as(ACTOR):
            facts = facts_for(CALLS[name], monkeypatch=monkeypatch, tmp_path=tmp_path)
            facts.pop("actor", None)
        actor = viewer_of(get_user_model().objects.get(username=who))
        try:
            with acting_as(actor):
                actions()[name](actor=actor, at=AT, **facts)
        except (UnableTo, PermissionDenied, Http404, DatabaseError, ScimProblem) as refused:
            found.append(type(refused).__name__)
        else:
            found.append("done")
        take_back()
    return found.pop()


found: list[str] = []


class BackError(Exception):
    """Takes back what was tried."""


def take_back():
    raise BackError


# Of another organisation; of this one, and not of its staff; of its staff, and there to read only.
STRANGERS = ("demo-care", "demo-partner", "demo-auditor")
# What one of them does by right.
MAY = {("demo-auditor", "site.verify_log"): "an auditor reads the log of a whole hospital and may prove it"}
# What is sent to addresses that more people may read: who sends it without the right to is refused.
SENT = {
    "/units/DEMO-WARD-7/access/": ({"end": "1"}, ("demo-admin",)),
    "/units/DEMO-WARD-7/sharing/": ({"do": "share"}, ("demo-leader", "demo-improver")),
}


@pytest.mark.parametrize("path", SENT)
@pytest.mark.parametrize("who", SIGNED_IN)
def test_what_is_sent_without_the_right_to_is_refused(path, who, client):
    facts, may = SENT[path]
    if who not in may:
        sign_in(client, who)
        assert client.post(path, facts).status_code in {403, 404}
GUARDED = sorted(CALLS.keys() - ONES_OWN - OF_THE_HOUSE)


@pytest.mark.parametrize("name", GUARDED)
@pytest.mark.parametrize("who", STRANGERS)
def test_whoever_may_not_is_refused_by_the_action_itself(name, who, monkeypatch, tmp_path):
    """Not only by the page: a program, a job or a mistaken page must not get further."""
    assert (outcome(name, who, monkeypatch, tmp_path) == "done") == ((who, name) in MAY)


def test_nobody_forgets_the_letter_of_another(tmp_path, monkeypatch):
    """It says that there is none, and the letter stays."""
    with acting_as(system_viewer()):
        letter = facts_for(CALLS["measures.forget_letter"], monkeypatch=monkeypatch, tmp_path=tmp_path)
    for who in STRANGERS:
        other = viewer_of(get_user_model().objects.get(username=who))
        with acting_as(other):
            assert not actions()["measures.forget_letter"](actor=other, at=AT, pk=letter["pk"])
    with acting_as(letter["actor"]):
        assert Digest.objects.filter(pk=letter["pk"]).exists()


def refused():
    """Each person with each route that is not for them: what a guard must keep shut."""
    return [
        (person, route) for route in ROUTES.values() for person in SIGNED_IN
        if person not in route.may and "sign-out" not in route.example and not route.example.startswith(("/api/", "/scim/"))
    ]  # fmt: skip


def yes_to(monkeypatch, right):
    """Let everybody who has signed in do one thing everywhere."""
    no, held = deciding._no, deciding._held
    monkeypatch.setattr(deciding, "_no", lambda do, *rest: YES if do == right else no(do, *rest))
    monkeypatch.setattr(deciding, "_held", lambda viewer, do: YES if do == right else held(viewer, do))


@pytest.fixture(scope="module")
def clients(django_db_blocker):
    return {}


def status_of(clients, person, route):
    if person not in clients:
        clients[person] = Client(raise_request_exception=False)
        clients[person].force_login(get_user_model().objects.get(username=person), backend="django.contrib.auth.backends.ModelBackend")
    return (clients[person].post if route.post_only else clients[person].get)(route.example).status_code


def asked_for(right):
    """Files of the product in which a right is named, and by them the rooms that ask for it."""
    return {where.split("/")[0] for where in rights_in_the_code().get(right, ())}


def noticed(right, tmp_path):
    """Whether a route's answer or an action's refusal changes when everybody has a right; stops at the first."""
    clients = {}
    with pytest.MonkeyPatch.context() as patch:
        yes_to(patch, right)
        for name in GUARDED:
            if name.split(".")[0] in asked_for(right) | {"organisations"}:
                for who in STRANGERS:
                    if outcome(name, who, patch, tmp_path) == "done":
                        return True
        return any(status_of(clients, person, route) != dict(route.also).get(person, route.otherwise) for person, route in refused())


SHORT = ("people.records", "roles.give")  # what make test tries; make soak tries every right
EVERY_RIGHT = sorted(all_roles().rights.keys() - LATER.keys() - MARKS)


@pytest.mark.parametrize("right", [one if one in SHORT else pytest.param(one, marks=pytest.mark.slow) for one in EVERY_RIGHT])
def test_a_right_that_everybody_had_would_be_noticed(right, tmp_path):
    assert noticed(right, tmp_path)
