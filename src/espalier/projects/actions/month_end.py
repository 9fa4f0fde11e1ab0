"""A team's month: saved as a draft as often as it likes, sent, pulled back, answered, completed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from espalier.common.errors import UnableTo
from espalier.measures import actions as measures
from espalier.projects.actions.keeping import keep, log
from espalier.projects.models import Edit, Submission
from espalier.projects.queries.month_end import Sent
from espalier.projects.queries.month_end import month_end as read_month
from espalier.projects.rules.evidence import on_the_scale
from espalier.projects.rules.month_end import MonthWords, Typed
from espalier.projects.rules.programmes import COMPLETE, DRAFT, PULL_BACK, REPLY, SEND, next_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.month_end import Box, MonthEnd


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did; the version is what undo takes back."""

    version: int
    state: str


class MonthChanged(UnableTo):
    """Somebody else of the team saved this month since the page was opened; nothing is overwritten."""

    code = "changed"

    def __init__(self, now: Sent) -> None:
        self.now = now
        super().__init__(
            "Somebody else of your team saved this month while you were typing.", to_do="Look at both, then save the right one."
        )


class MonthEmpty(UnableTo):
    """Nothing at all is said in a month that was to be sent: its coach would wait for something to answer."""

    code = "empty"

    def __init__(self) -> None:
        super().__init__("There is nothing in this month yet.", to_do="Type one figure or one line, then send it.")


class FigureRefused(UnableTo):
    """One of the figures cannot be stored, so nothing of the month was; mark and box say which."""

    code = "figure"

    def __init__(self, mark: str, box: str, what: str, to_do: str) -> None:
        self.mark, self.box = mark, box
        super().__init__(what, to_do=to_do)


