"""What was changed in a project has a name: "somebody changed something" tells nobody anything."""

from __future__ import annotations

import ast
import importlib
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.unit.projects.conftest import AT

from espalier.projects import actions
from espalier.projects.presenters.programmes import training
from espalier.projects.presenters.projects import KINDS, change, further
from espalier.projects.queries.overview import Lately
from espalier.projects.rules.evidence import Facts

TOLD_APART = {"member", "project", "place"}  # these have sentences of their own
OF_ANOTHER = {"found.kind", "newest.kind"}  # what is taken back is of a kind that was kept before


def kept() -> set[tuple[str, str]]:
    """Every kind that is kept with a change, and what was done where the code says it in words."""
    found = set()
    for path in sorted(Path(actions.__file__).parent.glob("*.py")):
        module = importlib.import_module(f"espalier.projects.actions.{path.stem}")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given = {one.arg: one.value for one in call.keywords} if isinstance(call, ast.Call) else {}
            called = ast.unparse(call.func) if given else ""
            if called in {"keep", "Edit", "Edit.objects.create"} and {"project_id", "kind"} <= given.keys():
                said = ast.unparse(given["kind"])
                if said not in OF_ANOTHER and not (path.stem == "keeping" and said == "kind"):
                    kind = ast.literal_eval(given["kind"]) if isinstance(given["kind"], ast.Constant) else getattr(module, said)
                    what = given["what"]
                    several = [what.body, what.orelse] if isinstance(what, ast.IfExp) else [what]
                    words = {one.value for one in several if isinstance(one, ast.Constant)}
                    found |= {(kind, one) for one in words or {"change"}}
    return found


def test_every_kind_that_is_kept_has_a_name():
    kinds = {kind for kind, _ in kept()}
    assert {"cycle", "node", "remark", "coach-request", "edition", "typed"} <= kinds  # it finds them
    assert kinds - KINDS.keys() - TOLD_APART == set()


@pytest.mark.parametrize(("kind", "what"), sorted(kept()))
def test_no_change_is_told_as_something(kind, what):
    facts = {"title": "x", "state": "active", "open_to": "team", "role": "member", "name": "Ward 7"}
    said = change(Lately(uuid.uuid4(), kind, what, {}, facts, AT, ""))
    assert "something" not in said
    assert said != "changed it"


def test_what_is_there_already_of_higher_steps_is_said():
    facts = Facts(aim_set=True, people=3, measures=1, planned=2, run=2, decided=2, adopted=2)  # no figure since it began
    said = further(facts)
    assert said.startswith("Of higher steps the record shows already: changes have been tested, a test was studied and decided")
    assert "a change is now how things are done" in said
    assert "nothing else became worse" not in said  # nobody looked
    assert further(Facts()) == ""


@pytest.mark.parametrize(
    ("trained", "active", "said"),
    [
        (1, 1, "1 person trained, who coaches a project now."), (1, 0, "1 person trained, who coaches no project now."),
        (4, 1, "4 people trained; 1 of them coaches a project now (25.0%)."), (4, 2, "4 people trained; 2 of them coach a project now (50.0%)."),
        (4, 0, "4 people trained; none of them coach a project now (0%)."),
    ],
)  # fmt: skip
def test_one_coach_is_told_as_one(trained, active, said):
    assert training(SimpleNamespace(trained=trained, active=active)) == said
