"""From the description of the interface for programs to what its page shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, header or field, as the page lists it."""

    name: str
    where: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One address with one method."""

    method: str
    address: str
    summary: str
    words: tuple[str, ...]
    open: bool
    parameters: tuple[Parameter, ...]
    body: tuple[Parameter, ...]
    answer: tuple[Parameter, ...]
    statuses: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        """The anchor of its heading."""
        return f"{self.method}-{self.address.strip('/').replace('/', '-').replace('{', '').replace('}', '')}".lower()


def paragraphs(text: str) -> tuple[str, ...]:
    """Cut a description into its paragraphs, each on one line."""
    return tuple(" ".join(part.split()) for part in text.split("\n\n"))


def operations(whole: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Return every address in the order of the description."""
    schemas = whole["components"]["schemas"]
    return tuple(
        _operation(method, address, said, schemas) for address, methods in whole["paths"].items() for method, said in methods.items()
    )


def _operation(method: str, address: str, said: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    good = next(status for status in said["responses"] if int(status) < 300)
    answer = said["responses"][good]["content"]["application/json"]["schema"]
    return Operation(
        method=method.upper(), address=address, summary=said["summary"],
        words=paragraphs(said.get("description", "")),
        open={} in said.get("security", ()),
        parameters=tuple(
            Parameter(one["name"], one["in"], _kind(one["schema"], schemas), one["required"], one.get("description", ""))
            for one in said["parameters"]
        ),
        body=_fields(body, schemas) if body else (), answer=_fields(answer, schemas),
        statuses=tuple(sorted((str(status), one["description"]) for status, one in said["responses"].items())),
    )  # fmt: skip


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], before: str = "") -> tuple[Parameter, ...]:
    """List the fields of an answer, those of lists and parts below their own name."""
    whole = _resolved(schema, schemas)
    found: list[Parameter] = []
    for name, one in whole.get("properties", {}).items():
        needed = name in whole.get("required", ())
        found.append(Parameter(f"{before}{name}", "", _kind(one, schemas), needed, one.get("description", "")))
        inner = _resolved(one.get("items", one), schemas)
        if inner.get("properties"):
            found += _fields(inner, schemas, f"{before}{name}{'[]' if 'items' in one else ''}.")
    return tuple(found)


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    several = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    inner = several[0] if len(several) == 1 else schema
    return schemas[inner["$ref"].rsplit("/", 1)[1]] if "$ref" in inner else inner


def _kind(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    one = _resolved(schema, schemas)
    words = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "array": "list",
        "object": "object",
    }
    kind = words.get(str(one.get("type", "")), "text")
    kind = {"date": "day", "date-time": "moment", "uuid": "UUID"}.get(str(one.get("format", "")), kind)
    if choices := one.get("enum"):
        kind = ", ".join(json.dumps(choice).strip('"') for choice in choices)
    if any(part.get("type") == "null" for part in schema.get("anyOf", ())):
        kind += " or null"
    return kind