class UnableToUndo(UnableTo):
    """What was saved cannot be taken back."""

    code = "no-undo"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an undo needs, in the project's own history."""

    words: Mapping[str, object]
    state: str
    figures: dict[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        return {**self.words, "state": self.state, "figures": self.figures}


@transaction.atomic
def save_month(
    *, actor: Viewer, at: datetime, project: int, month: date, words: MonthWords, figures: Mapping[str, Typed], seen: int, send: bool
) -> Saved:
    """Store a month's figures and words, all or nothing, and send them where asked. seen is the version that was on the page."""
    page = _open_page(actor, at, project, month)
    row = _row_of(page, month, at)
    if row.version != seen:
        if not _the_same(row, words, send=send) or not _stands(page, figures):
            raise MonthChanged(read_month(viewer=actor, pk=project, month=month, at=at).sent or Sent(month))
        return Saved(row.version, row.state)  # the same form sent twice: stored once, and both hear so
    if send and not (figures or _says(words) or any(box.standing for box in page.boxes)):
        raise MonthEmpty
    if words.said is not None and not on_the_scale(words.said):
        raise UnableTo("Progress goes from 0.5 to 5 in steps of a half.", to_do="Choose one of these, or leave it empty.", code="said")
    state, before = next_state(row.state, SEND) if send else _still_draft(row.state), _Kept(asdict(_words_of(row)), row.state)
    versions = {code: str(_enter(actor, at, page, code, typed)) for code, typed in figures.items()}
    for name, value in asdict(words).items():
        setattr(row, name, value)
    row.state, row.version, row.saved_at, row.saved_by_id = state, row.version + 1, at, actor.account_id
    if send:
        row.submitted_at, row.submitted_by_id, row.pulled_back_at = at, actor.account_id, None
    row.save()
    keep(
        actor=actor, at=at, project_id=project, kind="month", object_id=row.pk, what="send" if send else "save",
        before=before.plain(), after=_Kept(asdict(words), state, versions).plain(),
    )  # fmt: skip
    return Saved(row.version, state)


def _open_page(actor: Viewer, at: datetime, project: int, month: date) -> MonthEnd:
    page = read_month(viewer=actor, pk=project, month=month, at=at)
    if not page.project.may_change:
        raise PermissionDenied(page.project.may_change.reason)
    return page


def _row_of(page: MonthEnd, month: date, at: datetime) -> Submission:
    """Return the month's row, locked: two who save the first draft at once find one another here."""
    first = {"programme_id": page.taking.programme_id, "version": 0, "saved_at": at}
    rows = Submission.objects.select_for_update()
    return rows.get_or_create(project_id=page.project.pk, period_on=month, defaults=first)[0]


def _still_draft(state: str) -> str:
    if state != DRAFT:
        raise UnableTo("This month has been sent.", to_do="Pull it back to change something in it.", code="sent")
    return DRAFT


def _says(words: MonthWords) -> bool:
    return words.said is not None or any(text.strip() for text in (words.tried, words.learned, words.need))


def _words_of(row: Submission) -> MonthWords:
    return MonthWords(row.tried, row.learned, row.need, row.said)


def _the_same(row: Submission, words: MonthWords, *, send: bool) -> bool:
    return _words_of(row) == words and (row.state != DRAFT) == send


def _stands(page: MonthEnd, figures: Mapping[str, Typed]) -> bool:
    """Whether each figure that was typed is what stands there now."""
    now = {box.measure.code: box.standing for box in page.boxes}
    return all(
        (one := now.get(code)) is not None and (one.numerator, one.denominator) == (typed.numerator, typed.denominator)
        for code, typed in figures.items()
    )


def _enter(actor: Viewer, at: datetime, page: MonthEnd, code: str, typed: Typed) -> UUID:
    box = _box(page, code)
    try:
        done = measures.enter_figure(
            actor=actor, at=at, definition=box.definition, unit=page.project.unit, period_on=page.month or timezone.localdate(at),
            numerator=typed.numerator, denominator=typed.denominator, seen=measures.Numbers(*typed.seen), why="put in at month end",
        )  # fmt: skip
    except measures.ChangedMeanwhile as other:
        stands = other.now.numerator if other.now.denominator is None else f"{other.now.numerator:g} out of {other.now.denominator:g}"
        now = f"{stands:g}" if isinstance(stands, float) else stands
        to_do = "Open the page again to go on from there."
        raise FigureRefused(code, "numerator", f"Somebody else has stored {now} for this figure meanwhile.", to_do) from None
    except measures.UnableToStoreFigure as wrong:
        raise FigureRefused(code, wrong.field, wrong.what, wrong.to_do) from None
    return done.version


def _box(page: MonthEnd, code: str) -> Box:
    if found := next((one for one in page.boxes if one.measure.code == code), None):
        return found
    raise UnableTo("This programme does not ask for that figure.", to_do="Open the page again: its measures may have changed.")


@transaction.atomic
def pull_back(*, actor: Viewer, at: datetime, project: int, month: date) -> Saved:
    """Make a month that was sent a draft again; whoever waits to answer it is told on their own page. Figures stay in the charts."""
    _open_page(actor, at, project, month)
    row = _locked(project, month)
    before, row.state = row.state, next_state(row.state, PULL_BACK)
    row.version, row.pulled_back_at = row.version + 1, at
    row.save()
    keep(
        actor=actor, at=at, project_id=project, kind="month", object_id=row.pk, what="pull-back",
        before={"state": before}, after={"state": row.state},
    )  # fmt: skip
    return Saved(row.version, row.state)


@transaction.atomic
def undo_month(*, actor: Viewer, at: datetime, project: int, month: date, version: int) -> Saved:
    """Put back what stood before the last save, words and figures; only while nobody has changed the month since."""
    page = _open_page(actor, at, project, month)
    row = _locked(project, month)
    last = Edit.objects.filter(project_id=project, kind="month", object_id=row.pk).order_by("-at").first()
    if row.version != version or last is None or last.what not in {"save", "send"}:
        raise UnableToUndo("There is nothing to undo any more.", to_do="Look at how the month stands now.")
    stood, done = last.before or {}, last.after or {}
    for code, figure in done.get("figures", {}).items():
        measures.undo_entry(actor=actor, at=at, definition=_box(page, code).definition, unit=page.project.unit, version=UUID(figure))
    for name in asdict(MonthWords()):
        setattr(row, name, stood.get(name))
    row.state, row.version, row.saved_at, row.saved_by_id = str(stood.get("state", DRAFT)), row.version + 1, at, actor.account_id
    row.save()
    keep(actor=actor, at=at, project_id=project, kind="month", object_id=row.pk, what="undo", before=done, after=stood)
    return Saved(row.version, row.state)


def _locked(project: int, month: date) -> Submission:
    if row := Submission.objects.select_for_update().filter(project_id=project, period_on=month).first():
        return row
    raise UnableTo("Nothing is stored for this month yet.", to_do="Save it first.", code="nothing-yet")


@transaction.atomic
def answer_month(*, actor: Viewer, at: datetime, project: int, month: date, reply: str, complete: bool) -> Saved:
    """Answer what a team sent, as its coach or as who leads the programme; complete says that nothing is left to do."""
    page = read_month(viewer=actor, pk=project, month=month, at=at)
    if not page.may_answer:
        raise PermissionDenied(page.may_answer.reason)
    if not reply.strip() and not complete:
        raise UnableTo("An answer needs words.", to_do="Write a line to the team.", code="no-words")
    row = _locked(project, month)
    before = {"state": row.state, "reply": row.reply}
    row.state, row.version = next_state(row.state, COMPLETE if complete else REPLY), row.version + 1
    row.reply, row.replied_at, row.replied_by_id = reply.strip() or row.reply, at, actor.account_id
    row.save()
    after, what = {"state": row.state, "reply": row.reply}, "complete" if complete else "reply"
    if page.project.my_role:
        keep(actor=actor, at=at, project_id=project, kind="month", object_id=row.pk, what=what, before=before, after=after)
    else:  # who leads the programme takes no part in the project: its history is not theirs to write
        log(actor=actor, at=at, kind="month", object_id=row.pk, what=what, project_id=project)
    return Saved(row.version, row.state)
