"""A register of projects comes in: preview, refusals by row, stored once, followed, and taken back."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from espalier.common.errors import UnableTo

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
FILES = Path(__file__).parent / "registers"
HEAD = "Ref,Project title,Ward/Team,Lead,Start date,Status,Aim,Progress,Last update\n"
ROW = "QI-1,Fewer falls at night,DEMO-WARD-7,,13/02/2025,Active,Fewer falls,2.5,24/05/2025\n"


def give(as_person, content, *, who="demo-improver", kind="projects", name="register.csv", at=AT, store=True, good=False):
    """Load a file as the pages do: give it, take the columns as we think them, look, and store. Returns what its last page shows."""
    from espalier.imports import actions, queries

    content = content.encode() if isinstance(content, str) else content
    with as_person(who) as viewer:
        pk = actions.keep_file(actor=viewer, at=at, kind=kind, name=name, content=[content], size=len(content))
        file = queries.file(viewer=viewer, pk=pk)
        if file.step == "columns":
            wrong = actions.choose_columns(actor=viewer, at=at, pk=pk, layout=file.layout)
            assert not wrong, wrong
        file = queries.file(viewer=viewer, pk=pk)
        if store and file.step == "check":
            actions.agree(actor=viewer, at=at, pk=pk, seen=file.seen, take_good=good, remove=False)
        return queries.file(viewer=viewer, pk=pk)


def undo(as_person, file, *, who="demo-improver", at=AT):
    from espalier.imports import actions, queries

    with as_person(who) as viewer:
        actions.take_back(actor=viewer, at=at, pk=file.pk)
        return queries.file(viewer=viewer, pk=file.pk).summary["undone"]


def counts(file):
    assert "stored" in file.summary, (file.step, file.summary, file.trouble)
    return tuple(file.summary["stored"][one] for one in ("new", "changed", "same"))


def the_project(as_person, title, *, who="demo-improver"):
    from espalier.projects import queries
    from espalier.projects.models import Project

    with as_person(who) as viewer:
        pk = Project.objects.get(title=title).pk
        return queries.project(viewer=viewer, pk=pk)


def test_a_row_becomes_a_project_with_its_typed_score(as_person):
    from espalier.projects import queries

    file = give(as_person, HEAD + ROW)
    assert counts(file) == (1, 0, 0)
    found = the_project(as_person, "Fewer falls at night")
    assert (found.unit.code, found.state, found.aim_what, found.supports, found.said) == ("DEMO-WARD-7", "active", "Fewer falls", 0.5, None)
    assert found.begun_at.date().isoformat() == "2025-02-13"
    assert found.open_to == "team"
    with as_person("demo-improver") as pat:
        typed = queries.overview_typed(viewer=pat, project=found)
    assert (typed.said.score, typed.said.score_on.isoformat(), typed.said.number) == (2.5, "2025-05-24", "QI-1")


def golden(name):
    return (FILES / name).read_bytes()


@pytest.mark.parametrize("name", ["register.csv", "register.xlsx"])
def test_a_register_in_excel_is_known_by_its_headings_and_comes_in_whole(as_person, number, name):
    from espalier.imports import queries
    from espalier.projects.models import Project

    file = give(as_person, golden(name), name=name)
    assert counts(file) == (3, 0, 0)
    with as_person("demo-improver") as pat:
        assert queries.columns(viewer=pat, file=file).known == "a register of projects in Excel"
        rows = Project.objects.filter(came_from="a register").order_by("title").values_list("title", "unit__code", "state", "why_stopped", "ended_on")
        assert [tuple(map(str, row)) for row in rows] == [
            ("Fewer falls at night (register)", "DEMO-WARD-7", "active", "", "None"),
            ("Quicker answers to bells", "DEMO-WARD-7", "stopped", "The register says: On hold", "None"),
            ("Warm meals", "DEMO-WARD-12", "finished", "", "None"),
        ]
    assert {row["what"] for row in map(dict, file.summary["warned"])} == {"Nobody of this name has signed in here"}
    led = the_project(as_person, "Fewer falls at night (register)")
    assert [(one.account_id, one.role) for one in led.members] == [(number("demo-leader"), "leader")]
    assert the_project(as_person, "Quicker answers to bells").members == ()


def test_a_life_qi_list_and_its_cycles_come_in(as_person):
    from espalier.imports import queries as files
    from espalier.projects import queries

    file = give(as_person, golden("life-qi.csv"), name="life-qi.csv")
    assert counts(file) == (2, 0, 0)
    with as_person("demo-improver") as pat:
        assert files.columns(viewer=pat, file=file).known == "a Life QI list of projects"
    cycles = give(as_person, golden("life-qi-pdsa.csv"), kind="pdsa", name="pdsa.csv")
    assert counts(cycles) == (1, 0, 0)
    found = the_project(as_person, "Safer discharge")
    with as_person("demo-improver") as pat:
        typed = queries.overview_typed(viewer=pat, project=found)
        (one,) = queries.cycles_of(project=found, today=AT.date())
    assert (typed.said.system, typed.said.number, typed.said.programme, typed.tests) == ("Life QI", "10412", "Flow", 1)
    assert (one.typed, one.title, one.predicted, one.happened, one.learned, one.decision) == (
        True, "Letter before lunch", 8.0, "Seven of ten went", "Chasing helps", "adopt",
    )  # fmt: skip
    assert (one.starts_on.isoformat(), one.ends_on.isoformat(), one.decided_on.isoformat()) == ("2025-02-20", "2025-02-27", "2025-02-27")


def test_tests_of_a_register_show_that_they_were_written_down_and_no_more(as_person):
    from espalier.projects import queries
    from espalier.projects.rules.typed_evidence import reasons

    give(as_person, golden("register.csv"))
    file = give(as_person, golden("pdsa.csv"), kind="pdsa", name="pdsa.csv")
    assert counts(file) == (3, 0, 0)
    found = the_project(as_person, "Fewer falls at night (register)")
    facts = queries.evidence_of(found).facts
    assert (facts.planned, facts.typed, facts.run, facts.decided, facts.predicted, facts.adopted) == (3, 3, 0, 0, 0, 0)
    assert [one.code for one in reasons(facts) if one.counts] == ["documented"]
    with as_person("demo-improver") as pat:
        page = queries.tests_page(viewer=pat, project=found, today=AT.date())
        assert [one.score for one in page.cycles] == [None, None, None]
        assert page.calibration.judged == 0
        assert queries.cycle_facts(found.pk).decided == 0
    with as_person("demo-leader") as alex:  # who leads it is not asked to study what was studied years ago
        assert not [one for one in queries.due(viewer=alex, at=AT) if "study" in one.what.casefold()]


@pytest.mark.parametrize(("kind", "name"), [("projects", "register.csv"), ("projects", "register.xlsx"), ("projects", "life-qi.csv")])
def test_the_same_file_twice_changes_nothing(as_person, kind, name):
    first = give(as_person, golden(name), kind=kind, name=name)
    again = give(as_person, golden(name), kind=kind, name=name, at=AT + timedelta(days=3), store=False)
    assert (again.summary["new"], again.summary["changed"]) == (0, 0)
    assert again.summary["same"] == counts(first)[0]


def test_the_same_tests_twice_change_nothing(as_person):
    give(as_person, golden("register.csv"))
    give(as_person, golden("pdsa.csv"), kind="pdsa")
    again = give(as_person, golden("pdsa.csv"), kind="pdsa", store=False)
    assert (again.summary["new"], again.summary["changed"], again.summary["same"]) == (0, 0, 3)


def test_a_newer_file_changes_what_it_says_and_leaves_what_the_team_wrote(as_person):
    from espalier.projects import actions, queries

    first = HEAD + 'QI-1,Old title,DEMO-WARD-7,"Alex, ward leader (made up)",13/02/2025,Active,Old aim,2.5,24/05/2025\n'
    give(as_person, first)
    project = the_project(as_person, "Old title")
    with as_person("demo-leader") as alex:
        seen = queries.aim_of(viewer=alex, pk=project.pk)
        words = dict(seen.words) | {"aim_what": "What the team wrote"}
        actions.change_aim(actor=alex, at=AT, project=project.pk, words=words, seen=seen.sign)
    file = give(as_person, first.replace("Old title", "New title").replace("Old aim", "New aim").replace("2.5", "3.0"))
    assert counts(file) == (0, 1, 0)
    assert file.summary["warned"][0]["what"] == "Somebody changed this here since: aim"
    found = the_project(as_person, "New title")
    assert found.aim_what == "What the team wrote"
    with as_person("demo-improver") as pat:
        typed = queries.overview_typed(viewer=pat, project=found)
    assert (typed.said.aim, typed.said.score) == ("New aim", 3.0)


# ---- refusals ----------------------------------------------------------------------------------------------------------

GOOD = {
    "Ref": "QI-9", "Project title": "A title", "Ward/Team": "DEMO-WARD-7", "Lead": "", "Start date": "13/02/2025",
    "End date": "", "Status": "Active",
    "Aim": "", "Progress": "1", "Last update": "24/05/2025",
}  # fmt: skip


def rows(*several):
    out = io.StringIO()
    writer = csv.DictWriter(out, GOOD)
    writer.writeheader()
    writer.writerows(GOOD | one for one in several)
    return out.getvalue()


REFUSED = [
    ({"Project title": ""}, "Title is missing"),
    ({"Project title": "t" * 201}, "It has 201 letters. The most is 200"),
    ({"Ward/Team": "DEMO-WARD-NEVER"}, "We know no such place"),
    ({"Ward/Team": "DEMO-CARE"}, "You do not begin projects at this place"),
    ({"Status": "Amber"}, "We do not know this word for how a project stands"),
    ({"Progress": "7"}, "Progress goes from 0.5 to 5 in steps of a half"),
    ({"Progress": "2.3"}, "Progress goes from 0.5 to 5 in steps of a half"),
    ({"Start date": "sometime"}, "“sometime” is not a date"),
    ({"Last update": "13/02/2031"}, "This day has not come yet"),
    ({"Last update": "13/02/1925"}, "This day is too long ago"),
    ({"Start date": "13/02/1950"}, "This day is too long ago"),
    ({"Start date": "13/02/2040"}, "This day is too far ahead"),
    ({"End date": "13/02/2205"}, "This day is too far ahead"),
    ({"Aim": "About 943 476 5919"}, "This looks like an NHS number"),
    ({"Aim": "The patient born 13/02/1941 fell"}, "This looks like a date of birth"),
]


@pytest.mark.parametrize(("wrong", "what"), REFUSED, ids=[one[1][:40] for one in REFUSED])
def test_a_row_that_cannot_be_used_is_named_with_what_to_do_and_the_others_come_in(as_person, wrong, what):
    from espalier.projects.models import Project

    file = give(as_person, rows(GOOD | {"Ref": "QI-8", "Project title": "The good one"}, wrong), good=True)
    (problem,) = file.summary["shown"]
    assert (problem["row"], problem["what"]) == (3, what)
    assert problem["to_do"]
    assert "943" not in problem["value"]
    assert "1941" not in problem["value"]
    assert counts(file) == (1, 0, 0)
    with as_person("demo-improver"):
        assert list(Project.objects.filter(came_from="a register").values_list("title", flat=True)) == ["The good one"]


def test_all_that_is_wrong_with_a_row_is_said_at_once_and_the_row_counts_once(as_person, signed_in):
    """Six rows stay out for eight reasons; a patient's number comes first, and no reason is told twice."""
    bad = {"Project title": "About 943 476 5919", "Start date": "sometime", "Progress": "7"}
    several = [{"Ref": f"QI-{at}", "Project title": "", "Status": "Amber"} if at == 9 else {"Ref": f"QI-{at}", "Status": "Amber"} for at in range(5, 10)]
    file = give(as_person, rows({"Ref": "QI-1"}, {"Ref": "QI-2", "Project title": "Another"}, {"Ref": "QI-3"} | bad, *several), store=False)
    told = [(one["row"], one["what"]) for one in file.summary["shown"]]
    assert told[:3] == [
        (4, "This looks like an NHS number"), (4, "“sometime” is not a date"), (4, "Progress goes from 0.5 to 5 in steps of a half"),
    ]  # fmt: skip
    assert [what for row, what in told if row == 9] == ["Title is missing", "We do not know this word for how a project stands"]
    assert len(told) == file.summary["problems"] == 3 + 4 + 2
    assert "943" not in str(file.summary["shown"])
    page = signed_in("demo-improver").get(file.href).content.decode()
    page = page if "stay out" in page else signed_in("demo-improver").get(f"{file.href}check/").content.decode()
    assert "6 rows stay out" in page
    done = give(as_person, rows({"Ref": "QI-1"}, {"Ref": "QI-3"} | bad), good=True)
    assert done.summary["stored"]["left"] == 1


