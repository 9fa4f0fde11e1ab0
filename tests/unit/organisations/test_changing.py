"""Places change from a day on: what was before stays, what is undone is as it was, and nobody overwrites anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model

from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR, Held, Viewer
from espalier.audit.models import Event
from espalier.organisations import actions
from espalier.organisations import queries as places
from espalier.organisations.models import PART_OF, SUCCEEDED_BY, Assignment, Below, Grant, Naming, Relation, Unit
from espalier.organisations.queries import Wish
from espalier.organisations.rules import ChangedMeanwhile, UnableToChange

pytestmark = [pytest.mark.usefixtures("made_up_tree"), pytest.mark.django_db]
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY, DAY, LATER = AT.date(), date(2025, 4, 1), date(2027, 4, 1)


def ash() -> Viewer:
    """Administrator of the hospital, who may also look after the system above it."""
    found = viewer_of(get_user_model().objects.get(username="demo-admin"))
    return replace(found, is_strong=True, grants=(*found.grants, Held("administrator", Unit.objects.get(code="DEMO").pk)))


@pytest.fixture
def admin():
    with acting_as(ash()) as viewer:
        yield viewer


def unit(code: str):
    return places.unit(viewer=VISITOR, code=code)


def wish(what: str, where: str, on: date = DAY, **more) -> Wish:
    if isinstance(more.get("other"), str):
        more["other"] = unit(more["other"])
    return Wish(what, unit(where), on, **more)


def do(viewer: Viewer, what: str, where: str, on: date = DAY, **more) -> int:
    wanted = wish(what, where, on, **more)
    seen = places.plan(viewer=viewer, today=TODAY, wish=wanted).seen
    return actions.change_place(actor=viewer, at=AT, wish=wanted, seen=seen)


def refused(viewer: Viewer, what: str, where: str, on: date = DAY, **more) -> str:
    with pytest.raises(UnableToChange) as trouble:
        do(viewer, what, where, on, **more)
    return trouble.value.code


def tree():
    return (
        sorted(Relation.objects.values_list("pk", "child_id", "parent_id", "kind", "since", "until", "source"), key=str),
        sorted(Naming.objects.values_list("pk", "unit_id", "name", "since", "until"), key=str),
        sorted(Unit.objects.values_list("pk", "code", "name", "short_name", "opened_on", "closed_on")),
        sorted(Below.objects.values_list("ancestor_id", "unit_id", "depth", "since", "until"), key=str),
    )


def lay_in(code: str, day: date) -> list[str]:
    rows = Below.objects.filter(unit__code=code, depth__gt=0, since__lte=day, until__gt=day).order_by("depth")
    return list(rows.values_list("ancestor__code", flat=True))


def posts(code: str):
    return sorted(Assignment.objects.filter(unit__code=code).values_list("person__name", "since", "until"), key=str)


class TestAdding:
    def test_a_team_added_on_a_page_lies_where_it_was_put_from_that_day(self, admin):
        do(admin, "add", "DEMO-WARD-7", name="Night team", kind="team")
        assert lay_in("DEMO-TRUST-NIGHT-TEAM", DAY) == ["DEMO-WARD-7", "DEMO-TRUST", "DEMO"]
        assert lay_in("DEMO-TRUST-NIGHT-TEAM", date(2025, 3, 31)) == []
        assert unit("DEMO-TRUST-NIGHT-TEAM").opened_on == DAY

    def test_a_place_holds_only_what_is_lower_than_itself(self, admin):
        offered = [code for code, _ in places.kinds_for(viewer=admin, where=unit("DEMO-WARD-7"))]
        assert offered == ["team"]
        do(admin, "add", "DEMO-WARD-7", name="Night team", kind="team")
        assert places.kinds_for(viewer=admin, where=unit("DEMO-TRUST-NIGHT-TEAM")) == ()
        assert refused(admin, "add", "DEMO-WARD-7", name="Ward in a ward", kind="ward") == "kind"
        assert refused(admin, "add", "DEMO-TRUST-NIGHT-TEAM", name="Team in a team", kind="team") == "kind"

    def test_a_ward_goes_into_no_team_by_a_move_or_a_merger(self, admin):
        do(admin, "add", "DEMO-TRUST", name="Flow", kind="team")
        do(admin, "add", "DEMO-WARD-7", name="Night team", kind="team")
        assert refused(admin, "move", "DEMO-WARD-7", LATER, other="DEMO-TRUST-FLOW") == "kind"
        assert refused(admin, "merge", "DEMO-WARD-7", LATER, other="DEMO-TRUST-FLOW") == "kind"  # its team would lie in a team
        near = places.choices_near(viewer=admin, where=unit("DEMO-WARD-7"), on=LATER, what="move")
        assert "DEMO-TRUST-FLOW" not in {one.code for one in near}

    def test_undo_of_a_split_of_a_place_in_which_organisations_lie_puts_all_back(self, admin):
        do(admin, "add", "DEMO", name="Upper", kind="network")
        upper = Unit.objects.get(name="Upper")
        with acting_as(replace(admin, grants=(*admin.grants, Held("administrator", upper.pk)))) as wider:
            do(wider, "add", upper.code, name="A practice", kind="practice")
            practice = Unit.objects.get(name="A practice")
        with acting_as(replace(wider, grants=(*wider.grants, Held("administrator", practice.pk)))) as widest:
            before = tree()
            split = do(widest, "split", upper.code, LATER, names=("One", "Two"), ends=True)
            actions.undo_change(actor=widest, at=AT, pk=split)
            assert tree() == before

    def test_what_lies_too_low_is_not_split_there(self, admin):
        do(admin, "add", "DEMO-TRUST", name="Flow", kind="team")
        do(admin, "add", "DEMO-WARD-7", name="Night team", kind="team")
        Unit.objects.filter(code="DEMO-TRUST-NIGHT-TEAM").update(kind_id="ward")  # as it could be before the rule was kept
        assert refused(admin, "split", "DEMO-TRUST-NIGHT-TEAM", LATER, names=("One", "Two"), ends=True) == "kind"

    def test_codes_and_names_are_nobody_elses(self, admin):
        do(admin, "add", "DEMO-TRUST", name="Stroke", kind="ward")
        assert refused(admin, "add", "DEMO-TRUST", name=" stroke", kind="ward") == "name-taken"
        assert refused(admin, "add", "DEMO-TRUST", name="Other", kind="ward", code="demo-ward-7") == "code-taken"
        assert refused(admin, "add", "DEMO-TRUST", name="Other", kind="ward", code="a b") == "code"
        do(admin, "add", "DEMO-WARD-7", name="Stroke", kind="team")  # elsewhere the name is free, the code is not
        assert Unit.objects.filter(code__startswith="DEMO-TRUST-STROKE").count() == 2

    def test_what_stands_higher_cannot_lie_in_what_stands_lower(self, admin):
        assert refused(admin, "add", "DEMO-WARD-7", name="A trust", kind="trust") == "kind"
        assert refused(admin, "add", "DEMO-WARD-7", name="A thing", kind="nosuch") == "kind"


def new_day(at):
    """The clock's work, done as the house: it is refused to everybody else."""
    with acting_as(system_viewer()) as house:
        return actions.new_day(actor=house, at=at)


