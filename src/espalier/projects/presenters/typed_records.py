"""Words for what old registers say: as it was typed there, and what it counts for here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from espalier.projects.rules.predicting import decimals_of
from espalier.projects.rules.typed import MOST_AIM
from espalier.projects.rules.typed_evidence import Reason, about_score, reasons
from espalier.ui.filters import day, number, plural

if TYPE_CHECKING:
    from espalier.projects.queries import CycleFacts, OverviewTyped
    from espalier.projects.rules.evidence import Facts
    from espalier.projects.rules.typed import TypedTest


def typed_rows(typed: OverviewTyped) -> list[dict[str, str]]:
    """Return what a register says of a project, for reading: its own words."""
    said = typed.said
    scored = f"{said.score:.1f} of 5, typed{f' on {day(said.score_on)}' if said.score_on else ''}" if said.score else ""
    pairs = (
        ("Number there", said.number), ("Its own score", scored), ("How it stood", said.state_said), ("Way of working", said.method_said),
        ("Programme there", said.programme), ("Led by", said.leader_said if typed.led else ""),
        ("Last day there", day(said.ends_on) if said.ends_on else ""),
        ("The whole aim", said.aim if len(said.aim) > MOST_AIM else ""),
        ("Tests from there", plural(typed.tests, "test") if typed.tests else ""),
        ("Brought in", day(localdate(typed.at))),
    )  # fmt: skip
    return [{"key": key, "value": words} for key, words in pairs if words]


def typed_reasons(facts: Facts, typed: OverviewTyped | None = None) -> tuple[Reason, ...]:
    """Return what typed tests and scores count for."""
    score = about_score(typed.said.score) if typed else None
    return (*((score,) if score else ()), *reasons(facts))


def typed_test_rows(said: TypedTest, now: CycleFacts) -> list[dict[str, str]]:
    """Return what a register says of a test, for reading: its own words, where the test itself does not say the same."""
    pairs = (
        ("Number there", said.number), ("Plan", said.plan), ("Prediction", said.prediction if said.prediction != now.prediction else ""),
        ("Number predicted", number(said.predicted, max(1, decimals_of(said.predicted))) if said.predicted is not None else ""),
        ("Do", said.happened if said.happened != now.happened else ""), ("Study", said.learned if said.learned != now.learned else ""),
        ("Result", number(said.result, 1) if said.result is not None else ""), ("Act", said.act),
    )  # fmt: skip
    return [{"key": key, "value": words} for key, words in pairs if words]
