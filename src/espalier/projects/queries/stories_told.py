"""What a story is made of: read from the project as it stands, kept as JSON when it is made public, and read back the same."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from espalier.common.plain import days_as_text
from espalier.exports import keeping
from espalier.exports.shapes import Document
from espalier.organisations import queries as organisations
from espalier.projects.models import Node, Project, Story, Voice
from espalier.projects.queries.aiming import aim_in
from espalier.projects.queries.cycles import cycles_of, judged, marks
from espalier.projects.queries.diagrams import FIELDS
from espalier.projects.queries.measuring import counted_of, drawn
from espalier.projects.rules.aims import sentence
from espalier.projects.rules.diagrams import DRIVERS, Box
from espalier.projects.rules.stories import MOST_VOICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet
    from django.db.models.expressions import BaseExpression

    from espalier.access.viewer import Viewer
    from espalier.exports.shapes import Picture
    from espalier.projects.queries.cycles import CycleFacts
    from espalier.projects.queries.projects import ProjectFacts

ENDS = ("starts_on", "ends_on")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Try:
    """One test of a change: what was expected, what the measure said, what was learned."""

    number: int
    starts_on: date
    ends_on: date | None
    state: str
    decision: str
    measure: str
    measured_in: str
    decimals: int
    point: float | None
    low: float | None
    high: float | None
    found: float | None
    held: bool | None
    learned: str
    late: bool = False  # what was expected was written when it was over


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was tried, with its tests, the first one first."""

    words: str
    tries: tuple[Try, ...]

    @property
    def decision(self) -> str:
        """What came of it: the last decision; "" while nothing is decided."""
        return next((one.decision for one in reversed(self.tries) if one.decision), "")

    @property
    def runs(self) -> bool:
        """Whether a test of it still goes on."""
        return any(one.state in {"running", "studying"} for one in self.tries)


@dataclass(frozen=True, slots=True)
class Quote:
    """A few words, and the part of who said them. pk is 0 in what was made public."""

    words: str
    said_by: str
    pk: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A whole story: everything that its page, its files and its public edition say."""

    title: str
    place: str
    aim: str
    aim_what: str  # without numbers and day: what another team makes its own
    why: str
    learned: str
    gained: str
    voices: tuple[Quote, ...]
    changes: tuple[Change, ...]
    boxes: tuple[Box, ...]
    picture: Picture | None  # the chart of the main measure, with the tests marked on it


def written_in(project_id: int, **along: BaseExpression) -> dict[str, Any]:
    """Return what a story holds beside tests and charts (story, voices, boxes), and what is asked along, in one question."""
    here = {"project_id": OuterRef("pk")}
    story = Story.objects.filter(**here).values(words=JSONObject(pk="pk", why="why", learned="learned", gained="gained"))
    boxes = Node.objects.filter(**here, diagram__kind=DRIVERS, removed_at=None).order_by("pk")
    row = Project.objects.filter(pk=project_id).values(
        story=Subquery(story[:1]), voices=ArraySubquery(_voices(**here)),
        boxes=ArraySubquery(boxes.values_list(JSONObject(pk="pk", parent="parent_id", **{one: one for one in FIELDS[2:]}))), **along,
    ).first()  # fmt: skip
    return dict(row) if row else {"story": None, "voices": [], "boxes": [], **dict.fromkeys(along)}


def _voices(**which: Any) -> QuerySet[Voice, Any]:
    rows = Voice.objects.filter(removed_at=None, **which).order_by("pk")
    return rows.values_list(JSONObject(words="words", said_by="said_by", pk="pk"))[:MOST_VOICES]


def told(*, viewer: Viewer, project: ProjectFacts, today: date, written: dict[str, Any] | None = None) -> Told:
    """Read a project as a story, as far as this viewer may see it. A page that has asked for what is written hands it over."""
    written = written or written_in(project.pk)
    story = written["story"] or {}
    counted = counted_of(viewer=viewer, project=project)
    known = cycles_of(project=project, today=today)
    pictures = drawn(viewer=viewer, counted=counted, tried=marks(known, counted, title=""))
    tests = judged(known, counted, pictures, today=today)
    main = next((one for one in counted if one.pk in pictures), None)
    return Told(
        title=project.title, place=_place(viewer, project), aim=sentence(aim_in(project)), aim_what=project.aim_what,
        why=story.get("why", ""), learned=story.get("learned", ""), gained=story.get("gained", ""), changes=_changes(tests),
        voices=tuple(Quote(**one) for one in written["voices"]), boxes=_numbered([Box(**one) for one in written["boxes"]]),
        picture=pictures[main.pk] if main else None,
    )  # fmt: skip


def _numbered(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Number boxes by their place: their own numbers lead back into the project, and a story may leave it."""
    place = {box.pk: at for at, box in enumerate(boxes, start=1)}
    return tuple(replace(box, pk=place[box.pk], parent=place.get(box.parent or 0), version=1) for box in boxes)


