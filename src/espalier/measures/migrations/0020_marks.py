"""What people say of a series, seen by whom, decided in the database."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

OURS = """
-- The organisations the viewer of this transaction belongs to: of each place at which they hold a role, the nearest
-- organisation it is part of. Somebody of a region or system belongs to none.
CREATE FUNCTION measures_my_organisations() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    WITH held AS (
        SELECT g.unit_id FROM organisations_grant g JOIN organisations_person p ON p.id = g.person_id
        WHERE p.account_id = nullif(current_setting('app.viewer', true), '')::bigint
          AND g.since <= current_date AND (g.until IS NULL OR g.until > current_date)
    ), nearest AS (
        SELECT DISTINCT ON (held.unit_id) b.ancestor_id
        FROM held JOIN organisations_below b ON b.unit_id = held.unit_id
             JOIN organisations_unit u ON u.id = b.ancestor_id JOIN organisations_kind k ON k.code = u.kind_id
        WHERE k.is_organisation AND b.since <= current_date AND current_date < b.until
        ORDER BY held.unit_id, b.depth
    )
    SELECT coalesce(array_agg(DISTINCT ancestor_id::int), '{}') FROM nearest
$$;

-- A mark takes its owner from its series, never from the caller: the series' own, or where that is open the
-- organisation of the place. What has neither cannot be marked.
CREATE FUNCTION measures_mark_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE place bigint;
BEGIN
    SELECT owner_id, unit_id INTO STRICT NEW.owner_id, place FROM measures_series WHERE id = NEW.series_id;
    NEW.for_staff := NEW.owner_id IS NULL;
    IF NEW.for_staff THEN
        SELECT b.ancestor_id INTO NEW.owner_id
        FROM organisations_below b JOIN organisations_unit u ON u.id = b.ancestor_id
             JOIN organisations_kind k ON k.code = u.kind_id
        WHERE b.unit_id = place AND k.is_organisation AND b.since <= current_date AND current_date < b.until
        ORDER BY b.depth LIMIT 1;
        IF NEW.owner_id IS NULL THEN
            RAISE EXCEPTION 'series % belongs to no organisation', NEW.series_id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
EXCEPTION WHEN no_data_found THEN
    RAISE EXCEPTION 'no such series %', NEW.series_id USING ERRCODE = 'foreign_key_violation';
END $$;

-- When a series changes hands its marks follow, also those that whoever hands it over may not see.
CREATE FUNCTION measures_marks_change_hands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE measures_mark SET version = version WHERE series_id = NEW.id;
    UPDATE measures_markversion SET number = number WHERE series_id = NEW.id;
    RETURN NULL;
END $$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION measures_my_organisations() OWNER TO espalier_maintain;
ALTER FUNCTION measures_mark_owner() OWNER TO espalier_maintain;
ALTER FUNCTION measures_marks_change_hands() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
GRANT SELECT, INSERT, UPDATE, DELETE ON measures_mark, measures_markversion TO espalier_maintain;
CREATE TRIGGER measures_mark_owner BEFORE INSERT OR UPDATE ON measures_mark
    FOR EACH ROW EXECUTE FUNCTION measures_mark_owner();
CREATE TRIGGER measures_markversion_owner BEFORE INSERT OR UPDATE ON measures_markversion
    FOR EACH ROW EXECUTE FUNCTION measures_mark_owner();
CREATE TRIGGER measures_marks_change_hands AFTER UPDATE OF owner_id ON measures_series
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id) EXECUTE FUNCTION measures_marks_change_hands();
"""
NOT_OURS = """
DROP TRIGGER measures_marks_change_hands ON measures_series;
DROP TRIGGER measures_mark_owner ON measures_mark;
DROP TRIGGER measures_markversion_owner ON measures_markversion;
DROP FUNCTION measures_marks_change_hands();
DROP FUNCTION measures_mark_owner();
DROP FUNCTION measures_my_organisations();
"""

# A mark on an open series is for the organisation's own people: not for visitors, and not for those it shares figures with.
POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({seen} AND {signed_in});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({seen} AND {signed_in}) WITH CHECK ({seen} AND {signed_in});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({seen} AND {signed_in});
"""
SEEN = (
    "((NOT for_staff AND owner_id = ANY ((SELECT access_my_owners())::int[]))"
    " OR (for_staff AND owner_id = ANY ((SELECT measures_my_organisations())::int[])))"
)
SIGNED_IN = "nullif(current_setting('app.viewer', true), '') IS NOT NULL"
NO_POLICY = "".join(f"DROP POLICY {{table}}_{name} ON {{table}};" for name in ("seen", "added", "changed", "removed"))
NO_POLICY += "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
TABLES = ("measures_mark", "measures_markversion")


class Migration(migrations.Migration):
    dependencies = [("measures", "0010_definitions_and_versions"), ("organisations", "0002_closure_and_owners")]

    operations = [
        migrations.CreateModel(
            name="MarkVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("mark_id", models.UUIDField()),
                ("series_id", models.BigIntegerField()),
                ("owner_id", models.BigIntegerField(null=True)),
                ("for_staff", models.BooleanField(default=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("did", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=10)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("words", models.CharField(max_length=500)),
                ("account_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("why", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "indexes": [models.Index(fields=["series_id", "at"], name="measures_markversion_when")],
                "constraints": [models.UniqueConstraint(fields=("mark_id", "number"), name="measures_markversion_once")],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("for_staff", models.BooleanField(default=False)),
                ("kind", models.CharField(max_length=10)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("words", models.CharField(max_length=500)),
                ("cause_known", models.BooleanField(null=True)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("account_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.BigIntegerField(null=True)),
                ("series", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="measures.series")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["rebase", "freeze", "exclude", "note", "tried", "not-now"])),
                        name="measures_mark_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("words", ""), _negated=True), ("kind", "not-now"), _connector="OR"),
                        name="measures_mark_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_on__gt", models.F("starts_on")), ("kind", "freeze")),
                            models.Q(models.Q(("kind", "freeze"), _negated=True), ("ends_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="measures_mark_baseline_has_an_end",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), models.Q(("kind__in", ("note", "tried")), _negated=True)),
                        fields=("series", "owner_id", "kind", "starts_on"),
                        name="measures_mark_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.RunSQL(OURS, NOT_OURS),
        *(migrations.RunSQL(POLICY.format(table=table, seen=SEEN, signed_in=SIGNED_IN), NO_POLICY.format(table=table)) for table in TABLES),
    ]
