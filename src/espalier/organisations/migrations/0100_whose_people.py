# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""Whose people are: owners of posts and roles kept by the database, and row-level security on everything about a person."""

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import Q

MAINTAINED = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION {name} OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""

HELD = """
-- What everybody holds today: the roles they were given, and by each post they hold the membership of its team.
-- inside: whether it opens what the organisation keeps for its own people; a partner takes part without being of its staff.
-- It runs with the rights of whoever asks, so that it opens nothing by itself.
CREATE VIEW organisations_held WITH (security_invoker = true) AS
    SELECT p.account_id, p.id AS person_id, g.role::text AS role, g.unit_id, g.role <> 'lived-experience-partner' AS inside
    FROM organisations_grant g JOIN organisations_person p ON p.id = g.person_id
    WHERE g.since <= current_date AND (g.until IS NULL OR g.until > current_date)
    UNION ALL
    SELECT p.account_id, p.id, 'team-member', a.unit_id, true
    FROM organisations_assignment a JOIN organisations_person p ON p.id = a.person_id
    WHERE a.since <= current_date AND (a.until IS NULL OR a.until > current_date);
GRANT SELECT ON organisations_held, organisations_assignment TO espalier_maintain;
GRANT SELECT, UPDATE ON organisations_person, organisations_grant, organisations_assignment TO espalier_maintain;

-- Who signs in with an account: the person and what they hold today. Asked before anybody is looking, of one account only.
CREATE FUNCTION organisations_who(account bigint)
RETURNS TABLE (person_id bigint, name text, role text, unit_id bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT p.id, p.name::text, h.role, h.unit_id
    FROM organisations_person p LEFT JOIN organisations_held h ON h.person_id = p.id AND h.account_id = account
    WHERE p.account_id = account ORDER BY h.unit_id, h.role
$$;

CREATE FUNCTION organisations_me() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT id FROM organisations_person WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint
$$;

-- The organisations whose people the viewer is one of: of each place at which they hold something, the nearest organisation
-- it is part of; above organisations the place itself. A token for one unit does not widen.
CREATE FUNCTION organisations_mine() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT coalesce(organisations_organisation_of(unit_id), unit_id)::int), '{}')
    FROM organisations_held
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND inside
      AND nullif(current_setting('app.within', true), '') IS NULL
$$;

-- How many people hold a role at a unit: so many would see what is shared with it. A number, of whatever organisation.
CREATE FUNCTION organisations_people_at(place bigint) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT count(DISTINCT person_id) FROM organisations_held WHERE unit_id = place
$$;

-- The made-up people whom a visitor of the demonstration may be.
CREATE FUNCTION organisations_demo_people() RETURNS TABLE (username text, name text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT a.username::text, p.name::text FROM organisations_person p JOIN access_account a ON a.id = p.account_id
    WHERE p.made_up AND a.is_demo AND a.is_active ORDER BY p.id
$$;
"""

OWNERS = """
-- A post or role takes its owner from its unit, never from the caller.
CREATE FUNCTION organisations_row_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.owner_id := coalesce(organisations_organisation_of(NEW.unit_id), NEW.unit_id);
    RETURN NEW;
END $$;

-- The organisations of a person follow the posts and roles, also those that whoever changes one may not see.
CREATE FUNCTION organisations_person_owners(people bigint[]) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    UPDATE organisations_person p SET owner_ids = now_held.owners
    FROM (SELECT one.id, coalesce(array_agg(DISTINCT held.owner_id ORDER BY held.owner_id) FILTER (WHERE held.owner_id IS NOT NULL), '{}') AS owners
          FROM unnest(people) AS one(id) LEFT JOIN (
              SELECT person_id, owner_id FROM organisations_assignment WHERE person_id = ANY (people)
              UNION SELECT person_id, owner_id FROM organisations_grant WHERE person_id = ANY (people)) held ON held.person_id = one.id
          GROUP BY one.id) now_held
    WHERE p.id = now_held.id AND p.owner_ids IS DISTINCT FROM now_held.owners
$$;
CREATE FUNCTION organisations_people_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM organisations_person_owners(ARRAY(SELECT DISTINCT person_id FROM new_rows));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM organisations_person_owners(ARRAY(SELECT DISTINCT person_id FROM old_rows));
    ELSE
        PERFORM organisations_person_owners(ARRAY(SELECT person_id FROM new_rows UNION SELECT person_id FROM old_rows));
    END IF;
    RETURN NULL;
END $$;

-- When a unit comes to belong to another organisation, so do the posts and roles at it. Called after the tree is rebuilt.
CREATE FUNCTION organisations_reown() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE moved bigint; more bigint;
BEGIN
    CREATE TEMP TABLE whose ON COMMIT DROP AS
        SELECT DISTINCT ON (one.id) one.id AS unit_id, coalesce(k.ancestor_id, one.id)::int AS owner_id
        FROM organisations_unit one LEFT JOIN (
            SELECT b.unit_id, b.ancestor_id, b.depth FROM organisations_below b
            JOIN organisations_unit u ON u.id = b.ancestor_id JOIN organisations_kind kind ON kind.code = u.kind_id
            WHERE kind.is_organisation AND b.since <= current_date AND current_date < b.until) k ON k.unit_id = one.id
        ORDER BY one.id, k.depth;
    UPDATE organisations_assignment a SET owner_id = NULL FROM whose w WHERE w.unit_id = a.unit_id AND a.owner_id IS DISTINCT FROM w.owner_id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE organisations_grant g SET owner_id = NULL FROM whose w WHERE w.unit_id = g.unit_id AND g.owner_id IS DISTINCT FROM w.owner_id;
    GET DIAGNOSTICS more = ROW_COUNT;
    DROP TABLE whose;
    RETURN moved + more;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER organisations_row_owner BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION organisations_row_owner();
CREATE TRIGGER {table}_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION organisations_people_changed();
CREATE TRIGGER {table}_changed AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION organisations_people_changed();
CREATE TRIGGER {table}_removed AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION organisations_people_changed();
"""
    for table in ("organisations_assignment", "organisations_grant")
)  # fmt: skip

