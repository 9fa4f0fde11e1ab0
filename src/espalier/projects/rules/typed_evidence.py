"""What may be said of a project from what its old register says of it, and what may not, each with its reason. Pure.

The record of a project counts what was done here, where it was seen to be done. A register was typed, often long after: it shows
that somebody wrote things down. So its tests count as written down and as nothing else, and its score counts for nothing. More
is shown as soon as the same is done here once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from espalier.projects.rules.evidence import Facts

SUPPORTS = frozenset({"documented"})  # all that a typed test can show


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that typed records show, or do not, and why."""

    code: str
    counts: bool
    words: str


_NOT: tuple[tuple[str, str, str], ...] = (
    ("run", "run", "Whether they were run was not seen here, so they do not count as run."),
    ("studied", "decided", "What was studied and decided stands as it was typed. It does not count as decided here."),
    ("predicted", "predicted", "Nobody can see here that a prediction came before its test, so it is shown and never scored."),
    ("adopted", "adopted", "A change that was adopted there counts once a test here has led to it."),
)


def reasons(facts: Facts) -> tuple[Reason, ...]:
    """Say what the tests of an old register support; what the team has shown here since need not be said any more.

    >>> from espalier.projects.rules.evidence import Facts
    >>> [one.code for one in reasons(Facts(typed=2, run=1, decided=1))], reasons(Facts())
    (['documented', 'predicted', 'adopted'], ())
    """
    if not facts.typed:
        return ()
    many = f"{facts.typed} tests" if facts.typed > 1 else "One test"
    come = "come" if facts.typed > 1 else "comes"
    shown = Reason("documented", counts=True, words=f"{many} {come} from an old register: that shows that changes were written down.")
    return (shown, *(Reason(code, counts=False, words=words) for code, fact, words in _NOT if not getattr(facts, fact)))


def about_score(score: float | None) -> Reason | None:
    """Say what the score of an old register counts for; None where it gave none.

    >>> about_score(3.5).words
    'The old register says 3.5 of 5. That was typed, so it stands beside what the record supports and never changes it.'
    """
    if score is None:
        return None
    words = f"The old register says {score:.1f} of 5. That was typed, so it stands beside what the record supports and never changes it."
    return Reason("score", counts=False, words=words)
