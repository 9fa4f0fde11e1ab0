"""Reports and board pages: begun, changed one piece at a time, taken back, put away, frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.exports.keeping import to_json
from espalier.insight.models import Frozen, Paper, PaperVersion
from espalier.insight.permissions import may_write
from espalier.insight.rules import Change, Content, UnableToChange, changed, content_from, content_to, piece, said
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.exports.shapes import Document
    from espalier.organisations.queries import UnitFacts


MOST_PLACES = 12  # to choose from; with more, a longer name is quicker than a longer list


class ChangedMeanwhile(UnableTo):
    """Somebody else changed the same words since the page was opened; both are shown and nothing is overwritten."""

    code = "changed"

    def __init__(self, now: tuple[str, ...]) -> None:
        self.now = now
        super().__init__("Somebody else changed these words while you were writing.", to_do="Look at both, then save the right ones.")


class WhichPlace(UnableToChange):
    """Several places are called nearly what was typed; they are offered, and nobody guesses."""

    code = "which-place"

    def __init__(self, places: tuple[UnitFacts, ...]) -> None:
        self.places = places
        super().__init__("More than one place could be meant.", to_do="Choose one.")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a change did: the paper and its version now."""

    pk: int
    version: int


@transaction.atomic
def start_report(*, actor: Viewer, at: datetime, unit: UnitFacts, title: str, for_whom: str = "") -> Kept:
    """Begin an empty report at a place."""
    return _begin(actor, at, unit, "report", Content(title=title.strip(), for_whom=for_whom.strip()))


@transaction.atomic
def open_board_page(*, actor: Viewer, at: datetime, unit: UnitFacts, content: Content) -> Kept:
    """Begin a place's own board page with the charts it shows so far; a second one is never made."""
    standing = Paper.objects.filter(kind="board", unit_id=unit.pk, owner_id=unit.pk).first()
    return Kept(standing.pk, standing.version) if standing else _begin(actor, at, unit, "board", content)


def _begin(actor: Viewer, at: datetime, unit: UnitFacts, kind: str, content: Content) -> Kept:
    _refuse_unless_allowed(actor, unit, kind)
    if not content.title:
        raise UnableToChange("A report needs a title.", to_do="Enter a title.")
    paper = Paper.objects.create(
        kind=kind, unit_id=unit.pk, owner_id=unit.pk, title=content.title, content=content_to(content), made_by=actor.account_id or 0,
        made_at=at, changed_at=at,
    )  # fmt: skip
    _keep_version(paper, actor, at, "begun")
    return Kept(paper.pk, paper.version)


@transaction.atomic
def change_paper(*, actor: Viewer, at: datetime, paper: int, seen: int, change: Change) -> Kept:
    """Change one piece. Words that somebody else has changed since version `seen` are never written over."""
    standing, unit = _locked(actor, paper)
    if standing.removed_at:
        raise UnableToChange("This report was put away.", to_do="Bring it back first.")
    content = content_from(standing.content)
    before = PaperVersion.objects.filter(paper_id=paper, version=seen).first()
    if before and piece(content_from(before.content), change) != piece(content, change):
        raise ChangedMeanwhile(piece(content, change))
    new = changed(content, _checked(actor, standing.kind, unit, at, change), new_key=f"k{standing.version + 1}")
    return Kept(paper, standing.version) if new == content else _store(standing, new, actor, at, said(change))


def _checked(actor: Viewer, kind: str, unit: UnitFacts, at: datetime, change: Change) -> Change:
    """Add what only the house knows: the row of a board page a chart belongs to, and the name of who signs."""
    facts = dict(change.facts or {})
    if change.do == "sign":
        facts |= {"name": actor.name, "on": at.date().isoformat()}
    if change.do == "add-chart":
        pair = (facts.get("measure", ""), _place_meant(actor, facts.get("unit", "").strip()) or unit.code)
        if not measures.pictures(viewer=actor, pairs=[pair], large=False, small=False):
            raise UnableToChange(f"There are no figures for this at {pair[1][:40]}.", to_do="Check the place, or choose another chart.")
        gap = measures.definition(viewer=actor, code=pair[0]).gap if kind == "board" else ""
        facts |= {"measure": pair[0], "unit": pair[1], "gap": gap}
    return replace(change, facts=facts)