FUNCTIONS = (
    "organisations_who(bigint)", "organisations_me()", "organisations_mine()", "organisations_people_at(bigint)", "organisations_demo_people()",
    "organisations_row_owner()", "organisations_person_owners(bigint[])", "organisations_people_changed()", "organisations_reown()",
)  # fmt: skip

# Rows of today take their owners before the doors shut.
BACKFILL = """
UPDATE organisations_assignment SET owner_id = NULL;
UPDATE organisations_grant SET owner_id = NULL;
"""

MINE = "(SELECT organisations_mine())::int[]"
SYSTEM = "(SELECT access_is_system())"
PERSON = """
ALTER TABLE organisations_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_person FORCE ROW LEVEL SECURITY;
CREATE POLICY organisations_person_seen ON organisations_person FOR SELECT USING ({seen});
CREATE POLICY organisations_person_added ON organisations_person FOR INSERT WITH CHECK (
    account_id = nullif(current_setting('app.viewer', true), '')::bigint OR (owner_ids <> '{{}}' AND owner_ids <@ {mine}) OR {system});
CREATE POLICY organisations_person_changed ON organisations_person FOR UPDATE USING ({seen}) WITH CHECK ({seen});
CREATE POLICY organisations_person_removed ON organisations_person FOR DELETE USING ({seen});
""".format(
    mine=MINE, system=SYSTEM,
    seen=f"account_id = nullif(current_setting('app.viewer', true), '')::bigint OR owner_ids && {MINE} OR {SYSTEM}",
)  # fmt: skip
HOLDING = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({ours} OR person_id = (SELECT organisations_me()));
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({ours});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({ours}) WITH CHECK ({ours});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({ours});
"""

# What people hold stands in one place from here on: the functions of earlier migrations read it there.
PLACES = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
CREATE OR REPLACE FUNCTION access_all_my_owners() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    WITH held AS (
        SELECT DISTINCT unit_id FROM organisations_held
        WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND inside
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
CREATE OR REPLACE FUNCTION organisations_my_places() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    WITH held AS (
        SELECT DISTINCT unit_id FROM organisations_held WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint
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
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
UNDO = "".join(
    f"DROP POLICY {table}_{name} ON {table};"
    for table in ("organisations_person", "organisations_assignment", "organisations_grant")
    for name in ("seen", "added", "changed", "removed")
)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0040_narrowed_by_token"), ("access", "0100_system_accounts")]
    operations = [
        migrations.AddField("person", "work_email", models.EmailField(blank=True, default="", db_default="", max_length=254)),
        migrations.AddField("person", "is_partner", models.BooleanField(default=False, db_default=False)),
        migrations.AddField(
            "person",
            "owner_ids",
            django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, db_default=[], size=None),
        ),
        migrations.AddField("person", "version", models.IntegerField(default=1, db_default=1)),
        migrations.AddField("assignment", "owner_id", models.IntegerField(null=True, editable=False)),
        migrations.AddField("assignment", "number", models.CharField(max_length=40, blank=True, default="", db_default="")),
        migrations.AddField("assignment", "version", models.IntegerField(default=1, db_default=1)),
        migrations.AddField("grant", "owner_id", models.IntegerField(null=True, editable=False)),
        migrations.AddIndex("person", GinIndex(name="organisations_person_owners", fields=["owner_ids"])),
        migrations.AddIndex("person", GinIndex(name="organisations_person_name_trgm", fields=["name"], opclasses=["gin_trgm_ops"])),
        migrations.AddIndex("assignment", models.Index(name="organisations_assignment_owner", fields=["owner_id", "person"])),
        migrations.AddIndex("grant", models.Index(name="organisations_grant_owner", fields=["owner_id", "person"])),
        migrations.AddConstraint(
            "assignment",
            models.UniqueConstraint(
                name="organisations_assignment_number_once", fields=["owner_id", "number", "since"], condition=~Q(number="")
            ),
        ),
        migrations.RunSQL(HELD, migrations.RunSQL.noop),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
        migrations.RunSQL("".join(MAINTAINED.format(name=name) for name in FUNCTIONS), migrations.RunSQL.noop),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.RunSQL(PERSON, UNDO),
        *(
            migrations.RunSQL(HOLDING.format(table=table, ours=f"owner_id = ANY ({MINE}) OR {SYSTEM}"), migrations.RunSQL.noop)
            for table in ("organisations_assignment", "organisations_grant")
        ),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
    ]
