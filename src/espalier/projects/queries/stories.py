"""Stories: a project's own page of it, the editions that were made public or are asked to be, and what became of it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from espalier.access.deciding import anywhere
from espalier.common.errors import NotFoundHere, Suggestion
from espalier.common.paging import Page, page_of
from espalier.common.todo import MOST, Asking, Due, day_of
from espalier.projects import permissions
from espalier.projects.models import Descendant, Edit, Edition, EditionAnswer, Member, Origin, Project, Story
from espalier.projects.queries.cycles_told import EditFacts
from espalier.projects.queries.stories_told import Quote, Told, read, told, voices_of, written_in
from espalier.projects.rules.aims import sign
from espalier.projects.rules.stories import ASKED, PUBLIC, YES, by_place, former_no, is_agreed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts

ALL = Suggestion("All stories", "/projects/stories/")
KINDS = ("story", "voice")  # what the team writes in a story, and can take back
ANSWER_AFTER = timedelta(days=60)
A_PAGE, MOST_HISTORY, MOST_DESCENDANTS = 20, 12, 50
EDITION = ("pk", "story_id", "project_id", "title", "place", "state", "asked_at", "public_at", "ended_at", "ended_by_id", "answers")
NAMES = {name: name for name in EDITION}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one partner said to one edition."""

    account_id: int
    says: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """One edition, with the answers to it that the viewer may see."""

    pk: int
    story_id: int
    project_id: int
    title: str
    place: str
    state: str
    asked_at: datetime
    public_at: datetime | None
    ended_at: datetime | None
    ended_by_id: int | None
    answers: tuple[Answer, ...]

    @property
    def href(self) -> str:
        """Where everybody reads the story while it is public."""
        return f"/projects/stories/{self.story_id}/"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A team that adopted a story or one of its changes: what it lets the story's readers see. place is "" where it is not named."""

    place: str
    change: str
    worked: str
    at: datetime
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class OriginFacts:
    """Where a project came from, and how it did here."""

    story_id: int
    title: str
    place: str
    change: str
    altered: str
    worked: str
    why: str
    named: bool
    at: datetime
    said_at: datetime | None

    @property
    def href(self) -> str:
        """The story, while it is public."""
        return f"/projects/stories/{self.story_id}/"


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A project's story as its readers see it, and what its team may do with it."""

    project: ProjectFacts
    told: Told
    editions: tuple[EditionFacts, ...]  # newest first
    elsewhere: tuple[Elsewhere, ...]
    origin: OriginFacts | None
    undo: EditFacts | None
    former_no: bool  # somebody who was a partner said no, and only they can change that

    @property
    def asked(self) -> EditionFacts | None:
        """The edition that waits for a partner's answer."""
        return next((one for one in self.editions if one.state == ASKED), None)

    @property
    def public(self) -> EditionFacts | None:
        """The edition everybody reads."""
        return next((one for one in self.editions if one.state == PUBLIC), None)


def story_page(*, viewer: Viewer, project: ProjectFacts, today: date) -> StoryPage:
    """Return a project's story with all around it: beside its tests and charts, one question."""
    edit = Edit.objects.filter(project_id=OuterRef("pk"), kind__in=KINDS).order_by("-at", "-pk")
    descendants = Descendant.objects.filter(story_id__in=Story.objects.filter(project_id=OuterRef(OuterRef("pk"))).values("pk"))
    found = written_in(
        project.pk, origin=Subquery(_origin(project_id=OuterRef("pk"))),
        editions=ArraySubquery(_rows(Edition.objects.filter(project_id=OuterRef("pk"))).values_list(JSONObject(**NAMES))),
        elsewhere=ArraySubquery(_elsewhere(descendants)),
        edit=Subquery(edit.values(newest=JSONObject(pk="pk", kind="kind", what="what"))[:1]),
        last=ArraySubquery(_last(project_id=OuterRef("pk")).values_list(JSONObject(account_id="account_id", says="says"))),
    )  # fmt: skip
    return StoryPage(
        project, told(viewer=viewer, project=project, today=today, written=found), tuple(map(_edition, found["editions"])),
        tuple(map(_read_elsewhere, found["elsewhere"])), _read_origin(found["origin"]),
        _undo(found["edit"]) if project.may_change else None,
        former_no(_partners(project), {one["account_id"]: one["says"] for one in found["last"] or ()}),
    )  # fmt: skip