class TestRenaming:
    def test_the_earlier_name_is_remembered_with_its_days(self, admin):
        old = unit("DEMO-WARD-7").name
        do(admin, "rename", "DEMO-WARD-7", name="Ward 7, frailty")
        assert unit("DEMO-WARD-7").name == "Ward 7, frailty"
        names = Naming.objects.filter(unit__code="DEMO-WARD-7").order_by("since")
        assert set(names.values_list("name", "since", "until")) == {(old, None, DAY), ("Ward 7, frailty", DAY, None)}
        assert places.as_on(viewer=admin, where=unit("DEMO-WARD-7"), on=date(2025, 3, 31)).name == old

    def test_a_name_of_a_day_to_come_holds_from_that_day(self, admin):
        old = unit("DEMO-WARD-7").name
        do(admin, "rename", "DEMO-WARD-7", LATER, name="Ward 7, frailty")
        assert unit("DEMO-WARD-7").name == old
        new_day(datetime(2027, 3, 31, tzinfo=UTC))
        assert unit("DEMO-WARD-7").name == old
        new_day(datetime(2027, 4, 1, 1, tzinfo=UTC))
        assert unit("DEMO-WARD-7").name == "Ward 7, frailty"

    def test_two_who_rename_do_not_overwrite_each_other(self, admin):
        mine = wish("rename", "DEMO-WARD-7", name="Mine")
        seen = places.plan(viewer=admin, today=TODAY, wish=mine).seen
        do(admin, "rename", "DEMO-WARD-7", name="Theirs")
        with pytest.raises(ChangedMeanwhile):
            actions.change_place(actor=admin, at=AT, wish=mine, seen=seen)
        assert unit("DEMO-WARD-7").name == "Theirs"


