"""Letters about what is new: at most one a day, week or month for each person, and none when nothing is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from espalier.access.accounts import email_of
from espalier.audit.recording import record
from espalier.jobs.queue import job, schedule
from espalier.measures.models import Digest
from espalier.measures.queries import following
from espalier.measures.rules import HOW_OFTEN, Line, alarms, letter_body, letter_period, letter_subject
from espalier.ui.filters import period, plural
from espalier.ui.signs import VARIATION

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer

SALT = "espalier.measures.letters"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words."""

    subject: str
    body: str


def stop_address(account_id: int | None, how_often: str) -> str:
    """Return where a letter is stopped. The signature stands for signing in, and reaches nothing but these letters."""
    mark = signing.Signer(salt=SALT).sign_object({"account": account_id, "how_often": how_often})
    return f"/measures/following/stop/{mark}/"


def read_stop_address(mark: str) -> tuple[int, str] | None:
    """Return whose letters a mark stops, or None where it is not one of ours."""
    try:
        said = signing.Signer(salt=SALT).unsign_object(mark)
    except signing.BadSignature:
        return None
    known = isinstance(said, dict) and isinstance(said.get("account"), int) and said.get("how_often") in HOW_OFTEN
    return (said["account"], said["how_often"]) if known else None


def letter_in_words(*, actor: Viewer, letter: following.Letter) -> Written:
    """Put a letter into words; writing it sends and stores nothing."""
    since = timezone.localdate(letter.since)
    changed = [one for one in letter.changes.rows if one.is_signal] if letter.changes else []
    signals = [Line(f"{one.definition.short_name}, {one.unit.name}", one.href, VARIATION[one.now].words, one.is_open) for one in changed]
    late = [
        Line(
            f"{one.definition.short_name}, {one.unit.name}", one.href,
            f"the newest is for {period(one.last, one.definition.frequency)}, {plural(one.behind, 'figure')} missing", one.is_open,
        )
        for one in letter.late
    ]  # fmt: skip
    chance = alarms(letter.changes.judged, letter.changes.by_chance) if letter.changes else ""
    body = letter_body(
        signals=signals,
        late=late,
        chance=chance,
        since=since,
        address=settings.ADDRESS,
        stop=stop_address(actor.account_id, letter.how_often),
    )
    return Written(letter_subject(len(signals), len(late)), body)


@transaction.atomic
def send_letter(*, actor: Viewer, at: datetime, how_often: str) -> bool:
    """Send one person's letter, once for its day, week or month however often this runs; say whether one was sent.

    The row of what was sent comes first: a second job that runs at the same time waits for it and then finds the letter
    sent. Should the mail fail, row and event go with it, and the next run tries again.
    """
    to, day = email_of(actor.account_id), timezone.localdate(at)
    if not to:
        return False
    mark = {"account_id": actor.account_id, "how_often": how_often, "period": letter_period(how_often, day)}
    if Digest.objects.filter(**mark).exists():
        return False
    letter = following.letter(viewer=actor, how_often=how_often, today=day)
    if letter.is_quiet or letter.since is None:
        return False
    if not _first(mark, at, letter):
        return False
    record(actor=actor, verb="send", object_kind="letter", object_id=f"{how_often} {mark['period']}", at=at)
    words = letter_in_words(actor=actor, letter=letter)
    stop = f"<{settings.ADDRESS}{stop_address(actor.account_id, how_often)}>"
    EmailMessage(words.subject, words.body, to=[to], headers={"List-Unsubscribe": stop}).send()
    return True


def _first(mark: dict[str, Any], at: datetime, letter: following.Letter) -> bool:
    """Write the row of what is sent, and say whether this is the first to do so: a row that is there is left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO measures_digest (account_id, how_often, period, sent_at, signals, late) VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [*mark.values(), at, letter.signals, len(letter.late)],
        )
        return bool(cursor.rowcount)


@job("measures.send-letter")
def send_one(*, viewer: Viewer, how_often: str, at: str) -> None:
    """Send one person's letter, as that person: it can hold nothing that they may not see."""
    if not viewer.is_visitor:
        send_letter(actor=viewer, at=datetime.fromisoformat(at), how_often=how_often)


@schedule("measures.send-letters", cron="0 6 * * *")
def send_all(*, viewer: Viewer, at: datetime) -> None:
    """Start a job for everybody who follows anything: each morning for those whose letter of the period is not out yet."""
    del viewer
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, how_often FROM measures_followers() ORDER BY 1, 2")
        for account_id, how_often in cursor.fetchall():
            send_one.defer(account_id=account_id, how_often=how_often, at=at.isoformat())
