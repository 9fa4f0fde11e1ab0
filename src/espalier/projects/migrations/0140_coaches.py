# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""One line in the list of coaches for each person and place, and who is in a team that asks for a coach already.

Going back ends the older of two lines in one organisation: the list had place for one.
"""

from importlib import import_module

from django.db import migrations, models

MAINTAINED = import_module("espalier.projects.migrations.0002_guards").MAINTAINED
ASKED = """
-- Which of the listed coaches take part already in the projects of these requests: who keeps the list cannot read a project that
-- is open to its team only, and learns no other name of it here. A request is answered for whoever may read it (0051 REQUEST).
CREATE FUNCTION projects_in_their_teams(requests bigint[]) RETURNS TABLE (request_id bigint, account_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT r.id, m.account_id FROM projects_coachrequest r JOIN projects_member m ON m.project_id = r.project_id AND m.until IS NULL
    WHERE r.id = ANY (requests) AND r.state IN ('asked', 'offered')
      AND (r.project_id = ANY (projects_mine()) OR r.owner_id = ANY (organisations_mine()) OR access_is_system())
      AND EXISTS (SELECT FROM projects_coach c WHERE c.account_id = m.account_id AND c.until IS NULL)
$$;
""" + MAINTAINED.format(name="projects_in_their_teams(bigint[])")
NOT_ASKED = """
DROP FUNCTION projects_in_their_teams(bigint[]);

ALTER TABLE projects_coach NO FORCE ROW LEVEL SECURITY;
UPDATE projects_coach c SET until = greatest(c.since, current_date) FROM projects_coach newer
WHERE c.until IS NULL AND newer.until IS NULL AND newer.account_id = c.account_id AND newer.owner_id = c.owner_id
  AND (newer.since, newer.id) > (c.since, c.id);
ALTER TABLE projects_coach FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """The key goes by the place: the owner follows the place, and a place that moves must not be refused for whom it lists."""

    dependencies = [("projects", "0131_claims_taken_back")]

    operations = [
        migrations.RemoveConstraint("coach", "projects_coach_once"),
        migrations.AddConstraint(
            "coach",
            models.UniqueConstraint(name="projects_coach_once", fields=["account_id", "unit"], condition=models.Q(until__isnull=True)),
        ),
        migrations.RunSQL(ASKED, NOT_ASKED),
    ]
