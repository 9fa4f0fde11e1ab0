# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""Scopes held by the database, stored sums of shared figures, and agreements that take effect in their own transaction."""

import django.db.models.deletion
from django.db import migrations, models

# An owner's figures are seen inside: by those who hold a role anywhere in that organisation.
SEEN = (
    "(owner_id IS NULL OR owner_id = ANY ((SELECT access_my_owners())::int[])"
    " OR owner_id = ANY ((SELECT measures_inside())::int[]))"
)
NAMED = "{column} = ANY ((SELECT measures_named_to_me())::bigint[])"
SIGNED_IN = "nullif(current_setting('app.viewer', true), '') IS NOT NULL"
OWNED_BY_MAINTAIN = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION {name} OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""

INSIDE = """
-- The organisations in which the viewer holds a role, at whatever unit of theirs. A token for one unit does not widen.
CREATE FUNCTION measures_inside() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT organisations_organisation_of(g.unit_id)::int), '{}')
    FROM organisations_grant g JOIN organisations_person p ON p.id = g.person_id
    WHERE p.account_id = nullif(current_setting('app.viewer', true), '')::bigint
      AND nullif(current_setting('app.within', true), '') IS NULL
      AND g.since <= current_date AND (g.until IS NULL OR g.until > current_date)
$$;
""" + OWNED_BY_MAINTAIN.format(name="measures_inside()")

POLICY = """
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({read});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({seen} AND {signed_in});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({seen} AND {signed_in}) WITH CHECK ({seen} AND {signed_in});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({seen} AND {signed_in});
"""
COLUMNS = {"measures_series": "id", "measures_point": "series_id", "measures_pointversion": None, "measures_sumcoverage": None}


def policies() -> str:
    statements = []
    for table, column in COLUMNS.items():
        if table != "measures_sumcoverage":
            statements += [f"DROP POLICY {table}_{name} ON {table};" for name in ("seen", "added", "changed", "removed")]
        read = f"{SEEN} OR {NAMED.format(column=column)}" if column else SEEN
        statements.append(POLICY.format(table=table, read=read, seen=SEEN, signed_in=SIGNED_IN))
    return "".join(statements)


GUARD = """
ALTER TABLE measures_sumcoverage ENABLE ROW LEVEL SECURITY;
ALTER TABLE measures_sumcoverage FORCE ROW LEVEL SECURITY;
CREATE TRIGGER measures_sumcoverage_owner BEFORE INSERT OR UPDATE ON measures_sumcoverage
    FOR EACH ROW EXECUTE FUNCTION measures_point_owner();
GRANT SELECT, INSERT, UPDATE, DELETE ON measures_sumcoverage, measures_sumdue TO espalier_maintain;
GRANT SELECT, UPDATE ON measures_pointversion TO espalier_maintain;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO espalier_maintain;
"""

SCOPES = """
-- A series of a shared measure has an owner, and one about people comes only from a release.
CREATE FUNCTION measures_series_scope() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE scope text;
BEGIN
    SELECT coalesce(definition->>'scope', 'open') INTO scope FROM measures_measure WHERE id = NEW.measure_id;
    IF scope = 'shared' AND NEW.owner_id IS NULL THEN
        RAISE EXCEPTION 'a series of a shared measure needs an owner' USING ERRCODE = 'check_violation';
    ELSIF scope = 'released' AND NEW.made_by <> 'release' THEN
        RAISE EXCEPTION 'figures about people come in only as a release' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- A unit that begins to keep a measure itself needs no sum any more; it goes at once.
CREATE FUNCTION measures_series_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE old bigint;
BEGIN
    SELECT id INTO old FROM measures_series
    WHERE measure_id = NEW.measure_id AND unit_id = NEW.unit_id AND stratum = NEW.stratum AND made_by = 'sum';
    DELETE FROM measures_sumcoverage WHERE series_id = old;
    DELETE FROM measures_point WHERE series_id = old;
    DELETE FROM measures_series WHERE id = old;
    RETURN NULL;
END $$;
CREATE TRIGGER measures_series_begins AFTER INSERT ON measures_series
    FOR EACH ROW WHEN (NEW.made_by = 'figures' AND NEW.owner_id IS NOT NULL) EXECUTE FUNCTION measures_series_begins();
CREATE TRIGGER measures_series_scope BEFORE INSERT OR UPDATE OF measure_id, owner_id, made_by ON measures_series
    FOR EACH ROW EXECUTE FUNCTION measures_series_scope();

-- The owner still comes from the series and never from the caller; what is stored by the house is not written by hand.
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
CREATE OR REPLACE FUNCTION measures_point_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE way text;
BEGIN
    SELECT owner_id, made_by INTO STRICT NEW.owner_id, way FROM measures_series WHERE id = NEW.series_id;
    IF way <> 'figures' AND way <> coalesce(nullif(current_setting('app.storing', true), ''), '') THEN
        RAISE EXCEPTION '% figures are stored by the house itself, never put in', way USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
EXCEPTION WHEN no_data_found THEN
    RAISE EXCEPTION 'no such series %', NEW.series_id USING ERRCODE = 'foreign_key_violation';
END $$;
RESET ROLE;

-- What is remembered of a series changes hands with it: who owns it decides about its past too.
CREATE OR REPLACE FUNCTION measures_series_changes_hands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE measures_point SET owner_id = NEW.owner_id WHERE series_id = NEW.id;
    UPDATE measures_pointversion SET owner_id = NEW.owner_id WHERE series_id = NEW.id;
    UPDATE measures_sumcoverage SET owner_id = NEW.owner_id WHERE series_id = NEW.id;
    RETURN NULL;
END $$;
""" + OWNED_BY_MAINTAIN.format(name="measures_series_changes_hands()") + OWNED_BY_MAINTAIN.format(name="measures_series_begins()")

