"""Words and parameters of the pages of projects."""

from espalier.projects.presenters.projects import (
    FIELDS,
    OPEN_TO,
    READ_BY,
    ROLES,
    STATES,
    aim,
    beside,
    change,
    further,
    moves,
    next_step,
    open_choices,
    opens,
    role_choices,
    state_choices,
    tabs,
    typed,
)
from espalier.projects.presenters.stories import seen_elsewhere
from espalier.projects.presenters.typed_records import typed_reasons, typed_rows, typed_test_rows

__all__ = [
    "FIELDS",
    "OPEN_TO",
    "READ_BY",
    "ROLES",
    "STATES",
    "aim",
    "beside",
    "change",
    "further",
    "moves",
    "next_step",
    "open_choices",
    "opens",
    "role_choices",
    "seen_elsewhere",
    "state_choices",
    "tabs",
    "typed",
    "typed_reasons",
    "typed_rows",
    "typed_test_rows",
]
