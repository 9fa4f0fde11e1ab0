"""Places change: earlier names, what was done (so that it can be undone), deletion with a wait, and people who follow."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F, Q

from espalier.organisations.models import DateRange

MAINTAINED = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION {name} OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""

# Two rebuilds at once would both insert: the second waits, and then sees what the first one made.
REBUILD = """
CREATE OR REPLACE FUNCTION organisations_rebuild_below() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE made bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(110, 0);
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
    SELECT ancestor_id, unit_id, depth, lower(stay), upper(stay)
    FROM (SELECT ancestor_id, unit_id, depth, unnest(range_agg(daterange(since, until))) AS stay FROM path GROUP BY 1, 2, 3) merged
    UNION ALL
    SELECT id, id, 0, '0001-01-01', '9999-12-31' FROM organisations_unit;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;
"""

KEEPER = """
-- The organisation that looks after what is at a unit: the nearest one above it today; of a unit that has closed the one it
-- last lay in (of one that opens later, the first); and where that one has closed, the one that took over from it.
CREATE FUNCTION organisations_keeper_of(wanted bigint) RETURNS bigint LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public AS $$
DECLARE place bigint := wanted; found bigint; day date; heir bigint;
BEGIN
    FOR step IN 1..10 LOOP
        SELECT coalesce(max(least(b.until - 1, current_date)) FILTER (WHERE b.since <= current_date), min(b.since), current_date) INTO day
        FROM organisations_below b WHERE b.unit_id = place AND b.depth = 1;
        SELECT b.ancestor_id INTO found
        FROM organisations_below b JOIN organisations_unit u ON u.id = b.ancestor_id JOIN organisations_kind k ON k.code = u.kind_id
        WHERE b.unit_id = place AND k.is_organisation AND b.since <= day AND day < b.until ORDER BY b.depth LIMIT 1;
        IF found IS NULL THEN
            RETURN NULL;
        END IF;
        SELECT r.parent_id INTO heir FROM organisations_relation r JOIN organisations_unit u ON u.id = r.child_id
        WHERE r.child_id = found AND r.kind = 'succeeded_by' AND u.closed_on < current_date AND (r.since IS NULL OR r.since <= current_date)
        ORDER BY r.since DESC NULLS LAST, r.id LIMIT 1;
        IF heir IS NULL OR heir = wanted THEN
            RETURN found;
        END IF;
        place := heir;
    END LOOP;
    RETURN found;
END $$;

GRANT CREATE ON SCHEMA public TO espalier_maintain;
GRANT SELECT ON organisations_relation TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
CREATE OR REPLACE FUNCTION organisations_row_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.owner_id := coalesce(organisations_keeper_of(NEW.unit_id), NEW.unit_id);
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION organisations_reown() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE moved bigint; more bigint;
BEGIN
    CREATE TEMP TABLE whose ON COMMIT DROP AS
        SELECT held.unit_id, (CASE WHEN k.ancestor_id IS NULL OR k.closed_on < current_date
                                  THEN coalesce(organisations_keeper_of(held.unit_id), held.unit_id) ELSE k.ancestor_id END)::int AS owner_id
        FROM (SELECT unit_id FROM organisations_assignment UNION SELECT unit_id FROM organisations_grant) held
             LEFT JOIN (
                 SELECT DISTINCT ON (b.unit_id) b.unit_id, b.ancestor_id, u.closed_on FROM organisations_below b
                 JOIN organisations_unit u ON u.id = b.ancestor_id JOIN organisations_kind kind ON kind.code = u.kind_id
                 WHERE kind.is_organisation AND b.since <= current_date AND current_date < b.until ORDER BY b.unit_id, b.depth
             ) k ON k.unit_id = held.unit_id;
    UPDATE organisations_assignment a SET owner_id = NULL FROM whose w WHERE w.unit_id = a.unit_id AND a.owner_id IS DISTINCT FROM w.owner_id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE organisations_grant g SET owner_id = NULL FROM whose w WHERE w.unit_id = g.unit_id AND g.owner_id IS DISTINCT FROM w.owner_id;
    GET DIAGNOSTICS more = ROW_COUNT;
    DROP TABLE whose;
    RETURN moved + more;
END $$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""

