"""The head of the chain as a small file to keep elsewhere: signed where a key is given, and read back."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import TYPE_CHECKING

from espalier.audit.chain import Head
from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND, VERSION = "espalier-audit-head", 1


class UnableToReadHead(UnableTo):
    """The file is no head of ours, or somebody else signed it."""

    code = "audit-head"


def written(head: Head, key: str = "") -> str:
    """Return the head as a file. With a key nobody without it can make another that is taken for ours."""
    facts: dict[str, object] = {"kind": KIND, "version": VERSION, "events": head.sequence, "hash": head.chain, "at": head.at}
    if key:
        facts["signature"] = _signature(facts, key)
    return json.dumps(facts, indent=2) + "\n"


def read(text: str, key: str = "") -> Head:
    """Read a head. With a key an unsigned one is refused: else whoever forges a chain would hand in a head without one."""
    try:
        facts = json.loads(text)
        whole = facts["kind"] == KIND and facts["version"] == VERSION and re.fullmatch(r"[0-9a-f]{64}", facts["hash"])
        head = Head(int(facts["events"]), facts["hash"], str(facts["at"]))
    except (ValueError, KeyError, TypeError):
        whole, head, facts = None, Head(0, ""), {}
    if not whole or head.sequence < 0:
        raise UnableToReadHead("This is no head of an audit log.", to_do="Give a file that `espalier audit head` wrote.")
    signed = str(facts.pop("signature", ""))
    if key and not hmac.compare_digest(signed, _signature(facts, key)):
        raise UnableToReadHead("Its signature is not ours.", to_do="Look whether the file or ESPALIER_AUDIT_KEY was changed.")
    return head


def _signature(facts: Mapping[str, object], key: str) -> str:
    said = json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key.encode(), said, hashlib.sha256).hexdigest()
