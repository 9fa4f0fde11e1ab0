"""Who is looking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """One role held at one unit."""

    role: str
    unit_id: int


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking and what they hold, frozen for the length of one request, job or command.

    A visitor has no account and holds nothing; they see what is open. within narrows a program's token to one unit and
    what lies below it: what belongs to others then stays hidden even from a person who could see it. is_strong says
    that they proved who they are in two ways: what content/roles.yaml marks so is done by nobody else.
    """

    account_id: int | None = None
    person_id: int | None = None
    name: str = ""
    grants: tuple[Held, ...] = ()
    owners: tuple[int, ...] = ()
    within: int | None = None
    is_strong: bool = False

    @property
    def is_visitor(self) -> bool:
        """Whether nobody has signed in."""
        return self.account_id is None

    def holds(self, role: str) -> bool:
        """Whether the viewer holds the role anywhere."""
        return any(held.role == role for held in self.grants)


VISITOR = Viewer()
