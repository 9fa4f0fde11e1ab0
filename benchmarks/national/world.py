"""A made-up country: organisations, teams, measures and figures, as uneven as real ones, and the same for every seed.

Sizes of organisations and numbers of teams are log-normal, so the largest is some thirty times the median. One series in
eight starts late, months are missing one by one and in stretches, one organisation in forty has merged into another, and
one series in ten holds a lasting shift. Everything is made from a seed with numpy; nothing is read from anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import yaml

from espalier.common.periods import add_months
from espalier.measures.actions import Figure, value_of
from espalier.organisations.actions import NewUnit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEED = 20161201
ORGANISATIONS, MEASURES, MONTHS = 300, 400, 84
TEAMS, TEAM_MEASURES, TEAM_MONTHS = 60_000, 20, 24
LAST = date(2025, 12, 1)
FIRST, TEAMS_FIRST = add_months(LAST, 1 - MONTHS), add_months(LAST, 1 - TEAM_MONTHS)
GAPS = ("health-wellbeing", "care-quality", "funding-efficiency", "staff-experience", "capability")
# How often each way of measuring occurs, its level, and how far organisations differ.
WAYS = {"percent": (0.55, 80.0), "rate": (0.2, 8.0), "count": (0.15, 120.0), "days": (0.05, 9.0), "score": (0.05, 7.0)}
CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation: its code, the region and system it lies in, its size (1 is the median), and when it merged."""

    code: str
    region: str
    system: str
    size: float
    teams: int
    merged_into: int = -1
    merged_month: int = MONTHS


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: how it is counted and at which level."""

    code: str
    measured_in: str
    level: float
    roll_up: str
    by_teams: bool = False


def organisations(scale: float, places: list[tuple[str, str]]) -> list[Organisation]:
    """Make the organisations in the given (region, system) places; the last in forty merge into their neighbour."""
    chance = np.random.default_rng([SEED, 1])
    number = max(3, round(ORGANISATIONS * scale))
    size = chance.lognormal(0, 1, number)
    share = size * chance.lognormal(0, 0.6, number)
    teams = np.maximum(1, np.round(TEAMS * scale * share / share.sum())).astype(int)
    where = chance.integers(0, len(places), number)
    merges = set(chance.choice(np.arange(1, number), max(1, number // 40), replace=False).tolist())
    months = chance.integers(MONTHS // 3, MONTHS - 6, number)
    return [
        Organisation(
            f"ZZ{i:04}", *places[where[i]], float(size[i]), int(teams[i]),
            *((i - 1, int(months[i])) if i in merges and i - 1 not in merges else ()),
        )
        for i in range(number)
    ]  # fmt: skip


def measures() -> list[Measure]:
    """Make 400 measures of organisations and 20 that teams keep."""
    chance = np.random.default_rng([SEED, 2])
    ways = chance.choice(list(WAYS), MEASURES + TEAM_MEASURES, p=[share for share, _ in WAYS.values()])
    made = []
    for i, way in enumerate(ways.tolist()):
        level = WAYS[way][1] * float(chance.uniform(0.6, 1.15))
        by_teams = i >= MEASURES
        code = f"{'bench-team' if by_teams else 'bench'}-{i:03}"
        made.append(Measure(code, way, level, "sum" if by_teams or chance.random() < 0.85 else "none", by_teams))
    return made


def write_definitions(folder: Path, schema: str) -> None:
    """Write the definitions as the files the product reads."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.json").write_text(schema)
    for i, one in enumerate(measures()):
        (folder / f"{one.code}.yaml").write_text(yaml.safe_dump(_definition(i, one), sort_keys=False))


def _definition(place: int, one: Measure) -> dict[str, object]:
    counted = one.measured_in == "count"
    return {
        "code": one.code, "version": 1, "place": 1000 + place, "name": f"Measure {place}, {one.measured_in} (made up)",
        "short_name": f"Measure {place}", "gap": GAPS[place % len(GAPS)], "measured_in": one.measured_in, "decimals": 1,
        "improvement": ("up", "down", "none")[place % 3], "frequency": "month", "roll_up": one.roll_up, "chart": "xmr",
        "rules": "mdc", "lowest": 0, "about_people": False, "made_up": True, "why": "Made up to measure speed.",
        "definition": "Made up to measure speed.", "numerator": "Made up.", "denominator": "" if counted else "Made up.",
        "source": {"words": "Made up to measure speed.", "verified": True}, "entered_by": "teams" if one.by_teams else "publisher",
    }  # fmt: skip


def edition(everybody: list[Organisation], *, merged: bool) -> bytes:
    """Write the organisations as an ODS file without heading; the later edition knows who has merged and when."""
    lines = []
    for i, one in enumerate(everybody):
        closed = f"{add_months(FIRST, one.merged_month):%Y%m}01" if merged and one.merged_into >= 0 else ""
        cells = [one.code, f"MADE-UP NHS TRUST {i}", one.region, one.system, *[""] * 6, "20100401", closed, *[""] * 15]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return ("\r\n".join(lines) + "\r\n").encode()


