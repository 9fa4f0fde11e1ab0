"""Pure decisions about measures: what a definition says, what a published file says, what a sum up the tree is."""

from espalier.measures.rules.ae import parse_ae
from espalier.measures.rules.definitions import UnableToReadDefinition, load_definitions
from espalier.measures.rules.entering import (
    UnableToStoreFigure,
    checked_value,
    missing_months,
    missing_periods,
    needs_denominator,
    refuse_period,
)
from espalier.measures.rules.figures import MULTIPLIER, Figure, Reading, RolledUp, roll_up, value_of
from espalier.measures.rules.pasting import Pasted, PastedProblem, PastedRow, read_block
from espalier.measures.rules.published import UnableToRecognise, parse_published
from espalier.measures.rules.sickness import parse_sickness

__all__ = [
    "MULTIPLIER",
    "Figure",
    "Pasted",
    "PastedProblem",
    "PastedRow",
    "Reading",
    "RolledUp",
    "UnableToReadDefinition",
    "UnableToRecognise",
    "UnableToStoreFigure",
    "checked_value",
    "load_definitions",
    "missing_months",
    "missing_periods",
    "needs_denominator",
    "parse_ae",
    "parse_published",
    "parse_sickness",
    "read_block",
    "refuse_period",
    "roll_up",
    "value_of",
]
