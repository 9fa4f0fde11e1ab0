"""Every hostile file, given through the page: a page in words comes back, never an error of ours, and nothing half kept."""

from __future__ import annotations

import html
from collections import defaultdict
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from tests.hostile.corpus import Case, all_cases, is_long

from espalier.access.door import acting_as
from espalier.access.viewer import Viewer
from espalier.imports import actions
from espalier.imports.models import Part, Upload
from espalier.imports.states import WORKING, State
from espalier.measures.models import PointVersion
from espalier.organisations import queries as organisations

CASES = all_cases()
IN_SHORT = 3  # of each row of the promise, of those refused and of those read
REFUSALS = {413, 422}


def in_short() -> set[str]:
    """Name, of each row of the promise, the first few that are quick: some refused, some read."""
    chosen: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for case in CASES:
        if not is_long(case) and len(chosen[case.row, bool(case.refused)]) < IN_SHORT:
            chosen[case.row, bool(case.refused)].append(str(case))
    return {name for some in chosen.values() for name in some}


SHORT = in_short()


def marked(case: Case) -> object:
    return pytest.param(case, id=str(case), marks=() if str(case) in SHORT else pytest.mark.slow)


@pytest.fixture
def kim() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(username="demo-analyst"))
    return client


def who() -> Viewer:
    return organisations.viewer_for(get_user_model().objects.get(username="demo-analyst"))


def kept() -> tuple[set[object], int, int]:
    """Kim's files, their parts and all versions of figures, as the database shows them to Kim."""
    with acting_as(who()):
        return set(Upload.objects.values_list("pk", flat=True)), Part.objects.count(), PointVersion.objects.count()


def worked_on(pk: object) -> Upload:
    """Do what waits for the queue, here and now."""
    with acting_as(who()):
        upload = Upload.objects.get(pk=pk)
        actions.go_on(actor=who(), at=upload.at, pk=upload.pk, tell=lambda *_: None)
        upload.refresh_from_db()
        return upload


def in_words(page: str) -> None:
    assert "Traceback" not in page
    assert "/tmp/" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_a_page_answers_and_nothing_is_half_kept(case: Case, kim: Client, tmp_path: Path) -> None:
    path = tmp_path / "given"
    case.make(path)
    before = kept()
    with path.open("rb") as content:
        # The file stays on the disk: some are larger than what a test should hold. Its announced length is what the page sees.
        given = UploadedFile(content, case.file, size=path.stat().st_size)
        answer = kim.post("/imports/", {"file": given}) if given.size <= 70_000_000 else kim.generic(  # type: ignore[operator]
            "POST", "/imports/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(given.size))  # fmt: skip
    in_words(answer.content.decode())
    if answer.status_code != 302:
        assert answer.status_code in REFUSALS
        assert "<h1" in answer.content.decode()
        assert kept() == before
        return
    (new,) = kept()[0] - before[0]
    upload = worked_on(new)
    assert upload.state not in {*WORKING, State.FAILED}
    assert upload.state == State.REFUSED or not case.refused
    for _ in range(5):
        answer = kim.get(answer["Location"] if answer.status_code == 302 else f"/imports/{upload.pk}/")
        if answer.status_code == 200:
            break
    assert answer.status_code == 200
    in_words(answer.content.decode())
    if upload.state == State.REFUSED:
        assert html.escape(upload.trouble["what"][:30]) in answer.content.decode().replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    assert kept()[2] == before[2]


def test_the_short_form_has_about_forty_of_every_row() -> None:
    assert len(SHORT) >= 30
    assert {case.row for case in CASES} == {case.row for case in CASES if str(case) in SHORT}
    assert len(CASES) > 250
