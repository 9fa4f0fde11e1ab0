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
from espalier.measures.rules.pasting import Pasted, PastedProblem, PastedRow, read_block
from espalier.measures.rules.posting import Ready, Sent, SentProblem, UnableToPost, check_sent, period_of
from espalier.measures.rules.published import UnableToRecognise, parse_published
from espalier.measures.rules.scopes import ONLY_RELEASED, RELEASED, SHARED, scope_of
from espalier.measures.rules.sickness import parse_sickness

__all__ = [
    "MULTIPLIER",
    "ONLY_RELEASED",
    "RELEASED",
    "SHARED",
    "Category",
    "Dimension",
    "Figure",
    "Pasted",
    "PastedProblem",
    "PastedRow",
    "Reading",
    "Ready",
    "RolledUp",
    "Sent",
    "SentProblem",
    "UnableToPost",
    "UnableToReadDefinition",
    "UnableToRecognise",
    "UnableToStoreFigure",
    "check_definition",
    "check_sent",
    "checked_value",
    "dimensions_of",
    "load_definitions",
    "load_dimensions",
    "missing_months",
    "missing_periods",
    "needs_denominator",
    "parse_ae",
    "parse_published",
    "parse_sickness",
    "period_of",
    "read_block",
    "refuse_period",
    "roll_up",
    "scope_of",
    "targets_of",
    "value_of",
]
