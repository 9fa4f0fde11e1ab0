"""Changes to a part of a resource (PATCH, RFC 7644 §3.5.2): add, replace, remove, each at a path or at the whole.

All or nothing: the document given is not touched, and a mistake anywhere leaves no part done.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from espalier.organisations.rules.scim.filters import Compare, Filter, Joined, Spot, find, matches, read_filter
from espalier.organisations.rules.scim.kinds import Attribute, Kind, ScimProblem
from espalier.organisations.rules.scim.shaping import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MOST = 1000  # operations of one request
BRACKETS = re.compile(r"^(?P<before>[^\[\]]+)\[(?P<filter>.+)\](?:\.(?P<inside>[A-Za-z$][\w$-]*))?$", re.DOTALL)
# Attributes of the standard for which we keep no place: changing one is no mistake of the sender's, and nothing happens.
NOT_KEPT = frozenset(
    {
        "nickname", "profileurl", "usertype", "preferredlanguage", "locale", "timezone", "password", "phonenumbers", "ims", "photos",
        "addresses", "groups", "entitlements", "roles", "x509certificates", "costcenter", "name.middlename", "name.honorificprefix",
        "name.honorificsuffix", "emails.display", "members.display",
    }
)  # fmt: skip


def changed(document: Mapping[str, Any], kind: Kind, body: Any) -> dict[str, Any]:
    """Return the document after every operation of a request."""
    named = {str(name).lower(): value for name, value in body.items()} if isinstance(body, dict) else {}
    operations = named.get("operations")
    if not isinstance(operations, list) or not operations or len(operations) > MOST:
        raise ScimProblem(f"Operations must be a list of 1 to {MOST}.", word="invalidSyntax")
    after = copy.deepcopy(dict(document))
    for operation in operations:
        if not isinstance(operation, dict):
            raise ScimProblem("Each operation must be an object.", word="invalidSyntax")
        said = {str(name).lower(): value for name, value in operation.items()}
        do, path, value = str(said.get("op", "")).lower(), said.get("path"), said.get("value")
        if do not in {"add", "replace", "remove"}:
            raise ScimProblem("op must be add, replace or remove.", word="invalidSyntax")
        if path is not None and not isinstance(path, str):
            raise ScimProblem("path must be a text.", word="invalidPath")
        _operate(after, kind, do, path or "", value)
    return clean(after, kind)


def _operate(document: dict[str, Any], kind: Kind, do: str, path: str, value: Any) -> None:
    if path:
        _at_path(document, kind, do, path, value)
        return
    if do == "remove":
        raise ScimProblem("Say what to remove.", word="noTarget")
    if not isinstance(value, dict):
        raise ScimProblem("Without a path the value must be an object.", word="invalidValue")
    for name, inner in value.items():
        if str(name).lower() not in {"schemas", "id", "meta"}:
            _at_path(document, kind, do, str(name), inner)


def _at_path(document: dict[str, Any], kind: Kind, do: str, path: str, value: Any) -> None:
    brackets = BRACKETS.match(path)
    spot = find(kind, brackets["before"] if brackets else path)
    if spot is None:
        bare = path.lower().split(":")[-1].partition("[")[0]
        if bare in NOT_KEPT or bare.partition(".")[0] in NOT_KEPT:
            return
        raise ScimProblem(f"There is no attribute {path[:60]!r}.", word="invalidPath")
    inside = spot.inside
    if brackets and spot.attribute is not None:
        if not spot.attribute.is_list or inside is not None:
            raise ScimProblem(f"{path[:60]!r} is no list.", word="invalidPath")
        if brackets["inside"] and (inside := spot.attribute.inside.get(brackets["inside"].lower())) is None:
            raise ScimProblem(f"There is no attribute {path[:60]!r}.", word="invalidPath")
        wanted: Filter | None = read_filter(brackets["filter"], kind, top=spot)
    else:
        wanted = None
    if any(one is not None and one.mutability == "readOnly" for one in (spot.attribute, inside)):
        raise ScimProblem(f"{path[:60]} cannot be changed.", word="mutability")
    _change(document, Spot(spot.extension, spot.attribute, inside), wanted, do, value)


def _change(document: dict[str, Any], spot: Spot, wanted: Filter | None, do: str, value: Any) -> None:
    if spot.attribute is None:
        _extension(document, spot.extension, do, value)
        return
    at = document.setdefault(spot.extension, {}) if spot.extension else document
    if spot.attribute.is_list:
        _list(at, spot.attribute, spot.inside, wanted, do, value)
    elif do == "remove":
        _remove(at, spot.attribute, spot.inside)
    elif spot.inside is not None:
        at[spot.attribute.name] = {**(at.get(spot.attribute.name) or {}), spot.inside.name: value}
    elif spot.attribute.type == "complex" and isinstance(value, dict):
        named = {str(name).lower(): inner for name, inner in value.items()}
        said = {one.name: named[low] for low, one in spot.attribute.inside.items() if low in named}
        at[spot.attribute.name] = {**(at.get(spot.attribute.name) or {}), **said}
    else:
        at[spot.attribute.name] = value
    if spot.extension and not at:
        document.pop(spot.extension, None)


def _extension(document: dict[str, Any], urn: str, do: str, value: Any) -> None:
    if do == "remove":
        document.pop(urn, None)
    elif isinstance(value, dict):
        document[urn] = {**(document.get(urn) or {}), **value}
    else:
        raise ScimProblem("The value must be an object.", word="invalidValue")


def _remove(at: dict[str, Any], attribute: Attribute, inside: Attribute | None) -> None:
    if attribute.is_required:
        raise ScimProblem(f"{attribute.name} cannot be removed.", word="mutability")
    if inside is None:
        at.pop(attribute.name, None)
    elif isinstance(at.get(attribute.name), dict):
        at[attribute.name] = {name: value for name, value in at[attribute.name].items() if name != inside.name}


def _list(at: dict[str, Any], attribute: Attribute, inside: Attribute | None, wanted: Filter | None, do: str, value: Any) -> None:
    values = list(at.get(attribute.name) or [])
    if wanted is None and inside is None:
        at[attribute.name] = _whole(values, do, value)
        return
    hit = [position for position, one in enumerate(values) if wanted is None or matches(wanted, one)]
    if not hit and do == "add" and wanted is not None:
        values.append(_begun(wanted))
        hit = [len(values) - 1]
    if not hit and do != "remove":
        raise ScimProblem("No value is as the path says.", word="noTarget")
    if do == "remove" and inside is None:
        at[attribute.name] = [one for position, one in enumerate(values) if position not in hit]
        return
    for position in hit:
        values[position] = _one(values[position], inside, do, value)
    if any(isinstance(values[position], dict) and values[position].get("primary") is True for position in hit):
        others = {position for position, one in enumerate(values) if one.get("primary") and position not in hit}
        values = [{**one, "primary": False} if position in others else one for position, one in enumerate(values)]
    at[attribute.name] = values


def _whole(values: list[Any], do: str, value: Any) -> list[Any]:
    given = value if isinstance(value, list) else [] if value is None else [value]
    if do == "replace":
        return given
    if do == "add":
        known = {_key(one) for one in values}
        return values + [one for one in given if _key(one) not in known]
    gone = {_key(one) for one in given}
    return [one for one in values if _key(one) not in gone] if given else []


def _key(one: Any) -> str:
    """Two values are the same when their value is: what else is said of them may be new."""
    return str(one.get("value", one) if isinstance(one, dict) else one)


def _one(have: Any, inside: Attribute | None, do: str, value: Any) -> dict[str, Any]:
    if inside is None:
        return {**have, **value} if isinstance(value, dict) else {**have, "value": value}
    if do == "remove":
        return {name: one for name, one in have.items() if name != inside.name}
    return {**have, inside.name: value}


def _begun(wanted: Filter) -> dict[str, Any]:
    """Return a new value that is as a path says: adding to the work address makes one where there is none."""
    parts = wanted.parts if isinstance(wanted, Joined) and wanted.every else (wanted,)
    if not all(isinstance(one, Compare) and one.operator == "eq" for one in parts):
        raise ScimProblem("No value is as the path says.", word="noTarget")
    return {one.spot.attribute.name: one.value for one in parts if isinstance(one, Compare) and one.spot.attribute}
