"""Who asked that a place be deleted, and why, is seen by those who belong to it or to what it is part of only."""

from django.db import migrations

OURS = """
    asked_by_id = nullif(current_setting('app.viewer', true), '')::bigint
    OR unit_id = ANY ((SELECT access_my_owners())::int[])
    OR (SELECT access_is_system())
"""
POLICIES = f"""
ALTER TABLE organisations_removal ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_removal FORCE ROW LEVEL SECURITY;
CREATE POLICY organisations_removal_seen ON organisations_removal FOR SELECT USING ({OURS});
CREATE POLICY organisations_removal_added ON organisations_removal FOR INSERT WITH CHECK ({OURS});
CREATE POLICY organisations_removal_changed ON organisations_removal FOR UPDATE USING ({OURS}) WITH CHECK ({OURS});
CREATE POLICY organisations_removal_removed ON organisations_removal FOR DELETE USING ({OURS});
"""
NO_POLICIES = "".join(
    f"DROP POLICY organisations_removal_{did} ON organisations_removal;" for did in ("seen", "added", "changed", "removed")
) + "ALTER TABLE organisations_removal NO FORCE ROW LEVEL SECURITY; ALTER TABLE organisations_removal DISABLE ROW LEVEL SECURITY;"


class Migration(migrations.Migration):
    """Row-level security for organisations_removal."""

    dependencies = [("organisations", "0173_history_of_staff_systems")]

    operations = [migrations.RunSQL(POLICIES, NO_POLICIES)]