def _undo(newest: dict[str, Any] | None) -> EditFacts | None:
    return EditFacts(UUID(newest["pk"]), newest["kind"], newest["what"]) if newest and newest["what"] != "undo" else None


def section_of(*, viewer: Viewer, project: ProjectFacts, section: str) -> tuple[str, str]:
    """Return what one part of a story says, and its sign."""
    del viewer
    words = Story.objects.filter(project_id=project.pk).values_list(section, flat=True).first() or ""
    return words, sign(words)


def voice_of(*, project: ProjectFacts, pk: int) -> Quote:
    """Return one voice that stands in a story."""
    found = next((one for one in voices_of(project.pk) if one.pk == pk), None)
    if found is None:
        raise NotFoundHere("Those words are not in the story any more.", suggestions=(Suggestion(project.title, f"{project.href}story/"),))
    return found


def editions_of(project_id: int) -> tuple[EditionFacts, ...]:
    """Return the newest editions of a project's story, as far as the viewer may see them."""
    return _editions(Q(project_id=project_id))


def _editions(which: Q) -> tuple[EditionFacts, ...]:
    return tuple(_edition(row[0]) for row in _rows(Edition.objects.filter(which)).values_list(JSONObject(**NAMES)))


def _rows(rows: QuerySet[Edition]) -> QuerySet[Edition]:
    answers = EditionAnswer.objects.filter(edition_id=OuterRef("pk")).order_by("at", "pk")
    told_by = ArraySubquery(answers.values_list(JSONObject(account_id="account_id", says="says", at="at")))
    return rows.annotate(answers=told_by).order_by("-asked_at", "-pk")[:MOST_HISTORY]


def _edition(row: dict[str, Any]) -> EditionFacts:
    answers = tuple(Answer(**_timed(one, "at")) for one in row["answers"])
    return EditionFacts(**_timed(row, "asked_at", "public_at", "ended_at") | {"answers": answers})


def _timed(row: dict[str, Any], *moments: str) -> dict[str, Any]:
    """Read moments back that came as JSON."""
    return row | {name: datetime.fromisoformat(row[name]) if row[name] else None for name in moments}


def content_of(edition: int) -> Told:
    """Return what an edition says, for whoever may see it."""
    return read(Edition.objects.values_list("content", flat=True).get(pk=edition))


def agreed(*, project: ProjectFacts, edition: EditionFacts) -> bool:
    """Whether an edition may be public now, as the partners of its project have answered."""
    here = {one.account_id: one.says for one in edition.answers}
    return is_agreed(_partners(project), here, dict(_last(project_id=project.pk).values_list("account_id", "says")))


def is_refused(*, project: ProjectFacts) -> bool:
    """Whether somebody who takes part no longer said no to the story: asking leads nowhere until they are taken in again."""
    return former_no(_partners(project), dict(_last(project_id=project.pk).values_list("account_id", "says")))


def _partners(project: ProjectFacts) -> list[int]:
    return [one.account_id for one in project.members if one.role == "partner"]


def _last(**which: Any) -> QuerySet[EditionAnswer]:
    """Everybody's last word on a story, whichever edition it was said to."""
    return EditionAnswer.objects.filter(**which).order_by("account_id", "-at", "-pk").distinct("account_id")


def last_word(project_id: int, account_id: int) -> str:
    """Return what somebody last said to the story of a project: yes, no, or "" for nothing yet."""
    return _last(project_id=project_id, account_id=account_id).values_list("says", flat=True).first() or ""


