"""A made-up programme of three made-up teams, in different states of their month, with a coach."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from espalier.access.door import acting_as
from espalier.common.periods import add_months, month_start
from espalier.organisations import queries as organisations
from espalier.projects import actions

if TYPE_CHECKING:
    from collections.abc import Callable

    from espalier.access.viewer import Viewer

MONTHS = 5  # the programme began so many months before this one
OTHERS = (
    ("DEMO-WARD-12", "Quiet nights after surgery (made up)", "noise and falls at night", "patients after surgery"),
    ("DEMO-NURSES", "Steady at home (made up)", "falls at home at night", "people whom the community nurses visit"),
)  # fmt: skip
SESSIONS = (
    (-4, 9, "We begin: what matters to patients at night"),
    (-2, 14, "What we tried, and what we learned"),
    (1, 12, "How to keep it going"),
)


def add(*, at: datetime, project: int, alex: Viewer, person: Callable[[str], Viewer]) -> None:
    """Make it once, through the same actions as everybody."""
    pat, first = person("demo-improver"), add_months(month_start(timezone.localdate(at)), -MONTHS)
    began = at - timedelta(days=170)
    with transaction.atomic(), acting_as(pat):
        programme = _programme(pat, began, first)
        teams = [project, *(_team(pat, began, *facts) for facts in OTHERS)]
        hospital = organisations.unit(viewer=pat, code="DEMO-TRUST")
        actions.keep_coach(
            actor=pat, at=began, unit=hospital, account_id=pat.account_id or 0, capacity=4, helps_with="falls, nights, measuring",
            trained_on=first - timedelta(days=400),
        )  # fmt: skip
        if kim := person("demo-analyst").account_id:  # who may be proposed to a team that Pat leads
            actions.keep_coach(actor=pat, at=began, unit=hospital, account_id=kim, capacity=2, helps_with="charts, counting")
    with acting_as(alex):
        actions.join_programme(actor=alex, at=_day(first, 3), project=project, programme=programme)
    with acting_as(pat):
        for pk in teams[1:]:
            actions.join_programme(actor=pat, at=_day(first, 4), project=pk, programme=programme)
        actions.ask_for_coach(actor=pat, at=at - timedelta(days=9), project=teams[2], words="Choosing what to measure at people's homes")
    _months(alex, pat, teams, first)
    _talk(alex, pat, project, at)


def _programme(pat: Viewer, at: datetime, first: date) -> int:
    unit = organisations.unit(viewer=pat, code="DEMO-TRUST")
    aim = actions.Aim(
        what="falls and broken sleep at night", unit="half as many in a year", by=add_months(first, 12), for_whom="people in our care"
    )
    pk = actions.begin_programme(actor=pat, at=at, unit=unit, title="Safer nights (made up)", aim=aim, starts_on=first)
    actions.add_programme_measure(actor=pat, at=at, programme=pk, measure="team-falls", kind="outcome")
    actions.add_programme_measure(actor=pat, at=at, programme=pk, measure="team-hand-hygiene", kind="process")
    for months, day, title in SESSIONS:
        on = add_months(first, MONTHS + months) + timedelta(days=day)
        words = actions.SessionWords(title=title, on=on, starts=time(13), ends=time(14, 30), place="Seminar room 2, and by video")
        actions.add_session(actor=pat, at=at, programme=pk, session=words)
    return pk


def _team(pat: Viewer, at: datetime, code: str, title: str, what: str, whom: str) -> int:
    unit = organisations.unit(viewer=pat, code=code)
    pk = actions.begin_project(actor=pat, at=at, unit=unit, title=title, aim=actions.Aim(what=what, for_whom=whom))
    actions.open_to(actor=pat, at=at, project=pk, whom="organisation")
    return pk


SAID = (
    ("Dimmed the lights at ten, for one bay.", "Patients slept; staff missed a reading light.", "A small lamp for each bay."),
    ("A lamp in each bay.", "Fewer calls for help between two and four.", ""),
    ("Round at two with the question: do you need anything?", "It takes twelve minutes, not thirty.", "Somebody to count at night."),
)  # fmt: skip


def _months(alex: Viewer, pat: Viewer, teams: list[int], first: date) -> None:
    """Team one sent three months, and one waits for an answer; team two sent one; team three none yet."""
    for number, texts in enumerate(SAID):
        month = add_months(first, number)
        _send(alex, teams[0], month, texts, number + 1.0)
        if number < len(SAID) - 1:
            _answer(pat, teams[0], month)
    _send(pat, teams[1], first, ("Soft shoes for the night team.", "Patients noticed before we told them.", ""), 1.0)


def _send(who: Viewer, project: int, month: date, texts: tuple[str, str, str], said: float) -> None:
    with acting_as(who):
        words = actions.MonthWords(*texts, said)
        actions.save_month(
            actor=who, at=_day(add_months(month, 1), 3), project=project, month=month, words=words, figures={}, seen=0, send=True
        )


def _answer(pat: Viewer, project: int, month: date) -> None:
    with acting_as(pat):
        at = _day(add_months(month, 1), 6)
        actions.answer_month(
            actor=pat, at=at, project=project, month=month, reply="Thank you. What would tell you that it lasts?", complete=True
        )


def _talk(alex: Viewer, pat: Viewer, project: int, at: datetime) -> None:
    with acting_as(pat):
        words = "Your nights look calmer. Shall we show the others at the next session?"
        actions.say(actor=pat, at=at - timedelta(days=5), project=project, words=words, to=[alex.account_id or 0])
        note = "We agreed to look at falls between two and four first."
        actions.add_note(actor=pat, at=at - timedelta(days=20), project=project, words=note)


def _day(month: date, day: int) -> datetime:
    return timezone.make_aware(datetime.combine(month, time(10))) + timedelta(days=day - 1)
