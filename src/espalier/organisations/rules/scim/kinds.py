"""What a staff system can tell us: the attributes of users and groups, read from content/scim/schemas.json.

The file is what /Schemas answers with, so what is published and what is accepted cannot differ.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER, GROUP = CORE + "User", CORE + "Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LONGEST = 1000  # characters of one value


class ScimProblem(Exception):  # noqa: N818  what the standard calls an error is an answer
    """A request that cannot be answered: the status and the standard's own word for why, and words for the log at the other end."""

    def __init__(self, what: str, *, status: int = 400, word: str = "") -> None:
        self.what, self.status, self.word = what, status, word
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute, with those inside it by their names in small letters."""

    name: str
    type: str = "string"
    is_list: bool = False
    is_required: bool = False
    is_exact: bool = False  # capitals matter when it is compared
    mutability: str = "readWrite"
    inside: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource: its own attributes, and those of each extension by its address in small letters."""

    name: str
    urn: str
    attributes: Mapping[str, Attribute]
    extensions: Mapping[str, tuple[str, Mapping[str, Attribute]]] = field(default_factory=dict)


# What every resource has, whatever its kind; all but externalId are ours to say.
COMMON = {
    "id": Attribute("id", is_exact=True, mutability="readOnly"),
    "externalid": Attribute("externalId", is_exact=True),
    "schemas": Attribute("schemas", is_list=True, mutability="readOnly"),
    "meta": Attribute("meta", type="complex", mutability="readOnly", inside={
        name.lower(): Attribute(name, type=kind, mutability="readOnly")
        for name, kind in (
            ("resourceType", "string"), ("created", "dateTime"), ("lastModified", "dateTime"), ("location", "reference"),
            ("version", "string"),
        )
    }),
}  # fmt: skip


def read_kinds(folder: Path) -> tuple[dict[str, Kind], tuple[dict[str, Any], ...]]:
    """Return the kinds by name, and the schemas as they are published."""
    schemas = json.loads((folder / "scim" / "schemas.json").read_text(encoding="utf-8"))
    by_urn = {schema["id"]: {one["name"].lower(): _attribute(one) for one in schema["attributes"]} for schema in schemas}
    user = Kind("User", USER, COMMON | by_urn[USER], {ENTERPRISE.lower(): (ENTERPRISE, by_urn[ENTERPRISE])})
    return {"User": user, "Group": Kind("Group", GROUP, COMMON | by_urn[GROUP])}, tuple(schemas)


def _attribute(row: Mapping[str, Any]) -> Attribute:
    inside = {one["name"].lower(): _attribute(one) for one in row.get("subAttributes", ())}
    return Attribute(
        row["name"], row["type"], row["multiValued"], row["required"], row.get("caseExact", False), row["mutability"], inside
    )