def test_what_only_looks_like_a_person_is_shown_and_does_not_stop_its_row(as_person):
    file = give(as_person, rows({"Aim": "Mrs Okafor in bed 4 waits less"}))
    assert counts(file) == (1, 0, 0)
    assert file.summary["warned"][0]["what"] == "This looks like a person's name beside a ward or bed"
    assert file.summary["warned"][0]["value"] == ""


@pytest.mark.parametrize(("said", "ended", "by"), [("On hold", None, None), ("Completed", None, None), ("Active", None, "2027-03-31")])
def test_a_planned_last_day_is_no_day_on_which_it_ended(as_person, said, ended, by):
    file = give(as_person, rows({"Status": said, "End date": "31/03/2027"}))
    assert counts(file) == (1, 0, 0)
    found = the_project(as_person, GOOD["Project title"])
    assert (found.ended_on, found.aim_by and found.aim_by.isoformat()) == (ended, by)
    warned = [(one["what"], one["to_do"]) for one in file.summary.get("warned", [])]
    told = ("The project is over here, but this day has not come yet", "The project comes in without a last day.")
    assert (told in warned) is (said != "Active")


def test_who_may_begin_no_project_loads_no_register(as_person):
    with pytest.raises(UnableTo):
        give(as_person, HEAD + ROW, who="demo-partner")


