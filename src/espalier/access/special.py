"""The way to special data: a named role taken for the rest of one transaction's block, and given back.

Answers (schema vault) and equality data (schema equality) are shut to the app role: nothing it runs may read or write
there. Two modules collect, two release; a test finds any other that calls this. Inside the block the named role has its
own rights and nothing else, so a query for anything beside them fails too.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

COLLECT, RELEASE = "espalier_collect", "espalier_release"  # adds answers and reads none | reads and adds nothing
SCHEMAS = ("vault", "equality")


@contextlib.contextmanager
def taking(role: str) -> Iterator[None]:
    """Be the named role until the block ends. Outside a transaction it would end at once, so that is an error."""
    if role not in {COLLECT, RELEASE}:
        raise ValueError(f"{role!r} is not a role for special data. Use COLLECT or RELEASE.")
    if not connection.in_atomic_block:
        raise RuntimeError("taking() needs an open transaction. Use acting_as(viewer).")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        try:
            yield
        finally:
            # After an error the transaction takes no more statements; what ends it ends the role.
            if not connection.needs_rollback and connection.connection.info.transaction_status.name != "INERROR":
                cursor.execute("RESET ROLE")
