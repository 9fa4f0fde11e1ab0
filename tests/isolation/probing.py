"""Things that somebody who may not tries: what guards keep shut; and which guards each of them meets.

All of them are tried once as the product is, and it is written down which rights were asked for and which refusals were
raised on the way. A guard that is taken out can change no other answer than those of the probes that met it, so that each
guard's test runs these alone: exact, and a hundred times quicker than trying everything again.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404
from django.test import Client
from tests.contracts.routes import EVERYBODY, ROUTES, SIGNED_IN, VISITOR
from tests.contracts.test_actions import ACTOR, AT, CALLS, actions, facts_for
from tests.isolation.scenes import SCENES
from tests.isolation.scenes_projects_1 import SCENES_1
from tests.isolation.scenes_projects_2 import SCENES_2

from espalier.access import deciding
from espalier.access.actions import system_viewer
from espalier.access.decisions import YES
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import UnableTo
from espalier.organisations.models import Unit
from espalier.organisations.rules.scim import ScimProblem

SOURCE = Path(__file__).resolve().parents[2] / "src"
ALL_SCENES = SCENES | SCENES_1 | SCENES_2
# Actions that anybody who has signed in may do for themselves, wherever they belong.
ONES_OWN = {
    "measures.save_view", "measures.rename_view", "measures.remove_view", "measures.restore_view", "measures.mark_seen", "measures.follow",
    "measures.stop_following", "measures.stop_letters", "measures.send_letter", "site.make_token", "site.stop_token",
    "insight.ask_for_files", "insight.try_again", "insight.start_report",
    "imports.keep_file",  # a file of one's own; where its figures may go is asked when it is checked
    "organisations.ask_to_join", "organisations.send_complaint", "site.choose", "site.choose_letters",
    "site.write_letters",  # writes to the actor alone, and holds what the actor may see
    "site.stop_letters",  # of the account that a signed link names: whoever holds a letter may stop letters
    "measures.forget_letter",  # finds the actor's own letters only; test_guards.py, test_nobody_forgets_the_letter_of_another
    "projects.note_idea",  # everybody notes ideas, before they belong anywhere and without asking; only they see them
    "organisations.accept_invitation",  # the scene brings the right words: they are the key
}  # fmt: skip
# Actions of the house: commands and schedules run them, no page does, and their callers are listed.
OF_THE_HOUSE = {
    "measures.publish_definitions", "measures.store_figures", "measures.roll_up_shared", "organisations.load_open_places",
    "organisations.import_units", "organisations.add_units", "organisations.add_people", "organisations.keep_while_reporting",
    "imports.forget_old",
}  # fmt: skip
GUARDED = sorted(CALLS.keys() - ONES_OWN - OF_THE_HOUSE)
# Of another organisation; of this one, and not of its staff; of its staff, and there to read only.
STRANGERS = ("demo-care", "demo-partner", "demo-auditor")
# What one of them does by right.
MAY = {("demo-auditor", "site.verify_log"): "an auditor reads the log of a whole hospital and may prove it"}
# Bo takes part in the demonstration's project, which the scenes are set in: whoever is of its team changes what is in it.
OF_THE_TEAM = """
    add_node add_note add_task add_value add_voice answer_measure answer_story begin_diagram begin_test change_aim
    change_measure change_node change_task change_test change_value choose_measure claim_money copy_boxes decide_test heard move_node
    remove_measure remove_node remove_value remove_voice say say_because say_progress stop_partner take_back take_back_because
    take_back_value tap undo_in_project undo_story withdraw_story write_story
"""
MAY |= {("demo-partner", f"projects.{name}"): "takes part in this project, as its partner" for name in OF_THE_TEAM.split()}
MAY |= {
    ("demo-care", "projects.adopt_story"): "takes up what is public, for a team of their own",
    ("demo-care", "projects.say_how_it_went"): "says it of their own project, which the scene is set in",
}
# What is sent to addresses that more people may read: who sends it without the right to is refused.
SENT = {
    "/units/DEMO-WARD-7/access/": ({"end": "1"}, ("demo-admin",)),
    "/units/DEMO-WARD-7/sharing/": ({"do": "share"}, ("demo-leader", "demo-improver")),
}


# ---- Probes ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Probe:
    """One thing that somebody tries who may not."""

    kind: str  # action, sent, route or scene
    what: str  # the action's name, the address, the route's pattern, or the scene's name
    who: str

    def succeeds(self, clients, tmp_path) -> bool:
        """Whether it is answered otherwise than it should be. clients lives as long as one test."""
        if self.kind == "action":
            with pytest.MonkeyPatch.context() as patch:
                return outcome(self.what, self.who, patch, tmp_path) == "done"
        if self.kind == "scene":
            with contextlib.suppress(BackError), transaction.atomic():
                through = ALL_SCENES[self.what]()
                raise BackError
            return through
        if self.kind == "sent":
            return _client(clients, self.who).post(self.what, SENT[self.what][0]).status_code not in {403, 404}
        route = ROUTES[self.what]
        client = _client(clients, self.who)
        answer = (client.post if route.post_only else client.get)(route.example)
        return answer.status_code != dict(route.also).get(self.who, route.otherwise)


def probes():
    """Everything that is tried, what costs least first."""
    found = [Probe("scene", name, "") for name in ALL_SCENES]
    found += [Probe("sent", path, who) for path, (_, may) in SENT.items() for who in SIGNED_IN if who not in may]
    found += [
        Probe("route", pattern, who) for pattern, route in ROUTES.items() for who in EVERYBODY
        if who not in route.may and "sign-out" not in route.example
    ]  # fmt: skip
    return found + [Probe("action", name, who) for name in GUARDED for who in STRANGERS if (who, name) not in MAY]


def _client(clients, who):
    if who not in clients:
        clients[who] = Client(raise_request_exception=False)
        if who != VISITOR:
            clients[who].force_login(get_user_model().objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
    return clients[who]


class BackError(Exception):
    """Takes back what was tried."""


def outcome(name, who, monkeypatch, tmp_path):
    """What happens when somebody else does what an action's scene was set for: "done", or how it was refused."""
    said = "done"
    with acting_as(system_viewer()), contextlib.suppress(BackError), transaction.atomic():
        with acting_as(ACTOR):
            facts = facts_for(CALLS[name], monkeypatch=monkeypatch, tmp_path=tmp_path)
            facts.pop("actor", None)
        actor = viewer_of(get_user_model().objects.get(username=who))
        try:
            with acting_as(actor):
                actions()[name](actor=actor, at=AT, **facts)
        except (UnableTo, PermissionDenied, Http404, DatabaseError, ScimProblem) as refused:
            said = type(refused).__name__
        raise BackError
    return said