NAMES = """
-- The series that units share by name with a unit at which the viewer holds a role. Once a statement, like the owners.
CREATE FUNCTION measures_named_to_me() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT s.id), '{}')
    FROM organisations_grant g JOIN organisations_person p ON p.id = g.person_id
         JOIN organisations_sharing a ON a.shared_with_id = g.unit_id AND a.what = 'sums' AND a.by_name
              AND a.since <= current_date AND (a.until IS NULL OR a.until > current_date)
         JOIN organisations_below b ON b.ancestor_id = a.unit_id AND b.since <= current_date AND current_date < b.until
         JOIN measures_series s ON s.unit_id = b.unit_id AND s.owner_id IS NOT NULL AND s.made_by = 'figures'
         JOIN organisations_below h ON h.ancestor_id = s.owner_id AND h.unit_id = a.unit_id AND h.since <= current_date AND current_date < h.until
         JOIN measures_measure m ON m.id = s.measure_id AND m.definition->>'scope' = 'shared' AND a.measure_code IN ('', m.code)
    WHERE p.account_id = nullif(current_setting('app.viewer', true), '')::bigint
      AND g.since <= current_date AND (g.until IS NULL OR g.until > current_date)
$$;
""" + OWNED_BY_MAINTAIN.format(name="measures_named_to_me()")