class TestMoving:
    def test_a_move_changes_nothing_before_its_day(self, admin):
        do(admin, "add", "DEMO-TRUST", name="Medicine", kind="division")
        do(admin, "move", "DEMO-WARD-7", TODAY, other="DEMO-TRUST-MEDICINE")
        assert lay_in("DEMO-WARD-7", TODAY) == ["DEMO-TRUST-MEDICINE", "DEMO-TRUST", "DEMO"]
        assert lay_in("DEMO-WARD-7", date(2026, 11, 22)) == ["DEMO-TRUST", "DEMO"]

    def test_a_move_in_the_past_holds_until_the_one_that_is_known(self, admin):
        for name in ("One", "Two"):
            do(admin, "add", "DEMO-TRUST", date(2020, 1, 1), name=name, kind="division")
        do(admin, "move", "DEMO-WARD-7", date(2024, 1, 1), other="DEMO-TRUST-TWO")
        do(admin, "move", "DEMO-WARD-7", date(2022, 1, 1), other="DEMO-TRUST-ONE")
        assert [lay_in("DEMO-WARD-7", date(year, 6, 1))[0] for year in (2021, 2023, 2025)] == ["DEMO-TRUST", "DEMO-TRUST-ONE", "DEMO-TRUST-TWO"]

    def test_a_coach_listed_in_both_organisations_holds_up_no_move(self, admin):
        from espalier.projects.models import Coach

        listed = [
            Coach.objects.create(account_id=admin.account_id, unit_id=unit(code).pk, since=DAY) for code in ("DEMO-WARD-7", "DEMO-CARE")
        ]
        assert {one.owner_id for one in Coach.objects.filter(pk__in=[one.pk for one in listed])} == {unit("DEMO-TRUST").pk, unit("DEMO-CARE").pk}
        with acting_as(replace(admin, grants=(*admin.grants, Held("administrator", unit("DEMO-CARE").pk)))) as wide:
            do(wide, "move", "DEMO-WARD-7", other="DEMO-CARE")
        with acting_as(system_viewer()):
            assert {one.owner_id for one in Coach.objects.filter(pk__in=[one.pk for one in listed])} == {unit("DEMO-CARE").pk}

    def test_nothing_comes_to_lie_in_itself_on_any_day(self, admin):
        do(admin, "add", "DEMO-TRUST", name="Upper", kind="division")
        do(admin, "add", "DEMO-TRUST", name="Lower", kind="directorate")
        do(admin, "move", "DEMO-TRUST-LOWER", LATER, other="DEMO-TRUST-UPPER")
        assert refused(admin, "move", "DEMO-TRUST-UPPER", other="DEMO-TRUST-UPPER") == "loop"
        assert refused(admin, "move", "DEMO-TRUST-UPPER", other="DEMO-TRUST-LOWER") == "loop"  # it would from 2027 on

    def test_nothing_moves_to_another_nation_or_to_the_same_place(self, admin):
        wide = replace(admin, grants=(*admin.grants, Held("administrator", unit("RJ1").pk)))
        assert refused(wide, "move", "DEMO-WARD-7", other="RJ1") == "nation"
        assert refused(admin, "move", "DEMO-WARD-7", other="DEMO-TRUST") == "same"
        assert refused(admin, "move", "DEMO", other="DEMO-TRUST") in {"not-allowed", "top"}

    def test_posts_and_roles_belong_to_the_organisation_the_team_moved_to(self, admin):
        wide = replace(admin, grants=(*admin.grants, Held("administrator", unit("DEMO-CARE").pk)))
        do(wide, "move", "DEMO-WARD-7", other="DEMO-CARE")
        with acting_as(viewer_of(get_user_model().objects.get(username="demo-nurse"))):
            owners = set(Grant.objects.filter(unit__code="DEMO-WARD-7").values_list("owner_id", flat=True))
        assert owners == {unit("DEMO-CARE").pk}