def _place_meant(actor: Viewer, text: str) -> str:
    """Return the code of a place typed by its code or its name; a place nobody knows comes back as it was typed."""
    if not text or organisations.find(viewer=actor, codes=[text.upper()]):
        return text.upper()
    found = [one for one in organisations.search(viewer=actor, text=text, limit=MOST_PLACES) if one.closed_on is None]
    same = [one for one in found if one.name.casefold() == text.casefold()]
    if len(same or found) == 1:
        return (same or found)[0].code
    if found := found or list(organisations.near_matches(viewer=actor, text=text)):
        raise WhichPlace(tuple(found))
    return text.upper()


@transaction.atomic
def undo_change(*, actor: Viewer, at: datetime, paper: int, version: int) -> Kept:
    """Take back the newest change: the paper says again what it said before, and both stay in its history."""
    standing, _ = _locked(actor, paper)
    if standing.version != version or version == 1:
        raise UnableToChange("There is nothing to take back, or somebody has changed it since.", to_do="Look at the page as it is now.")
    before = PaperVersion.objects.get(paper_id=paper, version=version - 1)
    return _store(standing, content_from(before.content), actor, at, "taken back")


@transaction.atomic
def put_away(*, actor: Viewer, at: datetime, paper: int, back: bool = False) -> Kept:
    """Put a report away, or bring it back. What was frozen of it stays."""
    standing, _ = _locked(actor, paper)
    Paper.objects.filter(pk=paper).update(removed_at=None if back else at)
    record(actor=actor, verb="bring-back" if back else "put-away", object_kind=standing.kind, object_id=str(paper), at=at)
    return Kept(paper, standing.version)


@transaction.atomic
def freeze(*, actor: Viewer, at: datetime, paper: int, document: Document) -> int:
    """Keep a report or board page as it stands, every figure, drawing and word, for good; return its number."""
    standing, unit = _locked(actor, paper)
    number = Frozen.objects.filter(paper_id=paper).count() + 1
    Frozen.objects.create(
        paper_id=paper, number=number, owner_id=standing.owner_id, unit_id=unit.pk, kind=standing.kind, title=document.title[:200],
        frozen_on=at.date(), document=to_json(document), account_id=actor.account_id or 0, at=at,
    )  # fmt: skip
    record(actor=actor, verb="freeze", object_kind=standing.kind, object_id=str(paper), at=at, detail={"number": number})
    return number


def _locked(actor: Viewer, paper: int) -> tuple[Paper, UnitFacts]:
    """Return a paper that this person may write, locked until the change is stored."""
    standing = Paper.objects.select_for_update().filter(pk=paper).first()
    if standing is None:
        raise NotFoundHere("There is no such report, or it is not yours to see.")
    unit = organisations.units(viewer=actor, pks=[standing.unit_id])[standing.unit_id]
    _refuse_unless_allowed(actor, unit, standing.kind)
    return standing, unit


def _refuse_unless_allowed(actor: Viewer, unit: UnitFacts, kind: str) -> None:
    if not (decision := may_write(viewer=actor, unit=unit, kind=kind)):
        raise PermissionDenied(decision.reason)


def _store(standing: Paper, content: Content, actor: Viewer, at: datetime, what: str) -> Kept:
    standing.content, standing.title = content_to(content), content.title
    standing.version, standing.changed_at = standing.version + 1, at
    standing.save(update_fields=["content", "title", "version", "changed_at"])
    _keep_version(standing, actor, at, what)
    return Kept(standing.pk, standing.version)


def _keep_version(paper: Paper, actor: Viewer, at: datetime, what: str) -> None:
    PaperVersion.objects.create(
        paper_id=paper.pk, owner_id=paper.owner_id, version=paper.version, content=paper.content, account_id=actor.account_id or 0, at=at,
        what=what,
    )  # fmt: skip
    record(actor=actor, verb="change", object_kind=paper.kind, object_id=str(paper.pk), at=at, detail={"what": what})
