"""The words of tests of change. They never blame: a prediction that did not hold teaches more than one that did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.projects.rules.predicting import decimals_of, typed
from espalier.projects.rules.predictions import Prediction
from espalier.ui.filters import day, figure, number, period, plural, span

if TYPE_CHECKING:
    from espalier.projects.queries.cycles import CycleFacts, TestPage
    from espalier.projects.rules.predictions import Calibration

STATES = {"planned": "planned", "running": "running", "studying": "time to study", "done": "done"}
COLOURS = {"planned": "grey", "running": "blue", "studying": "yellow", "done": "green"}
DECISIONS = {"adopt": "adopted", "adapt": "adapted", "abandon": "abandoned"}
SIGNS = {"adopt": "●", "adapt": "●", "abandon": "✕", "": "○"}
HELD, NOT_HELD, NOT_YET = "It held.", "It did not hold.", "We cannot say yet whether it held."
LEARN = "A prediction that does not hold often teaches more than one that does."
CLOSE = "When twelve figures lie before a test, we can say how close is close."
LATE = "The prediction was written after the test ended: it does not count."
SETTLED = "The test is over, so what you expected stays as it was written. If you expect something else now, begin the next test."
BESIDE = {"plan": "Plan", "do": "Do", "study": "Study", "act": "Act"}


def standing(cycle: CycleFacts) -> str:
    """Say where a test stands, in one word or two."""
    return DECISIONS.get(cycle.decision) or STATES[cycle.state]


def in_words(cycle: CycleFacts, prediction: Prediction | None = None) -> str:
    """Write what was predicted with the measure's own unit, and never with fewer decimals than were typed: at most 5.0; 0.5%."""
    asked = prediction or cycle.foreseen
    if asked.point is not None:
        return _foreseen(cycle, asked.point)
    if asked.low is not None and asked.high is not None:
        return f"between {_bare(cycle, asked.low)} and {_foreseen(cycle, asked.high)}"
    if asked.high is not None:
        return f"at most {_foreseen(cycle, asked.high)}"
    return f"at least {_foreseen(cycle, asked.low)}" if asked.low is not None else ""


def value(cycle: CycleFacts, amount: float | None, *, least: int = 0) -> str:
    """Write a figure of the test's measure, rounded as its chart rounds it, but with at least so many decimals."""
    if amount is None:
        return "–"
    if cycle.counted is None:
        return number(amount, max(1, least))
    what = cycle.counted.definition
    return figure(amount, what.measured_in, max(least, what.decimals if what.measured_in != "count" or amount == int(amount) else 1))


def _foreseen(cycle: CycleFacts, amount: float) -> str:
    """Write a number that somebody typed: nothing of it is rounded away."""
    return value(cycle, amount, least=decimals_of(amount))


def _bare(cycle: CycleFacts, amount: float) -> str:
    """Write a number without its unit, where the unit follows anyway."""
    written = _foreseen(cycle, amount)
    return written.removesuffix(" per 1,000").removesuffix("%")


def how(cycle: CycleFacts) -> str:
    """Say which figures the result is made of, and how."""
    if cycle.typed and not (cycle.found and cycle.found.days):
        return "All of this was typed in the register it came from. Nobody can see here that a prediction came first, so it is not scored."
    if cycle.found is None:
        return _nothing_yet(cycle)
    grain = cycle.counted.definition.frequency if cycle.counted else "month"
    when = span(cycle.found.days[0], cycle.found.days[-1], grain)
    if cycle.found.how == "last":
        return f"The test was shorter than half a {grain}: this is the figure of {when}."
    if len(cycle.found.days) == 1:
        return f"This is the figure of {when}, which lies in the test."
    return f"This is the mean of {plural(len(cycle.found.days), 'figure')} that lie in the test: {when}."


def _nothing_yet(cycle: CycleFacts) -> str:
    if cycle.counted is None:
        return "This test names no measure, so there is nothing to compare."
    if cycle.state == "planned":
        return "The test has not begun."
    return "There is no figure of these days yet."


def verdict(cycle: CycleFacts) -> tuple[str, ...]:
    """Compare prediction and result in a few sentences; while a test runs nothing is final."""
    told = cycle.score
    if cycle.late:
        return (LATE,)
    if told is None or cycle.found is None:
        return ()
    what = f"You predicted {in_words(cycle)}. {'So far it is' if cycle.state == 'running' else 'It was'} {value(cycle, cycle.found.value)}."
    first = NOT_YET if told.held is None else HELD if told.held else NOT_HELD
    if cycle.state == "running" and told.held is not None:
        first = "So far it holds." if told.held else "So far it does not hold."
    return tuple(words for words in (first, what, _how_far(cycle), _which_way(cycle), LEARN if told.held is False else "") if words)