def voices_of(project_id: int) -> tuple[Quote, ...]:
    """Return the voices that stand in a story, in the order in which they came."""
    return tuple(Quote(**row[0]) for row in _voices(project_id=project_id))


def _place(viewer: Viewer, project: ProjectFacts) -> str:
    """Name the place and whose it is: “Ward 7” alone says nothing to a reader elsewhere."""
    if project.owner_id == project.unit.pk:
        return project.unit.name
    whose = organisations.units(viewer=viewer, pks=[project.owner_id]).get(project.owner_id)
    return f"{project.unit.name}, {whose.name}"[:200] if whose else project.unit.name


def _changes(tests: Iterable[CycleFacts]) -> tuple[Change, ...]:
    """Put tests of the same idea together. One that has not begun is a plan, and not yet part of the story."""
    several: dict[str, list[Try]] = {}
    for one in tests:
        if one.state != "planned":
            several.setdefault(one.idea or one.title, []).append(_try(one))
    return tuple(Change(words, tuple(tries)) for words, tries in several.items())


def _try(one: CycleFacts) -> Try:
    what = one.counted.definition if one.counted else None
    return Try(
        one.number, one.starts_on, one.ends_on, one.state, one.decision, what.short_name if what else "",
        what.measured_in if what else "count", what.decimals if what else 0, one.predicted, one.predicted_low, one.predicted_high,
        one.found.value if one.found else None, one.score.held if one.score else None, one.learned, one.late,
    )  # fmt: skip


def kept(story: Told, *, made_on: date) -> dict[str, Any]:
    """Turn a story into what JSON can hold. The numbers of voices stay out: they lead back into the project."""
    facts: dict[str, Any] = days_as_text(asdict(replace(story, picture=None)))
    facts["voices"] = [{"words": one.words, "said_by": one.said_by} for one in story.voices]
    facts["made_on"] = made_on.isoformat()
    document = Document(story.title, story.place, made_on, blocks=(story.picture,) if story.picture else ())
    return facts | {"picture": keeping.to_json(document)}


def words_in(story: Told) -> tuple[tuple[str, str], ...]:
    """Return every text a story shows to its readers, with the part it stands in: also what stands on its chart and its diagram."""
    facts = asdict(replace(story, picture=None)) | ({"picture": asdict(story.picture)} if story.picture else {})
    found = ((part, text) for part, value in facts.items() for text in _texts(value))
    return tuple(dict.fromkeys((part, text) for part, text in found if text.strip()))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (_TAG.split(value) if value.startswith("<") else (value,))
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def read(content: Mapping[str, Any]) -> Told:
    """Read a kept story back."""
    pictures = keeping.from_json(content["picture"]).pictures
    return Told(
        **{name: content[name] for name in ("title", "place", "aim", "aim_what", "why", "learned", "gained")},
        voices=tuple(Quote(one["words"], one["said_by"]) for one in content["voices"]),
        changes=tuple(Change(one["words"], tuple(_read_try(each) for each in one["tries"])) for one in content["changes"]),
        boxes=tuple(Box(**one) for one in content["boxes"]), picture=pictures[0] if pictures else None,
    )  # fmt: skip


def _read_try(facts: Mapping[str, Any]) -> Try:
    return Try(**dict(facts) | {name: date.fromisoformat(facts[name]) if facts[name] else None for name in ENDS})
