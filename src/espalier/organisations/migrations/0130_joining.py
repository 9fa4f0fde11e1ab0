# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""Invitations in words and requests to be taken in, each seen by the organisation it is about."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

MAINTAINED = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION {name} OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
OURS = "owner_id = ANY ((SELECT organisations_mine())::int[]) OR (SELECT access_is_system())"
MINE = "account_id = nullif(current_setting('app.viewer', true), '')::bigint"
POLICIES = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({added});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({seen}) WITH CHECK ({seen});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({seen});
CREATE TRIGGER organisations_row_owner BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION organisations_row_owner();
"""
TABLES = POLICIES.format(table="organisations_invitation", seen=OURS, added=OURS) + POLICIES.format(
    table="organisations_joinrequest", seen=f"{MINE} OR {OURS}", added=MINE
)

FUNCTIONS = """
GRANT SELECT, UPDATE ON organisations_invitation TO espalier_maintain;
GRANT SELECT, INSERT ON organisations_grant TO espalier_maintain;
GRANT USAGE ON SEQUENCE organisations_grant_id_seq TO espalier_maintain;
GRANT SELECT ON organisations_joinrequest TO espalier_maintain;

-- What an invitation is for, by the hash of all its words: who does not hold them cannot ask.
-- It works while it was not stopped, not used up, not too old, and while whoever made it may still sign in.
CREATE FUNCTION organisations_invited(wanted text, at timestamptz)
RETURNS TABLE (unit_id bigint, place text, role text, expires_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT i.unit_id, u.name::text, i.role::text, i.expires_at
    FROM organisations_invitation i JOIN organisations_unit u ON u.id = i.unit_id JOIN access_account a ON a.id = i.made_by_id
    WHERE i.digest = wanted AND i.stopped_at IS NULL AND i.expires_at > at AND i.uses < i.uses_allowed AND (a.is_active OR a.is_system)
$$;

-- Take an invitation up, as whoever is signed in: their role is what it says, whatever the caller would like. One statement
-- counts the use, so that of many who bring the last one in the same moment one gets it. Who holds the role already uses nothing up.
CREATE FUNCTION organisations_accept(wanted text, at timestamptz)
RETURNS TABLE (unit_id bigint, role text, invitation bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    me bigint := organisations_me();
    one organisations_invitation%ROWTYPE;
BEGIN
    IF me IS NULL THEN RETURN; END IF;
    SELECT i.* INTO one FROM organisations_invitation i JOIN organisations_grant g ON g.unit_id = i.unit_id AND g.role = i.role
    WHERE i.digest = wanted AND g.person_id = me AND g.since <= current_date AND (g.until IS NULL OR g.until > current_date);
    IF NOT FOUND THEN
        UPDATE organisations_invitation i SET uses = i.uses + 1
        WHERE i.digest = wanted AND i.uses < i.uses_allowed AND i.stopped_at IS NULL AND i.expires_at > at
          AND EXISTS (SELECT 1 FROM access_account a WHERE a.id = i.made_by_id AND (a.is_active OR a.is_system))
        RETURNING i.* INTO one;
        IF NOT FOUND THEN RETURN; END IF;
        INSERT INTO organisations_grant (person_id, role, unit_id, since, given_by_id)
        VALUES (me, one.role, one.unit_id, current_date, one.made_by_id)
        ON CONFLICT ON CONSTRAINT organisations_grant_once DO UPDATE SET until = NULL, given_by_id = one.made_by_id;
    END IF;
    unit_id := one.unit_id; role := one.role; invitation := one.id;
    RETURN NEXT;
END $$;
""" + "".join(
    MAINTAINED.format(name=name) for name in ("organisations_invited(text, timestamptz)", "organisations_accept(text, timestamptz)")
)  # fmt: skip
UNDO = "DROP FUNCTION organisations_invited(text, timestamptz); DROP FUNCTION organisations_accept(text, timestamptz);"


class Migration(migrations.Migration):
    dependencies = [("organisations", "0120_people_and_posts"), ("access", "0110_sign_in")]
    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit")),
                ("owner_id", models.IntegerField(editable=False, null=True)),
                ("role", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("starts_with", models.CharField(max_length=20)),
                ("note", models.CharField(blank=True, max_length=80)),
                ("uses_allowed", models.SmallIntegerField()),
                ("uses", models.SmallIntegerField(default=0)),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(name="organisations_invitation_uses", condition=Q(uses__gte=0) & Q(uses__lte=F("uses_allowed"))),
                    models.CheckConstraint(name="organisations_invitation_ends", condition=Q(expires_at__gt=F("made_at"))),
                ],
                "indexes": [models.Index(name="organisations_invitation_unit", fields=["unit", "-made_at"])],
            },
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.person")),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit")),
                ("owner_id", models.IntegerField(editable=False, null=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("message", models.CharField(blank=True, max_length=500)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=10)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by_id", models.BigIntegerField(null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(name="organisations_joinrequest_once", fields=["account_id", "unit"], condition=Q(answer="")),
                ],
                "indexes": [models.Index(name="organisations_joinrequest_open", fields=["unit"], condition=Q(answer=""))],
            },
        ),
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