def test_others_rows_are_refused_by_row(as_person):
    """Sam belongs to Ward 7 and may begin projects there alone."""
    file = give(as_person, golden("register.csv"), who="demo-nurse", good=True)
    assert counts(file) == (2, 0, 0)
    assert [(one["row"], one["what"]) for one in file.summary["shown"]] == [(5, "You do not begin projects at this place")]


def test_what_somebody_else_brought_in_is_not_brought_in_again(as_person):
    give(as_person, golden("register.csv"))
    file = give(as_person, golden("register.csv"), who="demo-nurse", store=False)
    assert file.summary["ready"] == 0
    assert {one["what"] for one in file.summary["shown"]} == {
        "This project is here already, and others look after it", "You do not begin projects at this place",
    }  # fmt: skip


REFUSED_TESTS = [
    ({"Project ref": "QI-77"}, "We know no such project"),
    ({"Change": "", "Plan": ""}, "It does not say what was tested"),
    ({"Start date": "", "End date": ""}, "There is no day"),
    ({"Start date": "17/02/2025", "End date": "16/02/2025"}, "The last day is before the first"),
    ({"Start date": "17/02/1950"}, "This day is too long ago"),
    ({"End date": "17/02/2040"}, "This day is too far ahead"),
    ({"Do": "NHS number 943 476 5919"}, "This looks like an NHS number"),
]
TEST = {
    "Project ref": "QI-1", "Cycle": "9", "Change": "A change", "Plan": "", "Prediction": "", "Do": "Done", "Study": "", "Act": "",
    "Start date": "14/02/2025", "End date": "",
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "what"), REFUSED_TESTS, ids=[one[1] for one in REFUSED_TESTS])
def test_a_test_that_cannot_be_used_is_named(as_person, wrong, what):
    give(as_person, HEAD + ROW)
    out = io.StringIO()
    writer = csv.DictWriter(out, TEST)
    writer.writeheader()
    writer.writerows([TEST, TEST | {"Cycle": "10"} | wrong])
    file = give(as_person, out.getvalue(), kind="pdsa", good=True)
    assert [(one["row"], one["what"]) for one in file.summary["shown"]] == [(3, what)]
    assert counts(file) == (1, 0, 0)


