"""How far a project is, by what its record shows: from 0.5 to 5 in steps of a half, each with its reason.

Where teams type such a number themselves it is soon believed to be worked out, and a project that stands still looks as
if it went well. So here the record is asked, step by step: a step is reached when it and all below it hold. More of any
fact never lowers the result, so nobody is worse off for writing something down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOWEST, HIGHEST, STEP = 0.5, 5.0, 0.5


def on_the_scale(said: float) -> bool:
    """Whether somebody's own score stands on the scale.

    >>> on_the_scale(2.5), on_the_scale(0.7), on_the_scale(5.5)
    (True, False, False)
    """
    return LOWEST <= said <= HIGHEST and said % STEP == 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record of a project shows."""

    aim_set: bool = False  # a number to reach, and of what
    people: int = 1
    partner: bool = False  # a patient or carer takes part
    measures: int = 0
    figures: int = 0  # put in since the project began
    ideas: int = 0  # change ideas of the driver diagram
    planned: int = 0  # tests of change written down, whatever became of them
    run: int = 0  # of these, begun
    decided: int = 0  # of these, with a decision
    predicted: int = 0  # of those decided, with a prediction written down before
    adopted: int = 0
    moving: bool = False  # some main or process measure is better than usual
    better: bool = False  # a main measure is better than usual
    held: int = 0  # periods for which that has held
    others_worse: bool = False  # a balancing measure is worse than usual
    reached: bool = False  # the number of the aim
    shared: bool = False  # others than its team may read it
    typed: int = 0  # of the tests written down, those brought from an old register: rules/typed_evidence.py says what they show


@dataclass(frozen=True, slots=True)
class Ask:
    """What a step asks for: whether the facts have it, how that is said, and what to do where it is missing."""

    code: str
    holds: Callable[[Facts], bool]
    has: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Score:
    """What the record supports, why, and what the next step asks for (nothing more at 5)."""

    step: float
    reason: str
    asks: tuple[Ask, ...]

    @property
    def next_step(self) -> float:
        """The step above, or the highest one."""
        return min(HIGHEST, self.step + STEP)


LADDER: tuple[tuple[float, tuple[Ask, ...]], ...] = (
    (0.5, (Ask("begun", lambda _: True, "it has begun", "Begin a project."),)),
    (1.0, (
        Ask("aim", lambda f: f.aim_set, "its aim has a number", "Say in the aim how much better, and of what."),
        Ask("team", lambda f: f.people >= 2, "it has a team", "Take at least one colleague into the team."),
    )),
    (1.5, (
        Ask(
            "planning", lambda f: f.measures + f.ideas > 0, "planning has begun",
            "Choose what you measure, or write down a first change idea.",
        ),
    )),
    (2.0, (
        Ask("measure", lambda f: f.measures >= 1, "it has a measure", "Choose what you measure."),
        Ask("test-planned", lambda f: f.planned >= 1, "a test of change is planned", "Plan a first small test of a change."),
    )),
    (2.5, (
        Ask("test-run", lambda f: f.run >= 1, "changes have been tested", "Run the first test. Small is fine: one shift, one patient."),
        Ask("figures", lambda f: f.figures >= 1, "figures have been put in since it began", "Put in the figures since you began."),
    )),
    (3.0, (
        Ask(
            "studied", lambda f: f.decided >= 1, "a test was studied and decided",
            "Finish a test: what did you learn, and what will you do?",
        ),
        Ask(
            "predicted", lambda f: f.predicted >= 1, "what was expected was written down before",
            "Write down what you expect before the next test.",
        ),
        Ask(
            "moving", lambda f: f.moving or f.better, "a measure is better than usual",
            "Go on testing until a chart shows a change that is unlikely to be chance.",
        ),
    )),
    (3.5, (
        Ask("better", lambda f: f.better, "the main measure is better than usual", "Go on until the main measure is better than usual."),
        Ask(
            "twice", lambda f: f.decided >= 2, "at least two tests were decided",
            "Test a second change, or the first one again elsewhere.",
        ),
    )),
    (4.0, (
        Ask("half-year", lambda f: f.held >= 6, "it has held for six figures or more", "Keep watching: it has to hold for six figures."),
        Ask(
            "no-harm", lambda f: not f.others_worse, "nothing else became worse",
            "Look at the balancing measure that became worse, and what you can do about it.",
        ),
        Ask("partner", lambda f: f.partner, "a patient or carer takes part", "Ask a patient or carer to take part."),
    )),
    (4.5, (
        Ask("year", lambda f: f.held >= 12, "it has held for twelve figures or more", "Keep watching: it has to hold for twelve figures."),
        Ask(
            "adopted", lambda f: f.adopted >= 1, "a change is now how things are done",
            "Decide which change is to stay, and make it how things are done.",
        ),
    )),
    (5.0, (
        Ask("reached", lambda f: f.reached, "the aim is reached", "Reach the number of your aim."),
        Ask(
            "shared", lambda f: f.shared, "others can learn from it",
            "Open the project to your organisation or to everybody, so that others can learn from it.",
        ),
    )),
)  # fmt: skip


def weigh(facts: Facts, which: str = "") -> Score:
    """Return the highest step of which it and all below hold, why, and what is missing for the one above.

    which is the name of the measure that is better, so that the reason can say it.

    >>> weigh(Facts()).step, weigh(Facts(aim_set=True, people=3)).reason
    (0.5, 'Its aim has a number and it has a team.')
    """
    reached = LADDER[0]
    for step in LADDER:
        missing = tuple(ask for ask in step[1] if not ask.holds(facts))
        if missing:
            return Score(reached[0], _reason(reached[1], which), missing)
        reached = step
    return Score(reached[0], _reason(reached[1], which), ())


NAMED = {"moving": "the measure “{}” is better than usual", "better": "the main measure “{}” is better than usual"}


def _said(ask: Ask, which: str) -> str:
    """Say that a step's fact holds, with the measure's name where it is about one."""
    return NAMED[ask.code].format(which) if which and ask.code in NAMED else ask.has


def besides(facts: Facts, which: str = "") -> tuple[str, ...]:
    """Return what the record shows already of steps that are not reached. What holds where nothing is written down is left out.

    >>> besides(Facts(decided=2, adopted=1))
    ('a test was studied and decided', 'at least two tests were decided', 'a change is now how things are done')
    """
    nothing, reached = Facts(), weigh(facts).step
    asks = [ask for step, several in LADDER if step > reached for ask in several]
    return tuple(_said(ask, which) for ask in asks if ask.holds(facts) and not ask.holds(nothing))


def _reason(asks: tuple[Ask, ...], which: str) -> str:
    """Say why a step is reached, in one sentence."""
    said = [_said(ask, which) for ask in asks]
    words = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
    return f"{words[:1].upper()}{words[1:]}."


def apart(supports: float, said: float | None) -> str:
    """Say kindly how what the team says and what the record supports differ; "" where they do not, or nothing was said."""
    if said is None or said == supports:
        return ""
    if said > supports:
        return "The team sees more than its record shows yet. That is common: what was done may not be written down."
    return "The record shows more than the team says. You may have come further than it feels."
