"""Who may do what with projects, with a reason that a person can read. Who may read one is decided by the rows themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.access.deciding import can
from espalier.access.decisions import YES, Decision
from espalier.access.roles import all_roles

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer
    from espalier.projects.queries.ideas import IdeaFacts

START, LEAD_PROGRAMMES = "projects.start", "programmes.lead"
ANSWER_IDEAS = "ideas.answer"
READS = frozenset({"sponsor"})  # takes part without changing anything
SEE_PORTFOLIO = "portfolio.see"
LEADS = frozenset({"leader", "coach"})


def may_start(*, viewer: Viewer, unit_id: int, name: str) -> Decision:
    """Whether the viewer may begin a project at a place. Nobody needs to be asked first: it begins private to its team."""
    return can(viewer=viewer, do=START, unit_id=unit_id, name=name)


def may_change(*, viewer: Viewer, my_role: str) -> Decision:
    """Whether somebody with this part in a project ("" for none) may change what is in it."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to change this project.")
    if my_role and my_role not in READS:
        return YES
    return Decision(allowed=False, reason="Its team and coach change this project. You can read it.")


def may_lead(*, viewer: Viewer, my_role: str) -> Decision:
    """Whether somebody decides for a project: its places, its programme, its partners, its story, and all that may_arrange says."""
    if may_change(viewer=viewer, my_role=my_role) and my_role in LEADS:
        return YES
    return Decision(allowed=False, reason="Its leader or coach does this.")


def may_arrange(*, viewer: Viewer, my_role: str, looks_after: bool) -> Decision:
    """Whether somebody may say who takes part, who reads it and how it stands.

    Whoever brought a project in from a register looks after it until somebody leads it: so much, and no more, the rows let them.
    """
    if looks_after and not viewer.is_visitor:
        return YES
    return may_lead(viewer=viewer, my_role=my_role)


def sees_as_everybody(*, viewer: Viewer, my_role: str) -> bool:
    """Whether somebody of a team sees its charts without what staff said on them: notes and baselines are for staff (ADR 16).

    The rows decide what is seen; this says it to those who hold no role of staff anywhere, as patient and carer partners do.
    """
    return bool(my_role) and not any(held.role not in all_roles().outside for held in viewer.grants)


# -- part 5: programmes
def may_begin_programme(*, viewer: Viewer, unit_id: int, name: str) -> Decision:
    """Whether the viewer may begin a programme of many teams at a place, and keep its list of coaches."""
    return can(viewer=viewer, do=LEAD_PROGRAMMES, unit_id=unit_id, name=name)


def may_lead_programme(*, viewer: Viewer, unit_id: int, name: str, leads: bool) -> Decision:
    """Whether the viewer may change a programme and see who is late: who leads it, or has the right at its place."""
    if leads and not viewer.is_visitor:
        return YES
    return can(viewer=viewer, do=LEAD_PROGRAMMES, unit_id=unit_id, name=name)


def may_answer(*, viewer: Viewer, my_role: str, leads: bool) -> Decision:
    """Whether somebody may answer what a team sent: its coach, or who leads the programme."""
    if not viewer.is_visitor and (my_role == "coach" or leads):
        return YES
    return Decision(allowed=False, reason="Its coach, or who leads the programme, answers what a team sent.")


def is_coach(my_role: str) -> bool:
    """Whether a part in a project is its coach's."""
    return my_role == "coach"


def may_write_review(*, viewer: Viewer, of_the_team: bool, state: str) -> Decision:
    """Whether somebody may write in a learning review."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to write in this review.")
    if not of_the_team:
        return Decision(allowed=False, reason="The team of the place writes this review. You can read it.")
    if state == "closed":
        return Decision(allowed=False, reason="This review is closed. Its team can open it again.")
    return YES


def may_begin_review(*, viewer: Viewer, unit_id: int, name: str) -> Decision:
    """Whether the viewer may begin a learning review at a place: as one of its team, whose it is from then on."""
    if (decision := may_start(viewer=viewer, unit_id=unit_id, name=name)) and not of_the_team(viewer=viewer, unit_id=unit_id):
        return Decision(allowed=False, reason=f"Only the people who work at {name} begin a learning review there.")
    return decision


def may_note(*, viewer: Viewer) -> Decision:
    """Whether the viewer may note an idea: everybody who has signed in, without asking anybody and before they belong anywhere."""
    return Decision(allowed=False, reason="Sign in to note an idea.") if viewer.is_visitor else YES


def may_answer_idea(*, viewer: Viewer, idea: IdeaFacts) -> Decision:
    """Whether the viewer may say what becomes of an idea: who had it, always; who leads or coaches there, once it is shared."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason="Sign in to answer an idea.")
    if idea.is_mine:
        return YES
    if idea.unit is None or not idea.shared:
        return Decision(allowed=False, reason="This idea is not shared.")
    return can(viewer=viewer, do=ANSWER_IDEAS, unit_id=idea.unit.pk, name=idea.unit.name)


# -- part 5: team page
def of_the_team(*, viewer: Viewer, unit_id: int) -> bool:
    """Whether somebody is of the team of a place: they hold there, and not above it, what lets its staff begin work.

    It asks nothing of the database, which guards the rows by the same rule. A program's token is nobody's colleague.
    """
    working = all_roles().with_right(START) - all_roles().outside
    return viewer.within is None and any(held.unit_id == unit_id and held.role in working for held in viewer.grants)


def may_speak_in(*, viewer: Viewer, unit_id: int, name: str) -> Decision:
    """Whether somebody may read and write what a team keeps for itself."""
    if viewer.is_visitor:
        return Decision(allowed=False, reason=f"Sign in with a role at {name} to write here.")
    if of_the_team(viewer=viewer, unit_id=unit_id):
        return YES
    return Decision(allowed=False, reason=f"Only the people who work at {name} see and write this.")


# -- part 5: portfolio
def may_see_portfolio(*, viewer: Viewer, unit_id: int, name: str) -> Decision:
    """Whether the viewer may look over all projects of a place at once. It opens no project: each is read by its own rules."""
    return can(viewer=viewer, do=SEE_PORTFOLIO, unit_id=unit_id, name=name)