class TestMerging:
    def test_people_and_places_go_over_and_the_past_stays(self, admin):
        do(admin, "add", "DEMO-WARD-7", date(2024, 1, 1), name="Night team", kind="team")
        before = posts("DEMO-WARD-7")
        do(admin, "merge", "DEMO-WARD-7", other="DEMO-WARD-12", name="Ward 12, all ages")
        assert unit("DEMO-WARD-7").closed_on == date(2025, 3, 31)
        assert Relation.objects.get(child__code="DEMO-WARD-7", kind=SUCCEEDED_BY).parent.code == "DEMO-WARD-12"
        assert lay_in("DEMO-TRUST-NIGHT-TEAM", DAY)[0] == "DEMO-WARD-12"
        assert lay_in("DEMO-TRUST-NIGHT-TEAM", date(2025, 3, 31))[0] == "DEMO-WARD-7"
        assert posts("DEMO-WARD-7") == [(who, since, DAY) for who, since, _ in before]
        assert {(who, DAY, None) for who, *_ in before} <= set(posts("DEMO-WARD-12"))
        assert unit("DEMO-WARD-12").name == "Ward 12, all ages"
        assert set(Assignment.objects.filter(unit__code="DEMO-WARD-7").values_list("owner_id", flat=True)) == {unit("DEMO-TRUST").pk}

    def test_what_is_too_different_or_contains_the_other_is_refused(self, admin):
        do(admin, "add", "DEMO-WARD-7", date(2024, 1, 1), name="Night team", kind="team")
        assert refused(admin, "merge", "DEMO-WARD-7", other="DEMO-TRUST") == "kind"
        assert refused(admin, "merge", "DEMO-WARD-7", other="DEMO-TRUST-NIGHT-TEAM") == "loop"
        assert refused(admin, "merge", "DEMO-WARD-7", other="DEMO-WARD-7") == "loop"
        assert refused(admin, "merge", "DEMO-WARD-7", date(2016, 4, 1), other="DEMO-WARD-12") == "day"


class TestSplitting:
    def test_a_place_that_closes_is_followed_by_the_new_ones(self, admin):
        people = posts("DEMO-WARD-7")
        do(admin, "split", "DEMO-WARD-7", names=("Ward 7A", "Ward 7B"), ends=True)
        heirs = Relation.objects.filter(child__code="DEMO-WARD-7", kind=SUCCEEDED_BY).values_list("parent__name", "since")
        assert set(heirs) == {("Ward 7A", DAY), ("Ward 7B", DAY)}
        assert lay_in("DEMO-TRUST-WARD-7B", DAY) == ["DEMO-TRUST", "DEMO"]
        assert posts("DEMO-TRUST-WARD-7A") == [(who, DAY, None) for who, *_ in people]

    def test_a_place_that_goes_on_keeps_its_people(self, admin):
        people = posts("DEMO-WARD-7")
        do(admin, "split", "DEMO-WARD-7", names=("Ward 7B",))
        assert (unit("DEMO-WARD-7").closed_on, posts("DEMO-WARD-7")) == (None, people)
        assert refused(admin, "split", "DEMO-WARD-7", names=("One",), ends=True) == "names"