# One measure added up to one unit. A unit is in the sum of a period
#  - if it lay below the unit then;
#  - if it agreed: inside one organisation nobody is asked, for its people see the parts anyway;
#  - if nothing above it, and still below the unit, gave a figure for that period: the highest level counts, and only it.
# Fewer than three units are no sum: it would tell what one of them counted. Unless those in it let themselves be named.
ROLL_UP = """
CREATE FUNCTION measures_roll_up(wanted bigint, upper bigint) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE what measures_measure; house bigint; kept bigint; stored int;
BEGIN
    PERFORM pg_advisory_xact_lock(50, hashint8(wanted * 1000003 + upper));
    SELECT * INTO what FROM measures_measure WHERE id = wanted;
    house := organisations_organisation_of(upper);
    SELECT id INTO kept FROM measures_series WHERE measure_id = wanted AND unit_id = upper AND stratum = '' AND made_by = 'sum';
    CREATE TEMP TABLE summed ON COMMIT DROP AS
    WITH part AS MATERIALIZED (
        SELECT s.id, s.unit_id, b.since, b.until, coalesce(s.owner_id = house OR given.there, false) AS agreed,
               coalesce(s.owner_id = house OR given.named, false) AS named
        FROM measures_series s JOIN organisations_below b ON b.ancestor_id = upper AND b.unit_id = s.unit_id AND b.depth > 0
             LEFT JOIN LATERAL (
                 SELECT true AS there, bool_or(a.by_name) AS named
                 FROM organisations_sharing a JOIN organisations_below o ON o.ancestor_id = a.unit_id AND o.unit_id = s.unit_id
                      AND o.since <= current_date AND current_date < o.until
                      JOIN organisations_below h ON h.ancestor_id = s.owner_id AND h.unit_id = a.unit_id  -- nobody agrees for another house
                      AND h.since <= current_date AND current_date < h.until
                 WHERE a.shared_with_id = upper AND a.what = 'sums' AND a.measure_code IN ('', what.code)
                   AND a.since <= current_date AND (a.until IS NULL OR a.until > current_date)
                 HAVING count(*) > 0
             ) given ON true
        WHERE s.measure_id = wanted AND s.stratum = '' AND s.made_by = 'figures' AND s.owner_id IS NOT NULL
          AND what.definition->>'scope' = 'shared' AND what.roll_up <> 'none'
    ), cell AS MATERIALIZED (
        SELECT part.*, p.period_on, p.numerator, p.denominator, p.value
        FROM part JOIN measures_point p ON p.series_id = part.id AND part.since <= p.period_on AND p.period_on < part.until
        WHERE p.value IS NOT NULL OR p.numerator IS NOT NULL
    ), nested AS MATERIALIZED (
        SELECT low.unit_id AS low, up.ancestor_id AS high, up.since, up.until
        FROM (SELECT DISTINCT unit_id FROM part) low
             JOIN organisations_below up ON up.unit_id = low.unit_id AND up.depth > 0 AND up.ancestor_id IN (SELECT unit_id FROM part)
    ), top AS (
        SELECT cell.*,
            NOT EXISTS (SELECT 1 FROM nested n JOIN cell c ON c.unit_id = n.high AND c.period_on = cell.period_on
                        WHERE n.low = cell.unit_id AND n.since <= cell.period_on AND cell.period_on < n.until) AS highest,
            cell.agreed AND NOT EXISTS (SELECT 1 FROM nested n JOIN cell c ON c.unit_id = n.high AND c.period_on = cell.period_on AND c.agreed
                        WHERE n.low = cell.unit_id AND n.since <= cell.period_on AND cell.period_on < n.until) AS counts
        FROM cell
    )
    SELECT period_on, sum(numerator) FILTER (WHERE counts) AS numerator, sum(denominator) FILTER (WHERE counts) AS denominator,
           avg(value) FILTER (WHERE counts) AS mean, count(*) FILTER (WHERE counts)::int AS reported,
           greatest(count(*) FILTER (WHERE highest), count(*) FILTER (WHERE counts))::int AS expected,
           round((sum(coalesce(denominator, numerator)) FILTER (WHERE counts)
               / nullif(sum(coalesce(denominator, numerator)) FILTER (WHERE highest), 0))::numeric, 1)::float8 AS share
    FROM top GROUP BY period_on
    HAVING count(*) FILTER (WHERE counts) >= CASE WHEN bool_and(named) FILTER (WHERE counts) THEN 1 ELSE 3 END;

    SELECT count(*) INTO stored FROM summed;
    PERFORM set_config('app.storing', 'sum', true);
    -- A unit that keeps the measure itself has no sum beside it: one chart would show two figures for a month.
    IF EXISTS (SELECT 1 FROM measures_series s JOIN measures_point p ON p.series_id = s.id
               WHERE s.measure_id = wanted AND s.unit_id = upper AND s.stratum = '' AND s.made_by = 'figures') THEN
        DELETE FROM summed;
        stored := 0;
    END IF;
    IF stored > 0 AND kept IS NULL THEN
        INSERT INTO measures_series (measure_id, unit_id, stratum, owner_id, made_by)
        VALUES (wanted, upper, '', coalesce(house, upper), 'sum') RETURNING id INTO kept;
    END IF;
    IF kept IS NOT NULL THEN
        DELETE FROM measures_sumcoverage WHERE series_id = kept;
        DELETE FROM measures_point p WHERE series_id = kept AND NOT EXISTS (SELECT 1 FROM summed WHERE summed.period_on = p.period_on);
        INSERT INTO measures_point AS p (series_id, period_on, numerator, denominator, value)
        SELECT kept, period_on, CASE WHEN what.roll_up = 'sum' THEN numerator END, CASE WHEN what.roll_up = 'sum' THEN denominator END,
            CASE WHEN what.roll_up = 'mean' THEN mean WHEN what.definition->>'measured_in' = 'count' THEN numerator
                 ELSE CASE what.definition->>'measured_in' WHEN 'percent' THEN 100 WHEN 'rate' THEN 1000 ELSE 1 END
                      * numerator / nullif(denominator, 0) END
        FROM summed ORDER BY period_on
        ON CONFLICT (series_id, period_on) DO UPDATE SET numerator = excluded.numerator, denominator = excluded.denominator, value = excluded.value
        WHERE (p.numerator, p.denominator, p.value) IS DISTINCT FROM (excluded.numerator, excluded.denominator, excluded.value);
        INSERT INTO measures_sumcoverage (series_id, period_on, reported, expected, share)
        SELECT kept, period_on, reported, expected, share FROM summed;
        IF stored = 0 THEN
            DELETE FROM measures_series WHERE id = kept;
        END IF;
    END IF;
    PERFORM set_config('app.storing', '', true);
    DROP TABLE summed;
    RETURN stored;
END $$;

-- Every unit to which one measure is added up: those it is shared with, the organisations it is kept in, those with a sum.
CREATE FUNCTION measures_roll_up_everywhere(wanted bigint) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE upper bigint; stored int := 0;
BEGIN
    FOR upper IN
        SELECT a.shared_with_id FROM organisations_sharing a JOIN measures_measure m ON m.id = wanted AND a.measure_code IN ('', m.code)
        WHERE a.what = 'sums'
        UNION SELECT owner_id FROM measures_series WHERE measure_id = wanted AND owner_id <> unit_id AND made_by = 'figures'
        UNION SELECT unit_id FROM measures_series WHERE measure_id = wanted AND made_by = 'sum'
    LOOP
        stored := stored + measures_roll_up(wanted, upper);
    END LOOP;
    RETURN stored;
END $$;
""" + OWNED_BY_MAINTAIN.format(name="measures_roll_up(bigint, bigint)") + OWNED_BY_MAINTAIN.format(name="measures_roll_up_everywhere(bigint)")

