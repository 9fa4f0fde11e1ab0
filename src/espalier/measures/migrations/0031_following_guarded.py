"""What a person keeps is theirs: row by row, in the database."""

from django.db import migrations

ME = "account_id = nullif(current_setting('app.viewer', true), '')::bigint"
PRIVATE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({mine});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({me}) WITH CHECK ({mine});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({me});
"""
BACK = "".join(f"DROP POLICY {{table}}_{name} ON {{table}};" for name in ("seen", "added", "changed", "removed"))
BACK += "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
# A view that is shared is seen by those who belong to the place it is shared with; only its maker changes it, and
# shares it with no place that is not theirs.
PLACES = "unit_id = ANY ((SELECT organisations_my_places())::int[])"
SHARED = {"seen": f"{ME} OR (removed_at IS NULL AND {PLACES})", "mine": f"{ME} AND (unit_id IS NULL OR {PLACES})", "me": ME}
OWN = {"seen": ME, "mine": ME, "me": ME}
TABLES = {
    "measures_savedview": SHARED, "measures_lastlook": OWN, "measures_follow": OWN, "measures_digest": OWN,
}  # fmt: skip

# The schedule acts for nobody, so it sees no row; this tells it for whom to start a job, and nothing more.
FOLLOWERS = """
CREATE FUNCTION measures_followers() RETURNS TABLE (account_id bigint, how_often varchar) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$ SELECT DISTINCT account_id, how_often FROM measures_follow $$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION measures_followers() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
GRANT SELECT ON measures_follow TO espalier_maintain;
"""

# Versions come in the order of time, so a few pages say where a day begins: nearly nothing to keep up, and "since I
# last looked" need not read all of history.
BY_TIME = "CREATE INDEX measures_pointversion_by_time ON measures_pointversion USING brin (at) WITH (pages_per_range = 32)"


class Migration(migrations.Migration):
    dependencies = [("measures", "0030_following"), ("organisations", "0030_my_places")]
    operations = [
        *(migrations.RunSQL(PRIVATE.format(table=table, **words), BACK.format(table=table)) for table, words in TABLES.items()),
        migrations.RunSQL(FOLLOWERS, "DROP FUNCTION measures_followers()"),
        migrations.RunSQL(BY_TIME, "DROP INDEX measures_pointversion_by_time"),
    ]
