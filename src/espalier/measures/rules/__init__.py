"""Pure decisions about measures: what a definition says, what a published file says, what a sum up the tree is."""

from espalier.measures.rules.ae import parse_ae
from espalier.measures.rules.definitions import UnableToReadDefinition, check_definition, load_definitions, targets_of
from espalier.measures.rules.dimensions import Category, Dimension, dimensions_of, load_dimensions
from espalier.measures.rules.entering import (
    UnableToStoreFigure,
    checked_value,
    missing_months,
    missing_periods,
    needs_denominator,
    refuse_period,
)
from espalier.measures.rules.figures import MULTIPLIER, Figure, Reading, RolledUp, roll_up, value_of
from espalier.measures.rules.letters import HOW_OFTEN, Line, alarms, letter_body, letter_period, letter_subject
from espalier.measures.rules.pasting import Pasted, PastedProblem, PastedRow, read_block
from espalier.measures.rules.posting import Ready, Sent, SentProblem, UnableToPost, check_sent
from espalier.measures.rules.published import UnableToRecognise, parse_published
from espalier.measures.rules.quality import Oddities, Reported, oddities
from espalier.measures.rules.scopes import ONLY_RELEASED, RELEASED, SHARED, scope_of
from espalier.measures.rules.sickness import parse_sickness
from espalier.measures.rules.watching import expected_until, is_silent, last_ended, steps

__all__ = [
    "HOW_OFTEN",
    "MULTIPLIER",
    "ONLY_RELEASED",
    "RELEASED",
    "SHARED",
    "Category",
    "Dimension",
    "Figure",
    "Line",
    "Oddities",
    "Pasted",
    "PastedProblem",
    "PastedRow",
    "Reading",
    "Ready",
    "Reported",
    "RolledUp",
    "Sent",
    "SentProblem",
    "UnableToPost",
    "UnableToReadDefinition",
    "UnableToRecognise",
    "UnableToStoreFigure",
    "alarms",
    "check_definition",
    "check_sent",
    "checked_value",
    "dimensions_of",
    "expected_until",
    "is_silent",
    "last_ended",
    "letter_body",
    "letter_period",
    "letter_subject",
    "load_definitions",
    "load_dimensions",
    "missing_months",
    "missing_periods",
    "needs_denominator",
    "oddities",
    "parse_ae",
    "parse_published",
    "parse_sickness",
    "read_block",
    "refuse_period",
    "roll_up",
    "scope_of",
    "steps",
    "targets_of",
    "value_of",
]
