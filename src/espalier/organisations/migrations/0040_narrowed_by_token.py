"""A token may be for one unit only: whose rows its caller sees is then narrowed to that unit and what lies below it."""

from django.db import migrations

# The function is taken as it stands and wrapped, so that whoever changed it before this migration loses nothing.
NARROW = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
DO $do$
DECLARE body text;
BEGIN
    SELECT prosrc INTO STRICT body FROM pg_proc WHERE oid = 'access_my_owners()'::regprocedure;
    EXECUTE 'CREATE FUNCTION access_all_my_owners() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER'
            ' SET search_path = pg_catalog, public AS ' || quote_literal(body);
END $do$;
CREATE OR REPLACE FUNCTION access_my_owners() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT CASE WHEN nullif(current_setting('app.within', true), '') IS NULL THEN access_all_my_owners() ELSE (
        SELECT coalesce(array_agg(owner), '{}') FROM unnest(access_all_my_owners()) owner WHERE owner IN (
            SELECT b.unit_id FROM organisations_below b
            WHERE b.ancestor_id = nullif(current_setting('app.within', true), '')::bigint
              AND b.since <= current_date AND current_date < b.until
        )
    ) END
$$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
WIDE = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
DO $do$
DECLARE body text;
BEGIN
    SELECT prosrc INTO STRICT body FROM pg_proc WHERE oid = 'access_all_my_owners()'::regprocedure;
    EXECUTE 'CREATE OR REPLACE FUNCTION access_my_owners() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER'
            ' SET search_path = pg_catalog, public AS ' || quote_literal(body);
END $do$;
DROP FUNCTION access_all_my_owners();
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0030_my_places")]
    operations = [migrations.RunSQL(NARROW, WIDE)]