def elsewhere_of(story_id: int) -> tuple[Elsewhere, ...]:
    """Return the teams that adopted a story or one of its changes, as its readers may see them, the last first."""
    return tuple(_read_elsewhere(row[0]) for row in _elsewhere(Descendant.objects.filter(story_id=story_id)))


def _elsewhere(rows: QuerySet[Descendant]) -> QuerySet[Descendant, Any]:
    named = JSONObject(place="place", change="change", worked="worked", at="at", said_at="said_at")
    return rows.order_by("-at", "-pk").values_list(named)[:MOST_DESCENDANTS]


def _read_elsewhere(row: dict[str, Any]) -> Elsewhere:
    return Elsewhere(**_timed(row, "at", "said_at"))


def origin_of(project_id: int) -> OriginFacts | None:
    """Return where a project came from; None for one that began by itself."""
    row = next(iter(_origin(project_id=project_id)), None)
    return _read_origin(row["came"]) if row else None


def _origin(**which: Any) -> QuerySet[Origin, Any]:
    names = ("story_id", "title", "place", "change", "altered", "worked", "why", "named", "at", "said_at")
    return Origin.objects.filter(**which).order_by().values(came=JSONObject(**{name: name for name in names}))[:1]


def _read_origin(row: dict[str, Any] | None) -> OriginFacts | None:
    return OriginFacts(**_timed(row, "at", "said_at")) if row else None


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A public story in the list."""

    story_id: int
    title: str
    place: str
    aim: str
    public_at: datetime | None
    adopted: int

    @property
    def href(self) -> str:
        """Its page."""
        return f"/projects/stories/{self.story_id}/"


@dataclass(frozen=True, slots=True)
class StoriesPage:
    """One page of the stories that everybody may read."""

    lines: tuple[StoryLine, ...]
    page: Page
    text: str


def stories_page(*, viewer: Viewer, text: str, page: str) -> StoriesPage:
    """Return the public stories, the newest first, or those in which some words stand."""
    del viewer
    rows = Edition.objects.filter(state=PUBLIC)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(place__icontains=text) | Q(content__aim__icontains=text))
    which = page_of(page, size=A_PAGE, total=rows.count())
    found = rows.order_by("-public_at", "-pk").values_list("story_id", "title", "place", "content__aim", "public_at")
    several = found[which.start : which.stop]
    descendants = Descendant.objects.filter(story_id__in=[row[0] for row in several])
    many = Count("place", distinct=True, filter=~Q(place="")) + Count("pk", filter=Q(place=""))  # as by_place counts them
    counted = descendants.values_list("story_id").annotate(many=many)
    adopted = dict(counted.order_by())
    return StoriesPage(tuple(StoryLine(*row, adopted.get(row[0], 0)) for row in several), which, text)


@dataclass(frozen=True, slots=True)
class PublicStory:
    """A story that everybody may read, and what this reader may do with it."""

    edition: EditionFacts
    told: Told
    elsewhere: tuple[Elsewhere, ...]
    may_adopt: bool
    may_withdraw: bool  # they lead the project, or are the partner who agreed
    is_ours: bool

    @property
    def href(self) -> str:
        """Its page."""
        return self.edition.href


def public_story(*, viewer: Viewer, story_id: int) -> PublicStory:
    """Return a public story. One that is withdrawn, or was never public, is answered like one that does not exist."""
    found = next(iter(_editions(Q(story_id=story_id, state=PUBLIC))), None)
    if found is None:
        raise NotFoundHere("There is no such story, or it is not public any more.", suggestions=(ALL,))
    role = my_role_in(viewer=viewer, project_id=found.project_id)
    return PublicStory(
        found, content_of(found.pk), elsewhere_of(story_id), bool(anywhere(viewer=viewer, do=permissions.START)),
        may_withdraw(viewer=viewer, edition=found, my_role=role), bool(role),
    )  # fmt: skip


def may_withdraw(*, viewer: Viewer, edition: EditionFacts, my_role: str) -> bool:
    """Whether somebody may take a story back: who leads the project, its partners, and a partner who agreed and has left since."""
    agreed_to_it = any(one.account_id == viewer.account_id and one.says == YES for one in edition.answers)
    return agreed_to_it or my_role == "partner" or bool(permissions.may_lead(viewer=viewer, my_role=my_role))


def my_role_in(*, viewer: Viewer, project_id: int) -> str:
    """The part the viewer has in a project; "" for none. Who takes no part may not see who does, and gets no other answer here."""
    if viewer.is_visitor:
        return ""
    mine = Member.objects.filter(project_id=project_id, account_id=viewer.account_id or 0, until=None)
    return mine.values_list("role", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class OverviewStory:
    """What a project's page says of its story: where the project came from, and where its changes went."""

    href: str
    origin: OriginFacts | None
    begun: bool
    public: str  # its public address; "" where it is not public
    worked: tuple[str, ...]  # what each place that took something up says (rules/stories.py WORKED)


