"""Letters about what is new: at most one a day, week or month for each person, and none when nothing is."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from espalier.access.accounts import email_of
from espalier.access.door import door_of_account
from espalier.audit.recording import record
from espalier.measures.models import Digest
from espalier.measures.queries import following
from espalier.measures.rules import HOW_OFTEN, Line, alarms, letter_body, letter_period, letter_subject
from espalier.ui.filters import period, plural
from espalier.ui.signs import VARIATION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.measures.queries.changes import Changed

SALT = "espalier.measures.letters"
AT_ONCE = "at-once"
STUCK_AFTER = timedelta(minutes=10)  # a letter that has been on its way for so long is not
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words."""

    subject: str
    body: str


def stop_address(account_id: int | None, how_often: str) -> str:
    """Return where a letter is stopped. The signature stands for signing in, and reaches nothing but these letters."""
    mark = signing.Signer(salt=SALT).sign_object({"account": account_id, "how_often": how_often})
    return f"/account/letters/stop/{mark}/"


def read_stop_address(mark: str) -> tuple[int, str] | None:
    """Return whose letters a mark stops, or None where it is not one of ours."""
    try:
        said = signing.Signer(salt=SALT).unsign_object(mark)
    except signing.BadSignature:
        return None
    known = isinstance(said, dict) and isinstance(said.get("account"), int) and said.get("how_often") in {*HOW_OFTEN, AT_ONCE}
    return (said["account"], said["how_often"]) if known else None


def letter_in_words(*, actor: Viewer, letter: following.Letter, due: Sequence[str] = (), number: int = 0) -> Written:
    """Put a letter into words; writing it sends and stores nothing. A name that somebody typed in never stands in it."""
    since = timezone.localdate(letter.since) if letter.since else None
    changed = [one for one in letter.changes.rows if one.is_signal] if letter.changes else []
    signals = [Line(f"{one.definition.short_name}, {one.unit.name}", one.href, VARIATION[one.now].words, _named(one)) for one in changed]
    late = [
        Line(
            f"{one.definition.short_name}, {one.unit.name}", one.href,
            f"the newest is for {period(one.last, one.definition.frequency)}, {plural(one.behind, 'figure')} missing", _named(one),
        )
        for one in letter.late
    ]  # fmt: skip
    chance = alarms(letter.changes.judged, letter.changes.by_chance) if letter.changes else ""
    body = letter_body(
        signals=signals,
        late=late,
        chance=chance,
        since=since,
        due=due,
        address=settings.ADDRESS,
        stop=stop_address(actor.account_id, letter.how_often),
    )
    return Written(letter_subject(len(signals), len(late), number), body)


def _named(one: following.LateNow | Changed) -> bool:
    """Whether a chart may be named in a letter: everybody may see it, and its name comes from the library."""
    return one.is_open and not one.definition.is_local


@transaction.atomic
def send_letter(
    *, actor: Viewer, at: datetime, how_often: str, due: Sequence[str] = (), number: int = 0, period_of: str = ""
) -> bool:
    """Write one person's letter, once for its day, week or month however often this runs; say whether one was written.

    due are lines about what waits for them in any room, and number how many things that is. The row of the letter comes
    first and is stored before the mail server hears of it: a second job that runs at the same time waits for the row and
    then finds it, and a machine that stops in between leaves a letter of unknown fate, never two.
    """
    to, day = email_of(actor.account_id), timezone.localdate(at)
    mark = {"account_id": actor.account_id, "how_often": how_often, "period": period_of or letter_period(how_often, day)}
    if not to or Digest.objects.filter(**mark).exists():
        return False
    letter = following.letter(viewer=actor, how_often=how_often, today=day)
    if (letter.is_quiet or letter.since is None) and not due:
        return False
    if not _first(mark, at, letter, number):
        return False
    record(actor=actor, verb="write", object_kind="letter", object_id=f"{how_often} {mark['period']}", at=at)
    words = letter_in_words(actor=actor, letter=letter, due=due, number=number)
    stop = f"<{settings.ADDRESS}{stop_address(actor.account_id, how_often)}>"
    headers = {"List-Unsubscribe": stop, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMessage(words.subject, words.body, to=[to], headers=headers)
    transaction.on_commit(partial(_hand_over, mark, message))
    return True


def _first(mark: dict[str, Any], at: datetime, letter: following.Letter, due: int = 0) -> bool:
    """Write the row of the letter, and say whether this is the first to do so: a row that is there is left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO measures_digest (account_id, how_often, period, sent_at, signals, late, due, state)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, 'writing') ON CONFLICT DO NOTHING",
            [*mark.values(), at, letter.signals, len(letter.late), due],
        )
        return bool(cursor.rowcount)


def _hand_over(mark: dict[str, Any], message: EmailMessage) -> None:
    """Give a written letter to the mail server, and keep what became of it.

    Before the server was reached nothing can have been sent: the row goes, and the next round writes it again. What the
    server refused stays refused. Where the line broke in between nobody knows, and it is not sent again by itself.
    """
    state = _posted(message)
    with door_of_account(mark["account_id"]):
        mine = Digest.objects.filter(**mark, state="writing")
        if state:
            mine.update(state=state)
        else:
            mine.delete()


def _posted(message: EmailMessage) -> str:
    """Return "sent", "refused", "unsure", or "" where the server was not reached at all."""
    post = get_connection()
    try:
        post.open()
    except (OSError, SMTPException):
        logger.warning("The mail server cannot be reached. Letters wait for the next round.")
        return ""
    try:
        post.send_messages([message])
    except (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError):
        return "refused"
    except (OSError, SMTPException):
        return "unsure"
    finally:
        with contextlib.suppress(OSError, SMTPException):
            post.close()
    return "sent"


@transaction.atomic
def forget_letter(*, actor: Viewer, at: datetime, pk: int) -> bool:
    """Forget a letter whose fate is not known or that was refused, so that it is written again; say whether there was one."""
    waited = Q(state="writing", sent_at__lt=at - STUCK_AFTER)
    gone, _ = Digest.objects.filter(Q(state__in=("unsure", "refused")) | waited, pk=pk, account_id=actor.account_id or 0).delete()
    if gone:
        record(actor=actor, verb="write-again", object_kind="letter", object_id=str(pk), at=at)
    return bool(gone)
