"""Twenty people change one picture at once, against the real database: no change that was said to be done is lost."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.actions import BoxChanged, Spot, Words
from espalier.projects.models import Cycle, Diagram, Edit, Member, Node, Project
from espalier.projects.rules import diagrams as rules

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
PEOPLE, STEPS = 20, 12
TEAM = ("demo-leader", "demo-nurse", "demo-partner", "demo-improver")


def sam(name="demo-nurse"):
    return viewer_of(get_user_model().objects.get(username=name))


def together(*jobs):
    """Run each at the same moment on a connection of its own; return what each said."""
    ready, said = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(i, job):
        try:
            ready.wait(30)
            said[i] = job() or "done"
        except UnableTo as trouble:
            said[i] = trouble.code
        except Exception as trouble:  # noqa: BLE001  anything else is what this test looks for
            said[i] = repr(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    return said


class Somebody:
    """A person who looks at the picture, does something to what they saw, and remembers what was said to be done."""

    def __init__(self, number, diagram):
        self.chance, self.diagram = random.Random(number), diagram  # noqa: S311  which box, not a secret
        self.viewer = None
        self.name, self.number = TEAM[number % len(TEAM)], number
        self.changed, self.added, self.moved, self.removed = {}, {}, {}, {}
        self.said = Counter()

    def works(self):
        self.viewer = sam(self.name)
        for step in range(STEPS):
            at = AT + timedelta(seconds=self.number * 100 + step)
            with acting_as(self.viewer):
                boxes = queries.boxes_of(self.diagram)
            try:
                # Another transaction than the look, as two requests of a browser are.
                with acting_as(self.viewer):
                    what = self.does(boxes, step, at)
            except UnableTo as trouble:
                what = trouble.code
            self.said[what] += 1

    def does(self, boxes, step, at):
        what = self.chance.choice(("add", "change", "change", "move", "remove", "undo"))
        tops = rules.tree(boxes)
        one = self.chance.choice(boxes[:12])  # a few boxes only, so that people do meet
        facts = {"actor": self.viewer, "at": at}
        if what == "add":
            spot = Spot(one.pk, self.chance.choice([None, *(box.pk for box in boxes if box.parent == one.pk)]))
            words = f"added by {self.number} in step {step}"
            self.added[actions.add_node(diagram=self.diagram, spot=spot, words=Words(words), **facts)] = words
        elif what == "change":
            words = f"changed by {self.number} in step {step}"
            actions.change_node(node=one.pk, seen=one.version, words=Words(words), **facts)
            self.changed[one.pk, one.version + 1] = words
        elif what == "move":
            to = Spot(self.chance.choice(boxes).pk, None)
            actions.move_node(node=one.pk, seen=one.version, spot=to, **facts)
            self.moved[one.pk, one.version + 1] = to.parent
        elif what == "undo":
            actions.undo_last(diagram=self.diagram, **facts)
        else:
            actions.remove_node(node=one.pk, seen=rules.sign_of(rules.find(tops, one.pk)), **facts)
            self.removed[one.pk, one.version + 1] = True
        return what


def begin():
    with acting_as(sam("demo-leader")) as alex:
        diagram = Diagram.objects.get(project_id=1, kind="drivers").pk
        return alex, diagram


def test_twenty_people_lose_nothing(own_database):
    _, diagram = begin()
    people = [Somebody(number, diagram) for number in range(PEOPLE)]
    assert together(*(one.works for one in people)) == ["done"] * PEOPLE
    said = sum((one.said for one in people), Counter())
    assert {"add", "change", "move", "remove", "undo", "changed"} <= set(said), said
    assert set(said) <= {
        "add",
        "change",
        "move",
        "remove",
        "undo",
        "changed",
        "too-deep",
        "cycle",
        "top",
        "gone",
        "built-on",
        "nothing",
        "tested",
    }, said

    with acting_as(sam("demo-leader")):
        nodes = {node.pk: node for node in Node.objects.filter(diagram_id=diagram)}
        edits = list(Edit.objects.filter(project_id=1, kind="node", at__gte=AT))
    # Two people were never told "done" for the same version of one box: that is how an update is lost.
    versions = Counter(key for one in people for done in (one.changed, one.moved, one.removed) for key in done)
    assert [key for key, times in versions.items() if times > 1] == []
    # What was said to be done stands there, unless a later version of the same box says otherwise.
    for one in people:
        for pk, words in one.added.items():
            assert nodes[pk].words == words or nodes[pk].version > 1
        for (pk, version), words in one.changed.items():
            assert nodes[pk].version > version or nodes[pk].words == words
        for (pk, version), parent in one.moved.items():
            assert nodes[pk].version > version or nodes[pk].parent_id == parent
        for pk, version in one.removed:
            assert nodes[pk].version > version or nodes[pk].removed_at
    # Every step that was done has its line, so it can be seen and taken back.
    assert Counter(edit.what for edit in edits) == {what: said[what] for what in ("add", "change", "move", "remove", "undo")}


def test_the_picture_is_a_tree_after_it(own_database):
    _, diagram = begin()
    people = [Somebody(100 + number, diagram) for number in range(PEOPLE)]
    together(*(one.works for one in people))
    with acting_as(sam("demo-leader")) as alex:
        boxes = queries.boxes_of(diagram)
        project = Project.objects.get(pk=1)
    standing = {box.pk for box in boxes}
    assert all(box.parent in standing for box in boxes if box.kind != "aim"), "no box hangs on one that went"
    (top,) = rules.tree(boxes)
    walked = list(top.walk())
    assert len(walked) == len(boxes), "a circle is not reached from the top"
    assert all(one.box.kind == rules.LEVELS["drivers"][one.depth] for one in walked), "each is what its level makes it"
    for one in walked:
        ranks = [below.box.rank for below in one.below]
        assert len(ranks) == len(set(ranks)), "two boxes at one place"
    assert project.version > 1
    assert alex.account_id


def test_two_boxes_moved_below_each_other_make_no_circle(own_database):
    alex, diagram = begin()
    with acting_as(alex):
        top = next(box for box in queries.boxes_of(diagram) if box.kind == "aim")
        pair = [actions.add_node(actor=alex, at=AT, diagram=diagram, spot=Spot(top.pk, None), words=Words(name)) for name in ("one", "two")]

    def move(pk, below):
        with acting_as(sam()) as me:
            actions.move_node(actor=me, at=AT, node=pk, seen=1, spot=Spot(below, None))

    assert sorted(together(lambda: move(*pair), lambda: move(*reversed(pair)))) == ["cycle", "done"]


def test_one_box_said_differently_by_two_is_a_conflict_with_both_words(own_database):
    alex, diagram = begin()
    with acting_as(alex):
        box = queries.boxes_of(diagram)[2]

    def change(words):
        with acting_as(sam()) as me:
            actions.change_node(actor=me, at=AT, node=box.pk, seen=box.version, words=Words(words))

    assert sorted(together(lambda: change("mine"), lambda: change("yours"))) == ["changed", "done"]
    with acting_as(alex):
        stands = next(one for one in queries.boxes_of(diagram) if one.pk == box.pk).words
        with pytest.raises(BoxChanged) as trouble:
            actions.change_node(actor=alex, at=AT, node=box.pk, seen=box.version, words=Words("late"))
        assert trouble.value.now is not None
        assert trouble.value.now.words == stands


def test_twenty_boxes_added_at_one_place_stand_in_one_order(own_database):
    alex, diagram = begin()
    with acting_as(alex):
        top = next(box for box in queries.boxes_of(diagram) if box.kind == "aim")
        before = sum(box.parent == top.pk for box in queries.boxes_of(diagram))

    def add(number):
        with acting_as(sam(TEAM[number % 4])) as me:
            actions.add_node(actor=me, at=AT, diagram=diagram, spot=Spot(top.pk, None), words=Words(f"box {number}"))

    assert together(*(lambda n=n: add(n) for n in range(PEOPLE))) == ["done"] * PEOPLE
    with acting_as(alex):
        ranks = [box.rank for box in queries.boxes_of(diagram) if box.parent == top.pk]
    assert len(ranks) == len(set(ranks)) == PEOPLE + before


def test_a_project_is_not_handed_to_whoever_leaves_at_the_same_moment(own_database):
    alex, nurse = sam("demo-leader"), sam("demo-nurse")
    with acting_as(alex):
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        project = actions.begin_project(actor=alex, at=AT, unit=ward, title="Calls", aim=actions.Aim(start=9, goal=3, unit="calls"))
        actions.add_member(actor=alex, at=AT, project=project, account_id=nurse.account_id, role="member")
    left = threading.Event()

    def leaves():
        with acting_as(sam("demo-nurse")) as me:
            actions.leave_project(actor=me, at=AT + timedelta(days=1), project=project, account_id=me.account_id)
            left.set()
            time.sleep(0.5)  # and is not through yet

    def hands_over():
        left.wait(5)
        with acting_as(sam("demo-leader")) as me:
            actions.hand_over(actor=me, at=AT + timedelta(days=1), project=project, account_id=nurse.account_id)

    _, told = together(leaves, hands_over)
    assert told == "not-found"
    with acting_as(alex):
        standing = Member.objects.filter(project_id=project, until=None)
        assert list(standing.values_list("account_id", "role")) == [(alex.account_id, "leader")]


def test_two_who_take_back_one_change_at_once_take_it_back_once(own_database):
    """The second waits for the first, and then sees that there is nothing left to take back."""
    alex = sam("demo-leader")
    with acting_as(alex):
        begun = actions.NewTest(idea_id=None, idea="Quiet shoes", counted_id=None, predicted=None, predicted_low=None, predicted_high=None,
                                starts_on=AT.date(), who="Sam")  # fmt: skip
        number = actions.begin_test(actor=alex, at=AT, project=1, new=begun)
        pk = Cycle.objects.get(project_id=1, number=number).pk
        actions.add_task(actor=alex, at=AT, project=1, number=number, words="Buy shoes", account_id=alex.account_id, due_on=None)
        task = Edit.objects.get(project_id=1, kind="task", at=AT)
        test = Edit.objects.get(project_id=1, kind="cycle", object_id=pk)

    def take_back(edit, name, seconds):
        with acting_as(sam(name)) as me:
            actions.take_back(actor=me, at=AT + timedelta(seconds=seconds), project=1, edit=edit.pk)
            time.sleep(0.5)  # what is not stored yet is not seen by the other

    for edit in (task, test):
        assert sorted(together(lambda e=edit: take_back(e, "demo-leader", 1), lambda e=edit: take_back(e, "demo-nurse", 2))) == [
            "changed-since",
            "done",
        ]
        with acting_as(alex):
            assert Edit.objects.filter(project_id=1, kind=edit.kind, object_id=edit.object_id, what="undo").count() == 1
