"""Places move, merge and close: figures stay in the sums of the days on which they lay there, and their owner follows the place.

Until here a sum asked in which organisation a team lies today. Now it asks, for each period, in which it lay then.
"""

from importlib import import_module

from django.db import migrations

_BEFORE = import_module("espalier.measures.migrations.0060_sums_of_named").roll_up
_FROM, _TO = "    WITH part AS MATERIALIZED (", "    ), nested AS MATERIALIZED ("
_HOUSE, _KEEPER = "house := organisations_organisation_of(upper);", "house := organisations_keeper_of(upper);"

# Which days of a unit's figures may count in the sum, as ranges of days made once a unit and not once a figure:
#  - the days on which it lay in the same organisation as the upper unit: its people see the parts anyway;
#  - the days on which it lay in a unit that agreed, and in that unit's own organisation: nobody agrees for another one.
# An organisation that has closed agreed for its own days, and that holds until it is taken back.
_NOW = """
    WITH kept_at AS MATERIALIZED (
        SELECT s.id, s.unit_id, b.since, b.until
        FROM measures_series s JOIN organisations_below b ON b.ancestor_id = upper AND b.unit_id = s.unit_id AND b.depth > 0
        WHERE s.measure_id = wanted AND s.stratum = '' AND s.made_by = 'figures' AND s.owner_id IS NOT NULL
          AND what.definition->>'scope' = 'shared' AND what.roll_up <> 'none'
    ), asked AS MATERIALIZED (
        SELECT upper AS top_id, true AS house, true AS named
        UNION ALL
        SELECT a.unit_id, false, bool_or(a.by_name) FROM organisations_sharing a
        WHERE a.shared_with_id = upper AND a.what = 'sums' AND a.measure_code IN ('', what.code)
          AND a.since <= current_date AND (a.until IS NULL OR a.until > current_date)
        GROUP BY a.unit_id
    ), roof AS MATERIALIZED (
        SELECT t.top_id, range_agg(daterange(b.since, b.until)) AS days
        FROM (SELECT DISTINCT top_id FROM asked) t JOIN organisations_below b ON b.unit_id = t.top_id
             JOIN organisations_unit u ON u.id = b.ancestor_id JOIN organisations_kind k ON k.code = u.kind_id
        WHERE k.is_organisation GROUP BY 1
    ), lies AS MATERIALIZED (
        SELECT t.top_id, b.unit_id, range_agg(daterange(b.since, b.until)) AS days
        FROM (SELECT DISTINCT top_id FROM asked) t JOIN organisations_below b ON b.ancestor_id = t.top_id
        WHERE b.unit_id IN (SELECT unit_id FROM kept_at) AND (b.unit_id = t.top_id OR t.top_id IN (SELECT top_id FROM roof)) GROUP BY 1, 2
    ), crossed AS MATERIALIZED (
        SELECT t.top_id, l.unit_id, range_agg(daterange(greatest(h.since, l.since), least(h.until, l.until))) AS days
        FROM roof t JOIN organisations_below h ON h.ancestor_id = t.top_id AND h.depth > 0
             JOIN organisations_unit u ON u.id = h.unit_id JOIN organisations_kind k ON k.code = u.kind_id AND k.is_organisation
             JOIN organisations_below l ON l.ancestor_id = h.unit_id AND l.since < h.until AND h.since < l.until
        WHERE l.unit_id IN (SELECT unit_id FROM kept_at) GROUP BY 1, 2
    ), allowed AS (
        SELECT lies.unit_id, asked.house OR asked.named AS named,
               CASE WHEN lies.unit_id = asked.top_id THEN '{(,)}'::datemultirange
                    ELSE lies.days * roof.days - coalesce(crossed.days, '{}'::datemultirange) END AS days
        FROM asked JOIN lies USING (top_id) LEFT JOIN roof USING (top_id) LEFT JOIN crossed USING (top_id, unit_id)
    ), may AS MATERIALIZED (
        SELECT unit_id, range_agg(days) AS agreed, range_agg(days) FILTER (WHERE named) AS named FROM allowed GROUP BY 1
    ), part AS MATERIALIZED (
        SELECT kept_at.*, may.agreed AS agreed_on, may.named AS named_on FROM kept_at LEFT JOIN may USING (unit_id)
    ), cell AS MATERIALIZED (
        SELECT part.id, part.unit_id, part.since, part.until, coalesce(p.period_on <@ part.agreed_on, false) AS agreed,
               coalesce(p.period_on <@ part.named_on, false) AS named, p.period_on, p.numerator, p.denominator, p.value
        FROM part JOIN measures_point p ON p.series_id = part.id AND part.since <= p.period_on AND p.period_on < part.until
        WHERE p.value IS NOT NULL OR p.numerator IS NOT NULL
"""