# ---- Refusals written by hand ----------------------------------------------------------------------


@dataclass(frozen=True)
class Refusal:
    """One statement, and the function in which it stands."""

    module: str
    function: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}.{self.function}"


def is_refusal(node):
    """Whether a statement raises PermissionDenied, or passes on the reason of a decision."""
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


class _Instead(ast.NodeTransformer):
    """Puts what make returns in the place of the refusals of some lines."""

    def __init__(self, lines, make):
        self.lines, self.make = lines, make

    def visit_Raise(self, node):
        return self.make(node) if node.lineno in self.lines else node


def _compiled(module, function, lines, make):
    """The live function, and its code with something else in the place of some of its refusals."""
    live = inspect.unwrap(getattr(importlib.import_module(module), function))
    source = Path(inspect.getsourcefile(live))
    tree = ast.fix_missing_locations(_Instead(lines, make).visit(ast.parse(source.read_text(encoding="utf-8"))))
    whole = compile(tree, str(source), "exec", dont_inherit=True, flags=__import__("__future__").annotations.compiler_flag)
    return live, next(one for one in whole.co_consts if inspect.iscode(one) and one.co_name == function)


@contextlib.contextmanager
def without(refusal):
    """The running product without one refusal."""
    live, code = _compiled(refusal.module, refusal.function, {refusal.line}, lambda node: ast.copy_location(ast.Pass(), node))
    before = live.__code__
    live.__code__ = code
    try:
        yield
    finally:
        live.__code__ = before


@contextlib.contextmanager
def yes_to(right):
    """The running product with everybody who has signed in allowed to do one thing everywhere."""
    everywhere = frozenset(Unit.objects.values_list("pk", flat=True))
    no, held, holds, places = deciding._no, deciding._held, deciding._holds, deciding._places
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "_no", lambda do, *rest: YES if do == right else no(do, *rest))
        patch.setattr(deciding, "_held", lambda viewer, do: YES if do == right else held(viewer, do))
        patch.setattr(deciding, "_holds", lambda viewer, do: do == right or holds(viewer, do))
        patch.setattr(deciding, "_places", lambda viewer, do: everywhere if do == right else places(viewer, do))
        yield


# ---- Which guards a probe meets --------------------------------------------------------------------

MET = "espalier_met_a_refusal"


@contextlib.contextmanager
def _watched(met):
    """The running product, noting in the set met each right that is asked for and each refusal just before it is raised."""
    by_function = defaultdict(set)
    for one in refusals():
        by_function[one.module, one.function].add(one.line)
    before = []
    no, holds = deciding._no, deciding._holds
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "_no", lambda do, *rest: met.add(do) or no(do, *rest))
        patch.setattr(deciding, "_holds", lambda viewer, do: met.add(do) or holds(viewer, do))
        for (module, function), lines in by_function.items():

            def note(node, module=module, function=function):
                call = ast.parse(f"{MET}({module!r}, {function!r}, {node.lineno})").body[0]
                return [ast.copy_location(call, node), node]

            live, code = _compiled(module, function, lines, note)
            patch.setitem(live.__globals__, MET, lambda *which: met.add(Refusal(*which)))
            before.append((live, live.__code__))
            live.__code__ = code
        try:
            yield
        finally:
            for live, code in before:
                live.__code__ = code


_KNOWN: dict[object, list[Probe]] = {}


def meets(tmp_path_factory):
    """By right and by refusal, the probes that meet it. Made once a run; leaves nothing behind."""
    if _KNOWN:
        return _KNOWN
    found, met, clients = defaultdict(list), set(), {}
    with contextlib.suppress(BackError), transaction.atomic():
        with _watched(met):
            for number, probe in enumerate(probes()):
                met.clear()
                assert not probe.succeeds(clients, tmp_path_factory.mktemp(f"probe{number}")), f"{probe} is not kept shut"
                for one in met:
                    found[one].append(probe)
        raise BackError
    _KNOWN.update(found)
    return _KNOWN


def noticed(guard, tmp_path_factory, tmp_path):
    """The first probe that is answered otherwise now that a guard is out; None when none is."""
    met_by, clients = meets(tmp_path_factory).get(guard, ()), {}
    return next((probe for probe in met_by if probe.succeeds(clients, tmp_path)), None)
