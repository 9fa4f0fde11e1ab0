"""How many people there are in a place, for those who belong to it; and an index that finds a name among one's own people."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

PEOPLE_IN = """
-- In an organisation everybody who holds something at it or below it; anywhere else those who hold something there. A number only.
CREATE FUNCTION organisations_people_in(place bigint) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT CASE WHEN kind.is_organisation THEN (
        SELECT count(*) FROM (
            SELECT person_id FROM organisations_assignment
            WHERE owner_id = place AND since <= current_date AND (until IS NULL OR until > current_date)
            UNION
            SELECT person_id FROM organisations_grant
            WHERE owner_id = place AND since <= current_date AND (until IS NULL OR until > current_date)) here)
        ELSE organisations_people_at(place) END
    FROM organisations_unit unit JOIN organisations_kind kind ON kind.code = unit.kind_id WHERE unit.id = place
$$;
GRANT SELECT ON organisations_unit, organisations_kind TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION organisations_people_in(bigint) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0100_whose_people")]
    operations = [
        migrations.RunSQL(PEOPLE_IN, "DROP FUNCTION organisations_people_in(bigint)"),
        # Organisation and name in one index: both are narrowed down before a row is read, however common the name.
        migrations.AddIndex(
            "person",
            GinIndex(name="organisations_person_search", fields=["owner_ids", "name"], opclasses=["array_ops", "gin_trgm_ops"]),
        ),
    ]
