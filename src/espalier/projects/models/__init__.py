"""Tables of this room."""

from espalier.projects.models.coaches import Coach, CoachNote, CoachRequest
from espalier.projects.models.cycles import Cycle, Task
from espalier.projects.models.diagrams import Diagram, Node
from espalier.projects.models.ideas import Idea
from espalier.projects.models.keeping import Edit
from espalier.projects.models.measuring import Counted
from espalier.projects.models.partners import BecauseOf, Claim, PartnerRole, PatientView
from espalier.projects.models.programmes import Programme, ProgrammeMeasure, ProgrammeTeam, Session, Submission
from espalier.projects.models.projects import Member, Place, Project
from espalier.projects.models.reviews import Review
from espalier.projects.models.stories import Descendant, Edition, EditionAnswer, Origin, Story, Voice
from espalier.projects.models.talking import Remark, RemarkFor
from espalier.projects.models.tallies import Tally
from espalier.projects.models.teams import Hindrance, Promise, Thanks
from espalier.projects.models.typed import Typed, TypedCycle
from espalier.projects.models.value import Value

__all__ = [
    "BecauseOf",
    "Claim",
    "Coach",
    "CoachNote",
    "CoachRequest",
    "Counted",
    "Cycle",
    "Descendant",
    "Diagram",
    "Edit",
    "Edition",
    "EditionAnswer",
    "Hindrance",
    "Idea",
    "Member",
    "Node",
    "Origin",
    "PartnerRole",
    "PatientView",
    "Place",
    "Programme",
    "ProgrammeMeasure",
    "ProgrammeTeam",
    "Project",
    "Promise",
    "Remark",
    "RemarkFor",
    "Review",
    "Session",
    "Story",
    "Submission",
    "Tally",
    "Task",
    "Thanks",
    "Typed",
    "TypedCycle",
    "Value",
    "Voice",
]
