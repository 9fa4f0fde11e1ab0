"""The engine with a tiny made-up kind: it knows no measure and no place, only what a kind tells it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from espalier.access.door import acting_as
from espalier.access.viewer import Viewer
from espalier.common.errors import NotFoundHere
from espalier.imports import actions, kinds, queries
from espalier.imports.kinds import Checked, Field, Holds, Record, Shown, Trouble, Undone, Words
from espalier.imports.mapping import Layout
from espalier.imports.models import Upload
from espalier.imports.states import State
from espalier.organisations import queries as organisations

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Apples:
    """Who has how many apples; kept in a dictionary."""

    code, name, says = "apples", "Apples", "One row for each person."
    fields = (
        Field("who", "Who", "A name.", Holds.TEXT, required=True, synonyms=("who", "name")),
        Field("apples", "Apples", "How many.", Holds.NUMBER, required=True, synonyms=("apples",)),
    )
    core, words, in_part = ("apples",), Words(one="apple", many="apples"), False

    def __init__(self) -> None:
        self.kept: dict[Any, Any] = {}
        self.batches: dict[Any, Any] = {}

    def may_use(self, *, viewer: Viewer) -> str:
        return "" if viewer.account_id else "Sign in."

    def held_back(self) -> str:
        return ""

    def owner_of(self, *, viewer: Viewer) -> int | None:
        return viewer.grants[0].unit_id if viewer.grants else None

    def choices(self, *, viewer: Viewer, field: str) -> tuple[tuple[str, str], ...]:
        return ()

    def lacks(self, *, given: Any, chosen: Any) -> dict[str, str]:
        return {}

    def check(self, *, viewer: Viewer, at: datetime, lines: Any) -> Checked:
        bad = [one for one in lines if one.values[1] < 0]
        troubles = [Trouble(one.row, one.columns[1], one.texts[1], "Nobody owes apples", "Write 0.", "below", key=(one.texts[0],)) for one in bad]
        return Checked(tuple(Record((one.texts[0],), (one.values[1],), one.row) for one in lines if one not in bad), tuple(troubles))

    def standing(self, *, viewer: Viewer, records: Any, lock: bool) -> Any:
        return dict(self.kept)

    def shown(self, *, viewer: Viewer, changes: Any) -> tuple[Shown, ...]:
        return tuple(Shown(one.key[0], str(one.old), str(one.new)) for one in changes)

    def too_many(self, *, removed: int, standing: int) -> str:
        return ""

    def links(self, *, viewer: Viewer, changes: Any) -> Any:
        return ()

    def store(self, *, actor: Viewer, at: datetime, why: str, batch: uuid.UUID, changes: Any) -> None:
        self.batches[batch] = changes
        for one in changes:
            self.kept.pop(one.key, None)
            if one.new is not None:
                self.kept[one.key] = one.new

    def undo(self, *, actor: Viewer, at: datetime, batch: uuid.UUID) -> Undone:
        for one in self.batches[batch]:
            self.kept.pop(one.key, None)
            if one.old is not None:
                self.kept[one.key] = one.old
        return Undone(len(self.batches[batch]))


@pytest.fixture
def apples() -> Iterator[Apples]:
    before = dict(kinds._kinds)
    kind = Apples()
    kinds.fill(kind)
    yield kind
    kinds.fill(*before.values())


def kim() -> Viewer:
    return organisations.viewer_for(get_user_model().objects.get(username="demo-analyst"))


def run(text: str, *, take_good: bool = False, remove: bool = False) -> SimpleNamespace:
    """Give a file, say nothing about its columns but what was guessed, and agree to what is shown."""
    who, content = kim(), text.encode()
    with acting_as(who):
        pk = actions.keep_file(actor=who, at=AT, kind="apples", name="apples.csv", content=[content], size=len(content))
        file = queries.file(viewer=who, pk=pk)
        if file.step == "columns":
            assert actions.choose_columns(actor=who, at=AT, pk=pk, layout=file.layout) == {}
        seen = queries.file(viewer=who, pk=pk)
        state = ""
        if not seen.summary["problems"] or take_good:
            state = actions.agree(actor=who, at=AT, pk=pk, seen=seen.seen, take_good=take_good, remove=remove)
    return SimpleNamespace(pk=pk, summary=seen.summary, state=state, who=who)


class TestTheEngine:
    def test_columns_are_guessed_checked_stored_and_taken_back(self, apples: Apples) -> None:
        apples.kept = {("Ann",): (1.0,), ("Bob",): (2.0,)}
        done = run("Name,Apples\nAnn,1\nBob,3\nCem,4\n")
        assert {key: done.summary[key] for key in ("new", "changed", "same", "removed", "ready", "problems")} == {
            "new": 1, "changed": 1, "same": 1, "removed": 0, "ready": 3, "problems": 0
        }  # fmt: skip
        assert done.summary["changes"] == [["Bob", "(2.0,)", "(3.0,)"]]
        assert apples.kept == {("Ann",): (1.0,), ("Bob",): (3.0,), ("Cem",): (4.0,)}
        with acting_as(done.who):
            assert actions.take_back(actor=done.who, at=AT, pk=done.pk) == State.UNDONE
        assert apples.kept == {("Ann",): (1.0,), ("Bob",): (2.0,)}

    def test_removing_happens_only_when_it_is_asked_for(self, apples: Apples) -> None:
        apples.kept = {("Ann",): (1.0,), ("Bob",): (2.0,)}
        assert run("Name,Apples\nAnn,1\nCem,1\n").summary["removed"] == 1
        assert ("Bob",) in apples.kept
        run("Name,Apples\nAnn,1\nCem,1\n", remove=True)
        assert ("Bob",) not in apples.kept

    def test_what_is_wrong_in_the_file_is_not_missing_from_it(self, apples: Apples) -> None:
        apples.kept = {("Ann",): (1.0,), ("Bob",): (2.0,)}
        done = run("Name,Apples\nAnn,-1\nCem,1\n", take_good=True, remove=True)
        assert done.summary["removed"] == 1  # Bob, and not Ann, whose row only has to be mended
        assert apples.kept == {("Ann",): (1.0,), ("Cem",): (1.0,)}

    def test_a_row_nobody_can_read_may_be_about_anybody_so_nothing_is_removed(self, apples: Apples) -> None:
        apples.kept = {("Ann",): (1.0,), ("Bob",): (2.0,)}
        assert run("Name,Apples\nAnn,one\nCem,1\n").summary["removed"] == 0

    def test_problems_stop_the_store_unless_somebody_says_so(self, apples: Apples) -> None:
        done = run("Name,Apples\nAnn,-1\nCem,1\n")
        with acting_as(done.who), pytest.raises(actions.UnableToLoad, match="problems"):
            actions.agree(actor=done.who, at=AT, pk=done.pk, seen=Upload.objects.get(pk=done.pk).seen, take_good=False, remove=False)
        assert apples.kept == {}

    def test_two_that_differ_are_both_wrong_and_two_that_agree_count_once(self, apples: Apples) -> None:
        done = run("Name,Apples\nAnn,1\nAnn,2\nBob,5\nBob,5\n")
        assert (done.summary["ready"], done.summary["problems"], done.summary["warnings"]) == (1, 2, 1)
        assert "Row 3 has another figure" in done.summary["shown"][0]["what"]

    def test_what_was_changed_since_it_was_seen_is_shown_again_and_not_stored(self, apples: Apples) -> None:
        who, content = kim(), b"Name,Apples\nAnn,3\n"
        apples.kept = {("Ann",): (1.0,)}
        with acting_as(who):
            pk = actions.keep_file(actor=who, at=AT, kind="apples", name="a.csv", content=[content], size=len(content))
            actions.choose_columns(actor=who, at=AT, pk=pk, layout=queries.file(viewer=who, pk=pk).layout)
            apples.kept = {("Ann",): (2.0,)}  # somebody else was quicker
            seen = queries.file(viewer=who, pk=pk).seen
            assert actions.agree(actor=who, at=AT, pk=pk, seen=seen, take_good=False, remove=False) == State.CHECKED
            again = queries.file(viewer=who, pk=pk)
        assert apples.kept == {("Ann",): (2.0,)}
        assert again.summary["changes"] == [["Ann", "(2.0,)", "(3.0,)"]]
        assert "Somebody changed something" in again.trouble["what"]

    def test_a_second_press_stores_nothing_more(self, apples: Apples) -> None:
        done = run("Name,Apples\nAnn,1\n")
        with acting_as(done.who):
            assert actions.agree(actor=done.who, at=AT, pk=done.pk, seen=done.summary.get("seen", "x"), take_good=False, remove=False) == State.STORED
        assert len(apples.batches) == 1

    def test_the_second_file_of_the_month_needs_no_mapping(self, apples: Apples) -> None:
        run("Name,Apples\nAnn,1\n")
        who, content = kim(), b"Name,Apples\nAnn,2\n"
        with acting_as(who):
            pk = actions.keep_file(actor=who, at=AT, kind="apples", name="b.csv", content=[content], size=len(content))
            assert queries.file(viewer=who, pk=pk).step == "check"

    def test_undo_ends_after_two_weeks(self, apples: Apples) -> None:
        done = run("Name,Apples\nAnn,1\n")
        with acting_as(done.who), pytest.raises(actions.UnableToLoad, match="14 days"):
            actions.take_back(actor=done.who, at=AT.replace(day=16), pk=done.pk)

    def test_a_file_is_its_givers_alone(self, apples: Apples) -> None:
        done = run("Name,Apples\nAnn,1\n")
        sam = organisations.viewer_for(get_user_model().objects.get(username="demo-nurse"))
        with acting_as(sam):
            assert Upload.objects.filter(pk=done.pk).count() == 0  # the database itself, without any condition of ours
            with pytest.raises(NotFoundHere):
                queries.file(viewer=sam, pk=done.pk)

    def test_old_files_are_forgotten_and_new_ones_kept(self, apples: Apples) -> None:
        done = run("Name,Apples\nAnn,1\n")
        with acting_as(done.who):
            actions.forget_old(actor=Viewer(), at=AT.replace(day=15))
            assert Upload.objects.filter(pk=done.pk).exists()
            actions.forget_old(actor=Viewer(), at=AT.replace(day=16))
            assert not Upload.objects.filter(pk=done.pk).exists()


@settings(max_examples=30, deadline=None)
@hypothesis_given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9)), st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), min_size=2)
)
def test_new_changed_same_and_removed_make_up_everything(before: dict[str, int], file: dict[str, int]) -> None:
    saved, kind = dict(kinds._kinds), Apples()
    kinds.fill(kind)
    try:
        kind.kept = {(who,): (float(many),) for who, many in before.items()}
        said = run("Name,Apples\n" + "".join(f"{who},{many}\n" for who, many in file.items()), remove=True).summary
    finally:
        kinds.fill(*saved.values())
    assert said["new"] == len(file.keys() - before.keys())
    assert said["same"] == sum(before.get(who) == many for who, many in file.items())
    assert said["changed"] == sum(who in before and before[who] != many for who, many in file.items())
    assert said["removed"] == len(before.keys() - file.keys())
    assert kind.kept == {(who,): (float(many),) for who, many in file.items()} or not (said["new"] or said["changed"] or said["removed"])


def test_a_layout_survives_being_stored() -> None:
    from espalier.imports.mapping import mapping_of

    layout = Layout({"who": "Name"}, {"apples": "3"}, "day-first", (("Name", "Ann"),))
    assert mapping_of(layout.as_json()) == layout
