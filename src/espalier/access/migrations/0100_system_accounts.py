"""Accounts of the house itself: they load published files and run schedules, and nobody can sign in to one."""

from django.db import migrations, models

SYSTEM = """
-- Whether the viewer of this transaction is an account of the house. Once a statement (InitPlan), never once a row.
CREATE FUNCTION access_is_system() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce((SELECT is_system FROM access_account WHERE id = nullif(current_setting('app.viewer', true), '')::bigint), false)
$$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION access_is_system() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
UPDATE access_account SET is_system = true WHERE username = 'espalier';
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_tokens")]
    operations = [
        migrations.AddField("account", "is_system", models.BooleanField(default=False, db_default=False)),
        migrations.RunSQL(SYSTEM, "DROP FUNCTION access_is_system()"),
    ]
