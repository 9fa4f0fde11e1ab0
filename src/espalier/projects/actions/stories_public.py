"""A story made public: a leader asks, a patient or carer partner agrees, and either takes it back. Each step is dated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from espalier.common.errors import UnableTo
from espalier.projects.actions.keeping import keep, log
from espalier.projects.actions.stories import held
from espalier.projects.models import Edition, EditionAnswer, Project
from espalier.projects.queries.projects import project as read_project
from espalier.projects.queries.stories import agreed, editions_of, is_refused, may_withdraw, my_role_in
from espalier.projects.queries.stories_told import kept, told
from espalier.projects.rules.stories import AGREES, ASKED, DECLINES, PUBLIC, REFUSED, REPLACED, WITHDRAWN

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts
    from espalier.projects.queries.stories import EditionFacts

KIND = "edition"
STANDING = (ASKED, PUBLIC)  # what can still be taken back


@transaction.atomic
def ask_to_publish(*, actor: Viewer, at: datetime, project: int) -> str:
    """Freeze the story as it stands and ask the project's partners whether everybody may read it. Returns how it stands then.

    Without a partner in the project there is nobody to ask, and it is public at once; unless somebody who was one said no.
    One that waited already is replaced; one that is public stays so until the new one takes its place.
    """
    found = read_project(viewer=actor, pk=project)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    today = timezone.localdate(at)
    story = told(viewer=actor, project=found, today=today)
    if not (story.learned or story.gained):
        to_do = "Write what you learned, or what got better: that is what others read a story for."
        raise UnableTo("The story says nothing yet.", to_do=to_do, code="empty")
    row = held(at=at, project=project)
    if is_refused(project=found):
        to_do = "Only they can change that. If they want to answer anew, take them in again as a partner, then ask."
        raise UnableTo("Somebody who was your partner said no to this story.", to_do=to_do, code="former-no")
    _end(actor, at, project, ASKED, REPLACED)
    made = Edition.objects.create(
        story=row, project_id=project, title=story.title, place=story.place, content=kept(story, made_on=today), asked_at=at,
        asked_by_id=actor.account_id,
    )  # fmt: skip
    keep(actor=actor, at=at, project_id=project, kind=KIND, object_id=made.pk, what="ask", after={"state": ASKED})
    return _publish_if_agreed(actor, at, found, _one(project, made.pk))


@transaction.atomic
def answer_story(*, actor: Viewer, at: datetime, project: int, edition: int, says: str) -> str:
    """Say as a patient or carer partner whether everybody may read the story. A no ends the asking at once. Returns how it stands then."""
    found = read_project(viewer=actor, pk=project)
    if found.my_role != "partner":
        raise PermissionDenied("Patient and carer partners of the project answer this.")
    if says not in {AGREES, DECLINES}:
        raise UnableTo("There is no answer.", to_do="Choose yes or no.", code="says")
    held(at=at, project=project)
    asked = _one(project, edition)
    if asked.state != ASKED:
        raise UnableTo("This has been answered, or asked anew.", to_do="Look at how it stands now.", code="over")
    _say(actor, at, asked, says)
    keep(actor=actor, at=at, project_id=project, kind=KIND, object_id=edition, what="answer", after={"says": says})
    if says == DECLINES:
        _end(actor, at, project, ASKED, REFUSED)
        return REFUSED
    return _publish_if_agreed(actor, at, found, _one(project, edition))


@transaction.atomic
def withdraw_story(*, actor: Viewer, at: datetime, project: int) -> None:
    """Take a public story back, or one that waits for an answer: its leader, a partner, or a partner who agreed and has left since."""
    seen = _standing(project)  # as it stood when they said so
    # Whoever asks anew meanwhile goes first. It holds nothing for who takes part no longer: the project is not theirs to lock.
    Project.objects.select_for_update().filter(pk=project).first()
    role = my_role_in(viewer=actor, project_id=project)
    mine = [one for one in seen if may_withdraw(viewer=actor, edition=one, my_role=role)]
    if not mine:
        raise PermissionDenied("Who leads the project, and its patient or carer partners, can take its story back.")
    # Whoever is a partner says no by it, and so does whoever was one and said yes, whatever part they have today.
    is_no = role == "partner" or any(_said_yes(actor, one) for one in mine)
    taken = [_withdraw(actor, at, one, role, is_no=is_no) for one in mine]
    if not all(taken):  # somebody asked anew in the same moment: what stands there now is the same story
        for one in _standing(project):
            if is_no or may_withdraw(viewer=actor, edition=one, my_role=role):
                _withdraw(actor, at, one, role, is_no=is_no)


def _standing(project: int) -> list[EditionFacts]:
    return [one for one in editions_of(project) if one.state in STANDING]


def _said_yes(actor: Viewer, edition: EditionFacts) -> bool:
    return any(one.account_id == actor.account_id and one.says == AGREES for one in edition.answers)


def _withdraw(actor: Viewer, at: datetime, edition: EditionFacts, role: str, *, is_no: bool) -> bool:
    """End one edition, and say no to it where that is meant. Returns whether it still stood: a no is written down in any case."""
    if is_no:
        _say(actor, at, edition, DECLINES)
    over = {"state": WITHDRAWN, "ended_at": at, "ended_by_id": actor.account_id}
    if not Edition.objects.filter(pk=edition.pk, state__in=STANDING).update(**over):
        return False
    if role:
        change = {"before": {"state": edition.state}, "after": {"state": WITHDRAWN}}
        keep(actor=actor, at=at, project_id=edition.project_id, kind=KIND, object_id=edition.pk, what="withdraw", **change)
    else:
        after = {"state": WITHDRAWN}
        log(actor=actor, at=at, kind=KIND, object_id=edition.pk, what="withdraw", project_id=edition.project_id, after=after)
    return True


def _say(actor: Viewer, at: datetime, edition: EditionFacts, says: str) -> None:
    """Write an answer down beside those before it: who agreed to what, and when, stays known."""
    EditionAnswer.objects.create(edition_id=edition.pk, project_id=edition.project_id, account_id=actor.account_id or 0, says=says, at=at)


def _publish_if_agreed(actor: Viewer, at: datetime, project: ProjectFacts, edition: EditionFacts) -> str:
    # Who has left may be taking the story back in this moment: their no is waited for, then counted.
    list(Edition.objects.select_for_update().filter(project_id=project.pk, state__in=STANDING).values_list("pk"))
    if not agreed(project=project, edition=edition):
        return ASKED
    _end(actor, at, project.pk, PUBLIC, REPLACED)
    Edition.objects.filter(pk=edition.pk).update(state=PUBLIC, public_at=at)
    change = {"before": {"state": ASKED}, "after": {"state": PUBLIC}}
    keep(actor=actor, at=at, project_id=project.pk, kind=KIND, object_id=edition.pk, what="publish", **change)
    return PUBLIC


def _end(actor: Viewer, at: datetime, project: int, state: str, to: str) -> None:
    Edition.objects.filter(project_id=project, state=state).update(state=to, ended_at=at, ended_by_id=actor.account_id)


def _one(project: int, edition: int) -> EditionFacts:
    found = next((one for one in editions_of(project) if one.pk == edition), None)
    if found is None:
        raise UnableTo("There is no such edition of the story.", to_do="Open the story again.", code="gone")
    return found
