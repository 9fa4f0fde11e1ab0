"""What the log of what was done needs to know of organisations and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from espalier.organisations.models import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from espalier.access.viewer import Viewer


EVENT_OWNER = "(SELECT owner FROM audit_owners(%s, ARRAY[%s]::text[], %s::bigint) LIMIT 1)"


def event_owners(*, object_kind: str, object_ids: Collection[str], account_id: int | None) -> Mapping[str, int | None]:
    """Return the organisation that each object of an event belongs to; of one not known here, that of whoever acts.

    Asked without looking at who may see what: whose an event is must not depend on who does something.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, owner FROM audit_owners(%s, %s, %s)", [object_kind, list(object_ids), account_id])
        return dict(cursor.fetchall())


def names_of_lookers(*, viewer: Viewer) -> dict[int, str]:
    """Return the names of those who looked at the viewer's own record, by account: also of people of elsewhere."""
    if viewer.person_id is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, name FROM audit_lookers()")
        return dict(cursor.fetchall())


def accounts_of_names(*, viewer: Viewer, text: str, limit: int = 50) -> tuple[int, ...]:
    """Return the accounts of the people of whom the viewer may know and whose name holds the words."""
    if not viewer.grants or not text:
        return ()
    found = Person.objects.filter(name__icontains=text, account_id__isnull=False).order_by("name", "pk")
    return tuple(found.values_list("account_id", flat=True)[:limit])
