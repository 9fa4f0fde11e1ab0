"""How many reports and board pages hang on some places: a number, before a place is changed."""

from django.db import migrations

AFFECTED = """
CREATE FUNCTION insight_affected(places bigint[]) RETURNS TABLE (reports bigint, board_pages bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT count(*) FILTER (WHERE kind <> 'board'), count(*) FILTER (WHERE kind = 'board')
    FROM insight_paper WHERE unit_id = ANY (places) OR owner_id = ANY (places)
$$;
GRANT SELECT ON insight_paper TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION insight_affected(bigint[]) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial"), ("organisations", "0110_changing")]
    operations = [migrations.RunSQL(AFFECTED, "DROP FUNCTION insight_affected(bigint[])")]
