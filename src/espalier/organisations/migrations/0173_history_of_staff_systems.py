"""What a staff system changes leaves what stood before, as with people: it may add to the history of what it may change.

The old row is kept with the rights of whoever changes it. A connection was let change people, posts and roles and not let
keep what they were, so every change of its was refused whole. It reads none of the history.
"""

from django.db import migrations

OURS = "owner_id = ANY ((SELECT access_connected())::int[])"
ADDED = {
    "organisations_personevent": "owner_ids && (SELECT access_connected())::int[]",
    "organisations_assignmentevent": OURS,
    "organisations_grantevent": OURS,
}


class Migration(migrations.Migration):
    dependencies = [("organisations", "0172_forgetting"), ("access", "0120_connections")]
    operations = [
        migrations.RunSQL(
            f"CREATE POLICY {table}_connected_adds ON {table} FOR INSERT WITH CHECK ({whose});",
            f"DROP POLICY {table}_connected_adds ON {table};",
        )
        for table, whose in ADDED.items()
    ]
