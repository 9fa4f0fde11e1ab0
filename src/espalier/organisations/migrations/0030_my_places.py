"""Where the viewer belongs: for what people share with their own team or organisation."""

from django.db import migrations

PLACES = """
-- The units at which the viewer holds a role today, what these are part of up to their organisation, and what lies in
-- them where they are an organisation or a part of one. Other than access_my_owners() it goes up, so that a ward's
-- member is reached by what is shared with the hospital; and it leaves out units that merely share figures.
CREATE FUNCTION organisations_my_places() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    WITH held AS (
        SELECT g.unit_id FROM organisations_grant g JOIN organisations_person p ON p.id = g.person_id
        WHERE p.account_id = nullif(current_setting('app.viewer', true), '')::bigint
          AND g.since <= current_date AND (g.until IS NULL OR g.until > current_date)
    ), own AS (
        SELECT unit.id, kind.rank >= (SELECT min(rank) FROM organisations_kind WHERE is_organisation) AS inside
        FROM organisations_unit unit JOIN organisations_kind kind ON kind.code = unit.kind_id
    ), mine AS (
        SELECT unit_id FROM held
        UNION
        SELECT b.ancestor_id FROM held JOIN organisations_below b ON b.unit_id = held.unit_id JOIN own ON own.id = b.ancestor_id
        WHERE own.inside AND b.since <= current_date AND current_date < b.until
        UNION
        SELECT b.unit_id FROM held JOIN own ON own.id = held.unit_id JOIN organisations_below b ON b.ancestor_id = held.unit_id
        WHERE own.inside AND b.since <= current_date AND current_date < b.until
    )
    SELECT coalesce(array_agg(unit_id::int), '{}') FROM mine
$$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION organisations_my_places() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_agreements")]
    operations = [migrations.RunSQL(PLACES, "DROP FUNCTION organisations_my_places()")]
