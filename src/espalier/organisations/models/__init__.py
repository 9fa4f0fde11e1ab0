"""Units, how they belong together over time, and the people who hold posts and roles at them."""

from espalier.organisations.models.changing import Change, Followed, Naming, Removal
from espalier.organisations.models.people import Assignment, Grant, Person
from espalier.organisations.models.tree import PART_OF, SUCCEEDED_BY, Below, DateRange, Kind, Relation, Sharing, Unit

__all__ = [
    "PART_OF", "SUCCEEDED_BY", "Assignment", "Below", "Change", "DateRange", "Followed", "Grant", "Kind", "Naming", "Person", "Relation",
    "Removal", "Sharing", "Unit",
]  # fmt: skip
