"""Every refusal written by hand is taken out, one at a time; the route table or a stranger's action must notice.

A refusal is a `raise PermissionDenied` or a raise that passes on the reason of a decision. It is taken out of the running
function (its code is compiled again without that statement), so that all of them are tried in one process.
"""

import ast
import importlib
import inspect
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.urls import resolve
from tests.contracts.routes import EVERYBODY, ROUTES, SIGNED_IN, sign_in
from tests.isolation.test_guards import GUARDED, SENT, STRANGERS, outcome

SOURCE = Path(__file__).resolve().parents[2] / "src"
pytestmark = pytest.mark.django_db
# Refusals that nothing notices when they are gone, each with what else stands in the way. None of them is about who may.
SURVIVORS: dict[str, str] = {
    "espalier.insight.views.reports.report_file": "says that a report was put away; whose it is was decided before, by rows",
}


@dataclass(frozen=True)
class Refusal:
    """One statement, and the function in which it stands."""

    module: str
    function: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}.{self.function}"


def is_refusal(node):
    if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
        return False
    name = getattr(node.exc.func, "id", getattr(node.exc.func, "attr", ""))
    passes_on = any(isinstance(part, ast.Attribute) and part.attr == "reason" for part in ast.walk(node.exc))
    return name == "PermissionDenied" or (passes_on and name[0].isupper())


def refusals():
    """Every refusal of the product."""
    for path in sorted((SOURCE / "espalier").rglob("*.py")):
        if "migrations" in path.parts or "demo" in path.parts:
            continue
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for function in (node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)):
            for node in ast.walk(function):
                if is_refusal(node):
                    yield Refusal(module.removesuffix(".__init__"), function.name, node.lineno)


class Without(ast.NodeTransformer):
    """Leaves one statement out."""

    def __init__(self, line):
        self.line = line

    def visit_Raise(self, node):
        return ast.copy_location(ast.Pass(), node) if node.lineno == self.line else node


def mutated(refusal):
    """The live function, and its code without the refusal."""
    function = inspect.unwrap(getattr(importlib.import_module(refusal.module), refusal.function))
    source = Path(inspect.getsourcefile(function))
    tree = ast.fix_missing_locations(Without(refusal.line).visit(ast.parse(source.read_text(encoding="utf-8"))))
    module = compile(tree, str(source), "exec", dont_inherit=True, flags=__import__("__future__").annotations.compiler_flag)
    return function, next(one for one in module.co_consts if inspect.iscode(one) and one.co_name == refusal.function)


def near(refusal):
    """Routes in the order in which they may notice: those of the same module, of the same room, all others."""

    def distance(route):
        view = inspect.unwrap(resolve(route.example.split("?")[0]).func)
        where = getattr(view, "__module__", "")
        return (where != refusal.module, where.split(".")[1:2] != refusal.module.split(".")[1:2])

    return sorted((route for route in ROUTES.values() if "sign-out" not in route.example), key=distance)


def noticed(refusal, tmp_path):
    """Whether an answer of the route table, or a stranger's refused action, is another without the refusal."""
    for name in (one for one in GUARDED if one.split(".")[0] == refusal.module.split(".")[1]):
        for who in STRANGERS:
            with pytest.MonkeyPatch.context() as patch:
                if outcome(name, who, patch, tmp_path) == "done":
                    return True
    return any(sent_in_vain()) or any(answered_otherwise(refusal))


def sent_in_vain():
    """Whether something was taken from whoever may not send it."""
    for path, (facts, may) in SENT.items():
        for who in (who for who in SIGNED_IN if who not in may):
            client = Client(raise_request_exception=False)
            sign_in(client, who)
            yield client.post(path, facts).status_code not in {403, 404}


def answered_otherwise(refusal):
    """Whether a route answers somebody otherwise than the table says, the nearest routes first."""
    clients = {}
    for route in near(refusal):
        for person in (person for person in EVERYBODY if person not in route.may):
            if person not in clients:
                clients[person] = Client(raise_request_exception=False)
                sign_in(clients[person], person)
            answer = (clients[person].post if route.post_only else clients[person].get)(route.example)
            yield answer.status_code != dict(route.also).get(person, route.otherwise)


ALL = list(refusals())


def test_there_are_refusals_to_take_out():
    assert len(ALL) >= 20


@pytest.mark.slow
@pytest.mark.parametrize("refusal", ALL, ids=str)
def test_a_refusal_that_is_gone_is_noticed(refusal, tmp_path):
    function, code = mutated(refusal)
    before = function.__code__
    function.__code__ = code
    try:
        assert noticed(refusal, tmp_path) != (str(refusal) in SURVIVORS)
    finally:
        function.__code__ = before
