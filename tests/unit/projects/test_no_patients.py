"""No form of a project takes a patient's number: each asks about it and stores nothing, until somebody says it is none."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from tests.contracts.routes import sign_in

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.audit.models import Event
from espalier.common.errors import UnableTo
from espalier.demo.project_ideas import number
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries
from espalier.projects.forms.ideas import from_queue
from espalier.projects.models import CoachRequest, Cycle, Edition, Node, Project, Story, Voice

pytestmark = pytest.mark.django_db
NUMBER = "943 476 5919"  # made up; its check digit holds
SAID = f"{NUMBER} fell"
DAY = {"starts_on-day": "1", "starts_on-month": "6", "starts_on-year": "2031"}
AIM = {"title": "Fewer falls", "aim_unit": "falls", "aim_for": "", "aim_what": "", "patient_would": "", "method": "a3"}
SESSION = {"title": "Lamps", "on-day": "1", "on-month": "6", "on-year": "2031", "starts": "", "ends": "", "place": ""}
PROGRAMME = {
    "place": "DEMO-TRUST", "what": "falls", "starts-day": "1", "starts-month": "6", "starts-year": f"{date.today().year + 1}", "open_to": "organisation",
}  # fmt: skip
COACH = {"who": "Alex", "place": "DEMO-TRUST", "capacity": "2", "helps": SAID}
MONTH = {"version": "0", "tried": "", "learned": "", "need": "", "do": "save"}
IDEA = f"/projects/ideas/{number(1)}/change/"
SHARED = f"/projects/ideas/{number(2)}/change/"

FORMS = {
    "begin": ("leader", "/projects/new/", {"title": SAID, "place": "DEMO-WARD-7"}),
    "aim": ("leader", "/projects/1/aim/", AIM | {"aim_what": SAID}),
    "progress": ("leader", "/projects/1/progress/", {"said": "1.0", "why": SAID}),
    "stop": ("leader", "/projects/1/stop/", {"why": SAID}),
    "idea": ("nurse", "/projects/ideas/", {"words": SAID}),
    "idea-words": ("nurse", IDEA, {"do": "words", "words": SAID}),
    "idea-answer": ("leader", SHARED, {"do": "move", "state": "not-now", "reason": SAID}),
    "new-test": (
        "leader",
        "/projects/1/tests/new/",
        DAY | {"starts_on-year": f"{date.today().year + 1}", "idea_new": SAID, "who": "Sam", "predicted": "4"},
    ),
    "task": ("leader", "/projects/1/tests/5/", {"box": "task", "words": SAID}),
    "do": ("leader", "/projects/1/tests/5/", {"box": "do", "happened": SAID}),
    "study": ("leader", "/projects/1/tests/5/", {"box": "study", "learned": SAID}),
    "month": ("leader", "/projects/1/month/", MONTH | {"tried": SAID}),
    "programme": ("improver", "/projects/programmes/new/", PROGRAMME | {"title": SAID}),
    "session": ("improver", "/projects/programmes/1/sessions/", SESSION | {"words": SAID}),
    "coach": ("improver", "/projects/coaches/", COACH),
    "coach-note": ("leader", "/projects/1/coach/", {"words": SAID}),
    "remark": ("leader", "/projects/1/talk/", {"words": SAID}),
    "box": ("leader", "/projects/1/diagram/", {"do": "save", "box": "2", "words": SAID}),
    "box-below": ("leader", "/projects/1/diagram/", {"do": "add", "box": "2", "parent": "2", "words": SAID}),
    "box-beside": ("leader", "/projects/1/diagram/", {"do": "add", "box": "2", "parent": "1", "after": "2", "beside": "1", "words": SAID}),
    "box-one-level-in": ("leader", "/projects/1/diagram/", {"do": "add", "box": "2", "parent": "2", "beside": "1", "words": SAID}),
    "picture": ("leader", "/projects/1/diagram/new/", {"kind": "fishbone", "title": "Falls", "words": SAID}),
    "picture-title": ("leader", "/projects/1/diagram/new/", {"kind": "process", "title": SAID}),
}


def viewer(name):
    return viewer_of(get_user_model().objects.get(username=f"demo-{name}"))


def stored(name):
    """Everything of this room that the person may read: what they could have stored stands in it."""
    with acting_as(viewer(name)):
        return " ".join(str(list(model.objects.values())) for model in apps.get_app_config("projects").get_models())


def with_seen(who, path, sent):
    """Fill in what the page carries along: what stood there when it was opened."""
    if path.endswith("/tests/5/") and sent["box"] in {"do", "study"}:
        with acting_as(viewer(who)) as me:
            project = queries.project(viewer=me, pk=1)
            known = queries.cycles_of(project=project, today=project.begun_at.date())
            return sent | {"seen": next(one.seen(sent["box"]) for one in known if one.number == 5)}
    if sent.get("do") == "save" and path.endswith("/diagram/"):
        with acting_as(viewer(who)):
            return sent | {"seen": next(box.version for box in queries.boxes_of(1) if box.pk == 2)}
    if path.endswith("/aim/"):
        with acting_as(viewer(who)) as me:
            return sent | {"seen": queries.shown_aim(queries.project(viewer=me, pk=1)).sign}
    return sent


@pytest.mark.parametrize("name", FORMS)
def test_a_number_is_asked_about_and_not_stored(client, name):
    who, path, sent = FORMS[name]
    sign_in(client, f"demo-{who}")
    page = client.post(path, with_seen(who, path, sent))
    assert page.status_code == 422
    words = page.content.decode()
    assert "This looks like it has an NHS number in it." in words
    assert words.count('name="not_a_person"') == 1, "the tick stands on the page, once"
    assert SAID in words, "what was typed is still there"
    assert NUMBER not in stored(who)


@pytest.mark.parametrize("name", sorted(FORMS.keys() - {"coach"}))
def test_whoever_says_it_is_none_has_the_last_word_and_that_is_written_down(client, name):
    who, path, sent = FORMS[name]
    sign_in(client, f"demo-{who}")
    page = client.post(path, with_seen(who, path, sent) | {"not_a_person": "nhs-number"})
    assert page.status_code == 302, page.content.decode()[:3000]
    assert NUMBER in stored(who)
    (event,) = Event.objects.filter(verb="confirm", object_kind="words").order_by("-at")[:1]
    assert (event.detail["not_a_person"], event.object_id) == (["nhs-number"], path[:60])


def test_the_number_of_an_aim_is_asked_about_as_words_are(client):
    path = "/projects/1/aim/"
    sign_in(client, "demo-leader")
    page = client.post(path, with_seen("leader", path, AIM | {"aim_from": NUMBER, "aim_to": "4"}))
    assert page.status_code == 422
    words = page.content.decode()
    assert words.count('name="not_a_person"') == 1
    assert f'value="{NUMBER}"' in words, "what was typed is still there"
    assert NUMBER.replace(" ", "") not in stored("leader")


def test_a_queue_that_cannot_ask_keeps_it_on_the_phone():
    with pytest.raises(UnableTo, match="an NHS number"):
        from_queue({"id": str(number(99)), "words": SAID})


def test_what_was_said_is_put_right_without_a_number(client):
    with acting_as(viewer("leader")) as alex:
        at = queries.project(viewer=alex, pk=1).begun_at
        remark = actions.say(actor=alex, at=at, project=1, words="Calm", to=[])
    sign_in(client, "demo-leader")
    page = client.post(f"/projects/1/talk/{remark}/", {"do": "change", "words": SAID})
    assert page.status_code == 422
    assert "This is not a person" in page.content.decode()
    assert NUMBER not in stored("leader")
    assert client.post(f"/projects/1/talk/{remark}/", {"do": "change", "words": "Calmer"}).status_code == 302


def test_an_answer_to_a_month_takes_none(client):
    with acting_as(viewer("improver")) as pat:
        at = queries.project(viewer=pat, pk=1).changed_at
        months = queries.month_end(viewer=pat, pk=1, month=None, at=at).months
    month = next(month for month, state in months if state == "submitted")
    sign_in(client, "demo-improver")
    page = client.post("/projects/1/month/answer/", {"month": f"{month:%Y-%m}", "reply": SAID, "do": "reply"})
    assert page.status_code == 422
    assert "This is not a person" in page.content.decode()
    assert NUMBER not in stored("improver")


def test_asking_for_a_coach_takes_none(client):
    with acting_as(viewer("improver")) as pat:
        pk = next(one.pk for one in queries.projects(viewer=pat) if one.title.startswith("Quiet nights after surgery"))
    sign_in(client, "demo-improver")
    page = client.post(f"/projects/{pk}/coach/ask/", {"do": "ask", "words": SAID})
    assert page.status_code == 422
    assert NUMBER not in stored("improver")


def test_a_first_picture_takes_none(client):
    with acting_as(viewer("improver")) as pat:
        pk = next(one.pk for one in queries.projects(viewer=pat) if one.title.startswith("Quiet nights after surgery"))
    sign_in(client, "demo-improver")
    page = client.post(f"/projects/{pk}/diagram/", {"do": "begin", "words": SAID})
    assert (page.status_code, page.content.decode().count('name="not_a_person"')) == (422, 1)
    assert SAID in page.content.decode()
    assert NUMBER not in stored("improver")
    assert client.post(f"/projects/{pk}/diagram/", {"do": "begin", "words": SAID, "not_a_person": "nhs-number"}).status_code == 302
    assert NUMBER in stored("improver")


def test_a_number_that_nobody_sees_is_asked_about_as_it_would_be_kept(client):
    sign_in(client, "demo-leader")
    page = client.post("/projects/1/diagram/", {"do": "add", "parent": "1", "words": NUMBER.replace(" ", "\x00") + " fell"})
    assert page.status_code == 422
    assert NUMBER not in stored("leader")


@pytest.mark.parametrize(("sent", "kept"), [
    ({"do": "save", "box": "{step}", "seen": "1", "words": SAID, "amount": "12", "waits": "1234567"}, ('value="12"', 'value="1234567"')),
    ({"do": "add", "box": "2", "parent": "2", "words": SAID}, ('id="below-words"',)),
])  # fmt: skip
def test_what_was_typed_beside_a_refused_word_stays(client, sent, kept):
    sign_in(client, "demo-leader")
    path = "/projects/1/diagram/"
    if "amount" in sent:
        made = client.post("/projects/1/diagram/new/", {"kind": "process", "title": "A night"})
        path = made["Location"]
        client.post(path, {"do": "add", "words": "Ring"})
        with acting_as(viewer("leader")):
            sent = sent | {"box": max(box.pk for box in queries.boxes_of(int(path.split("/")[-2])))}
    html = client.post(path, sent).content.decode()
    assert all(words in html for words in (*kept, SAID)), html


def test_the_reason_for_ones_own_idea_takes_none(client):
    sign_in(client, "demo-nurse")
    sent = {"do": "move", "state": "not-now", "reason": SAID}
    page = client.post(IDEA, sent)
    assert (page.status_code, page.content.decode().count('name="not_a_person"')) == (422, 1)
    assert SAID in page.content.decode()
    assert NUMBER not in stored("nurse")
    assert client.post(IDEA, sent | {"not_a_person": "nhs-number"}).status_code == 302
    assert NUMBER in stored("nurse")


def test_why_a_coach_fits_is_said_by_the_list_and_by_nobody_else(client):
    with acting_as(viewer("leader")) as alex:
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        at = queries.project(viewer=alex, pk=1).begun_at
        begun = actions.begin_project(actor=alex, at=at, unit=ward, title="Quiet", aim=actions.Aim())
        actions.ask_for_coach(actor=alex, at=at, project=begun)
    with acting_as(viewer("improver")) as pat:
        (asked,) = [one for one in queries.coaches_page(viewer=pat).requests if one.project_id == begun]
    sign_in(client, "demo-improver")
    assert "Could be" in client.get("/projects/coaches/").content.decode()
    sent = {"coach": asked.coach_account_id, "why": SAID}
    assert client.post(f"/projects/coaches/requests/{asked.pk}/", sent).status_code == 302
    assert NUMBER not in stored("improver")
    with acting_as(viewer("improver")):
        assert CoachRequest.objects.values_list("why", flat=True).get(pk=asked.pk) == asked.why


PARTS = {
    "The driver diagram": lambda: Node.objects.filter(project_id=1, diagram__kind="drivers", kind="primary")[0],
    "What we learned": lambda: Story.objects.get(project_id=1),
    "In their words": lambda: Voice.objects.filter(project_id=1)[0],
    "What we tried": lambda: Cycle.objects.filter(project_id=1, number=1)[0],
    "The name of the project": lambda: Project.objects.get(pk=1),
}
NAMES = {"What we learned": "learned", "What we tried": "learned", "The name of the project": "title"}


@pytest.mark.parametrize("part", PARTS)
def test_a_story_is_looked_at_once_more_before_everybody_may_read_it(client, part):
    """Its words may have come in long ago, from a register, or with a tick of somebody else's."""
    with acting_as(viewer("leader")):
        row = PARTS[part]()
        type(row).objects.filter(pk=row.pk).update(**{NAMES.get(part, "words"): SAID})
        before = Edition.objects.count()
    sign_in(client, "demo-leader")
    page = client.post("/projects/1/story/public/", {"do": "ask"})
    html = page.content.decode()
    assert page.status_code == 422
    assert f"{part}: This looks like it has an NHS number in it." in html
    assert html.count('name="not_a_person"') == html.count('href="#id_not_a_person"') == 1
    with acting_as(viewer("leader")):
        assert Edition.objects.count() == before
    assert client.post("/projects/1/story/public/", {"do": "ask", "not_a_person": "nhs-number"}).status_code == 302
    with acting_as(viewer("leader")):
        assert Edition.objects.count() == before + 1
    (event,) = Event.objects.filter(verb="confirm", object_kind="words").order_by("-at")[:1]
    assert event.detail["not_a_person"] == ["nhs-number"]
