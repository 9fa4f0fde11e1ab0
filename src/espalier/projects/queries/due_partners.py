"""What partners are asked next and may ask for, and which of their claims wait for who leads: in one question to the database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from espalier.common.todo import MOST, Asking, Due, day_of

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

AHEAD = timedelta(days=14)
# What was asked for a day that is over is no longer asked. Row-level security narrows each part.
_ASKED = """
SELECT * FROM (
    SELECT 'claim' AS what, c.project_id, c.id AS claim, c.made_at AS at, NULL::date AS on_day
    FROM projects_claim c JOIN projects_member m ON m.project_id = c.project_id AND m.until IS NULL
        AND m.account_id = %(me)s AND m.role IN ('leader', 'coach')
    WHERE c.state = 'claimed' AND c.account_id <> %(me)s
    UNION ALL
    SELECT 'next', r.project_id, NULL, NULL, r.next_on
    FROM projects_partnerrole r JOIN projects_member m ON m.project_id = r.project_id AND m.until IS NULL
        AND m.account_id = %(me)s AND m.role = 'partner'
    WHERE r.account_id = %(me)s AND r.stopped_at IS NULL AND r.next_what <> '' AND r.next_on BETWEEN %(today)s AND %(until)s
    UNION ALL
    SELECT 'offer', c.project_id, c.id, c.made_at, NULL FROM projects_claim c WHERE c.state = 'offered' AND c.account_id = %(me)s
) found ORDER BY on_day NULLS LAST, at NULLS LAST, project_id LIMIT %(most)s
"""


def partners_asking(*, viewer: Viewer, at: datetime) -> Asking:
    """Ask for claims the viewer answers, and for what the viewer, as a partner, is asked next and offered. Nobody’s words stand in it."""
    today = timezone.localdate(at)
    given = {"me": viewer.account_id, "today": today, "until": today + AHEAD, "most": MOST}
    return Asking.named(_ASKED, given, lambda rows: [_line(row) for row in rows])


def _line(row: dict[str, Any]) -> Due:
    if row["what"] == "claim":
        href = f"/projects/{row['project_id']}/partner/claims/{row['claim']}/"
        return Due("A partner asked for money", do="Answer", href=href, since_on=day_of(row["at"]))
    if row["what"] == "offer":
        return Due("You are offered money for your part", do="See what", href="/projects/partner/", since_on=day_of(row["at"]))
    return Due("A project asks something of you", do="See what", href="/projects/partner/", due_on=date.fromisoformat(row["on_day"]))
