"""The pages of pictures, through the browser's own requests."""

import csv
import io
import re
import xml.etree.ElementTree as ET

import pytest
from django.contrib.auth import get_user_model

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.demo.project_cycles import HANDS
from espalier.projects import actions, queries
from espalier.projects.models import Edit, Node, Project
from espalier.projects.rules.diagrams import sign_of, tree

pytestmark = pytest.mark.django_db
PAGE = "/projects/1/diagram/"


def as_person(client, name="demo-nurse"):
    client.force_login(get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def viewer(name="demo-nurse"):
    return viewer_of(get_user_model().objects.get(username=name))


def boxes(diagram=1):
    with acting_as(viewer()):
        return {box.words: box for box in queries.boxes_of(diagram)}


def named(words, diagram=1):
    return boxes(diagram)[words]


FIRST, IDEA = "Patients get to the toilet safely", "Low lights from bed to toilet"


def test_a_picture_and_its_outline(client):
    html = as_person(client).get(PAGE).content.decode()
    assert FIRST in html
    assert 'role="img"' in html
    assert "style=" not in html


def test_who_only_reads_gets_no_forms(client):
    html = as_person(client, "demo-admin").get(f"{PAGE}?box=2").content.decode()
    assert 'name="words"' not in html
    assert "Its team and coach change this project." in html
    assert client.post(PAGE, {"do": "save", "box": 2, "seen": 1, "words": "Mine"}).status_code == 403
    assert FIRST in boxes()


def test_a_box_is_said_differently_without_a_script(client):
    box = named(IDEA)
    answer = as_person(client).post(PAGE, {"do": "save", "box": box.pk, "seen": box.version, "words": " Amber  lights ", "state": "adopted"})
    assert answer["Location"] == f"{PAGE}#box-{box.pk}"
    assert named("Amber lights").state == "adopted"


def test_somebody_was_quicker_both_words_are_shown_and_nothing_is_overwritten(client):
    box = named(IDEA)
    as_person(client).post(PAGE, {"do": "save", "box": box.pk, "seen": box.version, "words": "Theirs", "state": "new"})
    answer = client.post(PAGE, {"do": "save", "box": box.pk, "seen": box.version, "words": "Mine", "state": "new"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "“Theirs”" in html
    assert "“Mine”" in html
    assert "Theirs" in boxes()
    seen = re.search(r'name="seen" value="(\d+)"', html).group(1)
    client.post(PAGE, {"do": "save", "box": box.pk, "seen": seen, "words": "Mine", "state": "new"})
    assert "Mine" in boxes(), "having seen both, one may still put one's own"


@pytest.mark.parametrize(("sent", "said"), [
    ({"words": ""}, "A box needs words"), ({"words": "x" * 301}, "301 characters"), ({"state": "nosuch"}, "cannot be that"),
    ({"do": "nosuch"}, "do not know that button"), ({"do": "up", "box": "99999999999"}, "no such box"), ({"do": "in", "box": "2"}, "no box above"),
    ({"box": "x"}, "no such box"), ({"do": "add", "parent": "", "words": "x"}, "Add it below that one"), ({"do": "move", "box": "1", "parent": "2"}, "first box stays"),
])  # fmt: skip
def test_what_cannot_be_done_comes_back_with_the_reason_and_stores_nothing(client, sent, said):
    before = boxes()
    answer = as_person(client).post(PAGE, {"do": "save", "box": "2", "seen": "1", "words": "Mine"} | sent)
    assert answer.status_code in {409, 422}
    assert said in answer.content.decode()
    assert boxes() == before


def test_a_box_is_added_moved_removed_and_each_is_taken_back(client):
    page, before = as_person(client), boxes()
    page.post(PAGE, {"do": "add", "parent": named(FIRST).pk, "words": "Slippers fit"})
    added = named("Slippers fit")
    assert (added.kind, added.parent) == ("secondary", named(FIRST).pk)
    page.post(PAGE, {"do": "out", "box": added.pk, "seen": added.version})
    assert named("Slippers fit").kind == "primary"
    with acting_as(viewer()):
        branch = next(one for top in tree(queries.boxes_of(1)) for one in top.walk() if one.box.words == FIRST)
    page.post(PAGE, {"do": "remove", "box": branch.box.pk, "sign": sign_of(branch)})
    assert IDEA not in boxes()
    for _ in range(3):
        assert page.post(PAGE, {"do": "undo"}).status_code == 302
    after = boxes()
    assert set(after) == set(before)
    assert {box.words: (box.kind, box.parent) for box in after.values()} == {box.words: (box.kind, box.parent) for box in before.values()}
    assert page.post(PAGE, {"do": "undo"}).status_code == 422  # there is nothing more of Sam's


def test_what_others_built_on_is_not_taken_back(client):
    as_person(client).post(PAGE, {"do": "add", "parent": named(FIRST).pk, "words": "Slippers fit"})
    with acting_as(viewer("demo-leader")) as alex:
        spot = actions.Spot(named("Slippers fit").pk, None)
        actions.add_node(actor=alex, at=Project.objects.get(pk=1).changed_at, diagram=1, spot=spot, words=actions.Words("A box of slippers"))
    answer = client.post(PAGE, {"do": "undo"})
    assert answer.status_code == 422
    assert "Something hangs on that box by now" in answer.content.decode()
    assert "Slippers fit" in boxes()


def test_a_removal_that_would_take_along_what_one_has_not_seen_is_refused(client):
    with acting_as(viewer()):
        seen = sign_of(next(one for top in tree(queries.boxes_of(1)) for one in top.walk() if one.box.words == FIRST))
    box = named(FIRST)
    as_person(client).post(PAGE, {"do": "add", "parent": box.pk, "words": "Just added"})
    assert client.post(PAGE, {"do": "remove", "box": box.pk, "sign": seen}).status_code == 409
    assert "Just added" in boxes()


def test_an_idea_that_is_tested_stays_an_idea(client):
    from datetime import date

    from espalier.projects.models import Cycle

    idea = named(IDEA)
    with acting_as(viewer()):
        Cycle.objects.create(
            project_id=1, idea_id=idea.pk, number=900, title="x", starts_on=date(2026, 1, 1), changed_at=Project.objects.get(pk=1).changed_at
        )
    answer = as_person(client).post(PAGE, {"do": "out", "box": idea.pk, "seen": idea.version})
    assert answer.status_code == 422
    assert "A test of change hangs on this idea" in answer.content.decode()


def test_a_full_picture_says_so(client):
    box = named(FIRST)
    with acting_as(viewer()):
        at = Project.objects.get(pk=1).changed_at
        Node.objects.bulk_create(
            Node(diagram_id=1, project_id=1, parent_id=box.pk, kind="secondary", words=f"n{i}", rank=i, changed_at=at) for i in range(200 - len(boxes()))
        )
    answer = as_person(client).post(PAGE, {"do": "add", "parent": box.pk, "words": "One more"})
    assert "A picture holds 200 boxes" in answer.content.decode()
    assert len(client.get(f"{PAGE}?box={box.pk}").content) < 200_000


def test_a_change_is_kept_for_whoever_wants_to_see_it(client):
    box = named(IDEA)
    as_person(client).post(PAGE, {"do": "save", "box": box.pk, "seen": box.version, "words": "Amber lights", "state": box.state})
    with acting_as(viewer()):
        edit = Edit.objects.filter(kind="node", object_id=box.pk).order_by("-at").first()
    assert edit.before == {"words": IDEA}
    assert edit.after == {"words": "Amber lights", "version": 2, "diagram": 1}


@pytest.mark.parametrize("kind", ["fishbone", "process", "pareto"])
def test_other_pictures_use_the_same_editor(client, kind):
    page = as_person(client)
    answer = page.post(f"{PAGE}new/", {"kind": kind, "title": "At night", "words": "Patients fall"})
    href = answer["Location"]
    number = int(href.rstrip("/").rpartition("/")[2])
    parent = named("Patients fall", number).pk if kind == "fishbone" else ""
    for words, amount in (("Too dark", "1,200"), ("In a hurry", "3.5")):
        assert page.post(href, {"do": "add", "parent": parent, "words": words, "amount": amount, "waits": "30"}).status_code == 302
    html = page.get(href).content.decode()
    assert "Too dark" in html
    assert named("Too dark", number).amount == (None if kind == "fishbone" else 1200)
    if kind == "process":
        assert "Start to end: 20 h 34 min" in html  # 1,200 + 30 + 3.5 minutes
    if kind == "pareto":
        assert "1 reason makes up 100% of it" in html
        assert page.post(href, {"do": "add", "words": "x", "amount": "many"}).status_code == 422


def test_a_fishbone_needs_a_problem(client):
    answer = as_person(client).post(f"{PAGE}new/", {"kind": "fishbone", "title": "At night", "words": " "})
    assert answer.status_code == 422
    assert "A box needs words" in answer.content.decode()
    assert as_person(client).post(f"{PAGE}new/", {"kind": "drawing"}).status_code == 422


def test_files(client):
    page = as_person(client)
    root = ET.fromstring(page.get(f"{PAGE}picture.svg").content)
    assert "Patients get to the toilet safely" in " ".join(root.itertext())
    rows = list(csv.reader(io.StringIO(page.get(f"{PAGE}picture.csv").content.decode("utf-8-sig"))))
    assert rows[0] == ["Level", "What it is", "Words", "State"]
    assert ["4", "Change idea", IDEA, "Adapted"] in rows
    assert len(rows) == 1 + len(boxes())
    assert page.get(f"{PAGE}picture.png").content.startswith(b"\x89PNG")
    assert page.get(f"{PAGE}picture.pdf").content.startswith(b"%PDF")
    assert page.get("/projects/1/diagram/2/picture.pdf").content.startswith(b"%PDF")


def test_words_that_look_like_code_are_words(client):
    box = named(IDEA)
    page = as_person(client)
    page.post(PAGE, {"do": "save", "box": box.pk, "seen": box.version, "words": '<script>alert(1)</script> #pagebreak() "&\'', "state": "new"})
    assert "<script>alert" not in page.get(PAGE).content.decode()
    ET.fromstring(page.get(f"{PAGE}picture.svg").content)
    assert page.get(f"{PAGE}picture.pdf").content.startswith(b"%PDF")


def begun_by_sam():
    from espalier.organisations import queries as organisations

    with acting_as(viewer("demo-leader")) as alex:
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        at = Project.objects.get(pk=1).changed_at
        return actions.begin_project(actor=alex, at=at, unit=ward, title="Cleaner hands", aim=actions.Aim(what="clean hands", start=60, goal=90))


def test_a_diagram_begins_with_the_aim_and_only_once(client):
    pk = begun_by_sam()
    page = as_person(client, "demo-leader")
    html = page.get(f"/projects/{pk}/diagram/").content.decode()
    assert "Clean hands: from 60 to 90" in html
    for words in ("Clean hands", "Clean hands again"):
        assert page.post(f"/projects/{pk}/diagram/", {"do": "begin", "words": words}).status_code in {302, 422}
    assert page.get(f"/projects/{pk}/diagram/").content.decode().count("Clean hands again") == 0
    assert "Start your driver diagram" not in page.get(f"/projects/{pk}/").content.decode()


def test_a_project_starts_from_a_diagram_of_the_library_and_takes_it_back(client):
    pk = begun_by_sam()
    page = as_person(client, "demo-leader")
    assert "Start your driver diagram" in page.get(f"/projects/{pk}/").content.decode()
    assert page.post("/projects/diagrams/hand-hygiene/", {"project": pk})["Location"] == f"/projects/{pk}/diagram/"
    html = page.get(f"/projects/{pk}/diagram/").content.decode()
    assert "Gel where hands work" in html
    assert "Clean hands: from 60 to 90" in html, "its own aim stays"
    with acting_as(viewer("demo-leader")) as alex:
        ready = queries.ready_diagram(viewer=alex, code="hand-hygiene")
        assert len(queries.change_ideas(viewer=alex, project_id=pk)) == ready.ideas
    page.post("/projects/diagrams/falls/", {"project": pk})
    assert "Low lights from bed to toilet at night" in page.get(f"/projects/{pk}/diagram/").content.decode()
    assert page.post(f"/projects/{pk}/diagram/", {"do": "undo"}).status_code == 302
    html = page.get(f"/projects/{pk}/diagram/").content.decode()
    assert "Low lights" not in html
    assert "Gel where hands work" in html


def test_nothing_is_copied_into_a_project_of_others(client):
    pk = begun_by_sam()
    page = as_person(client, "demo-care")
    assert page.post("/projects/diagrams/falls/", {"project": pk}).status_code == 404
    assert page.post("/projects/diagrams/falls/", {}).status_code == 422


def test_change_ideas_in_reading_order():
    with acting_as(viewer()) as sam:
        ideas = queries.change_ideas(viewer=sam, project_id=1)
    assert len(ideas) == 10, "nine under drivers, and one that a test of change brought along"
    assert ideas[0][1:] == ("Ask everybody at risk at 10 pm and 2 am", "adopted")
    assert ideas[-1][1] == HANDS, "what waits for a driver stands last"