def test_tests_of_projects_that_others_change_are_refused(as_person):
    give(as_person, HEAD + ROW)
    file = give(as_person, golden("pdsa.csv"), who="demo-nurse", kind="pdsa", store=False)
    assert file.summary["ready"] == 0
    assert {one["what"] for one in file.summary["shown"]} == {"We know no such project"}  # private to its team: not even its name is told


# ---- taking back ---------------------------------------------------------------------------------------------------------


def test_undo_removes_what_the_file_made(as_person):
    from espalier.projects.models import Member, Project, Typed

    file = give(as_person, golden("register.csv"))
    told = undo(as_person, file)
    assert (told["back"], told["left"]) == (3, 0)
    with as_person("demo-improver"):
        assert not Project.objects.filter(came_from="a register").exists()
        assert not Typed.objects.exists()
    assert counts(give(as_person, golden("register.csv"))) == (3, 0, 0)
    with as_person("demo-leader") as alex:
        assert Member.objects.filter(account_id=alex.account_id, project__came_from="a register").count() == 1


def test_undo_leaves_what_somebody_has_worked_on_and_says_so(as_person):
    from espalier.projects import actions

    file = give(as_person, golden("register.csv"))
    project = the_project(as_person, "Fewer falls at night (register)")
    with as_person("demo-leader") as alex:
        actions.say_progress(actor=alex, at=AT, project=project.pk, said=1.0, why="")
    told = undo(as_person, file)
    assert (told["back"], told["shown"]) == (2, ["Fewer falls at night (register): somebody has worked on it since"])
    assert the_project(as_person, "Fewer falls at night (register)").said == 1.0


