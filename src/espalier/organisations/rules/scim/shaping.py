"""Documents in and out: what is kept of what was sent, and what is shown of what is kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from espalier.organisations.rules.scim.filters import find, storable
from espalier.organisations.rules.scim.kinds import LONGEST, Attribute, Kind, ScimProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_VALUES = 20_000  # members of one group
ALWAYS = frozenset({"id", "schemas"})


def clean(sent: Any, kind: Kind) -> dict[str, Any]:
    """Return what is kept of a document: our attributes under their right names, nothing empty, nothing that is ours to say.

    What we keep no place for is left out without a word, as the standard allows: a staff system sends telephone numbers
    whether or not we want them, and we want no more than we need.
    """
    if not isinstance(sent, dict):
        raise ScimProblem("The body must be an object.", word="invalidSyntax")
    kept: dict[str, Any] = {}
    for name, value in sent.items():
        low = str(name).lower()
        if low in kind.extensions:
            urn, attributes = kind.extensions[low]
            if inner := _object(value, attributes, urn):
                kept[urn] = inner
        elif (attribute := kind.attributes.get(low)) is not None:
            _keep(kept, attribute, value)
    for attribute in kind.attributes.values():
        if attribute.is_required and not kept.get(attribute.name):
            raise ScimProblem(f"{attribute.name} is missing.", word="invalidValue")
    return kept


def _object(value: Any, attributes: Mapping[str, Attribute], where: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ScimProblem(f"{where} must be an object.", word="invalidValue")
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        if (attribute := attributes.get(str(name).lower())) is not None:
            _keep(kept, attribute, inner)
    return kept


def _keep(kept: dict[str, Any], attribute: Attribute, value: Any) -> None:
    if attribute.mutability == "readOnly":
        return
    if attribute.is_list:
        several = value if isinstance(value, list) else [] if value is None else [value]
        if len(several) > MOST_VALUES:
            raise ScimProblem(f"{attribute.name} has more than {MOST_VALUES} values.", word="tooMany", status=413)
        found = [one for one in (_one(attribute, single) for single in several) if one not in (None, {}, "")]
        value = _one_primary([one for at, one in enumerate(found) if len(found) > 100 or one not in found[:at]])  # long lists hold ids
    else:
        value = _one(attribute, value)
    if value not in (None, {}, []):
        kept[attribute.name] = value


def _one(attribute: Attribute, value: Any) -> Any:
    if value is None:
        return None
    if attribute.type == "complex":
        # Microsoft Entra ID sends a manager as the bare id.
        return _object({"value": value} if isinstance(value, str) else value, attribute.inside, attribute.name)
    if attribute.type == "boolean":
        return _boolean(attribute, value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        value = str(value)  # employee numbers come as numbers from some
    if not isinstance(value, str) or len(value) > LONGEST or not storable(value):
        raise ScimProblem(f"{attribute.name} must be a text of {LONGEST} characters at most.", word="invalidValue")
    return value


def _boolean(attribute: Attribute, value: Any) -> bool:
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"  # as Microsoft Entra ID sends it
    if not isinstance(value, bool):
        raise ScimProblem(f"{attribute.name} must be true or false.", word="invalidValue")
    return value


def _one_primary(values: list[Any]) -> list[Any]:
    """Leave the mark of the main one on the last that has it: there can be one only, and the last was said last."""
    marked = [at for at, one in enumerate(values) if isinstance(one, dict) and one.get("primary") is True]
    return [{**one, "primary": False} if at in marked[:-1] else one for at, one in enumerate(values)] if len(marked) > 1 else values


def shown(document: Mapping[str, Any], kind: Kind, *, only: str = "", without: str = "") -> dict[str, Any]:
    """Return what was asked for of a document; names stand apart by commas. The id is always there."""
    if only:
        kept = {name: value for name, value in document.items() if name in ALWAYS}
        for path in only.split(","):
            if (spot := find(kind, path.strip())) is None:
                continue
            source = document.get(spot.extension) or {} if spot.extension else document
            target = kept.setdefault(spot.extension, {}) if spot.extension else kept
            _copy(source, target, spot.attribute, spot.inside)
        return {name: value for name, value in kept.items() if value != {}}
    return _left(dict(document), kind, without) if without else dict(document)


def _copy(source: Mapping[str, Any], target: dict[str, Any], attribute: Attribute | None, inside: Attribute | None) -> None:
    if attribute is None:
        target.update(source)
    elif attribute.name in source:
        value = source[attribute.name]
        if inside is None:
            target[attribute.name] = value
        elif isinstance(value, list):
            before = target.get(attribute.name) or [{} for _ in value]
            target[attribute.name] = [{**old, **_picked(one, inside)} for old, one in zip(before, value, strict=True)]
        else:
            target[attribute.name] = target.get(attribute.name, {}) | _picked(value, inside)


def _picked(value: Mapping[str, Any], inside: Attribute) -> dict[str, Any]:
    return {inside.name: value[inside.name]} if inside.name in value else {}


def _left(kept: dict[str, Any], kind: Kind, without: str) -> dict[str, Any]:
    for path in without.split(","):
        spot = find(kind, path.strip())
        if spot is None or (spot.attribute is not None and not spot.extension and spot.attribute.name in ALWAYS):
            continue
        if spot.attribute is None:
            kept.pop(spot.extension, None)
            continue
        at = kept
        if spot.extension:
            at = kept[spot.extension] = dict(kept.get(spot.extension) or {})
        if spot.inside is None:
            at.pop(spot.attribute.name, None)
        elif isinstance(at.get(spot.attribute.name), dict):
            at[spot.attribute.name] = {name: one for name, one in at[spot.attribute.name].items() if name != spot.inside.name}
        elif spot.attribute.name in at:
            at[spot.attribute.name] = [{n: v for n, v in one.items() if n != spot.inside.name} for one in at[spot.attribute.name]]
        if spot.extension and not at:
            kept.pop(spot.extension)
    return kept