AT_ONCE = """
-- What is given or withdrawn takes effect in its own transaction, whoever wrote it.
CREATE FUNCTION measures_agreement_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE given organisations_sharing; measure bigint;
BEGIN
    given := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    IF given.what = 'sums' THEN
        FOR measure IN SELECT id FROM measures_measure WHERE definition->>'scope' = 'shared' AND given.measure_code IN ('', code) LOOP
            PERFORM measures_roll_up(measure, given.shared_with_id);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER measures_agreement_changed AFTER INSERT OR UPDATE OR DELETE ON organisations_sharing
    FOR EACH ROW EXECUTE FUNCTION measures_agreement_changed();

-- Figures that change make the sums of their measure due: noted in the same transaction, once a measure however many.
CREATE FUNCTION measures_sum_due() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF coalesce(nullif(current_setting('app.storing', true), ''), '') = '' THEN
        INSERT INTO measures_sumdue (measure_id)
        SELECT DISTINCT s.measure_id FROM changed JOIN measures_series s ON s.id = changed.series_id WHERE changed.owner_id IS NOT NULL
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER measures_sum_due_added AFTER INSERT ON measures_point REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION measures_sum_due();
CREATE TRIGGER measures_sum_due_changed AFTER UPDATE ON measures_point REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION measures_sum_due();
CREATE TRIGGER measures_sum_due_removed AFTER DELETE ON measures_point REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION measures_sum_due();
""" + OWNED_BY_MAINTAIN.format(name="measures_agreement_changed()") + OWNED_BY_MAINTAIN.format(name="measures_sum_due()")


class Migration(migrations.Migration):
    dependencies = [("measures", "0040_idempotency"), ("organisations", "0003_agreements")]
    operations = [
        migrations.AddField("series", "made_by", models.CharField(max_length=10, default="figures", db_default="figures")),
        migrations.AddConstraint(
            "series",
            models.CheckConstraint(name="measures_series_made_by", condition=models.Q(made_by__in=["figures", "sum", "release"])),
        ),
        migrations.RemoveConstraint("series", "measures_series_once"),
        migrations.AddConstraint(
            "series",
            models.UniqueConstraint(
                name="measures_series_once", fields=["measure", "unit", "stratum", "owner", "made_by"], nulls_distinct=False
            ),
        ),
        migrations.CreateModel(
            name="SumCoverage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_on", models.DateField()),
                ("owner_id", models.BigIntegerField(null=True)),
                ("reported", models.IntegerField()),
                ("expected", models.IntegerField()),
                ("share", models.FloatField(null=True)),
                ("series", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="measures.series")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("series", "period_on"), name="measures_sumcoverage_once")]},
        ),
        migrations.CreateModel(
            name="SumDue",
            fields=[
                ("measure", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="measures.measure")),
            ],
        ),
        migrations.RunSQL(INSIDE),
        migrations.RunSQL(GUARD),
        migrations.RunSQL(SCOPES),
        migrations.RunSQL(NAMES),
        migrations.RunSQL(policies()),
        migrations.RunSQL(ROLL_UP),
        migrations.RunSQL(AT_ONCE),
    ]