FOLLOW = """
GRANT INSERT, DELETE ON organisations_assignment, organisations_grant TO espalier_maintain;
GRANT USAGE ON SEQUENCE organisations_assignment_id_seq, organisations_grant_id_seq, organisations_followed_id_seq TO espalier_maintain;
GRANT SELECT, INSERT, UPDATE, DELETE ON organisations_followed TO espalier_maintain;
GRANT SELECT ON organisations_change TO espalier_maintain;

-- People follow their place: from a day on, the posts and roles at some places are at another one, or (heir NULL) they end.
-- Whoever merges two organisations need not be allowed to see their people, so this runs with the rights of the house, and
-- only for a change that is being made. What was done is written down, so that it can be undone.
CREATE FUNCTION organisations_follow(done bigint, places bigint[], heir bigint, first_day date) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE one record; fresh bigint; counted int := 0;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM organisations_change WHERE id = done AND undone_at IS NULL AND touched @> places::int[]) THEN
        RAISE EXCEPTION 'no such change' USING ERRCODE = 'check_violation';
    END IF;
    FOR one IN SELECT * FROM organisations_assignment WHERE unit_id = ANY (places) AND (until IS NULL OR until > first_day) ORDER BY id LOOP
        fresh := NULL;
        IF heir IS NOT NULL AND one.since >= first_day THEN
            UPDATE organisations_assignment SET unit_id = heir WHERE id = one.id;
            fresh := one.id;
        ELSIF one.since < first_day THEN
            UPDATE organisations_assignment SET until = first_day WHERE id = one.id;
            IF heir IS NOT NULL THEN
                INSERT INTO organisations_assignment (person_id, unit_id, number, role_title, profession, staff_group, band, fraction, manager_id, since, until, version)
                VALUES (one.person_id, heir, one.number, one.role_title, one.profession, one.staff_group, one.band, one.fraction, one.manager_id, first_day, one.until, 1)
                RETURNING id INTO fresh;
            END IF;
        ELSE
            CONTINUE;  -- it was to begin after its place is gone; nobody takes it over, and it is left for a person to look at
        END IF;
        INSERT INTO organisations_followed (change_id, what, old_id, old_unit_id, old_until, new_id) VALUES (done, 'post', one.id, one.unit_id, one.until, fresh);
        counted := counted + 1;
    END LOOP;
    FOR one IN SELECT * FROM organisations_grant WHERE unit_id = ANY (places) AND (until IS NULL OR until > first_day) ORDER BY id LOOP
        fresh := NULL;
        IF one.since >= first_day THEN
            CONTINUE WHEN heir IS NULL OR EXISTS (SELECT 1 FROM organisations_grant g WHERE g.person_id = one.person_id AND g.role = one.role AND g.unit_id = heir AND g.since = one.since);
            UPDATE organisations_grant SET unit_id = heir WHERE id = one.id;
            fresh := one.id;
        ELSE
            UPDATE organisations_grant SET until = first_day WHERE id = one.id;
            IF heir IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM organisations_grant g WHERE g.person_id = one.person_id AND g.role = one.role AND g.unit_id = heir
                AND (g.since = first_day OR (g.since < first_day AND (g.until IS NULL OR g.until > first_day)))) THEN
                INSERT INTO organisations_grant (person_id, role, unit_id, since, until, given_by_id)
                VALUES (one.person_id, one.role, heir, first_day, one.until, one.given_by_id) RETURNING id INTO fresh;
            END IF;
        END IF;
        INSERT INTO organisations_followed (change_id, what, old_id, old_unit_id, old_until, new_id) VALUES (done, 'role', one.id, one.unit_id, one.until, fresh);
        counted := counted + 1;
    END LOOP;
    RETURN counted;
END $$;

-- Back again. A post that ended meanwhile at its new place ends on the same day at the old one: nobody comes back who has left.
CREATE FUNCTION organisations_unfollow(done bigint) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE one record; ended date; counted int := 0;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM organisations_change WHERE id = done AND undone_at IS NULL) THEN
        RAISE EXCEPTION 'no such change' USING ERRCODE = 'check_violation';
    END IF;
    FOR one IN SELECT * FROM organisations_followed WHERE change_id = done ORDER BY id LOOP
        ended := one.old_until;
        IF one.what = 'post' AND one.new_id = one.old_id THEN
            UPDATE organisations_assignment SET unit_id = one.old_unit_id WHERE id = one.old_id;
        ELSIF one.what = 'role' AND one.new_id = one.old_id THEN
            UPDATE organisations_grant SET unit_id = one.old_unit_id WHERE id = one.old_id;
        ELSIF one.what = 'post' THEN
            IF one.new_id IS NOT NULL THEN
                SELECT until INTO ended FROM organisations_assignment WHERE id = one.new_id;
                DELETE FROM organisations_assignment WHERE id = one.new_id;
                CONTINUE WHEN NOT FOUND;
            END IF;
            UPDATE organisations_assignment SET until = ended WHERE id = one.old_id;
        ELSE
            IF one.new_id IS NOT NULL THEN
                SELECT until INTO ended FROM organisations_grant WHERE id = one.new_id;
                DELETE FROM organisations_grant WHERE id = one.new_id;
                CONTINUE WHEN NOT FOUND;
            END IF;
            UPDATE organisations_grant SET until = ended WHERE id = one.old_id;
        END IF;
        counted := counted + 1;
    END LOOP;
    DELETE FROM organisations_followed WHERE change_id = done;
    RETURN counted;
END $$;

-- What stands at new places beyond what a change itself brought there: a number, before the change is undone.
CREATE FUNCTION organisations_hanging(places bigint[]) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT (SELECT count(*) FROM organisations_assignment a WHERE a.unit_id = ANY (places)
                AND NOT EXISTS (SELECT 1 FROM organisations_followed f WHERE f.what = 'post' AND f.new_id = a.id))
         + (SELECT count(*) FROM organisations_grant g WHERE g.unit_id = ANY (places)
                AND NOT EXISTS (SELECT 1 FROM organisations_followed f WHERE f.what = 'role' AND f.new_id = g.id))
         + (SELECT count(*) FROM organisations_sharing WHERE unit_id = ANY (places) OR shared_with_id = ANY (places))
$$;

-- How much hangs on some places: numbers, of whatever organisation; never who. first_day NULL counts all there ever was.
CREATE FUNCTION organisations_affected(places bigint[], first_day date) RETURNS TABLE (people bigint, posts bigint, roles bigint, agreements bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH post AS (SELECT person_id FROM organisations_assignment WHERE unit_id = ANY (places) AND (first_day IS NULL OR until IS NULL OR until > first_day)),
         given AS (SELECT person_id FROM organisations_grant WHERE unit_id = ANY (places) AND (first_day IS NULL OR until IS NULL OR until > first_day))
    SELECT (SELECT count(*) FROM (SELECT person_id FROM post UNION SELECT person_id FROM given) one),
           (SELECT count(*) FROM post), (SELECT count(*) FROM given),
           (SELECT count(*) FROM organisations_sharing WHERE (unit_id = ANY (places) OR shared_with_id = ANY (places))
                AND (first_day IS NULL OR until IS NULL OR until > first_day))
$$;
"""
FUNCTIONS = ("organisations_hanging(bigint[])", "organisations_follow(bigint, bigint[], bigint, date)", "organisations_unfollow(bigint)", "organisations_affected(bigint[], date)")
GONE = "".join(f"DROP FUNCTION {name};" for name in (*FUNCTIONS,))


