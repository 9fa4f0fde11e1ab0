"""Made-up teams, a made-up care provider and made-up people: all say so in their names and on their pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
from django.contrib.auth import get_user_model

from espalier.access.door import door_of_account
from espalier.common.periods import add_months
from espalier.demo import groups, marks
from espalier.measures import actions as measures
from espalier.measures import queries as measures_queries
from espalier.organisations import actions as organisations
from espalier.organisations import queries as places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from espalier.access.viewer import Viewer

SINCE, MONTHS, SEED = date(2016, 4, 1), 36, 20161201
SHARED, INSIDE = {"team-speaking-up"}, "demo-improver"
UNITS = tuple(organisations.NewUnit(*facts, made_up=True) for facts in (
    # code, name, kind, parent; a tree of its own, so that nothing made up is ever counted in England
    ("DEMO", "Riverside (made up)", "system", ""),
    ("DEMO-TRUST", "Riverside Hospital (made up)", "trust", "DEMO"),
    ("DEMO-WARD-7", "Ward 7, care of older people (made up)", "ward", "DEMO-TRUST"),
    ("DEMO-WARD-12", "Ward 12, surgery (made up)", "ward", "DEMO-TRUST"),
    ("DEMO-NURSES", "Community nurses (made up)", "team", "DEMO-TRUST"),
    ("DEMO-CARE", "Elm Tree Care at Home (made up)", "care-provider", "DEMO"),
))  # fmt: skip
PEOPLE = tuple(organisations.NewPerson(*facts, made_up=True) for facts in (
    # sign-in name, shown name, post, unit, role
    ("demo-nurse", "Sam, nurse (made up)", "Staff nurse", "DEMO-WARD-7", "team-member"),
    ("demo-leader", "Alex, ward leader (made up)", "Ward leader", "DEMO-WARD-7", "team-leader"),
    ("demo-improver", "Pat, improvement lead (made up)", "Head of improvement", "DEMO-TRUST", "qi-lead"),
    ("demo-system", "Robin, system lead (made up)", "Improvement lead", "DEMO", "qi-lead"),
    ("demo-admin", "Ash, administrator (made up)", "Systems manager", "DEMO-TRUST", "administrator"),
    ("demo-people", "Jude, people data lead (made up)", "Head of workforce information", "DEMO-TRUST", "people-data-lead"),
    ("demo-auditor", "Noor, auditor (made up)", "Auditor", "DEMO-TRUST", "auditor"),
    ("demo-care", "Drew, care manager (made up)", "Care manager", "DEMO-CARE", "team-leader"),
))  # fmt: skip
# A partner holds no post: nobody employs them.
PARTNER = organisations.NewPerson(
    "demo-partner", "Bo, patient partner (made up)", "", "DEMO-WARD-7", "lived-experience-partner", made_up=True
)
# Kim also looks after published figures of England, so that a real published workbook can be loaded in the demonstration.
KIM = organisations.NewPerson(
    "demo-analyst", "Kim, analyst (made up)", "Analyst", "DEMO-TRUST", "analyst", made_up=True, also=(("ENG", "open-data-steward"),)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """How one made-up series runs: a level, how widely it moves, and from which month it changes to what."""

    unit: str
    measure: str
    counted: str
    level: float
    out_of: int
    turn: int = MONTHS
    then: float = 0.0


STORIES = (
    # unit, measure, how it is counted, level, out of, month of the change, level since
    Story("DEMO-WARD-7", "team-falls", "rate", 9.5, 720, turn=24, then=5),
    Story("DEMO-WARD-12", "team-falls", "rate", 6, 690),
    Story("DEMO-WARD-7", "team-hand-hygiene", "percent", 82, 60, turn=22, then=93),
    Story("DEMO-WARD-12", "team-hand-hygiene", "percent", 88, 60),
    Story("DEMO-NURSES", "team-hand-hygiene", "percent", 90, 40),
    Story("DEMO-WARD-7", "team-medicine-errors", "count", 6, 0, turn=20, then=11),
    Story("DEMO-WARD-12", "team-medicine-errors", "count", 4, 0),
    Story("DEMO-WARD-7", "team-joy", "score", 6.4, 22),
    Story("DEMO-WARD-12", "team-joy", "score", 6.9, 18, turn=26, then=5.6),
    Story("DEMO-NURSES", "team-joy", "score", 7.2, 12),
    Story("DEMO-CARE", "care-home-visit-wait", "days", 6.5, 30, turn=27, then=4.5),
    Story("DEMO-WARD-7", "team-speaking-up", "percent", 58, 24, turn=20, then=74),
    Story("DEMO-WARD-12", "team-speaking-up", "percent", 66, 20),
    Story("DEMO-NURSES", "team-speaking-up", "percent", 71, 14),
)


def make(*, actor: Viewer, at: datetime, last: date, say: Callable[[str], None]) -> None:
    """Make the units, people and figures that are missing.

    The figures end in the month `last`, so that a visitor of today finds a team with one month to put in, not years. Once
    made they stay where they are: a demonstration loaded again in spring must not grow a second, shifted past.
    """
    organisations.add_units(actor=actor, at=at, units=UNITS, since=SINCE)
    organisations.add_people(actor=actor, at=at, people=(*PEOPLE, KIM, PARTNER), since=SINCE)
    ward = measures_queries.cards_of_unit(viewer=actor, unit=places.unit(viewer=actor, code=STORIES[0].unit))
    first = add_months(last, 1 - MONTHS)
    figures = [] if ward else [*_figures(first), *groups.figures(add_months(last, 1 - groups.MONTHS))]
    seen_by_all = [figure for figure in figures if figure.measure not in SHARED]
    done = measures.store_figures(actor=actor, at=at, why="Made up for the demonstration", figures=seen_by_all)
    _share(at, [figure for figure in figures if figure.measure in SHARED])
    if figures:
        marks.make(at=at, first=first)
    say(f"Made-up teams: {len(UNITS)} units, {len(PEOPLE) + 2} people, {done.new:,} new figures.")


def _share(at: datetime, figures: list[measures.Figure]) -> None:
    """Put in what stays inside the hospital, as somebody of the hospital; two of its three teams share it upwards.

    Two are no sum: it appears when the leader of ward 7 agrees too, and goes when somebody takes it back.
    """
    account = get_user_model().objects.get(username=INSIDE)
    with door_of_account(account.pk) as viewer:
        if not figures or not measures.store_figures(actor=viewer, at=at, why="Made up for the demonstration", figures=figures).new:
            return
        system = places.unit(viewer=viewer, code="DEMO")
        for code in ("DEMO-WARD-12", "DEMO-NURSES"):
            unit = places.unit(viewer=viewer, code=code)
            organisations.share(actor=viewer, at=at, unit=unit, shared_with=system, measure_code="team-speaking-up")
        measures.roll_up_shared(actor=viewer, at=at)


def _figures(first: date) -> Iterator[measures.Figure]:
    chance = np.random.default_rng(SEED)
    for story in STORIES:
        for month in range(MONTHS):
            level = story.then if month >= story.turn else story.level
            yield _figure(story, add_months(first, month), level, chance)


def _figure(story: Story, day: date, level: float, chance: np.random.Generator) -> measures.Figure:
    """Draw one month: a count, events per 1,000, a share of so many checks, or the mean of so many answers."""
    out_of = float(story.out_of) if story.out_of else None
    if story.counted == "count":
        top = float(chance.poisson(level))
    elif story.counted == "rate":
        top = float(chance.poisson(level * story.out_of / 1000))
    elif story.counted == "percent":
        top = float(chance.binomial(story.out_of, level / 100))
    else:
        top = float(np.round(chance.normal(level * story.out_of, 1.8 * story.out_of**0.5)))
    value = measures.value_of(story.counted, top, out_of)
    return measures.Figure(unit=story.unit, measure=story.measure, period_on=day, numerator=top, denominator=out_of, value=value)