def units_below(everybody: list[Organisation]) -> Iterator[NewUnit]:
    """Give each organisation a division for some thirty teams, and its teams."""
    for one in everybody:
        divisions = max(1, one.teams // 30)
        for d in range(divisions):
            yield NewUnit(f"{one.code}-D{d:02}", f"Division {d} of {one.code} (made up)", "division", one.code, made_up=True)
        for t in range(one.teams):
            parent = f"{one.code}-D{t % divisions:02}"
            yield NewUnit(f"{one.code}-T{t:04}", f"Team {t} of {one.code} (made up)", "team", parent, made_up=True)


def figures(everybody: list[Organisation], one: Measure, number: int) -> list[Figure]:
    """Make all figures of one measure at every organisation that reports it."""
    chance = np.random.default_rng([SEED, 3, number])
    shape = (len(everybody), MONTHS)
    size = np.array([each.size for each in everybody])
    weight = np.repeat((400 * size)[:, None], MONTHS, axis=1)
    for i, each in enumerate(everybody):
        if each.merged_into >= 0:
            weight[each.merged_into, each.merged_month :] += weight[i, each.merged_month]
    months = np.arange(MONTHS)
    level = one.level * chance.lognormal(0, 0.08, (shape[0], 1)) * (1 + 0.03 * np.sin(2 * np.pi * months / 12 + chance.uniform(0, 6)))
    shifted = chance.random(shape[0]) < 0.1
    turn = chance.integers(MONTHS // 3, MONTHS - 8, shape[0])
    level = np.where(shifted[:, None] & (months >= turn[:, None]), level * chance.choice([0.9, 1.1], (shape[0], 1)), level)
    there = _reported(chance, everybody)
    return list(_rows(chance, one, [each.code for each in everybody], level=level, weight=weight, there=there, first=FIRST))


def team_figures(everybody: list[Organisation]) -> Iterator[list[Figure]]:
    """Make one series of 24 months for each team, in portions as files come."""
    chance = np.random.default_rng([SEED, 4])
    kept = [one for one in measures() if one.by_teams]
    teams = [f"{one.code}-T{t:04}" for one in everybody for t in range(one.teams)]
    which = chance.integers(0, len(kept), len(teams))
    portion: list[Figure] = []
    for k, one in enumerate(kept):
        codes = [teams[i] for i in np.flatnonzero(which == k).tolist()]
        level = one.level * chance.lognormal(0, 0.2, (len(codes), 1)) * np.ones((1, TEAM_MONTHS))
        weight = np.repeat(20 * chance.lognormal(0, 0.7, (len(codes), 1)), TEAM_MONTHS, axis=1)
        there = chance.random(level.shape) > 0.08
        for row in _rows(chance, one, codes, level=level, weight=weight, there=there, first=TEAMS_FIRST):
            portion.append(row)
            if len(portion) == CHUNK:
                yield portion
                portion = []
    yield portion


def _reported(chance: np.random.Generator, everybody: list[Organisation]) -> np.ndarray:
    """Say which months were reported: some never report it, some start late, some months are lost, mergers stop."""
    number = len(everybody)
    months = np.arange(MONTHS)
    starts = np.where(chance.random(number) < 0.12, chance.integers(1, MONTHS - 12, number), 0)
    never = chance.random(number) < 0.06
    lost = chance.random((number, MONTHS)) < chance.beta(0.4, 18, (number, 1))
    gap = np.where(chance.random(number) < 0.05, chance.integers(0, MONTHS, number), MONTHS + 9)
    stops = np.array([each.merged_month for each in everybody])
    there = (months >= starts[:, None]) & ~never[:, None] & ~lost & (months < stops[:, None])
    return there & ~((months >= gap[:, None]) & (months < gap[:, None] + 4))


def _rows(
    chance: np.random.Generator, one: Measure, codes: list[str], *, level: np.ndarray, weight: np.ndarray, there: np.ndarray, first: date
) -> Iterator[Figure]:
    below = np.maximum(1, chance.poisson(weight)).astype(float)
    if one.measured_in == "percent":
        top = chance.binomial(below.astype(int), np.clip(level / 100, 0.01, 0.99)).astype(float)
    elif one.measured_in == "rate":
        top = chance.poisson(level * below / 1000).astype(float)
    elif one.measured_in == "count":
        top = chance.poisson(level * weight / 400).astype(float)
    else:
        top = np.round(chance.normal(level * below, 1.8 * np.sqrt(below))).clip(0)
    days = [add_months(first, month) for month in range(level.shape[1])]
    for i, code in enumerate(codes):
        for month in np.flatnonzero(there[i]).tolist():
            numerator = float(top[i, month])
            denominator = None if one.measured_in == "count" else float(below[i, month])
            yield Figure(code, one.code, days[month], numerator, denominator, value_of(one.measured_in, numerator, denominator))
