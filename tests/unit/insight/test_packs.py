"""Many charts in the background: complete, private, resumed, cleared away."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pypdf
import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from espalier.access.door import acting_as, door_of_account
from espalier.insight import actions, queries
from espalier.insight.actions import packing
from espalier.insight.models import Pack, PackPart
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SOON = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def stretches(monkeypatch):
    """Jobs wait in a list until the test runs them, as a worker would."""
    waiting = []
    monkeypatch.setattr(packing, "STRETCH", 4)
    monkeypatch.setattr(packing, "make_stretch", Waiting(packing.make_stretch, waiting))
    return waiting


class Waiting:
    def __init__(self, job, waiting):
        self.job, self.waiting = job, waiting

    def defer(self, **facts):
        self.waiting.append(facts)

    def __call__(self, **facts):
        return self.job(**facts)


def run(waiting, *, twice=False):
    while waiting:
        facts = waiting.pop(0)
        for _ in range(2 if twice else 1):
            packing.make_stretch(**facts)


def ask(viewer, kind="pages", place="DEMO-TRUST", measure=()):
    unit = organisations.unit(viewer=viewer, code=place)
    pairs = measures.pairs_below(viewer=viewer, unit_id=unit.pk, measures=measure)  # three stretches of four and a short one
    return actions.ask_for_files(actor=viewer, at=AT, title="Charts: Riverside", kind=kind, pairs=pairs), pairs


def archive(viewer, pk):
    return zipfile.ZipFile(io.BytesIO(b"".join(queries.pack_content(viewer=viewer, pk=pk))))


@pytest.mark.parametrize("kind", ["pages", "pictures"])
def test_every_chart_is_in_the_archive_once_even_if_jobs_run_twice(kim, stretches, kind):
    pk, pairs = ask(kim, kind)
    run(stretches, twice=True)
    assert queries.pack(viewer=kim, pk=pk).state == "ready" and len(pairs) == 15
    made = archive(kim, pk)
    if kind == "pages":
        names = [name for name in made.namelist() if name.endswith(".pdf")]
        assert names == ["charts-001.pdf", "charts-002.pdf", "charts-003.pdf", "charts-004.pdf"]
        readers = [pypdf.PdfReader(io.BytesIO(made.read(name))) for name in names]
        assert all(reader.trailer["/Root"]["/Lang"] == "en-GB" for reader in readers)
        words = "".join(page.extract_text() for reader in readers for page in reader.pages)
        assert all(measures.definition(viewer=kim, code=measure).name.split(" (")[0][:12] in words for measure, _ in pairs)
    else:
        svgs = {name for name in made.namelist() if name.endswith(".svg")}
        assert svgs == {f"charts/{measure}/{unit.lower()}.svg" for measure, unit in pairs}
    table = pq.read_table(io.BytesIO(made.read("figures.parquet")))
    assert {*zip(table["measure"].to_pylist(), table["place"].to_pylist(), strict=True)} == set(pairs)
    assert made.read("figures.xlsx")[:2] == b"PK"


def test_the_workbook_of_an_archive_has_the_figures_of_the_pages(kim, stretches):
    import fastexcel

    pk, _ = ask(kim)
    run(stretches)
    sheet = fastexcel.read_excel(archive(kim, pk).read("figures.xlsx")).load_sheet("Figures").to_polars()
    page = measures.pictures(viewer=kim, pairs=[("team-falls", "DEMO-WARD-7")])[("team-falls", "DEMO-WARD-7")]
    ours = sheet.filter((sheet["measure"] == "team-falls") & (sheet["place"] == "DEMO-WARD-7"))
    assert ours["value"].to_list() == pytest.approx([point.value for point in page.points], rel=1e-15)


def test_progress_can_be_seen_between_stretches(kim, stretches):
    pk, _ = ask(kim)
    seen = []
    while stretches:
        packing.make_stretch(**stretches.pop(0))
        seen.append((queries.pack(viewer=kim, pk=pk).done, queries.pack(viewer=kim, pk=pk).state))
    assert seen == [(4, "waiting"), (8, "waiting"), (12, "waiting"), (15, "waiting"), (15, "ready")]


def test_only_who_asked_sees_the_files(kim, stretches, signed_in, as_person):
    pk, _ = ask(kim)
    run(stretches)
    for path in (f"/insight/files/{pk}/", f"/insight/files/{pk}/charts.zip"):
        answer = signed_in("demo-analyst").get(path)
        assert answer.status_code == 200 and (not answer.streaming or len(b"".join(answer.streaming_content)) > 1000)
        assert signed_in("demo-leader").get(path).status_code == 404
    with acting_as(as_person("demo-leader")):
        assert not Pack.objects.exists() and not PackPart.objects.exists()  # the rows themselves, whatever a page asks


def test_somebody_elses_figures_are_never_packed(stretches, as_person):
    """The pairs are only names: each chart is read as the account that asked."""
    nurse = as_person("demo-nurse")
    with acting_as(nurse):
        pk, pairs = ask(nurse, place="DEMO-WARD-7")
    run(stretches)
    with acting_as(nurse):
        assert queries.pack(viewer=nurse, pk=pk).total == len(pairs)


def test_files_not_ready_are_not_found_and_the_page_shows_how_far_they_are(kim, stretches, signed_in):
    pk, _ = ask(kim)
    packing.make_stretch(**stretches.pop(0))
    client = signed_in("demo-analyst")
    assert client.get(f"/insight/files/{pk}/charts.zip").status_code == 404
    words = client.get(f"/insight/files/{pk}/").content.decode()
    assert "4 of 15 charts" in words and 'http-equiv="refresh"' in words


def test_old_files_are_cleared_and_young_ones_stay(kim, stretches):
    old, _ = ask(kim)
    young, _ = ask(kim)
    Pack.objects.filter(pk=young).update(kept_until=SOON)
    Pack.objects.filter(pk=old).update(kept_until=AT - timedelta(days=365 * 9))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.viewer', '', true)")
    packing.clear_old_packs(0)
    with door_of_account(kim.account_id):
        assert set(Pack.objects.values_list("pk", flat=True)) == {young}


def test_files_are_kept_a_week(kim, stretches):
    pk, _ = ask(kim)
    assert queries.pack(viewer=kim, pk=pk).kept_until - AT == timedelta(days=7)


@pytest.mark.parametrize("sent", [{"kind": "nonsense", "place": "DEMO-TRUST"}, {"kind": "pages", "place": "B86012"}])
def test_what_cannot_be_made_is_said(signed_in, db, sent):
    answer = signed_in("demo-analyst").post("/insight/files/", sent, follow=True)
    assert answer.status_code == 200 and "There are no charts to put into a file." in answer.content.decode()


def test_asking_through_the_page_queues_a_job(signed_in, db):
    answer = signed_in("demo-analyst").post("/insight/files/", {"kind": "pictures", "place": "DEMO-TRUST"})
    assert answer.status_code == 302 and answer["Location"].startswith("/insight/files/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'insight.make_stretch'")
        (args,) = cursor.fetchone()
    kim = get_user_model().objects.get(username="demo-analyst")
    assert json.loads(args)["account_id"] == kim.pk and json.loads(args)["start"] == 0


def test_a_stretch_that_cannot_be_made_is_said_and_goes_on_from_there(kim, stretches, signed_in, monkeypatch):
    pk, _ = ask(kim)
    packing.make_stretch(**stretches.pop(0))
    drawn = packing.pages.pdf
    monkeypatch.setattr(packing.pages, "pdf", lambda document: 1 / 0)
    packing.make_stretch(**stretches.pop(0))
    client = signed_in("demo-analyst")
    words = client.get(f"/insight/files/{pk}/").content.decode()
    assert "Try again" in words and "4 of 15 charts were made" in words and not stretches
    monkeypatch.setattr(packing.pages, "pdf", drawn)
    assert client.post(f"/insight/files/{pk}/").status_code == 302 and [one["start"] for one in stretches] == [4]
    run(stretches)
    assert queries.pack(viewer=kim, pk=pk).state == "ready"
    assert signed_in("demo-leader").post(f"/insight/files/{pk}/").status_code == 404
