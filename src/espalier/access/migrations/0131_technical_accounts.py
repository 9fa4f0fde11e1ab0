"""A staff system's own account is no person: on the database that comes along it does not take the one real person's place."""

from django.db import migrations, models

# Nobody can sign in to such an account, and none can be made to let somebody in: that would be a real person who is not counted.
MARKED = """
UPDATE access_account SET is_technical = true WHERE username ~ '^connection-[0-9a-f]{20}$' AND NOT is_active;
SET LOCAL ROLE espalier_maintain;
CREATE OR REPLACE FUNCTION access_one_real_account() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    IF coalesce(current_setting('espalier.embedded', true), '') = 'on' THEN
        PERFORM pg_advisory_xact_lock(hashtext('one real account'));
        IF (SELECT count(*) FROM (
            SELECT 1 FROM access_account WHERE NOT is_demo AND NOT is_system AND NOT is_technical LIMIT 2) real) > 1 THEN
            RAISE EXCEPTION 'The database that comes with Espalier holds one real person at most.' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'access_one_real_account', HINT = 'Set DATABASE_URL to a server of your own.';
        END IF;
    END IF;
    RETURN NULL;
END $$;
RESET ROLE;
DROP TRIGGER access_one_real_account ON access_account;
CREATE TRIGGER access_one_real_account AFTER INSERT OR UPDATE OF is_demo, is_system, is_technical ON access_account
    FOR EACH STATEMENT EXECUTE FUNCTION access_one_real_account();
"""
MAY_CREATE = "GRANT CREATE ON SCHEMA public TO espalier_maintain;"
MAY_NOT = "REVOKE CREATE ON SCHEMA public FROM espalier_maintain;"


class Migration(migrations.Migration):
    dependencies = [("access", "0130_rights")]
    operations = [
        migrations.AddField("account", "is_technical", models.BooleanField(default=False, db_default=False)),
        migrations.RunSQL(MAY_CREATE + MARKED + MAY_NOT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                name="access_account_technical_is_shut", condition=models.Q(is_technical=False) | models.Q(is_active=False)
            ),
        ),
    ]
