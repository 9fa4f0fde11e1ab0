"""Somebody gets a copy of their data, and a visitor complains and finds the answer: through the pages, as people do."""

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.rights import holders
from espalier.organisations import queries as organisations
from espalier.organisations.queries import complaints as queries
from espalier.site.actions.rights import make_copy
from espalier.site.views import complaints as pages

pytestmark = pytest.mark.django_db


def signed_in(name):
    client = Client()
    client.force_login(get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_nurse_gets_everything_about_her_and_a_colleague_does_not():
    nurse, account = signed_in("demo-nurse"), get_user_model().objects.get(username="demo-nurse").pk
    where = nurse.post("/account/my-data/", {"do": "copy"}).url
    parts = len(holders())
    assert f"0 of {parts} parts" in nurse.get(where).content.decode()
    for step in range(len(holders()) + 2):
        make_copy(account_id=account, request=where.split("/")[-2], start=step)
    assert "Download the copy" in nurse.get(where).content.decode()
    answer = nurse.get(f"{where}copy.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "Staff nurse" in archive.read("posts-and-roles/index.html").decode()
    assert answer["Content-Disposition"].startswith('attachment; filename="your-data-')
    for other in (signed_in("demo-leader"), signed_in("demo-admin")):
        assert (other.get(where).status_code, other.get(f"{where}copy.zip").status_code) == (404, 404)
    assert Client().get(f"{where}copy.zip").status_code == 403


def test_a_people_data_lead_asks_for_somebody_and_sees_that_it_is_there_not_what_is_in_it():
    lead = signed_in("demo-people")
    assert lead.post("/admin-tools/data-requests/", {"who": "Drew, care manager (made up)", "do": "copy"}).status_code == 422
    where = lead.post("/admin-tools/data-requests/", {"who": "Sam, nurse (made up)", "do": "copy"}).url
    account = get_user_model().objects.get(username="demo-nurse").pk
    for step in range(len(holders()) + 2):
        make_copy(account_id=account, request=where.split("/")[-2], start=step)
    page = lead.get(where).content.decode()
    assert "It lies on their own page" in page
    assert "Download" not in page
    assert lead.get(f"{where}copy.zip").status_code == 404
    assert lead.post("/admin-tools/data-requests/", {"who": "Sam, nurse (made up)", "do": "erase"}).status_code == 422  # not theirs to do


def test_an_erasure_is_shown_first_and_refused_for_a_made_up_person():
    nurse = signed_in("demo-nurse")
    where = nurse.post("/account/my-data/", {"do": "erase"}).url
    page = nurse.get(where).content.decode()
    assert "What goes" in page
    assert "What is kept, and why" in page
    assert "Your account" in page
    assert nurse.post(where, {"do": "confirm"}).status_code == 422
    assert "Erase it in 14 days" in nurse.get(where).content.decode()
    nurse.post(where, {"do": "take-back"})
    assert "Taken back" in nurse.get(where).content.decode()


def test_a_choice_counts_at_once_for_what_colleagues_are_shown():
    leader, nurse = signed_in("demo-leader"), viewer_of(get_user_model().objects.get(username="demo-nurse"))

    def named():
        with acting_as(nurse):
            ward = organisations.unit(viewer=nurse, code="DEMO-WARD-7").pk
            shown = organisations.colleagues(viewer=nurse, places=[ward])
            above = organisations.way_up_and_people(viewer=nurse, unit_id=ward, on=datetime.now(UTC).date())[1]
        return [one.name.split(",")[0] for several in (shown, above) for one in several.get(ward, ())]

    assert named() == ["Alex", "Alex"]
    leader.post("/account/my-data/choices/", {"code": "named-to-ask", "given": "no"})
    assert named() == []
    leader.post("/account/my-data/choices/", {"code": "named-to-ask", "given": "yes"})
    assert named() == ["Alex", "Alex"]


def test_a_visitor_complains_is_answered_and_reads_it(monkeypatch):
    from espalier.access.limits import Limit

    monkeypatch.setattr(pages, "SENDING", Limit(3))
    visitor = Client()
    text = re.sub(
        "<[^>]+>", " ", visitor.post("/complaints/", {"words": "My hours are seen by all.", "organisation": "DEMO-TRUST"}).content.decode()
    )
    number, words = re.search(r"Number:\s+(\S+)", text).group(1), re.search(r"Words:\s+([a-z ]+[a-z])", text).group(1)
    ash = viewer_of(get_user_model().objects.get(username="demo-admin"))
    with acting_as(ash):
        (found,) = queries.complaints(viewer=ash)
    assert found.days(datetime.now(UTC)) == 0
    signed_in("demo-admin").post(found.href, {"answer": "We closed it today."})
    assert "We closed it today." in visitor.post("/complaints/receipt/", {"number": number, "words": words}).content.decode()
