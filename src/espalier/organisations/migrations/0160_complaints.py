"""Complaints about data: seen by who sent them and by who answers for that organisation. And one real person on the embedded database."""

import uuid

from django.db import migrations, models

ME = "nullif(current_setting('app.viewer', true), '')::bigint"
SEEN = f"account_id = {ME} OR coalesce(owner_id, 0) = ANY ((SELECT organisations_answering())::int[]) OR (SELECT access_is_system())"
POLICY = f"""
ALTER TABLE organisations_complaint ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_complaint FORCE ROW LEVEL SECURITY;
CREATE POLICY organisations_complaint_seen ON organisations_complaint FOR SELECT USING ({SEEN});
CREATE POLICY organisations_complaint_added ON organisations_complaint FOR INSERT WITH CHECK (
    account_id IS NULL OR account_id = {ME});
CREATE POLICY organisations_complaint_changed ON organisations_complaint FOR UPDATE USING (
    coalesce(owner_id, 0) = ANY ((SELECT organisations_answering())::int[]) OR (SELECT access_is_system())) WITH CHECK (
    coalesce(owner_id, 0) = ANY ((SELECT organisations_answering())::int[]) OR (SELECT access_is_system()));
CREATE POLICY organisations_complaint_removed ON organisations_complaint FOR DELETE USING ((SELECT access_is_system()));
"""
NO_POLICY = "".join(
    f"DROP POLICY organisations_complaint_{name} ON organisations_complaint;" for name in ("seen", "added", "changed", "removed")
)
FUNCTIONS = """
-- The organisations whose complaints the viewer answers; 0 stands for the installation itself, which whoever answers at the
-- top of a tree answers for. A test holds the roles named here and those of content/roles.yaml together.
CREATE FUNCTION organisations_answering() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    WITH held AS (
        SELECT DISTINCT unit_id FROM organisations_held
        WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND role = ANY (ARRAY['administrator'])
          AND nullif(current_setting('app.within', true), '') IS NULL
    )
    SELECT coalesce(array_agg(DISTINCT place), '{}') FROM (
        SELECT coalesce(organisations_organisation_of(unit_id), unit_id)::int AS place FROM held
        UNION ALL
        SELECT 0 FROM held WHERE organisations_organisation_of(unit_id) IS NULL AND NOT EXISTS (
            SELECT 1 FROM organisations_below b WHERE b.unit_id = held.unit_id AND b.depth > 0
            AND b.since <= current_date AND current_date < b.until)) places
$$;

-- A complaint by its number and the hash of its receipt's words: who does not hold both learns nothing.
CREATE FUNCTION organisations_complaint_by(wanted text, held text) RETURNS SETOF organisations_complaint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT * FROM organisations_complaint WHERE number = wanted AND receipt = held
$$;

-- Who is written to about a complaint: accounts, by organisation (0: the installation). For the house's own schedule.
CREATE FUNCTION organisations_answerers(place int) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT h.account_id FROM organisations_held h
    WHERE access_is_system() AND h.account_id IS NOT NULL AND h.role = ANY (ARRAY['administrator'])
      AND (coalesce(organisations_organisation_of(h.unit_id), h.unit_id)::int = place
           OR (place = 0 AND organisations_organisation_of(h.unit_id) IS NULL AND NOT EXISTS (
               SELECT 1 FROM organisations_below b WHERE b.unit_id = h.unit_id AND b.depth > 0
               AND b.since <= current_date AND current_date < b.until)))
$$;

-- Real people on the database that comes with Espalier: one at most, as with accounts.
CREATE FUNCTION organisations_one_real_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF coalesce(current_setting('espalier.embedded', true), '') = 'on' THEN
        PERFORM pg_advisory_xact_lock(hashtext('one real person'));
        IF (SELECT count(*) FROM (SELECT 1 FROM organisations_person WHERE NOT made_up LIMIT 2) real) > 1 THEN
            RAISE EXCEPTION 'The database that comes with Espalier holds one real person at most.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'organisations_one_real_person', HINT = 'Set DATABASE_URL to a server of your own.';
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- How many real people there are, whoever asks: a number decides whether one more may be added here.
CREATE FUNCTION organisations_real_people() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count(*) FROM (SELECT 1 FROM organisations_person WHERE NOT made_up LIMIT 1000) real
$$;
"""
SIGNATURES = (
    "organisations_answering()", "organisations_complaint_by(text, text)", "organisations_answerers(int)",
    "organisations_one_real_person()", "organisations_real_people()",
)  # fmt: skip
OWNED = (
    "GRANT SELECT, UPDATE, DELETE ON organisations_complaint TO espalier_maintain;\nGRANT CREATE ON SCHEMA public TO espalier_maintain;\n"
)
OWNED += "".join(f"ALTER FUNCTION {one} OWNER TO espalier_maintain;\n" for one in SIGNATURES)
OWNED += "REVOKE CREATE ON SCHEMA public FROM espalier_maintain;"
UNDO = "".join(f"DROP FUNCTION {one};" for one in SIGNATURES)
TRIGGER = """
CREATE TRIGGER organisations_one_real_person AFTER INSERT OR UPDATE OF made_up ON organisations_person
    FOR EACH STATEMENT EXECUTE FUNCTION organisations_one_real_person();
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0150_my_page"), ("access", "0130_rights")]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=12, unique=True)),
                ("receipt", models.CharField(max_length=64)),
                ("owner_id", models.IntegerField(null=True)),
                ("account_id", models.BigIntegerField(null=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("words", models.TextField()),
                ("sent_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by_id", models.BigIntegerField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("answered_at", None)), fields=["sent_at"], name="organisations_complaint_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="organisations_complaint_answered",
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS + OWNED, UNDO),
        migrations.RunSQL(POLICY, NO_POLICY),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER organisations_one_real_person ON organisations_person"),
    ]
