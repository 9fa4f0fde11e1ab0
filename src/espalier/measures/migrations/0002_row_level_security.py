"""Who may see a series and its points, decided in the database; and the owner copied onto each point."""

from django.db import migrations

OWNER_OF_POINT = """
-- A point takes its owner from its series, never from the caller. The look-up passes row-level security (else the
-- policy's function would run once a row: 25 s for 80,000 points); the point's own policy then refuses what the caller
-- may not see, once a statement.
CREATE FUNCTION measures_point_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    SELECT owner_id INTO STRICT NEW.owner_id FROM measures_series WHERE id = NEW.series_id;
    RETURN NEW;
EXCEPTION WHEN no_data_found THEN
    RAISE EXCEPTION 'no such series %', NEW.series_id USING ERRCODE = 'foreign_key_violation';
END $$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION measures_point_owner() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
CREATE TRIGGER measures_point_owner BEFORE INSERT OR UPDATE ON measures_point
    FOR EACH ROW EXECUTE FUNCTION measures_point_owner();
CREATE TRIGGER measures_pointversion_owner BEFORE INSERT ON measures_pointversion
    FOR EACH ROW EXECUTE FUNCTION measures_point_owner();

-- When a series changes hands its points follow, in the same statement's transaction.
CREATE FUNCTION measures_series_changes_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE measures_point SET owner_id = NEW.owner_id WHERE series_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER measures_series_changes_hands AFTER UPDATE OF owner_id ON measures_series
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id) EXECUTE FUNCTION measures_series_changes_hands();
"""

# Open rows are for everyone to read; nobody who has not signed in (or is not a named system account) writes any row.
POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({seen} AND {signed_in});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({seen} AND {signed_in}) WITH CHECK ({seen} AND {signed_in});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({seen} AND {signed_in});
"""
SEEN = "(owner_id IS NULL OR owner_id = ANY ((SELECT access_my_owners())::int[]))"
SIGNED_IN = "nullif(current_setting('app.viewer', true), '') IS NOT NULL"
NO_POLICY = "".join(f"DROP POLICY {{table}}_{name} ON {{table}};" for name in ("seen", "added", "changed", "removed"))
NO_POLICY += "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
TABLES = ("measures_series", "measures_point", "measures_pointversion")


class Migration(migrations.Migration):
    dependencies = [("measures", "0001_initial"), ("organisations", "0002_closure_and_owners")]
    operations = [
        migrations.RunSQL(
            OWNER_OF_POINT,
            "DROP TRIGGER measures_series_changes_hands ON measures_series; DROP TRIGGER measures_point_owner ON measures_point;"
            "DROP TRIGGER measures_pointversion_owner ON measures_pointversion;"
            "DROP FUNCTION measures_series_changes_hands(); DROP FUNCTION measures_point_owner()",
        ),
        *(migrations.RunSQL(POLICY.format(table=table, seen=SEEN, signed_in=SIGNED_IN), NO_POLICY.format(table=table)) for table in TABLES),
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON measures_series, measures_point TO espalier_maintain;"
            "GRANT SELECT ON measures_pointversion, measures_measure TO espalier_maintain",
            migrations.RunSQL.noop,
        ),
    ]
