"""Every guard in turn is made to say yes to everybody: if no answer changed then, nothing would watch over it.

Two kinds of guards stand in the code: rights (content/roles.yaml, asked through access.deciding) and refusals by hand
(raise PermissionDenied, raise NotFoundHere). Those of the database are switched off in test_rows_alone.py.
"""

import ast
import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from tests.contracts.routes import SIGNED_IN, sign_in
from tests.contracts.test_actions import AT, CALLS, actions, facts_for
from tests.isolation.probing import GUARDED, MAY, SENT, STRANGERS, Probe, meets, noticed, outcome, yes_to

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.roles import all_roles
from espalier.measures.models import Digest

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


@pytest.mark.parametrize("path", SENT)
@pytest.mark.parametrize("who", SIGNED_IN)
def test_what_is_sent_without_the_right_to_is_refused(path, who, client):
    facts, may = SENT[path]
    if who not in may:
        sign_in(client, who)
        assert client.post(path, facts).status_code in {403, 404}


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


EVERY_RIGHT = sorted(all_roles().rights.keys() - LATER.keys() - MARKS)
# What make test tries, with something that meets it; make soak looks for all that meets a right, and tries every right.
SHORT = {
    "board.write": Probe("route", "insight/board/<slug:code>/edit/", "demo-nurse"),
    "figures.publish": Probe("scene", "a_ward_leader_is_offered_published_measures", ""),
}


@pytest.mark.parametrize("right", SHORT)
def test_a_right_that_everybody_had_would_be_noticed_at_once(right, tmp_path):
    probe = SHORT[right]
    assert not probe.succeeds({}, tmp_path)
    with yes_to(right):
        assert probe.succeeds({}, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("right", EVERY_RIGHT)
def test_a_right_that_everybody_had_would_be_noticed(right, tmp_path, tmp_path_factory):
    meets(tmp_path_factory)
    with yes_to(right):
        assert noticed(right, tmp_path_factory, tmp_path)