def roll_up() -> str:
    """Return the function of 0060 with the question who agreed asked for each period."""
    function = _BEFORE()
    if function.count(_FROM) != 1 or function.count(_TO) != 1 or function.count(_HOUSE) != 1:
        raise RuntimeError("0110 changes parts of measures_roll_up as 0060 wrote it, and did not find them there.")
    before, _, rest = function.partition(_FROM)
    return (before + _NOW.lstrip("\n") + _TO + rest.partition(_TO)[2]).replace(_HOUSE, _KEEPER)


REOWN = """
-- Who looks after a place looks after its figures, their past included: when a team moves to another organisation, the
-- series of shared measures, their points, versions and marks go with it. One that stands there already is left alone.
CREATE FUNCTION measures_reown() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE moved bigint;
BEGIN
    UPDATE measures_series s SET owner_id = w.owner_id
    FROM (SELECT u.unit_id, CASE WHEN k.ancestor_id IS NULL OR k.closed_on < current_date
                                 THEN coalesce(organisations_keeper_of(u.unit_id), u.unit_id) ELSE k.ancestor_id END AS owner_id
          FROM (SELECT DISTINCT unit_id FROM measures_series WHERE owner_id IS NOT NULL AND made_by IN ('figures', 'sum')) u
               LEFT JOIN (
                   SELECT DISTINCT ON (b.unit_id) b.unit_id, b.ancestor_id, o.closed_on FROM organisations_below b
                   JOIN organisations_unit o ON o.id = b.ancestor_id JOIN organisations_kind kind ON kind.code = o.kind_id
                   WHERE kind.is_organisation AND b.since <= current_date AND current_date < b.until
                     AND b.unit_id IN (SELECT unit_id FROM measures_series WHERE owner_id IS NOT NULL) ORDER BY b.unit_id, b.depth
               ) k ON k.unit_id = u.unit_id) w
    WHERE w.unit_id = s.unit_id AND s.owner_id IS NOT NULL AND s.owner_id <> w.owner_id AND s.made_by IN ('figures', 'sum')
      AND NOT EXISTS (SELECT 1 FROM measures_series o WHERE o.measure_id = s.measure_id AND o.unit_id = s.unit_id
                      AND o.stratum = s.stratum AND o.made_by = s.made_by AND o.owner_id = w.owner_id);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END $$;

-- Called when the tree is made anew, whoever does it: owners follow at once, and what is added up is due.
CREATE FUNCTION measures_places_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM set_config('app.storing', 'sum', true);  -- coverage of a stored sum changes hands with it
    PERFORM measures_reown();
    PERFORM set_config('app.storing', '', true);
    INSERT INTO measures_sumdue (measure_id)
    SELECT DISTINCT measure_id FROM measures_series WHERE owner_id IS NOT NULL AND made_by = 'figures' ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER measures_places_changed AFTER INSERT ON organisations_below
    FOR EACH STATEMENT EXECUTE FUNCTION measures_places_changed();

-- How many charts, and how many measures of its own, hang on some places: numbers, whoever asks.
CREATE FUNCTION measures_affected(places bigint[]) RETURNS TABLE (series bigint, made_for bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT (SELECT count(*) FROM measures_series WHERE (unit_id = ANY (places) OR owner_id = ANY (places)) AND made_by <> 'sum'),
           (SELECT count(*) FROM measures_measure WHERE made_for_id = ANY (places) OR organisation_id = ANY (places))
$$;
GRANT SELECT ON measures_measure TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION measures_reown() OWNER TO espalier_maintain;
ALTER FUNCTION measures_places_changed() OWNER TO espalier_maintain;
ALTER FUNCTION measures_affected(bigint[]) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
UNDO = """
DROP TRIGGER measures_places_changed ON organisations_below;
DROP FUNCTION measures_places_changed();
DROP FUNCTION measures_reown();
DROP FUNCTION measures_affected(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("measures", "0110_letters"), ("organisations", "0110_changing")]
    operations = [migrations.RunSQL(roll_up(), migrations.RunSQL.noop), migrations.RunSQL(REOWN, UNDO)]
