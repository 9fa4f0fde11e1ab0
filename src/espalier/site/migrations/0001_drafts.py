"""Drafts, each seen by whoever types it; the house's own account clears away old ones."""

from django.db import migrations, models

MINE = "account_id = nullif(current_setting('app.viewer', true), '')::bigint"
SYSTEM = "(SELECT access_is_system())"
POLICY = f"""
ALTER TABLE site_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE site_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY site_draft_seen ON site_draft FOR SELECT USING ({MINE} OR {SYSTEM});
CREATE POLICY site_draft_added ON site_draft FOR INSERT WITH CHECK ({MINE});
CREATE POLICY site_draft_changed ON site_draft FOR UPDATE USING ({MINE}) WITH CHECK ({MINE});
CREATE POLICY site_draft_removed ON site_draft FOR DELETE USING ({MINE} OR {SYSTEM});
"""
NO_POLICY = "".join(f"DROP POLICY site_draft_{name} ON site_draft;" for name in ("seen", "added", "changed", "removed"))


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0100_system_accounts")]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("place", models.CharField(max_length=400)),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("fields", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="site_draft_at")],
                "constraints": [models.UniqueConstraint(fields=("account_id", "place"), name="site_draft_once")],
            },
        ),
        migrations.RunSQL(POLICY, NO_POLICY),
    ]