def _how_far(cycle: CycleFacts) -> str:
    told = cycle.score
    if told is None or told.held is True:
        return ""
    measured_in, decimals = (cycle.counted.definition.measured_in, cycle.counted.definition.decimals) if cycle.counted else ("count", 1)
    away = figure(abs(told.off), measured_in, max(decimals, 1) if measured_in == "count" else decimals)
    side = "higher" if told.off > 0 else "lower"
    if told.steps is None:
        return f"That is {away} {side}. {CLOSE}" if told.held is None else f"That is {away} {side}."
    return f"That is {away} {side}: {times(told.steps)} this measure moves by anyway from one figure to the next."


def times(steps: float) -> str:
    """Say how many usual steps.

    >>> times(0.5), times(1.04), times(2.46)
    ('about half of what', 'about as much as', 'about 2.5 times what')
    """
    if steps < 0.25:
        return "much less than"
    if steps < 0.75:
        return "about half of what"
    return "about as much as" if steps < 1.25 else f"about {number(round(steps, 1), 1)} times what"


def _which_way(cycle: CycleFacts) -> str:
    told = cycle.score
    if told is None or told.direction is None or cycle.usual is None:
        return ""
    before = value(cycle, cycle.usual.mean)
    if cycle.found and cycle.usual.step and abs(cycle.found.value - cycle.usual.mean) < cycle.usual.step / 4:
        return f"It hardly moved: before the test it was {before} on average."
    if told.direction:
        return f"It moved the way you thought: before the test it was {before} on average."
    return f"It did not move the way you thought: before the test it was {before} on average."


def calibrated(found: Calibration) -> tuple[str, ...]:
    """Say how good the predictions of a team are, and what to do with it."""
    if not found.judged:
        return ()
    first = f"Of {plural(found.judged, 'prediction')} {found.held or 'none'} held."
    if found.leans == "too-much":
        much = f"When one did not, you tend to hope for too much ({found.too_much} of {found.missed})."
        return (first, f"{much} Try a smaller number, or a bolder change.")
    if found.leans == "too-little":
        little = f"When one did not, it mostly went better than you thought ({found.too_little} of {found.missed})."
        return (first, f"{little} You can dare more.")
    if found.judged < 3:
        return (first, "With a few more you will see whether you hope for too much or too little.")
    return (first, LEARN if found.missed else "You know your work well.")


def plan_initial(cycle: CycleFacts) -> dict[str, object]:
    """Return what stands in the boxes of the plan."""
    return {
        "title": cycle.title, "prediction": cycle.prediction, "measure": str(cycle.counted_id or ""), "predicted": typed(cycle.foreseen),
        "starts_on": cycle.starts_on, "who": cycle.who, "place": cycle.place,
    }  # fmt: skip


def plan_rows(page: TestPage) -> list[dict[str, str]]:
    """Return what the plan says, for reading."""
    one = page.cycle
    pairs = [
        ("Prediction", f"{one.counted.definition.short_name}: {in_words(one)}" if one.counted and one.foreseen.said else _no_measure(one)),
        ("Why we think so", one.prediction), ("Who", one.who), ("Where", one.place),
        ("When", f"from {day(one.starts_on)}" if one.ends_on is None else f"{day(one.starts_on)} to {day(one.ends_on)}"),
    ]  # fmt: skip
    return [{"key": key, "value": words} for key, words in pairs if words]


def _no_measure(one: CycleFacts) -> str:
    return in_words(one) if one.typed else "No number yet"


def said_now(now: dict[str, object]) -> list[tuple[str, str]]:
    """Return what somebody else saved meanwhile, line by line."""
    names = {
        "title": "What we try", "prediction": "Why we think so", "predicted": "Prediction", "predicted_low": "Prediction, from",
        "predicted_high": "Prediction, to", "who": "Who", "place": "Where", "starts_on": "Starts", "happened": "What happened",
        "ends_on": "Last day", "learned": "What we learned", "decision": "Decision",
    }  # fmt: skip
    return [(names[name], _written(held)) for name, held in now.items() if name in names and held not in {None, ""}]


def _written(held: object) -> str:
    if isinstance(held, float):
        return typed(Prediction(point=held))
    return DECISIONS.get(str(held), "") or (day(held) if hasattr(held, "isoformat") else str(held))  # type: ignore[arg-type]


def newest(page: TestPage) -> list[list[object]]:
    """Return the newest figures of the chart, newest first."""
    points = page.picture.points if page.picture else ()
    grain = page.picture.grain if page.picture else "month"
    return [[period(one.on, grain), value(page.cycle, one.value)] for one in reversed(points[-12:])]
