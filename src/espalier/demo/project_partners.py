"""A partner's part in the made-up project: what Bo is asked, is paid and has changed; and one learning review of the ward."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from espalier.access.door import acting_as
from espalier.organisations import queries as organisations
from espalier.projects import actions, queries

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

REVIEW = "A dose given twice on a busy evening (made up)"
SECTIONS = {
    "what-happened": "At 18:10 a dose was given from the evening round. At 18:40 the same dose was given again from a new chart.",
    "what-was-meant": "One chart for each patient. When a chart is full, the old one is crossed through and kept behind the new one.",
    "why-it-made-sense": "The new chart lay on top and its box for 18:00 was empty. Two teams met at the desk, and three bells rang.",
    "what-we-learn": "An empty box looks like a dose not given. A full chart and a new one can lie side by side for half an hour.",
    "what-we-change": "Whoever opens a new chart copies the doses of that day first, with a second pair of eyes.",
    "patient-and-family": "“I told them I had had it. I would have liked somebody to stop and ask me.”",
}


def add(*, at: datetime, project: int, alex: Viewer, bo: Viewer) -> None:
    """Make it once, as the ward leader and the partner would."""
    with acting_as(alex):
        _asked(at, project, alex, bo)
    with acting_as(bo):
        _answered(at, project, bo)
    with acting_as(alex):
        first = next(
            one for one in queries.partners_of(viewer=alex, project=queries.project(viewer=alex, pk=project)) if one.claims
        ).claims[-1]
        actions.answer_claim(actor=alex, at=at - timedelta(days=60), pk=first.pk, to="agreed", seen="claimed")
        actions.answer_claim(actor=alex, at=at - timedelta(days=50), pk=first.pk, to="paid", seen="agreed", paid_on=_day(at, 50))
        words = "The question on sleep now asks “What woke you?” and no longer “Did you sleep well?”"
        actions.say_because(actor=alex, at=at - timedelta(days=40), project=project, account_id=bo.account_id or 0, words=words)
        _reviewed(at, alex)


def _day(at: datetime, ago: int) -> date:
    return (at - timedelta(days=ago)).date()


def _asked(at: datetime, project: int, alex: Viewer, bo: Viewer) -> None:
    asking = actions.Asking(
        asked="Read our aim and say if it makes sense. Tell us what nights on the ward are like.", takes="10 minutes",
        formats=("in-person", "phone", "large-print"), next_what="Tea with the team on the ward", next_on=(at + timedelta(days=9)).date(),
        ring_name="The ward clerk", ring_phone="01632 960 177", expenses="bus, parking, care at home", payment="£12.50 an hour",
    )  # fmt: skip
    actions.ask_partner(actor=alex, at=at - timedelta(days=120), project=project, account_id=bo.account_id or 0, seen=0, asking=asking)


def _answered(at: datetime, project: int, bo: Viewer) -> None:
    facts: dict[str, Any] = {"actor": bo, "project": project}
    actions.claim_money(at=at - timedelta(days=70), kind="expenses", pence=480, on_day=_day(at, 70), words="Bus to the meeting", **facts)
    actions.claim_money(at=at - timedelta(days=5), kind="payment", pence=2500, on_day=_day(at, 6), words="Two hours with the team", **facts)
    words = "Fewer falls, yes. But ask about sleep too: we get up because it is loud."
    actions.answer_measure(at=at - timedelta(days=100), says="yes", words=words, **facts)


def _reviewed(at: datetime, alex: Viewer) -> None:
    ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
    pk = actions.begin_review(actor=alex, at=at - timedelta(days=30), unit=ward, title=REVIEW, happened_on=_day(at, 33))
    for key, words in SECTIONS.items():
        actions.write_section(actor=alex, at=at - timedelta(days=29), pk=pk, key=key, words=words, seen=0)
    actions.open_review_to(actor=alex, at=at - timedelta(days=28), pk=pk, whom="organisation")