def test_undo_of_a_newer_file_puts_back_what_the_older_said(as_person):
    give(as_person, HEAD + ROW)
    newer = give(as_person, HEAD + ROW.replace("Fewer falls at night", "Another title").replace("Active", "On hold"))
    assert (undo(as_person, newer)["back"], undo(as_person, newer)["left"]) == (1, 0)
    found = the_project(as_person, "Fewer falls at night")
    assert (found.state, found.why_stopped) == ("active", "")
    again = give(as_person, HEAD + ROW, store=False)
    assert again.summary["same"] == 1


def test_undo_of_a_day_that_a_newer_file_named_puts_back_when_it_was_brought_in(as_person):
    """The first file names no first day: the work began, as far as anybody knows, when it was brought in."""
    give(as_person, HEAD + ROW.replace("13/02/2025", ""))
    assert the_project(as_person, "Fewer falls at night").begun_at == AT
    newer = give(as_person, HEAD + ROW, at=AT + timedelta(days=3))
    assert the_project(as_person, "Fewer falls at night").begun_at.date().isoformat() == "2025-02-13"
    undo(as_person, newer, at=AT + timedelta(days=7))
    assert the_project(as_person, "Fewer falls at night").begun_at == AT


def test_undo_of_an_older_file_says_that_a_later_one_changed_it(as_person):
    older = give(as_person, HEAD + ROW)
    give(as_person, HEAD + ROW.replace("Active", "Completed"))
    told = undo(as_person, older)
    assert (told["back"], told["shown"]) == (0, ["Fewer falls at night: a later file changed it again"])


def test_undo_of_projects_waits_for_their_tests(as_person):
    from espalier.projects.models import Cycle

    projects, tests = give(as_person, golden("register.csv")), give(as_person, golden("pdsa.csv"), kind="pdsa")
    assert undo(as_person, projects)["shown"] == ["Fewer falls at night (register): somebody has worked on it since"]
    told = undo(as_person, tests)
    assert (told["back"], told["left"]) == (3, 0)
    with as_person("demo-improver"):
        assert not Cycle.objects.filter(typed=True).exists()


def test_a_test_that_somebody_changed_is_left(as_person):
    from espalier.projects import actions, queries

    give(as_person, golden("register.csv"))
    tests = give(as_person, golden("pdsa.csv"), kind="pdsa")
    project = the_project(as_person, "Fewer falls at night (register)")
    with as_person("demo-leader") as alex:
        one = queries.cycles_of(project=project, today=AT.date())[0]
        told = {"learned": "And it helped"}
        actions.change_test(actor=alex, at=AT, project=project.pk, number=1, box="study", told=told, seen=one.seen("study"))
    done = undo(as_person, tests)
    assert (done["back"], done["shown"]) == (2, ["Fewer falls at night (register), T1 Lights on from ten: somebody has worked on it since"])


# ---- who looks after what has no leader ----------------------------------------------------------------------------------


def test_who_brought_it_in_names_a_leader_and_then_only_reads_it(as_person, number):
    from espalier.projects import actions

    give(as_person, HEAD + ROW)
    found = the_project(as_person, "Fewer falls at night")
    assert found.may_arrange.allowed
    assert not found.may_change.allowed
    with as_person("demo-improver") as pat:
        actions.add_member(actor=pat, at=AT, project=found.pk, account_id=number("demo-leader"), role="leader")
    assert not the_project(as_person, "Fewer falls at night").may_arrange.allowed
    assert the_project(as_person, "Fewer falls at night", who="demo-leader").may_change.allowed


def test_nobody_else_sees_a_project_that_was_brought_in_for_its_team(as_person):
    from espalier.projects.models import Project, Typed

    give(as_person, HEAD + ROW)
    for who in ("demo-nurse", "demo-system", "demo-care", "demo-admin"):
        with as_person(who):
            assert not Project.objects.filter(title="Fewer falls at night").exists()
            assert not Typed.objects.exists()


def test_a_register_makes_no_partner_the_leader(as_person, number):
    from espalier.organisations.models import Person

    with as_person("demo-improver"):
        bo = Person.objects.get(account_id=number("demo-partner")).name
    file = give(as_person, HEAD + f'QI-9,Calmer meals,DEMO-WARD-7,"{bo}",13/02/2025,Active,Calmer meals,2.5,24/05/2025\n')
    assert [one["what"] for one in file.summary["warned"]] == ["Whoever this names holds no role of staff now"]
    assert number("demo-partner") not in {one.account_id for one in the_project(as_person, "Calmer meals").members}


def test_a_month_there_is_not_begins_a_sentence(as_person):
    file = give(as_person, HEAD + "QI-9,Calmer meals,DEMO-WARD-7,,2025-13-01,Active,Calmer meals,2.5,24/05/2025\n", store=False)
    assert "There is no month 13" in [one["what"] for one in file.summary["shown"]]
