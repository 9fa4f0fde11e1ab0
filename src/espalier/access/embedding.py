"""May real people be held here? On the database that comes with Espalier: one, trying it out, and nobody else.

That database trusts whoever may open a folder of this machine, keeps no second copy, and is not watched: fine for made-up
people and for one person's own figures, no place for a staff list. The database refuses as well, whatever asks it.
"""

from __future__ import annotations

from django.db import connection

from espalier.access.decisions import YES, Decision
from espalier.access.models import Account
from espalier.common.errors import UnableTo

MOST = 1  # real accounts on an embedded database
WHY = (
    "This Espalier runs on the database that comes with it. That is for made-up people, and for one person who tries it out on"
    " their own. Staff lists, invitations and sign-ups need a database of your own, which is guarded and backed up."
)
WHAT_TO_DO = "Set DATABASE_URL to a PostgreSQL server of your own and start again; the guide “Use a production database” has the steps."


class UnableToHold(UnableTo):
    """Real people's data have no place on the embedded database."""

    code = "embedded"

    def __init__(self) -> None:
        super().__init__(WHY, to_do=WHAT_TO_DO)


def is_embedded() -> bool:
    """Whether this is the database that comes with Espalier; it says so itself, so no setting can be forgotten."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('espalier.embedded', true), '') = 'on'")
        return bool(cursor.fetchone()[0])


def may_hold_real_people(*, adding: int = 1, employed: bool = False) -> Decision:
    """Whether so many more real people may be added. employed: with a post or role at an organisation, as a staff list adds them.

    Ask it before adding anybody who is not made up: importing staff, inviting, joining, provisioning by another system.
    """
    if adding <= 0 or not is_embedded():
        return YES
    real = Account.objects.filter(is_demo=False, is_system=False, is_technical=False).count()
    if employed or real + adding > MOST:
        return Decision(allowed=False, reason=f"{WHY} {WHAT_TO_DO}")
    return YES


def hold_real_people(*, adding: int = 1, employed: bool = False) -> None:
    """Refuse, with the reason, where `may_hold_real_people` says no."""
    if not may_hold_real_people(adding=adding, employed=employed):
        raise UnableToHold
