"""What a project's own page gathers: how far it is and why, what changed lately, one next step, and each package's block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef
from django.utils import timezone

from espalier.organisations import queries as organisations
from espalier.projects.models import Edit
from espalier.projects.queries.aiming import aim_in
from espalier.projects.queries.cycles import overview_tests
from espalier.projects.queries.diagrams import overview_diagram
from espalier.projects.queries.evidence import WHICH, facts_of
from espalier.projects.queries.methods import labels, methods
from espalier.projects.queries.partners import overview_partner
from espalier.projects.queries.stories import overview_story
from espalier.projects.queries.typed import overview_typed
from espalier.projects.rules.aims import hints
from espalier.projects.rules.evidence import apart, weigh
from espalier.projects.rules.standing import is_still

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from espalier.access.viewer import Viewer
    from espalier.projects.queries.projects import ProjectFacts
    from espalier.projects.rules.aims import Hint
    from espalier.projects.rules.evidence import Facts, Score
    from espalier.projects.rules.methods import Label, Method, MethodStep

LATELY = 8
OURS = ("project", "member", "place")  # what is taken back here; other things are taken back where they stand

# Blocks of other packages on a project's page, by the name under which templates get them. Each is a function
# overview_<name>(viewer=, project=) that returns a frozen dataclass or None, with its part projects/_overview_<name>.html.
BLOCKS: Mapping[str, Callable[..., Any]] = {
    "diagram": overview_diagram,
    "tests": overview_tests,
    "partner": overview_partner,
    "typed": overview_typed,
    "story": overview_story,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far the record shows a project to be, what its team says, and why they differ."""

    score: Score
    facts: Facts
    label: Label
    next_label: Label
    said_label: Label | None
    differs: str
    method: Method
    step: MethodStep
    which: str  # the measure that is better; "" for none


@dataclass(frozen=True, slots=True)
class Lately:
    """One change, as the page tells it."""

    pk: UUID
    kind: str
    what: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page says beside the project itself."""

    evidence: Evidence
    hints: tuple[Hint, ...]
    still: bool
    lately: tuple[Lately, ...]
    undo: UUID | None  # the newest change that can be taken back here
    blocks: Mapping[str, Any]


def overview(*, viewer: Viewer, project: ProjectFacts, at: datetime) -> Overview:
    """Gather the page of a project; what changed lately is for its team alone."""
    lately = _lately(viewer, project) if project.my_role else ()
    newest = lately[0] if lately else None
    mine = newest is not None and _comes_back(newest.kind, newest.what)
    return Overview(
        evidence=evidence_of(project),
        hints=aim_hints(project, at=at),
        still=is_still(state=project.state, changed_at=project.changed_at, at=at),
        lately=lately,
        undo=newest.pk if newest and mine and project.may_lead else None,
        blocks={name: block(viewer=viewer, project=project) for name, block in BLOCKS.items()},
    )


def aim_hints(project: ProjectFacts, *, at: datetime) -> tuple[Hint, ...]:
    """Say what would make the aim clearer; it asks nothing of the database."""
    return hints(aim_in(project), title=project.title, today=timezone.localdate(at))


def evidence_of(project: ProjectFacts) -> Evidence:
    """Say what the kept facts of a project support, and why; it asks nothing of the database."""
    facts, names, which = facts_of(project.weighed), labels(), (project.weighed or {}).get(WHICH, "")
    score = weigh(facts, which)
    method = methods().get(project.method) or next(iter(methods().values()))
    return Evidence(
        score, facts, names[score.step], names[score.next_step], names.get(project.said) if project.said else None,
        apart(score.step, project.said), method, method.now(score.step), which,
    )  # fmt: skip


def _lately(viewer: Viewer, project: ProjectFacts) -> tuple[Lately, ...]:
    rows = Edit.objects.filter(project_id=project.pk).annotate(who=organisations.name_of(viewer=viewer, account=OuterRef("account_id")))
    found = rows.order_by("-at", "-pk").values_list("pk", "kind", "what", "before", "after", "at", "who")[:LATELY]
    return tuple(Lately(pk, kind, what, before or {}, after or {}, at, who or "") for pk, kind, what, before, after, at, who in found)


def last_change(*, viewer: Viewer, pk: int) -> Edit | None:
    """Return the newest change of a project where it can be taken back here; None where something else came after it."""
    del viewer
    newest = Edit.objects.filter(project_id=pk).order_by("-at", "-pk").first()
    return newest if newest and _comes_back(newest.kind, newest.what) else None


def _comes_back(kind: str, what: str) -> bool:
    """Whether a change is taken back here. A programme is joined and left at its own page: its list of teams goes with it."""
    return kind in OURS and what not in {"undo", "begin"} and (kind, what) not in {("project", "join"), ("project", "leave")}