class TestClosing:
    def test_what_lies_in_it_goes_up_or_closes_too(self, admin):
        do(admin, "add", "DEMO-TRUST", date(2020, 1, 1), name="Medicine", kind="division")
        do(admin, "move", "DEMO-WARD-7", date(2021, 1, 1), other="DEMO-TRUST-MEDICINE")
        assert refused(admin, "close", "DEMO-TRUST-MEDICINE") == "not-empty"
        one = do(admin, "close", "DEMO-TRUST-MEDICINE", inside="up")
        assert lay_in("DEMO-WARD-7", DAY) == ["DEMO-TRUST", "DEMO"]
        actions.undo_change(actor=admin, at=AT, pk=one)
        do(admin, "close", "DEMO-TRUST-MEDICINE", inside="close")
        assert unit("DEMO-WARD-7").closed_on == date(2025, 3, 31)
        assert lay_in("DEMO-WARD-7", DAY) == []
        assert lay_in("DEMO-WARD-7", date(2025, 3, 31))[0] == "DEMO-TRUST-MEDICINE"

    def test_a_closing_of_a_day_to_come_leaves_today_as_it_is(self, admin):
        do(admin, "close", "DEMO-WARD-7", LATER)
        assert lay_in("DEMO-WARD-7", TODAY) == ["DEMO-TRUST", "DEMO"]
        assert lay_in("DEMO-WARD-7", LATER) == []
        assert refused(admin, "add", "DEMO-WARD-7", TODAY, name="New", kind="team") == "closes"

    def test_a_closed_place_opens_again_where_it_is_put(self, admin):
        do(admin, "close", "DEMO-WARD-7")
        assert refused(admin, "rename", "DEMO-WARD-7", name="X") == "closed"
        do(admin, "reopen", "DEMO-WARD-7", date(2026, 1, 1), other="DEMO-TRUST")
        assert unit("DEMO-WARD-7").closed_on is None
        assert [bool(lay_in("DEMO-WARD-7", day)) for day in (date(2025, 3, 31), date(2025, 6, 1), TODAY)] == [True, False, True]


class TestUndoing:
    @pytest.mark.parametrize(("what", "code", "more"), [
        ("add", "DEMO-TRUST", {"name": "New", "kind": "ward"}), ("rename", "DEMO-WARD-7", {"name": "New"}),
        ("move", "DEMO-WARD-7", {"other": "DEMO-TRUST-UPPER"}), ("merge", "DEMO-WARD-7", {"other": "DEMO-WARD-12", "name": "Both"}),
        ("split", "DEMO-WARD-7", {"names": ("A", "B"), "ends": True}), ("close", "DEMO-WARD-7", {}),
    ])  # fmt: skip
    def test_undone_every_row_is_as_it_was_and_people_are_where_they_were(self, admin, what, code, more):
        do(admin, "add", "DEMO-TRUST", date(2020, 1, 1), name="Upper", kind="division")
        before, people = tree(), (posts("DEMO-WARD-7"), posts("DEMO-WARD-12"))
        roles = sorted(Grant.objects.values_list("pk", "person_id", "role", "unit_id", "since", "until"), key=str)
        done = do(admin, what, code, **more)
        assert tree() != before
        actions.undo_change(actor=admin, at=AT, pk=done)
        actions.undo_change(actor=admin, at=AT, pk=done)  # a double click
        assert tree() == before
        assert (posts("DEMO-WARD-7"), posts("DEMO-WARD-12")) == people
        assert sorted(Grant.objects.values_list("pk", "person_id", "role", "unit_id", "since", "until"), key=str) == roles

    def test_nothing_that_came_later_is_lost(self, admin):
        one = do(admin, "rename", "DEMO-WARD-7", name="One")
        do(admin, "rename", "DEMO-WARD-7", date(2025, 6, 1), name="Two")
        with pytest.raises(ChangedMeanwhile):
            actions.undo_change(actor=admin, at=AT, pk=one)
        two = do(admin, "add", "DEMO-TRUST", name="New", kind="ward")
        Assignment.objects.create(
            person_id=admin.person_id, unit=Unit.objects.get(code="DEMO-TRUST-NEW"), role_title="Nurse", since=DAY
        )
        with pytest.raises(ChangedMeanwhile):
            actions.undo_change(actor=admin, at=AT, pk=two)

    def test_a_place_does_not_come_back_into_one_that_has_closed(self, admin):
        do(admin, "add", "DEMO-TRUST", date(2020, 1, 1), name="Medicine", kind="division")
        do(admin, "move", "DEMO-WARD-7", date(2021, 1, 1), other="DEMO-TRUST-MEDICINE")
        back = do(admin, "move", "DEMO-WARD-7", date(2022, 1, 1), other="DEMO-TRUST")
        do(admin, "close", "DEMO-TRUST-MEDICINE", date(2023, 1, 1))
        before = tree()
        with pytest.raises(UnableToChange):
            actions.undo_change(actor=admin, at=AT, pk=back)
        del before


