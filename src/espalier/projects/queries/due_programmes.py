"""What programmes, coaching and conversations ask of somebody: in one question to the database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from espalier.common.periods import add_months, month_start
from espalier.common.todo import MOST, Asking, Due, day_of
from espalier.ui.filters import period, plural

if TYPE_CHECKING:
    from datetime import datetime

    from espalier.access.viewer import Viewer

SOON = 7  # days after the end of a month until its figures and words are expected

# Of a team's month the oldest that is missing is told: it is where the page lands. Row-level security narrows each part.
_ASKED = """
WITH mine AS (SELECT project_id, role FROM projects_member WHERE account_id = %(me)s AND until IS NULL),
late AS (
    SELECT t.project_id, min(m.month)::date AS month, count(*) AS number FROM projects_programmeteam t
    JOIN projects_programme g ON g.id = t.programme_id
    CROSS JOIN LATERAL generate_series(
        date_trunc('month', greatest(t.since, g.starts_on)), least(%(last)s::date, g.ends_on), '1 month'
    ) m(month)
    WHERE t.until IS NULL AND t.project_id IN (SELECT project_id FROM mine WHERE role IN ('leader', 'member'))
      AND NOT EXISTS (
          SELECT 1 FROM projects_submission s WHERE s.project_id = t.project_id AND s.period_on = m.month AND s.state <> 'draft'
      )
    GROUP BY t.project_id
)
SELECT * FROM (
    SELECT 'late' AS what, l.project_id, p.title, l.month, l.number, NULL::timestamptz AS at, '' AS more
    FROM late l JOIN projects_project p ON p.id = l.project_id
    UNION ALL
    SELECT CASE WHEN s.state = 'draft' THEN 'pulled' ELSE 'sent' END, s.project_id, p.title, s.period_on, 1,
           coalesce(s.pulled_back_at, s.submitted_at), ''
    FROM projects_submission s JOIN projects_project p ON p.id = s.project_id
         JOIN mine ON mine.project_id = s.project_id AND mine.role = 'coach'
    WHERE s.state = 'submitted' OR (s.state = 'draft' AND s.pulled_back_at > %(lately)s)
    UNION ALL
    SELECT 'answer', s.project_id, p.title, s.period_on, 1, s.replied_at, ''
    FROM projects_submission s JOIN projects_project p ON p.id = s.project_id
    WHERE s.state = 'answered' AND s.replied_at > %(lately)s AND s.submitted_by_id = %(me)s
    UNION ALL
    SELECT 'remark', r.project_id, p.title, NULL, count(*), max(m.at),
           CASE WHEN count(DISTINCT m.about || ':' || m.about_mark) = 1 AND max(m.about_mark) <> ''
                THEN max(m.about) || ':' || max(m.about_mark) ELSE '' END
    FROM projects_remarkfor r JOIN projects_remark m ON m.id = r.remark_id AND m.removed_at IS NULL
         JOIN projects_project p ON p.id = r.project_id
    WHERE r.account_id = %(me)s AND r.heard_at IS NULL GROUP BY r.project_id, p.title
    UNION ALL
    SELECT 'proposal', q.project_id, p.title, NULL, 1, q.asked_at, ''
    FROM projects_coachrequest q JOIN projects_project p ON p.id = q.project_id
         JOIN mine ON mine.project_id = q.project_id AND mine.role = 'leader'
    WHERE q.state = 'offered'
) found ORDER BY month NULLS LAST, at NULLS LAST, project_id LIMIT %(most)s
"""
LATELY = timedelta(days=14)


def programmes_asking(*, viewer: Viewer, at: datetime) -> Asking:
    """Ask for months to send, months to answer, months pulled back or answered, remarks meant for one, coaches proposed."""
    today = timezone.localdate(at)
    last = add_months(month_start(today), -1)
    given = {"me": viewer.account_id, "last": last, "lately": at - LATELY, "most": MOST}
    return Asking.named(_ASKED, given, lambda rows: [_line(row) for row in rows])


def _line(row: dict[str, Any]) -> Due:
    what, title, number, more = row["what"], row["title"], row["number"], row["more"]
    month = date.fromisoformat(row["month"]) if row["month"] else None
    page = f"/projects/{row['project_id']}/"
    if what == "proposal":
        return Due("A coach is proposed to your team", do="Answer", href=f"{page}coach/", place=title)
    if what == "remark":
        words = f"{plural(number, 'remark')} meant for you"
        return Due(words, do="Read", href=f"{page}talk/{f'?about={more}' if more else ''}", place=title)
    named, since = period(month), day_of(row["at"])
    there = f"{page}month/?month={month:%Y-%m}"
    if what == "late":
        due_on = add_months(month, 1) + timedelta(days=SOON - 1) if month else None
        words = f"{named}: send your month" if number == 1 else f"{plural(number, 'month')} to send, from {named}"
        return Due(words, do="Begin", href=f"{page}month/", place=title, since_on=add_months(month, 1) if month else None, due_on=due_on)
    words, do = {
        "sent": (f"{named}: a team sent its month", "Answer"), "pulled": (f"{named}: a team took its month back to change it", "Look"),
        "answer": (f"{named}: your coach answered", "Read"),
    }[what]  # fmt: skip
    return Due(words, do=do, href=there, place=title, since_on=since)