class Migration(migrations.Migration):
    dependencies = [("organisations", "0100_whose_people")]
    operations = [
        migrations.AddField("unit", "version", models.IntegerField(default=1, db_default=1)),
        migrations.CreateModel(
            name="Naming",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit")),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        name="organisations_naming_one_at_a_time",
                        expressions=[("unit", "="), (DateRange("since", "until"), "&&")],
                    ),
                    models.CheckConstraint(
                        name="organisations_naming_half_open",
                        condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("on", models.DateField()),
                ("touched", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("said", models.JSONField(default=dict)),
                ("done_at", models.DateTimeField()),
                ("done_by_id", models.BigIntegerField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit")),
            ],
            options={"indexes": [GinIndex(name="organisations_change_touched", fields=["touched"])]},
        ),
        migrations.CreateModel(
            name="Followed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=10)),
                ("old_id", models.BigIntegerField()),
                ("old_unit_id", models.BigIntegerField()),
                ("old_until", models.DateField(null=True)),
                ("new_id", models.BigIntegerField(null=True)),
                ("change", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.change")),
            ],
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("unit", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="organisations.unit")),
                ("why", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("asked_by_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RunSQL(REBUILD, migrations.RunSQL.noop),
        migrations.RunSQL(KEEPER, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW + "".join(MAINTAINED.format(name=name) for name in FUNCTIONS), GONE),
    ]
