"""Who may see a file that was given: the person who gave it, while they belong to the place they gave it for."""

from django.db import migrations

POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({seen});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({seen}) WITH CHECK ({seen});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({seen});
"""
NO_POLICY = "".join(f"DROP POLICY {{table}}_{name} ON {{table}};" for name in ("seen", "added", "changed", "removed"))
NO_POLICY += "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
OWNED = "owner_id = ANY ((SELECT access_my_owners())::int[])"
# Whoever leaves a place no longer sees the files they gave for it: they may be full of other people's figures.
MINE = f"(account_id = nullif(current_setting('app.viewer', true), '')::bigint AND (owner_id IS NULL OR {OWNED}))"
TABLES = (("imports_upload", MINE), ("imports_part", MINE), ("imports_progress", MINE), ("imports_remembered", f"({OWNED})"))

# The schedule that forgets old files acts for nobody, so it cannot see them: this function removes without showing.
# Only the day is given to it, never which file; what was stored stays, with its versions.
FORGET = """
CREATE FUNCTION imports_forget(before timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE gone bigint;
BEGIN
    DELETE FROM imports_part p USING imports_upload u WHERE u.id = p.upload_id AND u.at < before;
    DELETE FROM imports_progress WHERE at < before;
    DELETE FROM imports_upload WHERE at < before;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION imports_forget(timestamptz) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
GRANT SELECT, DELETE ON imports_upload, imports_part, imports_progress TO espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("organisations", "0002_closure_and_owners")]
    operations = [
        *(migrations.RunSQL(POLICY.format(table=table, seen=seen), NO_POLICY.format(table=table)) for table, seen in TABLES),
        migrations.RunSQL(FORGET, "DROP FUNCTION imports_forget(timestamptz)"),
    ]
