"""Roles and rights as content/roles.yaml has them: read once, checked, frozen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from django.conf import settings
from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HERE, INSIDE, TREE = "here", "inside", "tree"


class UnableToReadRoles(UnableTo):
    """The file of roles is not as it must be: nobody is let in by a guess."""

    code = "roles"


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that somebody may do."""

    code: str
    name: str
    about: str
    reach: str
    second_step: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A named bundle of rights, and at what kinds of place it can be held."""

    code: str
    name: str
    about: str
    at: tuple[str, ...]
    may: frozenset[str]
    is_outside: bool = False  # whoever holds it is not of the staff
    only_here: bool = False  # it counts at its own unit only, whatever the right says
    is_given: bool = True  # by one person to another; emergency access is not, it is asked for and agreed to


@dataclass(frozen=True, slots=True)
class Roles:
    """All of them, in the order of the file."""

    rights: Mapping[str, Right]
    roles: Mapping[str, Role]

    def with_right(self, code: str) -> frozenset[str]:
        """Return the codes of the roles that may do it; an unknown right is a mistake in the code, never a yes.

        >>> right, role = Right("a.b", "do", "Do it.", "inside"), Role("boss", "Boss", "Leads.", ("team",), frozenset({"a.b"}))
        >>> Roles({"a.b": right}, {"boss": role}).with_right("a.b")
        frozenset({'boss'})
        """
        if code not in self.rights:
            raise UnableToReadRoles(f"No right is called {code!r}.", where="roles.yaml", to_do="Name one that is there.")
        return frozenset(role.code for role in self.roles.values() if code in role.may)

    @property
    def only_here(self) -> frozenset[str]:
        """The roles that count at their own unit only."""
        return frozenset(role.code for role in self.roles.values() if role.only_here)

    @property
    def outside(self) -> frozenset[str]:
        """The roles of those who take part without being of the staff."""
        return frozenset(role.code for role in self.roles.values() if role.is_outside)

    def needs_second_step(self, role: str) -> bool:
        """Whether whoever holds the role must prove in two ways who they are."""
        return role in self.roles and any(self.rights[code].second_step for code in self.roles[role].may)


@cache
def all_roles() -> Roles:
    """Return the roles of this installation."""
    return read_roles(settings.CONTENT_DIR)


def read_roles(folder: Path) -> Roles:
    """Read and check roles.yaml in a content folder."""
    try:
        data = yaml.safe_load((folder / "roles.yaml").read_text(encoding="utf-8"))
        schema = json.loads((folder / "roles.schema.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError) as error:
        raise UnableToReadRoles("It cannot be read.", where="roles.yaml", to_do="Check quotes and indentation.") from error
    for wrong in Draft202012Validator(schema).iter_errors(data):
        place = ", ".join(["roles.yaml", *(str(step) for step in wrong.absolute_path)])
        raise UnableToReadRoles(wrong.message[:200], where=place, to_do="Make it fit roles.schema.json.")
    return _linked(data)


def _linked(data: Mapping[str, Any]) -> Roles:
    rights = {row["code"]: Right(**row) for row in data["rights"]}
    roles = {
        row["code"]: Role(
            row["code"], row["name"], row["about"], tuple(row["at"]), frozenset(row["may"]),
            is_outside=row.get("outside", False), only_here=row.get("reach") == HERE, is_given=row.get("given", True),
        )
        for row in data["roles"]
    }  # fmt: skip
    if len(rights) < len(data["rights"]) or len(roles) < len(data["roles"]):
        raise UnableToReadRoles("A code stands twice.", where="roles.yaml", to_do="Give each role and each right a code of its own.")
    for role in roles.values():
        if unknown := sorted(role.may - rights.keys()):
            what = f"{role.code} may {unknown[0]!r}, and no right is called so."
            raise UnableToReadRoles(what, where="roles.yaml", to_do="Add the right.")
    return Roles(rights, roles)
