"""A story written by its team: its parts, the voices in it, and what is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.projects.actions.keeping import keep
from espalier.projects.actions.measuring import changing
from espalier.projects.models import Edit, Project, Story, Voice
from espalier.projects.rules.aims import sign
from espalier.projects.rules.stories import BY_KEY, LONGEST, LONGEST_VOICE, MOST_VOICES, SAID_BY, names_somebody

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer

KINDS = ("story", "voice")


class StoryChanged(UnableTo):
    """Somebody else wrote in the same part; both are shown and nothing is overwritten."""

    code = "changed"

    def __init__(self, now: str) -> None:
        self.now = now
        super().__init__("Somebody else wrote here while you were writing.", to_do="Read what stands there now, then save what is right.")


@transaction.atomic
def write_story(*, actor: Viewer, at: datetime, project: int, section: str, words: str, seen: str) -> None:
    """Write one part of a story. seen is the sign of what stood there when it was opened; other parts may have changed."""
    changing(actor=actor, project=project)
    if section not in BY_KEY:
        raise NotFoundHere("A story has no such part.")
    story = held(at=at, project=project)
    now, words = getattr(story, section), words.replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST]
    if now == words:
        return
    if sign(now) != seen:
        raise StoryChanged(now)
    Story.objects.filter(pk=story.pk).update(**{section: words, "changed_at": at})
    keep(
        actor=actor, at=at, project_id=project, kind="story", object_id=story.pk, what="change", before={section: now},
        after={section: words},
    )  # fmt: skip


def held(*, at: datetime, project: int) -> Story:
    """Return the story of a project, begun where there was none; nobody else writes in it until this transaction ends."""
    Project.objects.select_for_update().get(pk=project)  # two who begin it at once begin it once
    return Story.objects.get_or_create(project_id=project, defaults={"changed_at": at})[0]


@transaction.atomic
def add_voice(*, actor: Viewer, at: datetime, project: int, words: str, said_by: str, voice: int | None = None) -> int:
    """Put a few words of a patient or colleague into a story, or mend those that stand there. Returns their number.

    They stand with a part, never with a name: said_by is one of a list, and words that name somebody with a title are refused.
    """
    changing(actor=actor, project=project)
    words = " ".join(words.replace("\x00", "").split())[:LONGEST_VOICE].strip("“”\"' ")
    _check(words, said_by)
    held(at=at, project=project)
    facts = {"words": words, "said_by": said_by}
    if voice is not None:
        standing = _standing(project, voice)
        before = {"words": standing.words, "said_by": standing.said_by}
        if before != facts:
            Voice.objects.filter(pk=voice).update(**facts)
            keep(actor=actor, at=at, project_id=project, kind="voice", object_id=voice, what="change", before=before, after=facts)
        return voice
    if Voice.objects.filter(project_id=project, removed_at=None).count() >= MOST_VOICES:
        raise UnableTo(f"There are {MOST_VOICES} voices already.", to_do="Take one away first: a few are heard better than many.")
    made = Voice.objects.create(project_id=project, added_at=at, added_by_id=actor.account_id, **facts)
    keep(
        actor=actor, at=at, project_id=project, kind="voice", object_id=made.pk, what="add", before={"removed": True},
        after={"removed": False, **facts},
    )  # fmt: skip
    return made.pk


def _check(words: str, said_by: str) -> None:
    if not words:
        raise UnableTo("There are no words.", to_do="Write down what was said.", code="words")
    if said_by not in SAID_BY:
        raise UnableTo("We do not know who that is.", to_do="Choose a part from the list.", code="said_by")
    if names_somebody(words):
        raise UnableTo("These words name somebody.", to_do="Take the name out. Say “the nurse” or “a doctor” instead.", code="words")


@transaction.atomic
def remove_voice(*, actor: Viewer, at: datetime, project: int, voice: int) -> None:
    """Take a voice out of the story; it can be put back."""
    changing(actor=actor, project=project)
    _standing(project, voice)
    Voice.objects.filter(pk=voice).update(removed_at=at)
    keep(
        actor=actor, at=at, project_id=project, kind="voice", object_id=voice, what="remove", before={"removed": False},
        after={"removed": True},
    )  # fmt: skip


def _standing(project: int, voice: int) -> Voice:
    found = Voice.objects.select_for_update().filter(pk=voice, project_id=project, removed_at=None).first()
    if found is None:
        raise NotFoundHere("Those words are not in the story any more.")
    return found


@transaction.atomic
def undo_story(*, actor: Viewer, at: datetime, project: int, edit: UUID | None) -> None:
    """Take back the newest change of a story; when somebody has changed it since, nothing is done."""
    changing(actor=actor, project=project)
    Project.objects.select_for_update().get(pk=project)
    newest = Edit.objects.filter(project_id=project, kind__in=KINDS).order_by("-at", "-pk").first()
    if newest is None or newest.pk != edit or newest.what == "undo":
        raise UnableTo("This is no longer the newest change.", to_do="Look at the story as it stands now.", code="newer")
    before = dict(newest.before or {})
    if newest.kind == "story":
        Story.objects.filter(pk=newest.object_id).update(**{name: before[name] for name in before if name in BY_KEY}, changed_at=at)
    else:
        gone = {"removed_at": at if before.pop("removed") else None} if "removed" in before else {}
        Voice.objects.filter(pk=newest.object_id, project_id=project).update(**gone, **before)
    keep(
        actor=actor, at=at, project_id=project, kind=newest.kind, object_id=newest.object_id, what="undo", before=newest.after,
        after=newest.before,
    )  # fmt: skip
