"""Partners: what they are asked, what changed because of them, what they think of the measure, and that they stop."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.actions.keeping import keep
from espalier.projects.models import BecauseOf, Member, PartnerRole, PatientView
from espalier.projects.queries.projects import project as read_project
from espalier.projects.rules.days import ASK_AHEAD, can_be_meant
from espalier.projects.rules.partners import FORMATS, VIEWS

if TYPE_CHECKING:
    from datetime import date, datetime

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody is asked, and what they get for it."""

    asked: str
    takes: str = ""
    formats: tuple[str, ...] = ()
    next_what: str = ""
    next_on: date | None = None
    ring_name: str = ""
    ring_phone: str = ""
    expenses: str = ""
    payment: str = ""


@transaction.atomic
def ask_partner(*, actor: Viewer, at: datetime, project: int, account_id: int, seen: int, asking: Asking) -> None:
    """Say what a partner is asked. seen is the version that stood there when the page was opened (0 for none yet)."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    if not any(one.account_id == account_id and one.role == "partner" for one in found.members):
        raise NotFoundHere("There is no such partner in this project.")
    if unknown := set(asking.formats) - FORMATS.keys():
        raise UnableTo(f"We know no way to take part called {min(unknown)!r}.", to_do="Choose from the list.")
    if asking.next_on is not None:
        can_be_meant(asking.next_on, today=timezone.localdate(at), code="next_on", ahead=ASK_AHEAD)
    standing = PartnerRole.objects.select_for_update().filter(project_id=project, account_id=account_id).first()
    if (standing.version if standing else 0) != seen:
        raise UnableTo("Somebody else changed this while you were writing.", to_do="Look at what stands there now, then save again.")
    facts = {
        **asdict(asking),
        "formats": list(asking.formats),
        "asked_by_id": actor.account_id,
        "asked_by": actor.name[:120],
        "changed_at": at,
        "version": seen + 1,
    }
    if standing:
        changed = sorted(name for name, value in facts.items() if getattr(standing, name) != value)
        PartnerRole.objects.filter(pk=standing.pk).update(stopped_at=None, **facts)
    else:
        changed, standing = ["asked"], PartnerRole.objects.create(project_id=project, account_id=account_id, **facts)
    keep(actor=actor, at=at, project_id=project, kind="partner", object_id=standing.pk, what="change", after={"fields": changed})


@transaction.atomic
def stop_partner(*, actor: Viewer, at: datetime, project: int) -> None:
    """Stop taking part, at once. Nobody is asked why, and what one claimed stays one's own."""
    mine = Member.objects.filter(project_id=project, account_id=actor.account_id or 0, role="partner", until=None).first()
    if mine is None:
        raise NotFoundHere("You have no part in such a project.")
    # Written down first: a moment later they have no say in the project any more.
    keep(actor=actor, at=at, project_id=project, kind="partner", object_id=mine.pk, what="stop")
    PartnerRole.objects.filter(project_id=project, account_id=actor.account_id or 0).update(stopped_at=at)
    Member.objects.filter(pk=mine.pk).update(until=max(at, mine.since))


@transaction.atomic
def say_because(*, actor: Viewer, at: datetime, project: int, account_id: int, words: str) -> int:
    """Write down what changed because of a partner. Returns its number."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    if not (words := " ".join(words.split())):
        raise UnableTo("There are no words.", to_do="Say what changed because of them.")
    made = BecauseOf.objects.create(project_id=project, account_id=account_id, words=words[:300], by_id=actor.account_id, at=at)
    keep(actor=actor, at=at, project_id=project, kind="because", object_id=made.pk, what="add", after={"words": made.words})
    return made.pk


@transaction.atomic
def take_back_because(*, actor: Viewer, at: datetime, project: int, pk: int, back: bool = False) -> None:
    """Take such words away, or put them back."""
    found = read_project(viewer=actor, pk=project)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    if not BecauseOf.objects.filter(pk=pk, project_id=project).update(removed_at=None if back else at):
        raise NotFoundHere("There are no such words in this project.")
    keep(actor=actor, at=at, project_id=project, kind="because", object_id=pk, what="undo" if back else "remove")


@transaction.atomic
def answer_measure(*, actor: Viewer, at: datetime, project: int, says: str, words: str = "") -> None:
    """Say as a partner whether a patient would choose what is measured. One may think again."""
    found = read_project(viewer=actor, pk=project)
    if found.my_role != "partner":
        raise PermissionDenied("Partners of the project answer this.")
    if says not in VIEWS:
        raise UnableTo("There is no answer.", to_do="Choose yes, no or not sure.")
    facts = {"says": says, "words": " ".join(words.split())[:300], "at": at}
    stored, made = PatientView.objects.update_or_create(project_id=project, account_id=actor.account_id or 0, defaults=facts)
    keep(
        actor=actor, at=at, project_id=project, kind="patientview", object_id=stored.pk, what="add" if made else "change",
    )  # fmt: skip