class TestWho:
    def test_only_who_looks_after_a_place_changes_it(self):
        with acting_as(viewer_of(get_user_model().objects.get(username="demo-leader"))) as leader:
            assert refused(leader, "rename", "DEMO-WARD-7", name="X") == "not-allowed"
        with acting_as(viewer_of(get_user_model().objects.get(username="demo-admin"))) as viewer:
            assert refused(viewer, "close", "DEMO-TRUST", inside="close") == "not-allowed"  # that is for the system above
            assert refused(viewer, "move", "DEMO-WARD-7", other="DEMO-CARE") == "not-allowed"  # the other side looks after that

    def test_what_was_done_is_written_down_with_before_and_after(self, admin):
        do(admin, "rename", "DEMO-WARD-7", name="New")
        event = Event.objects.get(verb="rename")
        assert event.object_id == "DEMO-WARD-7"
        assert "New" in str(event.detail["after"]) and "New" not in str(event.detail["before"])


class TestRemoving:
    def test_an_empty_place_is_gone_after_thirty_days_and_can_be_brought_back_until_then(self, admin):
        do(admin, "add", "DEMO-TRUST", name="Slip", kind="ward")
        slip = unit("DEMO-TRUST-SLIP")
        actions.ask_removal(actor=admin, at=AT, unit=slip, why="Typed twice")
        assert new_day(datetime(2026, 12, 22, tzinfo=UTC)) == 0
        actions.keep_place(actor=admin, at=AT, unit=slip)
        assert new_day(datetime(2027, 12, 23, tzinfo=UTC)) == 0
        actions.ask_removal(actor=admin, at=AT, unit=slip, why="Typed twice")
        assert new_day(datetime(2026, 12, 23, tzinfo=UTC)) == 1
        assert not Unit.objects.filter(code="DEMO-TRUST-SLIP").exists()

    def test_where_anything_is_or_was_nothing_is_deleted(self, admin):
        for code in ("DEMO-WARD-7", "DEMO-TRUST"):
            with pytest.raises(UnableToChange):
                actions.ask_removal(actor=admin, at=AT, unit=unit(code), why="x")
        do(admin, "add", "DEMO-TRUST", name="Slip", kind="ward")
        actions.ask_removal(actor=admin, at=AT, unit=unit("DEMO-TRUST-SLIP"), why="Typed twice")
        do(admin, "add", "DEMO-TRUST-SLIP", name="In it", kind="team")
        assert new_day(datetime(2027, 12, 23, tzinfo=UTC)) == 0
        assert Unit.objects.filter(code="DEMO-TRUST-SLIP").exists()
        assert Relation.objects.filter(child__code="DEMO-TRUST-SLIP", kind=PART_OF).exists()
