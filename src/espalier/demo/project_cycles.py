"""What the made-up project measures, and five tests of two changes: one still running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from espalier.common.periods import add_months, month_start
from espalier.measures import queries as measures
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries

if TYPE_CHECKING:
    from datetime import date

    from espalier.access.viewer import Viewer

MEASURES = (("team-falls", "outcome"), ("team-hand-hygiene", "process"), ("team-joy", "balancing"))
LAMP, HANDS = "A lamp left on low beside each bed at night", "Clean hands before the evening medicines, two by two"


@dataclass(frozen=True, slots=True)
class Told:
    """One made-up test; months count back from the newest figure."""

    idea: str
    measure: str
    predicted: tuple[float | None, float | None, float | None]
    begins: int
    months: int  # 0: it runs
    follows: int | None
    why: str
    happened: str = ""
    learned: str = ""
    decision: str = ""


TESTS = (
    Told(LAMP, "team-falls", (None, 3, 5), 6, 2, None, "Most falls are on the way to the toilet in the dark.",
         "Three bays, every night. Two lamps were moved by day and not put back.",
         "The lamps help where they are on. Somebody has to own them in the evening.", "adapt"),
    Told(HANDS, "team-hand-hygiene", (None, 97, None), 5, 2, None, "People remember when a colleague does it too.",
         "It worked on days with two nurses in the bay.", "On short evenings there is no second person.", "adapt"),
    Told(LAMP, "team-falls", (None, None, 6), 4, 2, 1, "Now whoever gives the evening medicines puts the lamps on.",
         "The lamp is a line on the evening list.", "It takes half a minute, and patients ask for it.", "adopt"),
    Told(HANDS, "team-hand-hygiene", (None, 90, 96), 2, 2, 2, "A sign at each bay instead of a second person.",
         "The sign went up in all bays.", "Visitors use it as well.", "adopt"),
    Told(LAMP, "team-falls", (None, None, 5), 1, 0, 3, "With a clear path to the toilet as well."),
)  # fmt: skip


def add(*, at: datetime, project: int, alex: Viewer, keeper: int, second: int) -> None:
    """Give the project its measures and tests once, on days that lie behind."""
    found = queries.project(viewer=alex, pk=project)
    if queries.counted_of(viewer=alex, project=found):
        return
    ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
    last = _newest(alex, ward.pk) or add_months(month_start(at.date()), -2)
    counted = {}
    for code, kind in MEASURES:
        counted[code] = actions.choose_measure(actor=alex, at=found.begun_at, project=project, measure=code, unit=ward, kind=kind)
        actions.change_measure(
            actor=alex, at=found.begun_at, project=project, counted=counted[code], kind=kind, keeper_id=keeper, second_id=second
        )
    for told in TESTS:
        _test(told, alex=alex, project=project, counted=counted[told.measure], begins=add_months(last, -told.begins), since=found.begun_at)


def _newest(alex: Viewer, unit_id: int) -> date | None:
    """Return the newest month of ward 7: a demonstration kept for long still has tests among its figures."""
    falls = measures.named(viewer=alex, codes=["team-falls"])
    if not falls:
        return None
    which = measures.Which(measure_id=falls["team-falls"].pk, unit_id=unit_id, stratum="")
    return next((one.last for one in measures.list_series(viewer=alex, which=which, limit=1)), None)


def _test(told: Told, *, alex: Viewer, project: int, counted: int, begins: date, since: datetime) -> None:
    point, low, high = told.predicted
    new = actions.NewTest(
        idea_id=None, idea=told.idea, counted_id=counted, predicted=point, predicted_low=low, predicted_high=high, starts_on=begins,
        who="Sam and the late shift", follows=told.follows, prediction=told.why,
    )  # fmt: skip
    begun = _morning(begins) if told.months else _moment(begins, since)  # what is over was predicted on its first day
    number = actions.begin_test(actor=alex, at=begun, project=project, new=new)
    if not told.months:
        actions.add_task(
            actor=alex, at=_moment(begins, since), project=project, number=number, words="Ask three patients how the night was",
            account_id=alex.account_id, due_on=None,
        )  # fmt: skip
        return
    ends = add_months(begins, told.months) - timedelta(days=1)
    where: dict[str, Any] = {"actor": alex, "project": project, "number": number}
    for box, words in (("do", {"happened": told.happened, "ends_on": ends}), ("study", {"learned": told.learned})):
        seen = _seen(alex, project, number, box, since)
        actions.change_test(**where, at=_moment(ends + timedelta(days=3), since), box=box, told=words, seen=seen)
    seen = _seen(alex, project, number, "act", since)
    actions.decide_test(**where, at=_moment(ends + timedelta(days=5), since), decision=told.decision, seen=seen)


def _seen(alex: Viewer, project: int, number: int, box: str, since: datetime) -> str:
    cycles = queries.cycles_of(project=queries.project(viewer=alex, pk=project), today=since.date())
    return next(one.seen(box) for one in cycles if one.number == number)


def _moment(day: date, since: datetime) -> datetime:
    """A morning on that day; never before the project began."""
    return max(_morning(day), since)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), UTC)
