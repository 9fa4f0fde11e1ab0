"""Connections of staff systems: each belongs to one organisation, and acts as an account of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A connection knows itself; the people of its organisation are let in by organisations 0170, where that is known.
POLICY = """
ALTER TABLE access_connection ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_connection FORCE ROW LEVEL SECURITY;
CREATE POLICY access_connection_itself ON access_connection FOR SELECT
    USING (account_id = nullif(current_setting('app.viewer', true), '')::bigint);
"""

FUNCTIONS = """
-- Which connection a call comes from, by the hash of its whole token. Its use is written down once a minute, never waited for.
CREATE FUNCTION access_recognise_connection(wanted text, at timestamptz)
RETURNS TABLE (id bigint, owner_id int, account_id bigint, name text, stopped_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE access_connection u SET used_at = at WHERE u.id = (
        SELECT c.id FROM access_connection c WHERE c.digest = wanted AND c.stopped_at IS NULL
        AND (c.used_at IS NULL OR c.used_at < at - interval '1 minute') FOR NO KEY UPDATE SKIP LOCKED);
    RETURN QUERY SELECT c.id, c.owner_id, c.account_id, c.name::text, c.stopped_at FROM access_connection c WHERE c.digest = wanted;
END $$;

-- The organisation of the connection that is looking; of everybody else, none. Once a statement (InitPlan), never once a row.
CREATE FUNCTION access_connected() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(owner_id), '{}') FROM access_connection
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND stopped_at IS NULL
$$;
GRANT SELECT, UPDATE ON access_connection TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION access_recognise_connection(text, timestamptz) OWNER TO espalier_maintain;
ALTER FUNCTION access_connected() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0110_sign_in")]
    operations = [
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.IntegerField()),
                ("name", models.CharField(max_length=80)),
                ("prefix", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_by_id", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("account", models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                )),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="access_connection_digest_is_whole")
                ],
                "indexes": [models.Index(fields=["owner_id"], name="access_connection_owner")],
            },
        ),
        migrations.RunSQL(POLICY, "DROP POLICY access_connection_itself ON access_connection"),
        migrations.RunSQL(
            FUNCTIONS, "DROP FUNCTION access_recognise_connection(text, timestamptz); DROP FUNCTION access_connected()"
        ),
    ]  # fmt: skip
