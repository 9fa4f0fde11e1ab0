"""Learning reviews ask what, never who: their sections, and a gentle hint where words look for somebody."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a review: its heading, and the question that opens it."""

    key: str
    title: str
    asks: str


SECTIONS = (
    Section("what-happened", "What happened", "Step by step, as a film would show it. Say what, when and where. Names are not needed."),
    Section("what-was-meant", "What was meant to happen", "What does everyday work look like when it goes well?"),
    Section("why-it-made-sense", "Why it made sense at the time", "What did people see, know and want just then? What made it hard?"),
    Section("what-we-learn", "What we learn", "About the work, the tools, the place and the rules."),
    Section("what-we-change", "What we will change", "Small things count. Each can become a change idea."),
    Section("patient-and-family", "What the patient and family say", "In their own words, where they want to. What matters to them now?"),
)
BY_KEY = {one.key: one for one in SECTIONS}
LONGEST = 4_000

# What looks for somebody, and what to ask instead.
_HINTS = tuple(
    (re.compile(pattern, re.IGNORECASE), hint)
    for pattern, hint in (
        (
            r"\bwho(?:se fault| did| was responsible| is responsible| is to| forgot| failed)\b",
            "Try “what made this likely?” in place of “who”.",
        ),
        (r"\b(?:blam(?:e|ed|ing)|fault|guilty|culprit)\b", "Blame closes eyes. Try “what made this seem right at the time?”"),
        (r"\bfail(?:ed|s|ing|ure)? to\b", "“Failed to” tells what did not happen. Try “what happened was …”."),
        (
            r"\b(?:careless|lazy|stupid|incompetent|negligen(?:t|ce))\b",
            "Say what was done and seen, not what somebody is like.",
        ),
        (
            r"\bshould(?:n['’]t| not)? have\b",
            "“Should have” is easy to say afterwards. Try “what would have made it easy?”",
        ),
        (r"\bhuman error\b", "“Human error” is where the questions begin. What made the slip easy to make?"),
    )
)


def hints(words: str) -> tuple[str, ...]:
    """Return what to ask instead, where words look for who rather than what; none of it stops anybody.

    >>> hints("The nurse failed to check"), hints("The label was under the tape. People who came later saw it.")
    (('“Failed to” tells what did not happen. Try “what happened was …”.',), ())
    """
    return tuple(hint for pattern, hint in _HINTS if pattern.search(words))
