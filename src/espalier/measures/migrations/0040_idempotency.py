"""What programs have sent, each seen by the account that sent it."""

import uuid

from django.db import migrations, models

MINE = "account_id = nullif(current_setting('app.viewer', true), '')::bigint"
POLICY = f"""
ALTER TABLE measures_posted ENABLE ROW LEVEL SECURITY;
ALTER TABLE measures_posted FORCE ROW LEVEL SECURITY;
CREATE POLICY measures_posted_seen ON measures_posted FOR SELECT USING ({MINE});
CREATE POLICY measures_posted_added ON measures_posted FOR INSERT WITH CHECK ({MINE});
CREATE POLICY measures_posted_changed ON measures_posted FOR UPDATE USING ({MINE}) WITH CHECK ({MINE});
CREATE POLICY measures_posted_removed ON measures_posted FOR DELETE USING ({MINE});
"""
NO_POLICY = "".join(f"DROP POLICY measures_posted_{name} ON measures_posted;" for name in ("seen", "added", "changed", "removed"))


class Migration(migrations.Migration):
    dependencies = [("measures", "0031_following_guarded")]

    operations = [
        migrations.CreateModel(
            name="Posted",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("account_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("mark", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("answer", models.JSONField(default=dict)),
                ("undone", models.JSONField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account_id", "key"), name="measures_posted_once"),
                    models.CheckConstraint(condition=models.Q(("mark__regex", "^[0-9a-f]{64}$")), name="measures_posted_mark_is_whole"),
                ]
            },
        ),
        migrations.RunSQL(POLICY, NO_POLICY),
    ]
