"""Who a measure's figures are for: anyone, those whom their owner lets see them, or nobody but through a release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN, SHARED, RELEASED = "open", "shared", "released"
ONLY_RELEASED = "These figures are about people. They come in only as a release, with small numbers hidden."


def scope_of(definition: Mapping[str, Any]) -> str:
    """Return the scope a definition names; one that names none is published and open.

    >>> scope_of({}), scope_of({"scope": "shared"})
    ('open', 'shared')
    """
    return str(definition.get("scope", OPEN))
