"""Mistakes are forgiven: nobody writes over another's words unseen, a form counts once, and nothing goes for good on one click."""

import inspect
import re
from pathlib import Path

from django.conf import settings
from tests.contracts.test_actions import actions

SOURCE = Path(__file__).resolve().parents[2] / "src" / "espalier"
# Verbs by which an action changes what stands there already: it must know what the person saw.
EDITS = re.compile(r"\.(?:change|revise|rename|edit|update|correct|map|enter|place|receive_change|share|set|move|end_mark)")
KNOWS = {"version", "seen"}
# Edits without it, each with the reason.
WITHOUT = {
    "measures.rename_view": "a view is one person's own; nobody else can change its name",
    "measures.enter_block": "a pasted block shows each figure that stands before it is stored, and is undone whole",
    "measures.end_mark": "it writes over nothing: what was said stays in the history, and one press puts it back",
    "organisations.share": "one choice of two, shown beside what stands and named again before it is stored; the day and who are kept",
    # -- part 5: cycles
    "projects.change_measure": "who keeps a measure is one choice shown beside what stands; the project keeps what was before, and one press undoes it",
    "projects.change_remark": "one's own words, which nobody else can change; what they said before is kept for the team",
    "projects.change_part": "what somebody does in a team is one choice shown beside what stands, kept in the project's history",
    "projects.move_project": "only a step from where the project stands now is taken; any other is refused and says so",
    "projects.move_idea": "only a step from where the idea stands now is taken; who had it is told who answered, and it can be answered again",
    "projects.share_idea": "one's own idea, with one choice of two; nobody else can share it or take it back",
    "projects.change_task": "a task is ticked off or opened again, shown beside what stands; one press takes it back",
}
# Where rows go for good, each with the reason. Whatever a person made by typing is put away, never deleted.
DELETES = {
    "access/copies.py": "parts of a copy once they are joined into the archive, and sessions of who is erased",
    "access/letters.py": "links to sign in with whose quarter of an hour is over",
    "audit/middleware.py": "network addresses of refusals after 30 days; the events stay",
    "audit/sealing.py": "a list of events that wait for a seal: they have one now",
    "config/rights.py": "which tables hold rows about people: written anew at each migration from the rooms' own words",
    "exports/everything_in.py": "a database that is loaded whole from an export, by a command that asks first",
    "measures/actions/letters.py": "the mark of a letter that did not go out, so that it can be tried again",
    "organisations/actions/changing/doing.py": "an empty place 30 days after somebody asked, with its relations; the event keeps that it was",
    "organisations/actions/changing/removing.py": "that a place is to be deleted: one press asks again",
    "organisations/actions/changing/working.py": "relations and names of a change that is undone: the change keeps them before and after",
    "organisations/actions/people.py": "a post or role that would end before it began; what it was stays in the staff changes",
    "access/once.py": "answers to forms, two days old, which only their sender could read",
    "imports/actions.py": "a file that waits is forgotten when its giver says so, or after its days; what was stored of it stays",
    "insight/actions/packing.py": "drawn files after their days: they can be drawn again",
    "measures/actions/defining.py": "that a place uses a measure: one press takes it into use again, and its figures stay",
    "measures/actions/entering.py": "a figure that is taken back: its versions stay, and one press brings it back",
    "measures/actions/following.py": "that somebody follows a place: one press follows it again, and the page offers it",
    "measures/actions/rolling_up.py": "a note of ours that sums are due",
    "organisations/actions/arriving.py": "a post that began and ended on one day is no stretch of time; the event keeps that it was",
    "organisations/actions/giving.py": "a role given and ended on one day; the event keeps that it was",
    "organisations/actions/grouping.py": "a role given and ended on one day; the event keeps that it was",
    "organisations/actions/places.py": "a publisher's relation that a newer file takes back: loaded again from the older file",
    "organisations/actions/sharing.py": "an agreement given and taken back on one day; the event keeps that it was",
    "projects/actions/cycles_undo.py": "a test just begun that is taken back, with nothing hanging on it; the project's history keeps what it said",
    "projects/actions/importing_store.py": "projects that a file brought in and nobody has worked on: the file is kept, and brings them again",
    "projects/actions/importing_tests_store.py": "tests that a file brought in and nobody has worked on: the file is kept, and brings them again",
    "projects/actions/places.py": "that a project names another place: one press names it again, and its history keeps it",
    "projects/actions/undoing.py": "that a project names another place, when that is taken back: its history keeps it",
    "projects/actions/programmes.py": "that a programme asks its teams for a measure: one press asks again, and their figures stay",
    "site/actions/drafts.py": "drafts: when their writer throws them away, when they were sent, or after 30 days",
}
FORM = re.compile(r"<form\b[^>]*\bmethod=[\"']post[\"'][^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)
CSRF = re.compile(r"\{\{\s*csrf(?:_input)?\s*\}\}")


def test_every_edit_knows_what_was_seen_or_says_why_not():
    edits = {name: function for name, function in actions().items() if EDITS.search(name)}
    blind = {name for name, function in edits.items() if not KNOWS & inspect.signature(function).parameters.keys()}
    assert blind == WITHOUT.keys()
    assert {"measures.revise_measure", "measures.change_mark", "insight.change_paper", "measures.enter_figure", "organisations.map_group"} <= edits.keys() - blind


def test_every_form_that_is_sent_carries_the_field_by_which_it_counts_once():
    """The number comes with the csrf field (access/once.py), so a form with the one has the other."""
    assert settings.TEMPLATES[0]["OPTIONS"]["context_processors"] == ["espalier.access.once.fields"]
    assert "espalier.access.once.Once" in settings.MIDDLEWARE
    assert settings.MIDDLEWARE.index("espalier.access.middleware.Looking") < settings.MIDDLEWARE.index("espalier.access.once.Once")
    forms = [(path, inside) for path in SOURCE.rglob("*.html") for inside in FORM.findall(path.read_text(encoding="utf-8"))]
    assert len(forms) > 40
    assert [str(path) for path, inside in forms if not CSRF.search(inside)] == []


def test_nothing_goes_for_good_but_what_is_listed():
    found = set()
    for path in SOURCE.rglob("*.py"):
        if "migrations" not in path.parts and re.search(r"\.delete\(\)|_raw_delete|\bTRUNCATE\b", path.read_text(encoding="utf-8")):
            found.add(str(path.relative_to(SOURCE)))
    assert found == DELETES.keys()


def test_each_reason_is_a_sentence():
    assert all(len(why) > 30 for why in (*WITHOUT.values(), *DELETES.values()))
