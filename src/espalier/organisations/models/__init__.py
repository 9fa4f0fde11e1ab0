"""Units, how they belong together over time, and the people who hold posts and roles at them."""

from espalier.organisations.models.changing import Change, Followed, Naming, Removal
from espalier.organisations.models.complaints import Complaint
from espalier.organisations.models.connected import Connected
from espalier.organisations.models.emergencies import Emergency
from espalier.organisations.models.history import AssignmentEvent, GrantEvent, PersonEvent, SharingEvent, UnitEvent
from espalier.organisations.models.joining import Invitation, JoinRequest
from espalier.organisations.models.people import Assignment, Grant, Person
from espalier.organisations.models.staffing import ADDED, CHANGED, REMOVED, StaffChange
from espalier.organisations.models.tree import PART_OF, SUCCEEDED_BY, Below, DateRange, Kind, Part, Relation, Sharing, Unit

__all__ = [
    "ADDED",
    "CHANGED",
    "PART_OF",
    "REMOVED",
    "SUCCEEDED_BY",
    "Assignment",
    "AssignmentEvent",
    "Below",
    "Change",
    "Complaint",
    "Connected",
    "DateRange",
    "Emergency",
    "Followed",
    "Grant",
    "GrantEvent",
    "Invitation",
    "JoinRequest",
    "Kind",
    "Naming",
    "Part",
    "Person",
    "PersonEvent",
    "Relation",
    "Removal",
    "Sharing",
    "SharingEvent",
    "StaffChange",
    "Unit",
    "UnitEvent",
]
