"""What the viewer holds is read where it stands: roles, and the membership that comes with a post."""

from django.db import migrations

HELD = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
CREATE OR REPLACE FUNCTION measures_my_organisations() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT organisations_organisation_of(unit_id)::int), '{}')
    FROM organisations_held WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND inside
$$;
CREATE OR REPLACE FUNCTION measures_inside() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT organisations_organisation_of(unit_id)::int), '{}')
    FROM organisations_held
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND inside
      AND nullif(current_setting('app.within', true), '') IS NULL
$$;
CREATE OR REPLACE FUNCTION measures_named_to_me() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT s.id), '{}')
    FROM organisations_held g
         JOIN organisations_sharing a ON a.shared_with_id = g.unit_id AND a.what = 'sums' AND a.by_name
              AND a.since <= current_date AND (a.until IS NULL OR a.until > current_date)
         JOIN organisations_below b ON b.ancestor_id = a.unit_id AND b.since <= current_date AND current_date < b.until
         JOIN measures_series s ON s.unit_id = b.unit_id AND s.owner_id IS NOT NULL AND s.made_by = 'figures'
         JOIN organisations_below h ON h.ancestor_id = s.owner_id AND h.unit_id = a.unit_id AND h.since <= current_date AND current_date < h.until
         JOIN measures_measure m ON m.id = s.measure_id AND m.definition->>'scope' = 'shared' AND a.measure_code IN ('', m.code)
    WHERE g.account_id = nullif(current_setting('app.viewer', true), '')::bigint AND g.inside
$$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("measures", "0060_sums_of_named"), ("organisations", "0100_whose_people")]
    operations = [migrations.RunSQL(HELD, migrations.RunSQL.noop)]
