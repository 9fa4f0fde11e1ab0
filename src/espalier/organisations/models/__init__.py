"""Units, how they belong together over time, and the people who hold posts and roles at them."""

from espalier.organisations.models.people import Assignment, Grant, Person
from espalier.organisations.models.staffing import ADDED, CHANGED, REMOVED, StaffChange
from espalier.organisations.models.tree import PART_OF, SUCCEEDED_BY, Below, DateRange, Kind, Relation, Sharing, Unit

__all__ = [
    "ADDED", "CHANGED", "PART_OF", "REMOVED", "SUCCEEDED_BY", "Assignment", "Below", "DateRange", "Grant", "Kind", "Person", "Relation",
    "Sharing", "StaffChange", "Unit",
]  # fmt: skip
