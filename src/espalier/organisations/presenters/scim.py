"""Users, groups and what this interface is, as the standard writes them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from espalier.organisations.rules.scim import ENTERPRISE, GROUP, USER, Kind, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from espalier.organisations.queries.connected import Answer, Told

MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
ENDPOINTS = {"User": "Users", "Group": "Groups"}
MOST = 200


def resource(one: Told, kind: Kind, *, base: str, only: str = "", without: str = "") -> dict[str, Any]:
    """Write one user or group, or the parts of it that were asked for."""
    where = f"{base}/{ENDPOINTS[one.kind]}/{one.pk}"
    meta = {
        "resourceType": one.kind, "created": _moment(one.made_at), "lastModified": _moment(one.changed_at), "location": where,
        "version": etag(one.version),
    }  # fmt: skip
    schemas = [kind.urn, *(exact for exact, _ in kind.extensions.values() if exact in one.document)]
    return shown({"schemas": schemas, "id": str(one.pk), **one.document, "meta": meta}, kind, only=only, without=without)


def etag(version: int) -> str:
    """Write a version as a weak tag."""
    return f'W/"{version}"'


def listed(answer: Answer, kinds: Mapping[str, Kind], *, base: str, only: str = "", without: str = "") -> dict[str, Any]:
    """Write a page of a list."""
    rows = [resource(one, kinds[one.kind], base=base, only=only, without=without) for one in answer.rows]
    return _list(rows, total=answer.total, start=answer.start)


def _list(rows: list[dict[str, Any]], *, total: int, start: int = 1) -> dict[str, Any]:
    return {
        "schemas": [MESSAGES + "ListResponse"], "totalResults": total, "startIndex": start, "itemsPerPage": len(rows), "Resources": rows,
    }  # fmt: skip


def problem(status: int, what: str, word: str = "") -> dict[str, Any]:
    """Write what went wrong."""
    said = {"schemas": [MESSAGES + "Error"], "status": str(status), "detail": what}
    return said | ({"scimType": word} if word else {})


def service(base: str) -> dict[str, Any]:
    """Write what this interface can do."""
    token = {
        "type": "oauthbearertoken", "name": "Token of the staff system", "primary": True,
        "description": "Sent in each call as Authorization: Bearer …",
    }  # fmt: skip
    return {
        "schemas": [CORE + "ServiceProviderConfig"], "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0}, "filter": {"supported": True, "maxResults": MOST},
        "changePassword": {"supported": False}, "sort": {"supported": False}, "etag": {"supported": True}, "authenticationSchemes": [token],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"},
    }  # fmt: skip


def resource_types(base: str) -> list[dict[str, Any]]:
    """Write the kinds of resource."""
    kinds: tuple[tuple[str, str, str, list[dict[str, Any]]], ...] = (
        ("User", "People of the organisation, with their post", USER, [{"schema": ENTERPRISE, "required": False}]),
        ("Group", "Groups of people; one may stand for a role", GROUP, []),
    )
    return [
        {
            "schemas": [CORE + "ResourceType"], "id": name, "name": name, "description": about, "endpoint": f"/{ENDPOINTS[name]}",
            "schema": urn, "schemaExtensions": extensions,
            "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/{name}"},
        }
        for name, about, urn, extensions in kinds
    ]  # fmt: skip


def described(first: str, rest: list[str], published: tuple[dict[str, Any], ...], *, base: str) -> dict[str, Any] | None:
    """Write what stands at an address that describes the interface: a list, or one of it; None where there is nothing."""
    if first == "serviceproviderconfig":
        return None if rest else service(base)
    rows = resource_types(base) if first == "resourcetypes" else schemas(published, base) if first == "schemas" else []
    if not rest:
        return about(rows) if rows else None
    return next((row for row in rows if len(rest) == 1 and row["id"].lower() == rest[0].lower()), None)


def schemas(published: tuple[dict[str, Any], ...], base: str) -> list[dict[str, Any]]:
    """Write the schemas."""
    return [one | {"meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{one['id']}"}} for one in published]


def about(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Write a list of things that describe the interface."""
    return _list(rows, total=len(rows))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
