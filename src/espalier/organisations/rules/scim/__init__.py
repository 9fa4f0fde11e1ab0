"""The standard by which staff systems speak (SCIM 2.0, RFC 7643 and 7644): attributes, filters and changes. Pure."""

from espalier.organisations.rules.scim.changing import changed
from espalier.organisations.rules.scim.filters import Compare, Filter, matches, read_filter
from espalier.organisations.rules.scim.kinds import ENTERPRISE, GROUP, USER, Kind, ScimProblem, read_kinds
from espalier.organisations.rules.scim.meaning import Mapped, Meant, mapped_by_name, meant
from espalier.organisations.rules.scim.shaping import clean, shown

__all__ = [
    "ENTERPRISE", "GROUP", "USER", "Compare", "Filter", "Kind", "Mapped", "Meant", "ScimProblem",
    "changed", "clean", "mapped_by_name", "matches", "meant", "read_filter", "read_kinds", "shown",
]  # fmt: skip
