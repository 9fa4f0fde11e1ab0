"""Tokens for programs, each seen by its person only; one function recognises one when a call comes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A person sees and changes their own tokens. The look-up of a call cannot be a policy: nobody is known yet.
MINE = "account_id = nullif(current_setting('app.viewer', true), '')::bigint"
POLICY = f"""
ALTER TABLE access_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_token FORCE ROW LEVEL SECURITY;
CREATE POLICY access_token_seen ON access_token FOR SELECT USING ({MINE});
CREATE POLICY access_token_added ON access_token FOR INSERT WITH CHECK ({MINE});
CREATE POLICY access_token_changed ON access_token FOR UPDATE USING ({MINE}) WITH CHECK ({MINE});
CREATE POLICY access_token_removed ON access_token FOR DELETE USING ({MINE});
"""
NO_POLICY = "".join(f"DROP POLICY access_token_{name} ON access_token;" for name in ("seen", "added", "changed", "removed"))

RECOGNISE = """
-- Whose token this is, by the hash of all of it: who does not hold the token cannot ask. Using one is written down once
-- a minute, and never waited for: calls with the same token run side by side.
CREATE FUNCTION access_recognise(wanted text, at timestamptz)
RETURNS TABLE (id bigint, prefix text, account_id bigint, username text, is_active boolean, may_read boolean, may_enter boolean,
               unit_id bigint, expires_at timestamptz, stopped_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE access_token u SET used_at = at WHERE u.id = (
        SELECT t.id FROM access_token t WHERE t.digest = wanted AND t.stopped_at IS NULL AND t.expires_at > at
        AND (t.used_at IS NULL OR t.used_at < at - interval '1 minute') FOR NO KEY UPDATE SKIP LOCKED);
    RETURN QUERY SELECT t.id, t.prefix::text, t.account_id, a.username::text, a.is_active, t.may_read, t.may_enter, t.unit_id,
                        t.expires_at, t.stopped_at
                 FROM access_token t JOIN access_account a ON a.id = t.account_id WHERE t.digest = wanted;
END $$;
GRANT SELECT, UPDATE ON access_token TO espalier_maintain;
GRANT SELECT ON access_account TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION access_recognise(text, timestamptz) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("prefix", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("may_read", models.BooleanField(default=True)),
                ("may_enter", models.BooleanField(default=False)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("expires_at__gt", models.F("made_at"))), name="access_token_ends_after_it_began"),
                    models.CheckConstraint(
                        condition=models.Q(("may_read", True), ("may_enter", True), _connector="OR"), name="access_token_may_something"
                    ),
                    models.CheckConstraint(condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="access_token_digest_is_whole"),
                ]
            },
        ),
        migrations.RunSQL(POLICY, NO_POLICY),
        migrations.RunSQL(RECOGNISE, "DROP FUNCTION access_recognise(text, timestamptz)"),
    ]
