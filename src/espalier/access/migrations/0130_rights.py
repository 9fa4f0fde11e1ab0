"""What people may ask for: a copy, an erasure, choices; and how the database finds, counts and erases what is about one person."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

ME = "nullif(current_setting('app.viewer', true), '')::bigint"
MINE = f"account_id = {ME}"
SYSTEM = "(SELECT access_is_system())"
CONCERNED = f"({MINE} OR asked_by_id = {ME} OR {SYSTEM})"
POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({added});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({seen}) WITH CHECK ({seen});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({seen});
"""
GUARDS = {
    # A copy asked for by a colleague lies with the person it is about; who asked sees how far it is, never what is in it.
    "access_datarequest": {"seen": CONCERNED, "added": f"account_id IS NOT NULL AND asked_by_id = {ME}"},
    "access_datapart": {"seen": MINE, "added": MINE},
    "access_consent": {"seen": MINE, "added": MINE},
}

FUNCTIONS = """
-- The rows of one table about whoever asked for a copy of their own data, and nobody else's: the request says whom it is
-- about, and only its own account may ask. Which rows those are stands in a table that the app can only read.
CREATE FUNCTION access_held(request uuid, place text) RETURNS SETOF jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE asked record; statement text;
BEGIN
    SELECT r.about_id, r.person_id, a.username, lower(a.email) AS email INTO asked
    FROM access_datarequest r JOIN access_account a ON a.id = r.about_id
    WHERE r.id = request AND r.kind = 'copy' AND r.state = 'asked' AND r.about_id = r.account_id
      AND r.account_id = nullif(current_setting('app.viewer', true), '')::bigint;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT h.find INTO statement FROM access_held_place h WHERE h."table" = place;
    IF statement IS NULL THEN RAISE EXCEPTION 'access_held: no table % with rows about people', place; END IF;
    RETURN QUERY EXECUTE format('SELECT to_jsonb(x) FROM (%s) x', statement)
        USING asked.about_id, asked.person_id, asked.username::text, asked.email::text;
END $$;

-- The same for a person without an account, by a colleague: nothing passes row-level security, the colleague sees what they may.
CREATE FUNCTION access_held_seen(place text, person bigint) RETURNS SETOF jsonb LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE statement text;
BEGIN
    SELECT h.find INTO statement FROM access_held_place h WHERE h."table" = place;
    IF statement IS NULL THEN RAISE EXCEPTION 'access_held_seen: no table % with rows about people', place; END IF;
    RETURN QUERY EXECUTE format('SELECT to_jsonb(x) FROM (%s) x', statement) USING NULL::bigint, person, NULL::text, NULL::text;
END $$;

-- How many rows each table holds about the person of an erasure, for who asked for it: numbers only.
CREATE FUNCTION access_held_counts(request uuid) RETURNS TABLE (place text, rows bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE asked record; one record; number bigint;
BEGIN
    SELECT r.about_id, r.person_id, a.username, lower(a.email) AS email INTO asked
    FROM access_datarequest r LEFT JOIN access_account a ON a.id = r.about_id
    WHERE r.id = request AND r.kind = 'erase'
      AND (nullif(current_setting('app.viewer', true), '')::bigint IN (r.account_id, r.asked_by_id) OR access_is_system());
    IF NOT FOUND THEN RETURN; END IF;
    FOR one IN SELECT h."table" AS name, h.find FROM access_held_place h ORDER BY h.rank, h."table" LOOP
        EXECUTE format('SELECT count(*) FROM (%s) x', one.find) INTO number
            USING asked.about_id, asked.person_id, asked.username::text, asked.email::text;
        place := one.name; rows := number;
        RETURN NEXT;
    END LOOP;
END $$;

-- Carry out an erasure whose wait is over. The house's own account only, and nothing that was not confirmed.
CREATE FUNCTION access_erase(request uuid, at timestamptz) RETURNS TABLE (place text, removed bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE asked record; one record; gone bigint;
BEGIN
    SELECT r.about_id, r.person_id, a.username, lower(a.email) AS email INTO asked
    FROM access_datarequest r LEFT JOIN access_account a ON a.id = r.about_id
    WHERE r.id = request AND r.kind = 'erase' AND r.state = 'waiting' AND r.due_at <= at AND access_is_system();
    IF NOT FOUND THEN RAISE EXCEPTION 'access_erase: nothing is due under %', request; END IF;
    FOR one IN SELECT h."table" AS name, h.erase FROM access_held_place h WHERE h.erase <> '' ORDER BY h.rank, h."table" LOOP
        EXECUTE one.erase USING asked.about_id, asked.person_id, asked.username::text, asked.email::text;
        GET DIAGNOSTICS gone = ROW_COUNT;
        place := one.name; removed := gone;
        RETURN NEXT;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;  -- what still points at the person must stop this here, not after the answer
    SET CONSTRAINTS ALL DEFERRED;
END $$;

-- Clear away what a schedule says is due. The house only, and only by statements that the owner of the database wrote.
CREATE FUNCTION access_clear(wanted text, before timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE statement text; gone bigint;
BEGIN
    IF NOT access_is_system() THEN RAISE EXCEPTION 'access_clear: only the house clears away'; END IF;
    SELECT c.sql INTO statement FROM access_held_clearing c WHERE c.code = wanted;
    IF statement IS NULL THEN RAISE EXCEPTION 'access_clear: no schedule %', wanted; END IF;
    EXECUTE statement INTO gone USING before;
    RETURN coalesce(gone, 0);
END $$;

-- The accounts whose last word on a choice was no, for queries that must leave them out.
CREATE FUNCTION access_said_no(wanted text) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(account_id), '{}') FROM (
        SELECT DISTINCT ON (account_id) account_id, given FROM access_consent WHERE code = wanted ORDER BY account_id, at DESC) newest
    WHERE NOT given
$$;
"""
SIGNATURES = (
    "access_held(uuid, text)", "access_held_counts(uuid)", "access_erase(uuid, timestamptz)", "access_clear(text, timestamptz)",
    "access_said_no(text)",
)  # fmt: skip
OWNED = "GRANT CREATE ON SCHEMA public TO espalier_maintain;\n"
OWNED += "".join(f"ALTER FUNCTION {one} OWNER TO espalier_maintain;\n" for one in SIGNATURES)
OWNED += "REVOKE CREATE ON SCHEMA public FROM espalier_maintain;\n"
OWNED += (
    "GRANT SELECT ON access_datarequest, access_datapart, access_consent, access_held_place, access_held_clearing TO espalier_maintain;"
)
UNDO = "".join(f"DROP FUNCTION {one};" for one in (*SIGNATURES, "access_held_seen(text, bigint)"))
# Real people on the database that comes with Espalier: one at most, whoever adds them. Only that database says it is embedded.
EMBEDDED = """
CREATE FUNCTION access_one_real_account() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF coalesce(current_setting('espalier.embedded', true), '') = 'on' THEN
        PERFORM pg_advisory_xact_lock(hashtext('one real account'));
        IF (SELECT count(*) FROM (SELECT 1 FROM access_account WHERE NOT is_demo AND NOT is_system LIMIT 2) real) > 1 THEN
            RAISE EXCEPTION 'The database that comes with Espalier holds one real person at most.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'access_one_real_account', HINT = 'Set DATABASE_URL to a server of your own.';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER access_one_real_account AFTER INSERT OR UPDATE OF is_demo, is_system ON access_account
    FOR EACH STATEMENT EXECUTE FUNCTION access_one_real_account();
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION access_one_real_account() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0121_sent_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldClearing",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("sql", models.TextField()),
            ],
            options={
                "db_table": "access_held_clearing",
            },
        ),
        migrations.CreateModel(
            name="HeldPlace",
            fields=[
                ("table", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("find", models.TextField()),
                ("erase", models.TextField(blank=True)),
                ("rank", models.SmallIntegerField()),
            ],
            options={
                "db_table": "access_held_place",
            },
        ),
        migrations.CreateModel(
            name="Cleared",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("before", models.DateTimeField()),
                ("removed", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["-at"], name="access_cleared_newest")],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("account_id", models.BigIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("given", models.BooleanField()),
                ("words", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["account_id", "code", "-at"], name="access_consent_newest")],
            },
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=5)),
                ("account_id", models.BigIntegerField()),
                ("about_id", models.BigIntegerField(null=True)),
                ("person_id", models.BigIntegerField(null=True)),
                ("asked_by_id", models.BigIntegerField()),
                ("state", models.CharField(default="asked", max_length=10)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("kept_until", models.DateTimeField(null=True)),
                ("result", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account_id", "-asked_at"], name="access_datarequest_whose"),
                    models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="access_datarequest_due"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ("copy", "erase"))), name="access_datarequest_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("asked", "waiting", "ready", "done", "taken-back", "failed"))),
                        name="access_datarequest_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("about_id__isnull", False), ("person_id__isnull", False), _connector="OR"),
                        name="access_datarequest_about",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "erase"), ("state", "waiting"), _negated=True), ("due_at__isnull", False), _connector="OR"
                        ),
                        name="access_datarequest_waits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataPart",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("account_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=5)),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                ("request", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.datarequest")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("request", "kind", "number"), name="access_datapart_once")],
            },
        ),
        *(
            migrations.RunSQL(
                POLICY.format(table=table, **words),
                "".join(f"DROP POLICY {table}_{name} ON {table};" for name in ("seen", "added", "changed", "removed")),
            )
            for table, words in GUARDS.items()
        ),
        migrations.RunSQL(FUNCTIONS + OWNED, UNDO),
        migrations.RunSQL(EMBEDDED, "DROP TRIGGER access_one_real_account ON access_account; DROP FUNCTION access_one_real_account()"),
    ]
