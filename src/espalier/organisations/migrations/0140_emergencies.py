"""Emergency access, and who may read the log of what was done."""

import datetime as dt
import uuid

import django.db.models.expressions
from django.db import migrations, models

HELD = """
-- What everybody holds today, and with it, while a request says that it reads under emergency access, that of whoever looks.
-- Programs and jobs never say so: emergency access is for a person in front of a page.
CREATE OR REPLACE VIEW organisations_held WITH (security_invoker = true) AS
    SELECT p.account_id, p.id AS person_id, g.role::text AS role, g.unit_id, g.role <> 'lived-experience-partner' AS inside
    FROM organisations_grant g JOIN organisations_person p ON p.id = g.person_id
    WHERE g.since <= current_date AND (g.until IS NULL OR g.until > current_date)
    UNION ALL
    SELECT p.account_id, p.id, 'team-member', a.unit_id, true
    FROM organisations_assignment a JOIN organisations_person p ON p.id = a.person_id
    WHERE a.since <= current_date AND (a.until IS NULL OR a.until > current_date)
    UNION ALL
    SELECT p.account_id, p.id, 'emergency-reader', e.owner_id::bigint, true
    FROM organisations_emergency e JOIN organisations_person p ON p.account_id = e.account_id
    WHERE e.approved_at IS NOT NULL AND e.ended_at IS NULL AND e.until > now() AND current_setting('app.emergency', true) = 'on';

GRANT SELECT ON organisations_emergency TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
-- Asked before anybody is looking: emergency access that runs now counts here, and the door then says so to the database.
CREATE OR REPLACE FUNCTION organisations_who(account bigint)
RETURNS TABLE (person_id bigint, name text, role text, unit_id bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT p.id, p.name::text, h.role, h.unit_id
    FROM organisations_person p LEFT JOIN (
        SELECT o.person_id, o.role, o.unit_id FROM organisations_held o WHERE o.account_id = account
        UNION
        SELECT q.id, 'emergency-reader', e.owner_id::bigint
        FROM organisations_emergency e JOIN organisations_person q ON q.account_id = e.account_id
        WHERE e.account_id = account AND e.approved_at IS NOT NULL AND e.ended_at IS NULL AND e.until > now()
    ) h ON h.person_id = p.id
    WHERE p.account_id = account ORDER BY h.unit_id, h.role
$$;
RESET ROLE;

-- Whom to write to when somebody asks: who holds one of these roles at the organisation today.
CREATE FUNCTION organisations_to_tell(organisation int, roles text[]) RETURNS TABLE (account_id bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT h.account_id FROM organisations_held h
    WHERE h.account_id IS NOT NULL AND h.unit_id = organisation AND h.role = ANY (roles)
$$;
ALTER FUNCTION organisations_to_tell(int, text[]) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;

-- What was asked for stays as it was asked, what was agreed to as it was agreed; what has ended does not begin again.
CREATE FUNCTION organisations_emergency_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF (NEW.owner_id, NEW.account_id, NEW.name, NEW.reason, NEW.asked_at) IS DISTINCT FROM
       (OLD.owner_id, OLD.account_id, OLD.name, OLD.reason, OLD.asked_at)
       OR OLD.ended_at IS NOT NULL
       OR (OLD.approved_at IS NOT NULL AND (NEW.approved_at, NEW.approved_by_id, NEW.until) IS DISTINCT FROM
           (OLD.approved_at, OLD.approved_by_id, OLD.until)) THEN
        RAISE EXCEPTION 'emergency access is not changed once it was asked for, agreed to or ended' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER organisations_emergency_stays BEFORE UPDATE ON organisations_emergency
    FOR EACH ROW EXECUTE FUNCTION organisations_emergency_stays();
"""

VIEWER = "nullif(current_setting('app.viewer', true), '')::bigint"
SYSTEM = "(SELECT access_is_system())"
SEEN = f"owner_id = ANY ((SELECT organisations_mine())::int[]) OR account_id = {VIEWER} OR {SYSTEM}"
POLICY = f"""
ALTER TABLE organisations_emergency ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_emergency FORCE ROW LEVEL SECURITY;
CREATE POLICY organisations_emergency_seen ON organisations_emergency FOR SELECT USING ({SEEN});
CREATE POLICY organisations_emergency_added ON organisations_emergency FOR INSERT WITH CHECK (account_id = {VIEWER} AND approved_at IS NULL);
CREATE POLICY organisations_emergency_changed ON organisations_emergency FOR UPDATE USING ({SEEN}) WITH CHECK ({SEEN});
CREATE POLICY organisations_emergency_removed ON organisations_emergency FOR DELETE USING ({SYSTEM});
"""

