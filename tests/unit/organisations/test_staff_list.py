"""A staff list comes in: read, compared, stored, taken back. Every number here is counted by hand from the rows above it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from espalier.access.door import acting_as
from espalier.access.viewer import Viewer
from espalier.imports import actions, queries
from espalier.imports.kinds import kind_of
from espalier.organisations import queries as organisations
from espalier.organisations.models import Assignment, Person, StaffChange

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
HEAD = (
    "Employee Name,Assignment Number,Work Email,Organisation,Staff Group,Job Role,Position Title,Pay Grade,FTE,Start Date,End Date,"
    "Supervisor Assignment Number\n"
)
LIST = HEAD + (
    '"Okafor, Mrs. Ada",20000001,ada.okafor@example.nhs.uk,DEMO-WARD-7,Nursing and Midwifery Registered,Staff Nurse,Staff nurse,XR05,0.6,'
    "13/04/2020,,20000002\n"
    "Ben Hall,20000002,ben.hall@example.nhs.uk,DEMO-WARD-7,Nursing and Midwifery Registered,Sister,Ward manager,XR07,1,01/09/2015,,\n"
    "Ben Hall,20000003,,DEMO-WARD-12,Additional Clinical Services,Healthcare Assistant,Healthcare assistant,XR02,1,01/10/2019,,20000002\n"
    "Ada Okafor,20000001-2,ada.okafor@example.nhs.uk,DEMO-WARD-12,Nursing and Midwifery Registered,Staff Nurse,Bank nurse,XR05,0.4,14/05/2021,,"
    "20000002\n"
)


def who(name: str = "demo-people") -> Viewer:
    return organisations.viewer_for(get_user_model().objects.get(username=name))


def given(text: str, viewer: Viewer | None = None, at: datetime = AT) -> SimpleNamespace:
    """Give a list and take what was guessed of its columns."""
    viewer, content = viewer or who(), text.encode()
    with acting_as(viewer):
        pk = actions.keep_file(actor=viewer, at=at, kind="staff", name="staff.csv", content=[content], size=len(content))
        file = queries.file(viewer=viewer, pk=pk)
        if file.step == "columns":
            assert actions.choose_columns(actor=viewer, at=at, pk=pk, layout=file.layout) == {}
        file = queries.file(viewer=viewer, pk=pk)
    return SimpleNamespace(pk=pk, file=file, s=file.summary, who=viewer, at=at)


def stored(text: str, *, take_good: bool = False, remove: bool = False, at: datetime = AT) -> SimpleNamespace:
    one = given(text, at=at)
    with acting_as(one.who):
        one.state = actions.agree(actor=one.who, at=at, pk=one.pk, seen=one.file.seen, take_good=take_good, remove=remove)
    return one


def posts(**facts: Any) -> list[Assignment]:
    with acting_as(who()):
        return list(Assignment.objects.filter(**facts).select_related("person", "unit", "manager").order_by("number", "since"))


def counts(one: SimpleNamespace) -> tuple[int, int, int, int, int]:
    return tuple(one.s[name] for name in ("new", "changed", "same", "removed", "problems"))  # type: ignore[return-value]


def test_the_headings_of_a_staff_record_system_are_found() -> None:
    layout = given(LIST).file.layout
    assert layout.columns == {
        "number": "Assignment Number", "name": "Employee Name", "email": "Work Email", "place": "Organisation", "staff_group": "Staff Group",
        "profession": "Job Role", "title": "Position Title", "band": "Pay Grade", "fraction": "FTE", "since": "Start Date", "until": "End Date",
        "manager": "Supervisor Assignment Number",
    }  # fmt: skip


def test_a_first_list_brings_people_posts_and_managers() -> None:
    one = stored(LIST)
    # Seven people of the hospital's demonstration hold posts already, and none of them is in the list.
    assert counts(one) == (4, 0, 0, one.s["removed"], 0)
    ada, second, ben, other = posts(number__startswith="2000000")
    assert [p.number for p in (ada, second, ben, other)] == ["20000001", "20000001-2", "20000002", "20000003"]
    assert (ada.person.name, ada.band, ada.fraction, ada.since, ada.unit.code) == (
        "Ada Okafor", "Band 5", Decimal("0.600"), date(2020, 4, 13), "DEMO-WARD-7",
    )  # fmt: skip
    assert ada.person_id == second.person_id, "one person, two posts"
    assert ben.person_id != other.person_id, "two people of one name stay two"
    assert (ada.manager_id, second.manager_id, other.manager_id, ben.manager_id) == (ben.person_id, ben.person_id, ben.person_id, None)
    assert ada.owner_id == ada.unit_id or ada.owner_id == organisations.owner_of(viewer=one.who, unit_id=ada.unit_id)


def test_the_same_list_again_changes_nothing() -> None:
    stored(LIST)
    again = given(LIST)
    assert counts(again)[:3] == (0, 0, 4)
    assert counts(again)[4] == 0


def test_a_mover_keeps_what_was_before() -> None:
    stored(LIST)
    later = datetime(2026, 4, 1, 9, tzinfo=UTC)
    moved = LIST.replace("20000003,,DEMO-WARD-12", "20000003,,DEMO-WARD-7").replace("XR02", "XR03")
    one = stored(moved, at=later)
    assert counts(one)[:3] == (0, 1, 3)
    before, now = posts(number="20000003")
    assert (before.unit.code, before.band, before.until) == ("DEMO-WARD-12", "Band 2", date(2026, 4, 1))
    assert (now.unit.code, now.band, now.since, now.until) == ("DEMO-WARD-7", "Band 3", date(2026, 4, 1), None)
    assert before.person_id == now.person_id
    assert counts(given(moved, at=later))[:3] == (0, 0, 4), "the same list again is the same"


def test_a_name_is_put_right_where_it_stands() -> None:
    stored(LIST)
    married = LIST.replace("Okafor, Mrs. Ada", "Hall, Mrs. Ada").replace("Ada Okafor,", "Ada Hall,")
    one = stored(married)
    assert counts(one)[:3] == (0, 2, 2)
    assert {p.person.name for p in posts(number__startswith="20000001")} == {"Ada Hall"}
    assert len(posts(number__startswith="20000001")) == 2


def test_a_number_that_passes_to_another_name_is_warned_of() -> None:
    stored(LIST)
    one = given(LIST.replace("Ben Hall,20000003", "Cleo Marsh,20000003"))
    assert [w["what"] for w in one.s["warned"]] == ["This number stands for Ben Hall here"]


def test_a_leaver_by_date_and_the_last_day_is_worked() -> None:
    stored(LIST)
    one = stored(LIST.replace("01/10/2019,,", "01/10/2019,31/03/2026,"))
    assert counts(one)[:3] == (0, 1, 3)
    assert posts(number="20000003")[0].until == date(2026, 4, 1)


def test_who_is_not_in_the_list_stays_unless_somebody_says_they_left() -> None:
    stored(LIST)
    short = HEAD + LIST.removeprefix(HEAD).rsplit("\n", 2)[0] + "\n"  # all but the last row
    kept = stored(short)
    assert posts(number="20000001-2")[0].until is None
    assert kept.s["removed"] >= 1
    assert "not in this list" in kept.s["too_many"], "the hospital's other people are more than a tenth"
    gone = stored(short, remove=True)
    assert gone.state == "stored"
    assert posts(number="20000001-2")[0].until == date(2026, 3, 10)
    assert posts(number="20000002")[0].until is None


def test_leavers_above_a_tenth_are_warned_of() -> None:
    kind = kind_of("staff")
    assert kind.too_many(removed=100, standing=1000) == ""
    assert kind.too_many(removed=101, standing=1000).startswith("101 of 1,000 posts, 10%")


def test_lists_are_taken_back_whole() -> None:
    with acting_as(who()):
        before = (Person.objects.count(), Assignment.objects.count())
    first = stored(LIST)
    moved = stored(LIST.replace("20000003,,DEMO-WARD-12", "20000003,,DEMO-WARD-7"), at=datetime(2026, 3, 20, 9, tzinfo=UTC))
    assert [(p.unit.code, p.until) for p in posts(number="20000003")] == [("DEMO-WARD-12", date(2026, 3, 20)), ("DEMO-WARD-7", None)]
    with acting_as(moved.who):
        assert actions.take_back(actor=moved.who, at=moved.at, pk=moved.pk) == "undone"
        assert queries.file(viewer=moved.who, pk=moved.pk).summary["undone"]["left"] == 0
    assert [(p.unit.code, p.until) for p in posts(number="20000003")] == [("DEMO-WARD-12", None)]
    with acting_as(first.who):
        assert actions.take_back(actor=first.who, at=moved.at, pk=first.pk) == "undone"
        assert queries.file(viewer=first.who, pk=first.pk).summary["undone"] == {"back": 4, "left": 0, "shown": []}
        assert (Person.objects.count(), Assignment.objects.count()) == before


def test_what_somebody_changed_since_is_left() -> None:
    one = stored(LIST)
    with acting_as(one.who):
        row = Assignment.objects.get(number="20000001")
        row.band, row.version = "Band 6", row.version + 1
        row.save()
        actions.take_back(actor=one.who, at=AT, pk=one.pk)
        done = queries.file(viewer=one.who, pk=one.pk).summary["undone"]
    assert done["shown"][0].startswith("Ada Okafor")
    assert [p.number for p in posts(number__startswith="2000000")] == ["20000001", "20000001-2"], "one person's posts stay together"


def test_every_slip_of_a_row_is_named_at_once() -> None:
    row = LIST.replace("ada.okafor@example.nhs.uk,DEMO-WARD-7", "ada at work,DEMO-WARD-777", 1).replace("XR05,0.6,", "XR05,22.5,", 1)
    said = {(one["row"], one["column"]): one["what"] for one in given(row.replace("13/04/2020,,", "13/04/2020,12/04/2020,", 1)).s["shown"]}
    assert len({row for row, _ in said}) == 1, said
    for words in ("is not an e-mail address", "We know no such place", "is no share of full time", "The last day is before the first"):
        assert any(words in what for what in said.values()), said


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("ada.okafor@example.nhs.uk,DEMO-WARD-7", "ada at work,DEMO-WARD-7", "is not an e-mail address"),
        ("XR05,0.6,", "XR05,22.5,", "is no share of full time"),
        ("XR05,0.6,", "XR05,some,", "is not a number"),
        ("13/04/2020,,", "31/04/2020,,", "April has 30 days"),
        ("13/04/2020,,", "April 2020,,", "not a day"),
        ("13/04/2020,,", "13/04/2020,12/04/2020,", "The last day is before the first"),
        ("uk,DEMO-WARD-7,", "uk,DEMO-WARD-777,", "We know no such place"),
        ("uk,DEMO-WARD-7,", "uk,DEMO-CARE,", "You do not keep the staff records of this place"),
        ('"Okafor, Mrs. Ada"', "", "The name is missing"),
        (",20000003,,", ",,,", "There is neither a number nor an e-mail address"),
        ("Ben Hall,20000003", "Ben Hall,20000002", "has the same post with other words"),
    ],
)
def test_what_is_wrong_is_said_and_stops_the_list(old: str, new: str, what: str) -> None:
    assert old in LIST
    one = given(LIST.replace(old, new, 1))
    assert one.s["problems"] >= 1
    assert any(what in told["what"] for told in one.s["shown"]), one.s["shown"]


def test_without_numbers_people_are_known_by_address_and_name() -> None:
    head = "First Name,Surname,E-mail,Team,Post title,Band,FTE\n"
    rows = head + "Ada,Okafor,ada@example.nhs.uk,DEMO-WARD-7,Staff nurse,5,1\nAda,Okafor,ada@example.nhs.uk,DEMO-WARD-12,Bank nurse,5,0.2\n"
    assert counts(stored(rows))[:3] == (2, 0, 0)
    assert len({p.person_id for p in posts(person__work_email="ada@example.nhs.uk")}) == 1
    assert counts(given(rows))[:3] == (0, 0, 2)
    moved = head + "Ada,Okafor,ada@example.nhs.uk,DEMO-WARD-7,Staff nurse,6,1\nAda,Okafor,ada@example.nhs.uk,DEMO-WARD-12,Bank nurse,5,0.2\n"
    assert counts(given(moved))[:3] == (0, 1, 1)
    another = head + "Ada,Okafor,ada2@example.nhs.uk,DEMO-WARD-7,Staff nurse,5,1\n"
    assert counts(given(another))[:3] == (1, 0, 0), "another address is another person"


def test_a_list_needs_something_that_tells_people_apart() -> None:
    who_ = who()
    content = b"Employee Name,Team\nAda Okafor,DEMO-WARD-7\n"
    with acting_as(who_):
        pk = actions.keep_file(actor=who_, at=AT, kind="staff", name="s.csv", content=[content], size=len(content))
        file = queries.file(viewer=who_, pk=pk)
        wrong = actions.choose_columns(actor=who_, at=AT, pk=pk, layout=file.layout)
    assert wrong == {"number": "Say where the number or the e-mail address stands: two people may have one name"}


def test_only_who_keeps_staff_records_loads_lists() -> None:
    kind = kind_of("staff")
    assert kind.may_use(viewer=who()) == "" == kind.may_use(viewer=who("demo-admin"))
    assert "people data lead" in kind.may_use(viewer=who("demo-leader"))
    with acting_as(who("demo-leader")) as leader, pytest.raises(actions.UnableToLoad):
        actions.keep_file(actor=leader, at=AT, kind="staff", name="s.csv", content=[b"x"], size=1)


def test_every_change_is_kept_with_what_stood() -> None:
    one = stored(LIST)
    with acting_as(one.who):
        rows = list(StaffChange.objects.filter(why="File staff.csv").values_list("did", "post_id", "before", "after"))
    assert len(rows) == 3 + 4, "three people and four posts"
    assert {did for did, *_ in rows} == {"added"}
    assert all(before is None and after["version"] == 1 for _, _, before, after in rows)
