"""How many people there are in a place, for those who belong to it; and an index that finds a name among one's own people."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

PEOPLE_IN = """
-- In an organisation everybody who holds something at it or below it; anywhere else those who hold something there. A number
-- only, and counted no further than 2,001: on a front page "more than 2,000" says as much, and costs the same for 50,000.
CREATE FUNCTION organisations_people_in(place bigint) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT CASE WHEN kind.is_organisation THEN (
        SELECT count(*) FROM (
            (SELECT DISTINCT person_id FROM organisations_assignment
             WHERE owner_id = place AND since <= current_date AND (until IS NULL OR until > current_date) LIMIT 2001)
            UNION
            (SELECT DISTINCT person_id FROM organisations_grant
             WHERE owner_id = place AND since <= current_date AND (until IS NULL OR until > current_date) LIMIT 2001)) here)
        ELSE organisations_people_at(place) END
    FROM organisations_unit unit JOIN organisations_kind kind ON kind.code = unit.kind_id WHERE unit.id = place
$$;
GRANT SELECT ON organisations_unit, organisations_kind TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION organisations_people_in(bigint) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""

# The same places as before, found along the indexes of the tree: it looked at every one of 70,000 units, for every question
# about something shared with a place.
PLACES = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
CREATE OR REPLACE FUNCTION organisations_my_places() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    WITH held AS MATERIALIZED (
        SELECT DISTINCT unit_id FROM organisations_held WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint
    ), mine AS (
        SELECT unit_id FROM held
        UNION
        SELECT b.ancestor_id FROM held JOIN organisations_below b ON b.unit_id = held.unit_id
             JOIN organisations_unit u ON u.id = b.ancestor_id JOIN organisations_kind k ON k.code = u.kind_id
        WHERE k.rank >= (SELECT min(rank) FROM organisations_kind WHERE is_organisation)
          AND b.since <= current_date AND current_date < b.until
        UNION
        SELECT b.unit_id FROM held JOIN organisations_unit u ON u.id = held.unit_id JOIN organisations_kind k ON k.code = u.kind_id
             JOIN organisations_below b ON b.ancestor_id = held.unit_id
        WHERE k.rank >= (SELECT min(rank) FROM organisations_kind WHERE is_organisation)
          AND b.since <= current_date AND current_date < b.until
    )
    SELECT coalesce(array_agg(unit_id::int), '{}') FROM mine
$$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0141_history")]
    operations = [
        migrations.RunSQL(PEOPLE_IN, "DROP FUNCTION organisations_people_in(bigint)"),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        # Organisation and name in one index: both are narrowed down before a row is read, however common the name.
        migrations.AddIndex(
            "person",
            GinIndex(name="organisations_person_search", fields=["owner_ids", "name"], opclasses=["array_ops", "gin_trgm_ops"]),
        ),
    ]