LOG = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
-- The organisations whose log the viewer may read: where they hold, at the organisation itself or at a place above, a role that
-- may. The two codes are those of content/roles.yaml with the right audit.read: a test holds them together.
CREATE FUNCTION audit_my_readable() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT unit_id::int), '{}') FROM organisations_held
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND role IN ('administrator', 'auditor')
      AND coalesce(organisations_organisation_of(unit_id), unit_id) = unit_id
      AND nullif(current_setting('app.within', true), '') IS NULL
$$;
ALTER FUNCTION audit_my_readable() OWNER TO espalier_maintain;

-- Whether the viewer reads all of it: who holds such a role at a nation, and the house itself, which seals it.
CREATE FUNCTION audit_reads_all() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT access_is_system() OR EXISTS (
        SELECT 1 FROM organisations_unit u WHERE u.id = ANY (audit_my_readable()) AND u.kind_id = 'nation')
$$;
ALTER FUNCTION audit_reads_all() OWNER TO espalier_maintain;

-- Which organisation an event concerns: that of its object, else that of whoever acts.
CREATE FUNCTION audit_owners(kind text, ids text[], account bigint) RETURNS TABLE (id text, owner int) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    WITH acting AS (
        SELECT coalesce(organisations_organisation_of(h.unit_id), h.unit_id)::int AS owner
        FROM organisations_held h JOIN organisations_unit u ON u.id = h.unit_id JOIN organisations_kind k ON k.code = u.kind_id
        WHERE h.account_id = account ORDER BY h.inside DESC, k.rank DESC, h.unit_id LIMIT 1
    ), named AS (
        SELECT one.id, CASE WHEN one.id ~ '^[0-9]{1,18}$' THEN one.id::bigint END AS number FROM unnest(ids) AS one(id)
    )
    SELECT named.id, coalesce(
        CASE kind
            WHEN 'unit' THEN (SELECT coalesce(organisations_organisation_of(u.id), u.id)::int FROM organisations_unit u WHERE u.code = named.id)
            WHEN 'person' THEN (SELECT CASE WHEN a.owner = ANY (p.owner_ids) THEN a.owner ELSE p.owner_ids[1] END
                                FROM organisations_person p LEFT JOIN acting a ON true WHERE p.id = named.number)
            WHEN 'account' THEN (SELECT p.owner_ids[1] FROM organisations_person p WHERE p.account_id = named.number)
        END, (SELECT owner FROM acting))
    FROM named
$$;
ALTER FUNCTION audit_owners(text, text[], bigint) OWNER TO espalier_maintain;

-- Who looked at the viewer's own record: names of people who may be nobody's colleague.
CREATE FUNCTION audit_lookers() RETURNS TABLE (account_id bigint, name text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT p.account_id, p.name::text FROM audit_event e JOIN organisations_person p ON p.account_id = e.account_id
    WHERE e.about_id = organisations_me() AND e.verb = 'look'
$$;
ALTER FUNCTION audit_lookers() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;

-- Anybody adds what they did; their own doings, looks at their own record, and what they may read by right are shown.
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_event_seen ON audit_event FOR SELECT USING (
    owner_id = ANY ((SELECT audit_my_readable())::int[]) OR account_id = nullif(current_setting('app.viewer', true), '')::bigint
    OR about_id = (SELECT organisations_me()) OR (SELECT audit_reads_all()));
CREATE POLICY audit_event_added ON audit_event FOR INSERT WITH CHECK (true);

ALTER TABLE audit_address ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_address FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_address_seen ON audit_address FOR SELECT USING (
    owner_id = ANY ((SELECT audit_my_readable())::int[]) OR (SELECT audit_reads_all()));
CREATE POLICY audit_address_added ON audit_address FOR INSERT WITH CHECK (true);
CREATE POLICY audit_address_removed ON audit_address FOR DELETE USING ((SELECT access_is_system()));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0130_joining"),
        ("audit", "0010_from_where_and_sealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("owner_id", models.IntegerField()),
                ("account_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("reason", models.CharField(max_length=500)),
                ("asked_at", models.DateTimeField()),
                ("approved_by_id", models.BigIntegerField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["owner_id", "-asked_at"], name="organisations_emergency_owner")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reason__length__gte", 20)), name="organisations_emergency_says_why"),
                    models.CheckConstraint(
                        condition=models.Q(("approved_by_id", models.F("account_id")), _negated=True),
                        name="organisations_emergency_not_ones_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by_id__isnull", True), ("until__isnull", True)),
                            models.Q(
                                ("approved_by_id__isnull", False),
                                ("until__gt", models.F("approved_at")),
                                (
                                    "until__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("approved_at"), "+", models.Value(dt.timedelta(seconds=3600))
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="organisations_emergency_an_hour",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            "grant",
            models.CheckConstraint(
                name="organisations_grant_is_no_emergency", condition=models.Q(("role", "emergency-reader"), _negated=True)
            ),
        ),
        migrations.RunSQL(HELD, migrations.RunSQL.noop),
        migrations.RunSQL(POLICY, migrations.RunSQL.noop),
        migrations.RunSQL(LOG, migrations.RunSQL.noop),
    ]
