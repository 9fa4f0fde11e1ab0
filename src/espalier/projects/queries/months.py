"""A programme's month: who is late and whom to ask; one shared measure across all teams, with what each changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from espalier.common.paging import page_of
from espalier.common.periods import add_months
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects.models import Counted, Cycle, Member, Project
from espalier.projects.queries.programmes import measures_of as shared_measures
from espalier.projects.queries.programmes import programme, teams_of
from espalier.projects.rules.programmes import DRAFT, months_due, whom_to_ask

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from espalier.access.viewer import Viewer
    from espalier.common.paging import Page
    from espalier.measures.queries import Card
    from espalier.projects.queries.programmes import ProgrammeFacts, SharedMeasure, TeamLine

CHARTS_A_PAGE = 200
CHANGES_A_CHART = 4
BACK = 36  # months of changes told beside a chart, as many as it shows


@dataclass(frozen=True, slots=True)
class ToAsk:
    """Somebody to ask; name is "" for whoever may not see it."""

    name: str
    role: str  # keeper, second, leader


@dataclass(frozen=True, slots=True)
class LateTeam:
    """A team that has not sent its month, and whom to ask."""

    team: TeamLine
    ask: tuple[ToAsk, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """A change that a team tested, as told beside its chart."""

    title: str
    starts_on: date
    state: str
    decision: str


@dataclass(frozen=True, slots=True)
class TeamChart:
    """A team's chart of the shared measure; card is None where it has no figure, or none that the viewer may see."""

    team: TeamLine
    card: Card | None
    changes: tuple[Tested, ...]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """Everything the page of one month says."""

    programme: ProgrammeFacts
    month: date
    measures: tuple[SharedMeasure, ...]
    measure: SharedMeasure | None  # the one whose charts are shown
    teams: tuple[TeamLine, ...]
    over: bool  # the month is, and teams are asked for it: otherwise nobody is late
    late: tuple[LateTeam, ...]
    charts: tuple[TeamChart, ...]
    page: Page

    @property
    def sent(self) -> tuple[TeamLine, ...]:
        """The teams that sent it, those that wait for an answer first."""
        there = [one for one in self.teams if one.state != DRAFT]
        return tuple(sorted(there, key=lambda one: (one.state != "submitted", one.title)))


def programme_month(*, viewer: Viewer, pk: int, month: date, today: date, measure: str = "", page: str = "1") -> MonthPage:
    """Return one month of a programme: late teams with names, what was sent, and a page of charts."""
    found = programme(viewer=viewer, pk=pk)
    over = month in months_due(since=month, starts_on=found.starts_on, ends_on=found.ends_on, today=today)
    kept = shared_measures(viewer=viewer, programme_id=pk)
    chosen = next((one for one in kept if one.code == measure), kept[0] if kept else None)
    # A team that joined later owes nothing for this month.
    teams = tuple(one for one in teams_of(viewer=viewer, programme_id=pk, month=month) if one.since < add_months(month, 1))
    at = page_of(page, size=CHARTS_A_PAGE, total=len(teams))
    along = _along([one.project_id for one in teams], {one.code for one in kept}, month) if teams else {}
    return MonthPage(
        programme=found, month=month, measures=kept, measure=chosen, teams=teams, page=at, over=over,
        late=_late(viewer, [one for one in teams if one.state == DRAFT], along) if over else (),
        charts=_charts(viewer, chosen, teams[at.start : at.stop], along),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Along:
    """What is asked of all teams of a page in one question."""

    keepers: tuple[tuple[int | None, int | None], ...]  # who keeps a figure, who stands in
    leaders: tuple[int, ...]
    changes: tuple[Tested, ...]


def _along(projects: Collection[int], codes: Collection[str], month: date) -> dict[int, _Along]:
    mine = {"project_id": OuterRef("pk")}
    kept = Counted.objects.filter(**mine, measure_code__in=list(codes)).order_by("rank", "pk")
    leading = Member.objects.filter(**mine, role="leader", until=None).order_by("since", "pk")
    tested = Cycle.objects.filter(**mine, starts_on__gte=add_months(month, -BACK), starts_on__lt=add_months(month, 2))
    tested = tested.exclude(state="planned").order_by("-starts_on", "-pk")
    told = JSONObject(title="title", starts_on="starts_on", state="state", decision="decision")
    rows = Project.objects.filter(pk__in=projects).annotate(
        kept=ArraySubquery(kept.values_list(JSONObject(keeper="keeper_id", second="second_id"))),
        leading=ArraySubquery(leading.values("account_id")),
        tested=ArraySubquery(tested.values_list(told)[:CHANGES_A_CHART]),
    )
    return {
        pk: _Along(
            tuple((one["keeper"], one["second"]) for one in kept), tuple(leading),
            tuple(Tested(**{**one, "starts_on": date.fromisoformat(one["starts_on"])}) for one in tested),
        )
        for pk, kept, leading, tested in rows.values_list("pk", "kept", "leading", "tested")
    }  # fmt: skip


def _late(viewer: Viewer, late: Collection[TeamLine], along: Mapping[int, _Along]) -> tuple[LateTeam, ...]:
    """Name whom to ask for each: who keeps the figures, who stands in, who leads."""
    asked = {}
    for one in late:
        of = along[one.project_id]
        asked[one.project_id] = whom_to_ask(keepers=[k for k, _ in of.keepers], seconds=[s for _, s in of.keepers], leaders=of.leaders)
    names = organisations.names_of_accounts(viewer=viewer, accounts={one.account_id for several in asked.values() for one in several})
    return tuple(LateTeam(one, tuple(ToAsk(names.get(each.account_id, ""), each.role) for each in asked[one.project_id])) for one in late)


def _charts(
    viewer: Viewer, measure: SharedMeasure | None, teams: Collection[TeamLine], along: Mapping[int, _Along]
) -> tuple[TeamChart, ...]:
    """Draw one chart a team, each with the changes the team tested; those without a figure come last and say so."""
    if measure is None or measure.definition is None or not teams:
        return ()
    places = organisations.units(viewer=viewer, pks={one.unit_id for one in teams})
    cards = {one.code: one for one in measures.cards_of_places(viewer=viewer, definition=measure.definition, units=list(places.values()))}
    found = [TeamChart(one, cards.get(one.code), along[one.project_id].changes) for one in teams]
    return tuple(sorted(found, key=lambda one: one.card is None))