def overview_story(*, viewer: Viewer, project: ProjectFacts) -> OverviewStory | None:
    """Return the story's block for a project's page; None where there is nothing to say and the viewer could write nothing."""
    del viewer
    is_public = Exists(Edition.objects.filter(story_id=OuterRef("pk"), state=PUBLIC))
    there = _elsewhere(Descendant.objects.filter(story_id=OuterRef("pk")))
    story = Story.objects.filter(project_id=OuterRef("pk"))
    begun = story.values(facts=JSONObject(pk="pk", public=is_public, worked=ArraySubquery(there)))[:1]
    row = Project.objects.filter(pk=project.pk).values_list(Subquery(_origin(project_id=OuterRef("pk"))), Subquery(begun)).first()
    origin, facts = (_read_origin(row[0]), row[1]) if row else (None, None)
    if facts is None and origin is None and not project.may_change:
        return None
    address = f"/projects/stories/{facts['pk']}/" if facts and facts["public"] else ""
    worked = by_place([_read_elsewhere(one) for one in facts["worked"]]) if facts else ()
    return OverviewStory(f"{project.href}story/", origin, facts is not None, address, worked)


def stories_asking(*, viewer: Viewer, at: datetime) -> Asking:
    """Ask for stories that wait for the viewer's yes or no as a patient or carer partner, the oldest first."""
    del at
    mine = Member.objects.filter(account_id=viewer.account_id or 0, until=None, role="partner").values("project_id")
    said = EditionAnswer.objects.filter(edition_id=OuterRef("pk"), account_id=viewer.account_id or 0)
    rows = Edition.objects.filter(~Exists(said), state=ASKED, project_id__in=mine)
    return Asking.of(rows.order_by("asked_at").values("project_id", "asked_at")[:MOST], _asked)


def _asked(rows: Sequence[dict[str, Any]]) -> Iterator[Due]:
    for row in rows:
        href = f"/projects/{row['project_id']}/story/public/"
        yield Due("A story of your team: may everybody read it?", do="Read it and answer", href=href, since_on=day_of(row["asked_at"]))


def adopted_asking(*, viewer: Viewer, at: datetime) -> Asking:
    """Ask for changes that the viewer's projects took up two months ago or longer, of which nobody has said how they did."""
    led = Member.objects.filter(account_id=viewer.account_id or 0, until=None, role="leader").values("project_id")
    rows = Origin.objects.filter(said_at=None, at__lte=at - ANSWER_AFTER, project_id__in=led)
    return Asking.of(rows.order_by("at").values("project_id", "at")[:MOST], _unsaid)


def _unsaid(rows: Sequence[dict[str, Any]]) -> Iterator[Due]:
    for row in rows:
        href = f"/projects/{row['project_id']}/story/came-from/"
        yield Due("You took up a change of another team: did it work?", do="Say how it went", href=href, since_on=day_of(row["at"]))
