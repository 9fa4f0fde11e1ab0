"""Many charts as one archive, made in the background: asked for, made a stretch at a time, put together, cleared after a week.

Each stretch is a job and a transaction of its own, so progress can be seen, a worker that dies loses one stretch only, and no
transaction is long. A job that runs twice finds its stretch done and does nothing.
"""

from __future__ import annotations

import io
import logging
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.exports import columns, pages, workbooks
from espalier.exports.answers import file_name
from espalier.exports.shapes import Document
from espalier.insight.models import Pack, PackPart
from espalier.jobs.queue import job
from espalier.measures import queries as measures

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.exports.shapes import Picture

log = logging.getLogger(__name__)

KINDS = ("pictures", "pages")
STRETCH = 250  # charts a job: about four seconds of work, and a PDF that opens at once
KEPT = timedelta(days=7)
MOST = 10_000
PART = 4_000_000  # bytes of the finished archive in one row


class NothingToPack(UnableTo):
    """There is no chart that this person may see in what was asked for."""

    code = "nothing"


@transaction.atomic
def ask_for_files(*, actor: Viewer, at: datetime, title: str, kind: str, pairs: Sequence[measures.Pair]) -> uuid.UUID:
    """Ask for charts as one archive; only who asked can see and fetch it."""
    if actor.account_id is None or kind not in KINDS or not pairs:
        raise NothingToPack("There are no charts to put into a file.", to_do="Choose a place that has charts.")
    pack = Pack.objects.create(
        account_id=actor.account_id, title=title[:200], kind=kind, pairs=[list(pair) for pair in pairs[:MOST]], total=len(pairs[:MOST]),
        asked_at=at, kept_until=at + KEPT,
    )  # fmt: skip
    record(actor=actor, verb="ask-for-files", object_kind="pack", object_id=str(pack.pk), at=at, detail={"charts": pack.total})
    make_stretch.defer(account_id=actor.account_id, pack=str(pack.pk), start=0, made_on=at.date().isoformat())
    return pack.pk


@transaction.atomic
def try_again(*, actor: Viewer, at: datetime, pack: uuid.UUID) -> None:
    """Go on where an archive stopped; one that did not fail is left as it is."""
    found = Pack.objects.select_for_update().filter(account_id=actor.account_id or 0, pk=pack, state="failed").first()
    if found is None:
        return
    found.state = "waiting"
    found.save(update_fields=["state"])
    record(actor=actor, verb="try-again", object_kind="pack", object_id=str(pack), at=at, detail={"done": found.done})
    make_stretch.defer(account_id=found.account_id, pack=str(pack), start=found.done, made_on=at.date().isoformat())


@job("insight.make_stretch")
def make_stretch(*, viewer: Viewer, pack: str, start: int, made_on: str) -> None:
    """Make the next charts of an archive, and ask for those after them."""
    from datetime import date

    found = Pack.objects.select_for_update().filter(pk=pack, state="waiting", done=start).first()
    if found is None:
        return  # done already, or cleared away meanwhile
    on = date.fromisoformat(made_on)
    try:
        with transaction.atomic():
            _go_on(viewer, found, start, on)
    except Exception:  # whatever it was, the person who waits is told, and can ask again from where it stopped
        log.exception("Charts %s and after of the files %s could not be made.", start, pack)
        Pack.objects.filter(pk=pack).update(state="failed")


def _go_on(viewer: Viewer, found: Pack, start: int, on: date) -> None:
    if start < found.total:
        _stretch(viewer, found, start, on)
        make_stretch.defer(account_id=found.account_id, pack=str(found.pk), start=found.done, made_on=on.isoformat())
    else:
        _put_together(found, on)


def _stretch(viewer: Viewer, pack: Pack, start: int, on: date) -> None:
    pairs = [(measure, unit) for measure, unit in pack.pairs[start : start + STRETCH]]
    found = list(measures.pictures(viewer=viewer, pairs=pairs, small=False).values())
    number = start // STRETCH
    drawn = _pages(pack, found, number, on) if pack.kind == "pages" else _drawings(found)
    if found:
        PackPart.objects.create(pack=pack, account_id=pack.account_id, kind="charts", number=number, content=drawn)
        PackPart.objects.create(pack=pack, account_id=pack.account_id, kind="figures", number=number, content=columns.parquet(found))
    pack.done = start + len(pairs)
    pack.save(update_fields=["done"])


def _pages(pack: Pack, found: Sequence[Picture], number: int, on: date) -> bytes:
    title = f"{pack.title}, part {number + 1}"
    return pages.pdf(Document(title=title, place=pack.title, made_on=on, blocks=tuple(found)))


def _drawings(found: Sequence[Picture]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for one in found:
            archive.writestr(f"{one.measure}/{file_name(one.unit)}.svg", one.svg)
    return buffer.getvalue()


def _put_together(pack: Pack, on: date) -> None:
    """Join the stretches: the charts, all figures as Parquet and as one workbook; then forget the stretches."""
    buffer = io.BytesIO()
    parts = PackPart.objects.filter(pack=pack)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part in parts.filter(kind="charts").order_by("number").iterator(chunk_size=1):
            _add_charts(archive, pack, part)
        table = columns.joined([bytes(part.content) for part in parts.filter(kind="figures").order_by("number")])
        archive.writestr(zipfile.ZipInfo("figures.parquet"), columns.stored(table))
        archive.writestr("figures.xlsx", workbooks.long(pack.title, columns.COLUMNS, columns.rows_of(table), columns.about_of(table), on))
    parts.delete()
    whole = buffer.getvalue()
    for number, at in enumerate(range(0, len(whole), PART)):
        PackPart.objects.create(pack=pack, account_id=pack.account_id, kind="whole", number=number, content=whole[at : at + PART])
    pack.state = "ready"
    pack.save(update_fields=["state"])


def _add_charts(archive: zipfile.ZipFile, pack: Pack, part: Any) -> None:
    if pack.kind == "pages":
        archive.writestr(zipfile.ZipInfo(f"charts-{part.number + 1:03}.pdf"), bytes(part.content))
        return
    with zipfile.ZipFile(io.BytesIO(part.content)) as stretch:
        for name in stretch.namelist():
            archive.writestr(f"charts/{name}", stretch.read(name))


@app.periodic(cron="17 3 * * *")
@app.task(name="insight.clear_old_packs")
def clear_old_packs(timestamp: int) -> None:
    """Clear away archives that have been kept for a week."""
    del timestamp  # when the schedule fell due; what is old is told by the database's own clock
    with connection.cursor() as cursor:
        cursor.execute("SELECT insight_clear_old_packs()")
