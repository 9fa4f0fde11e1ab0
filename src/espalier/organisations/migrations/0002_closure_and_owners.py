"""The closure of the tree, and whose data the viewer may see: two functions the rest of the house stands on."""

from django.db import migrations

REBUILD = """
-- Rebuilt whole from the dated relations: incremental upkeep of a dated closure is where such trees go wrong.
-- A path holds while all its steps hold: the latest start to the earliest end.
CREATE FUNCTION organisations_rebuild_below() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE made bigint;
BEGIN
    DELETE FROM organisations_below;
    INSERT INTO organisations_below (ancestor_id, unit_id, depth, since, until)
    WITH RECURSIVE step AS (
        SELECT parent_id AS ancestor_id, child_id AS unit_id, coalesce(since, '0001-01-01'::date) AS since,
               coalesce(until, '9999-12-31'::date) AS until
        FROM organisations_relation WHERE kind = 'part_of'
    ), path AS (
        SELECT ancestor_id, unit_id, 1 AS depth, since, until FROM step
        UNION ALL
        SELECT step.ancestor_id, path.unit_id, path.depth + 1, greatest(step.since, path.since),
               least(step.until, path.until)
        FROM path JOIN step ON step.unit_id = path.ancestor_id
             AND step.since < path.until AND path.since < step.until
        WHERE path.depth < 20  -- a loop in the relations ends here instead of running for ever
    )
    -- Stays that touch become one: what is inferred stands in the relations, and a third of the rows are read faster.
    SELECT ancestor_id, unit_id, depth, lower(stay), upper(stay)
    FROM (SELECT ancestor_id, unit_id, depth, unnest(range_agg(daterange(since, until))) AS stay FROM path GROUP BY 1, 2, 3) merged
    UNION ALL
    SELECT id, id, 0, '0001-01-01', '9999-12-31' FROM organisations_unit;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;
"""

OWNERS = """
-- The owners whose rows the viewer of this transaction may see: the units at which they hold a role, what is below
-- those that are organisations or parts of one, and the units that share measures with them.
-- Run once a statement (InitPlan), never once a row. SECURITY DEFINER and owned by the role that passes row-level
-- security, so that grants themselves may be locked away later without locking everybody out.
CREATE FUNCTION access_my_owners() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    WITH held AS (
        SELECT g.unit_id FROM organisations_grant g JOIN organisations_person p ON p.id = g.person_id
        WHERE p.account_id = nullif(current_setting('app.viewer', true), '')::bigint
          AND g.since <= current_date AND (g.until IS NULL OR g.until > current_date)
    ), mine AS (
        SELECT unit_id FROM held
        UNION
        SELECT b.unit_id FROM held JOIN organisations_below b ON b.ancestor_id = held.unit_id
             JOIN organisations_unit u ON u.id = held.unit_id JOIN organisations_kind k ON k.code = u.kind_id
        WHERE k.rank >= (SELECT min(rank) FROM organisations_kind WHERE is_organisation)
          AND b.since <= current_date AND current_date < b.until
        UNION
        SELECT s.unit_id FROM held JOIN organisations_sharing s ON s.shared_with_id = held.unit_id
        WHERE s.what = 'measures' AND s.since <= current_date AND (s.until IS NULL OR s.until > current_date)
    )
    SELECT coalesce(array_agg(unit_id::int), '{}') FROM mine
$$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION access_my_owners() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
GRANT SELECT ON organisations_grant, organisations_person, organisations_below, organisations_unit, organisations_kind,
    organisations_sharing TO espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [
        migrations.RunSQL(REBUILD, "DROP FUNCTION organisations_rebuild_below()"),
        migrations.RunSQL(OWNERS, "DROP FUNCTION access_my_owners()"),
    ]
