"""Letters: what is due from somebody in any room and what is new among their charts, in one, when they want it.

A clock looks every quarter of an hour for whom it is not quiet now; a job for each of them runs as that person, so that
their letter can hold nothing they may not see. Nobody is written to who has not asked for it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from espalier.access.door import door_of_account
from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.jobs.queue import job, schedule
from espalier.measures import actions as measures
from espalier.site import queries
from espalier.site.models import RHYTHMS, LetterChoice
from espalier.site.rules import is_quiet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from espalier.access.viewer import Viewer
    from espalier.common.todo import Due

NEVER = "never"
A_WEEK = 7


class UnableToChoose(UnableTo):
    """What was chosen cannot be kept."""

    code = "letters"


@transaction.atomic
def choose_letters(
    *, actor: Viewer, at: datetime, how_often: str, quiet_from: time, quiet_until: time, quiet_days: Collection[int]
) -> None:
    """Keep how often somebody hears of what is due, and when nothing comes. It holds from the next letter on."""
    if actor.account_id is None:
        raise UnableToChoose("Sign in to choose your letters.", to_do="Sign in, then try again.", code="not-allowed")
    if how_often not in RHYTHMS or not set(quiet_days) <= set(range(A_WEEK)):
        raise UnableToChoose("We do not know how often that is.", to_do="Choose one of the answers on the page.")
    facts = {"how_often": how_often, "quiet_from": quiet_from, "quiet_until": quiet_until, "quiet_days": sorted(set(quiet_days))}
    kept, made = LetterChoice.objects.select_for_update().get_or_create(account_id=actor.account_id, defaults=facts | {"changed_at": at})
    before = {} if made else {name: str(getattr(kept, name)) for name in facts}
    if not made:
        LetterChoice.objects.filter(pk=kept.pk).update(changed_at=at, **facts)
    detail = {"before": before, "after": {name: str(value) for name, value in facts.items()}}
    record(actor=actor, verb="choose", object_kind="letters", object_id=str(actor.account_id), at=at, detail=detail)


def stop_letters(*, actor: Viewer, at: datetime, account_id: int, how_often: str) -> int:
    """Stop all letters of one rhythm for the account a signed link names, and say how many kinds of them had been coming."""
    stopped = measures.stop_letters(actor=actor, at=at, account_id=account_id, how_often=how_often)
    with door_of_account(account_id) as viewer:
        if viewer.is_visitor:
            return 0
        ended = LetterChoice.objects.filter(account_id=account_id, how_often=how_often).update(how_often=NEVER, changed_at=at)
        record(actor=viewer, verb="stop", object_kind="letters", object_id=how_often, at=at, detail={"stopped": ended})
    return stopped + ended


@transaction.atomic
def write_again(*, actor: Viewer, at: datetime, pk: int) -> bool:
    """Let a letter that may not have arrived be written again, because its reader asks for it; never by itself."""
    if not measures.forget_letter(actor=actor, at=at, pk=pk):
        return False
    LetterChoice.objects.filter(account_id=actor.account_id or 0).update(looked_on=None, told=[])
    return True


@transaction.atomic
def write_letters(*, actor: Viewer, at: datetime, rhythms: Sequence[str]) -> int:
    """Write what is to be written to one person now, and return how many letters that is; running it again writes none.

    The row of their choice is locked first: two jobs for one person go one after the other, and the second finds that
    today was looked at and of what they were told.
    """
    today = timezone.localdate(at)
    if actor.account_id is None:
        return 0
    LetterChoice.objects.get_or_create(account_id=actor.account_id, defaults={"changed_at": at})
    choice = LetterChoice.objects.select_for_update().get(account_id=actor.account_id)
    looked = choice.looked_on is not None and choice.looked_on >= today
    wanted = [one for one in rhythms if one == measures.AT_ONCE or not looked]
    asks = choice.how_often in wanted
    rooms = queries.gather_by_room(viewer=actor, at=at) if asks else {}
    written = sum(_write(actor, at, one, rooms if one == choice.how_often else {}, choice) for one in wanted)
    if not looked:
        choice.looked_on = today
    choice.save(update_fields=["looked_on", "told"])
    if written:
        record(actor=actor, verb="write", object_kind="letters", object_id=str(actor.account_id), at=at, detail={"letters": written})
    return written


def _write(actor: Viewer, at: datetime, how_often: str, rooms: dict[str, tuple[Due, ...]], choice: LetterChoice) -> bool:
    """Write the letter of one rhythm; at once tells only what nobody was told of yet."""
    if how_often != measures.AT_ONCE:
        return _send(actor, at, how_often, rooms, "")
    marks = {mark_of(line): room for room, lines in rooms.items() for line in lines}
    fresh = sorted(marks.keys() - set(choice.told))
    choice.told = sorted(marks)
    new = {room: tuple(line for line in lines if mark_of(line) in fresh) for room, lines in rooms.items()}
    period = f"{timezone.localdate(at)} {hashlib.sha256(' '.join(fresh).encode()).hexdigest()[:16]}"
    return bool(fresh) and _send(actor, at, how_often, new, period)


def _send(actor: Viewer, at: datetime, how_often: str, rooms: dict[str, tuple[Due, ...]], period: str) -> bool:
    number = sum(len(lines) for lines in rooms.values())
    return measures.send_letter(
        actor=actor, at=at, how_often=how_often, due=queries.due_in_words(rooms), number=number, period_of=period
    )  # fmt: skip


def mark_of(line: Due) -> str:
    """Return a mark of one thing that is due; it says nothing to whoever reads it, and changes with the day it is due."""
    return hashlib.sha256(f"{line.href} {line.since_on} {line.due_on}".encode()).hexdigest()[:16]


@job("site.write-letters-of-one")
def write_of_one(*, viewer: Viewer, rhythms: list[str], at: str) -> None:
    """Write one person's letters, as that person."""
    if not viewer.is_visitor:
        write_letters(actor=viewer, at=datetime.fromisoformat(at), rhythms=rhythms)


@schedule("site.write-letters", cron="*/15 * * * *")
def write_all(*, viewer: Viewer, at: datetime) -> None:
    """Start a job for everybody for whom it is not quiet now and who has not been looked at today, or wants to hear at once."""
    del viewer
    for account_id, rhythms in awake(at):
        write_of_one.defer(account_id=account_id, rhythms=rhythms, at=at.isoformat())


def awake(at: datetime) -> Iterable[tuple[int, list[str]]]:
    """Return for whom to look now, with the rhythms to look at."""
    here = timezone.localtime(at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM site_letter_readers(%s) ORDER BY 1", [here.date()])
        rows = cursor.fetchall()
    return [
        (account_id, [one for one in rhythms if one == measures.AT_ONCE or not looked])
        for account_id, rhythms, since, until, days, looked in rows if not is_quiet(here, since=since, until=until, days=days)
    ]  # fmt: skip
