"""What staff systems tell us, held to the one organisation each speaks for; and how the account of a leaver is shut."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

OURS = "owner_id = ANY ((SELECT access_connected())::int[])"
MINE = "owner_id = ANY ((SELECT organisations_mine())::int[])"
SYSTEM = "(SELECT access_is_system())"
POLICIES = f"""
ALTER TABLE organisations_connected ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_connected FORCE ROW LEVEL SECURITY;
CREATE POLICY organisations_connected_seen ON organisations_connected FOR SELECT USING ({OURS} OR {MINE} OR {SYSTEM});
CREATE POLICY organisations_connected_added ON organisations_connected FOR INSERT WITH CHECK ({OURS});
CREATE POLICY organisations_connected_changed ON organisations_connected FOR UPDATE
    USING ({OURS} OR {MINE} OR {SYSTEM}) WITH CHECK ({OURS} OR {MINE} OR {SYSTEM});
CREATE POLICY organisations_connected_removed ON organisations_connected FOR DELETE USING ({SYSTEM});

-- An organisation's people see its connections; who may change one, the page asks.
CREATE POLICY access_connection_ours_seen ON access_connection FOR SELECT USING ({MINE} OR {SYSTEM});
CREATE POLICY access_connection_ours_added ON access_connection FOR INSERT WITH CHECK ({MINE} OR {SYSTEM});
CREATE POLICY access_connection_ours_changed ON access_connection FOR UPDATE USING ({MINE} OR {SYSTEM}) WITH CHECK ({MINE} OR {SYSTEM});
CREATE POLICY access_connection_ours_removed ON access_connection FOR DELETE USING ({MINE} OR {SYSTEM});

-- A connection works on the people, posts and roles of its organisation, beside what other policies let others do.
CREATE POLICY organisations_person_connected ON organisations_person FOR SELECT
    USING (owner_ids && (SELECT access_connected())::int[]);
CREATE POLICY organisations_person_connected_adds ON organisations_person FOR INSERT
    WITH CHECK (owner_ids <> '{{}}' AND owner_ids <@ (SELECT access_connected())::int[]);
CREATE POLICY organisations_person_connected_changes ON organisations_person FOR UPDATE
    USING (owner_ids && (SELECT access_connected())::int[]) WITH CHECK (owner_ids && (SELECT access_connected())::int[]);
