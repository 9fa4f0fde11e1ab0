"""Schemas for answers and equality data, in which the app role has no right at all."""

from django.db import migrations

SHUT = """
CREATE SCHEMA vault;
CREATE SCHEMA equality;
REVOKE ALL ON SCHEMA vault, equality FROM PUBLIC;
GRANT USAGE ON SCHEMA vault, equality TO espalier_collect, espalier_release, espalier_maintain;
-- What a later table there is given: one role adds and reads nothing, the other reads and adds nothing.
ALTER DEFAULT PRIVILEGES IN SCHEMA vault, equality GRANT INSERT ON TABLES TO espalier_collect;
ALTER DEFAULT PRIVILEGES IN SCHEMA vault, equality GRANT SELECT ON TABLES TO espalier_release;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0100_system_accounts")]
    operations = [migrations.RunSQL(SHUT, "DROP SCHEMA vault; DROP SCHEMA equality")]