CREATE POLICY organisations_assignment_connected_seen ON organisations_assignment FOR SELECT USING ({OURS});
CREATE POLICY organisations_assignment_connected_added ON organisations_assignment FOR INSERT WITH CHECK ({OURS});
CREATE POLICY organisations_assignment_connected_changed ON organisations_assignment FOR UPDATE USING ({OURS}) WITH CHECK ({OURS});
CREATE POLICY organisations_assignment_connected_removed ON organisations_assignment FOR DELETE USING ({OURS});
CREATE POLICY organisations_grant_connected_seen ON organisations_grant FOR SELECT USING ({OURS});
CREATE POLICY organisations_grant_connected_added ON organisations_grant FOR INSERT WITH CHECK ({OURS});
CREATE POLICY organisations_grant_connected_changed ON organisations_grant FOR UPDATE USING ({OURS}) WITH CHECK ({OURS});
CREATE POLICY organisations_grant_connected_removed ON organisations_grant FOR DELETE USING ({OURS});
"""
NO_POLICIES = "".join(
    f"DROP POLICY {name}_{did} ON {table};"
    for table, name in (
        ("organisations_grant", "organisations_grant_connected"), ("organisations_assignment", "organisations_assignment_connected"),
        ("access_connection", "access_connection_ours"),
    )
    for did in ("seen", "added", "changed", "removed")
) + "".join(f"DROP POLICY organisations_person_connected{did} ON organisations_person;" for did in ("", "_adds", "_changes"))  # fmt: skip

FUNCTIONS = """
-- Who has proved that an address is theirs: the account, and the person behind it, of whatever organisation. A connection
-- asks it in order to add a post to the same human being instead of making them twice; what it answers goes nowhere else.
CREATE FUNCTION organisations_who_has(address text) RETURNS TABLE (account_id bigint, person_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT e.user_id::bigint, p.id FROM account_emailaddress e LEFT JOIN organisations_person p ON p.account_id = e.user_id
    WHERE e.verified AND lower(e.email) = lower(address) AND cardinality(access_connected()) > 0
    ORDER BY e.id LIMIT 1
$$;

-- The account of somebody who left the connection's organisation: where they hold nothing elsewhere it is shut, and with it
-- every session and token; where they do, sessions end, tokens for places of the organisation stop, and the account stays.
CREATE FUNCTION organisations_shut_account(leaver bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE ours int[] := access_connected(); theirs bigint; elsewhere boolean;
BEGIN
    SELECT p.account_id INTO theirs FROM organisations_person p WHERE p.id = leaver AND p.owner_ids && ours;
    IF theirs IS NULL THEN RETURN false; END IF;
    SELECT EXISTS (SELECT 1 FROM organisations_assignment a WHERE a.person_id = leaver AND NOT a.owner_id = ANY (ours)
                   AND (a.until IS NULL OR a.until > at::date))
        OR EXISTS (SELECT 1 FROM organisations_grant g WHERE g.person_id = leaver AND NOT g.owner_id = ANY (ours)
                   AND (g.until IS NULL OR g.until > at::date)) INTO elsewhere;
    -- What a session remembers of the account no longer fits: it is over. An account with a password of its own keeps it.
    UPDATE access_account a SET is_active = elsewhere,
        password = CASE WHEN a.password LIKE '!%' THEN '!' || replace(gen_random_uuid()::text, '-', '') ELSE a.password END
    WHERE a.id = theirs;
    UPDATE access_token t SET stopped_at = at WHERE t.account_id = theirs AND t.stopped_at IS NULL
        AND (NOT elsewhere OR t.unit_id IN (SELECT b.unit_id FROM organisations_below b WHERE b.ancestor_id = ANY (ours)));
    RETURN NOT elsewhere;
END $$;

CREATE FUNCTION organisations_open_account(person bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    UPDATE access_account a SET is_active = true FROM organisations_person p
    WHERE p.id = person AND a.id = p.account_id AND p.owner_ids && access_connected() AND NOT a.is_active
$$;
GRANT SELECT ON account_emailaddress TO espalier_maintain;
GRANT SELECT, UPDATE ON access_account, access_token TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION organisations_who_has(text) OWNER TO espalier_maintain;
ALTER FUNCTION organisations_shut_account(bigint, timestamptz) OWNER TO espalier_maintain;
ALTER FUNCTION organisations_open_account(bigint) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
NO_FUNCTIONS = """
DROP FUNCTION organisations_who_has(text);
DROP FUNCTION organisations_shut_account(bigint, timestamptz);
DROP FUNCTION organisations_open_account(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0160_complaints"), ("access", "0120_connections"), ("account", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Connected",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("owner_id", models.IntegerField()),
                ("kind", models.CharField(choices=[("User", "user"), ("Group", "group")], max_length=10)),
                ("key", models.CharField(max_length=1000)),
                ("external_id", models.CharField(blank=True, default="", max_length=1000)),
                ("document", models.JSONField()),
                ("version", models.IntegerField(default=1)),
                ("is_active", models.BooleanField(default=True)),
                ("post_id", models.BigIntegerField(null=True)),
                ("role", models.CharField(blank=True, default="", max_length=40)),
                ("mapped_by_id", models.BigIntegerField(null=True)),
                ("said", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("person", models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="organisations.person"
                )),
                ("unit", models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="organisations.unit"
                )),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner_id", "kind", "made_at", "id"], name="organisations_connected_list"),
                    models.Index(fields=["owner_id", "external_id"], name="organisations_connected_ext"),
                    models.Index(fields=["owner_id", "-changed_at"], name="organisations_connected_new"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "User"), ("removed_at", None)), fields=("owner_id", "key"),
                        name="organisations_connected_user_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(POLICIES, NO_POLICIES),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
    ]  # fmt: skip
