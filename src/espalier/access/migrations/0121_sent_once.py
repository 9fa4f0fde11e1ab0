"""Forms that were sent, each seen by whoever sent it only."""

from django.db import migrations, models

MINE = "account_id = nullif(current_setting('app.viewer', true), '')::bigint"
POLICY = f"""
ALTER TABLE access_sent ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_sent FORCE ROW LEVEL SECURITY;
CREATE POLICY access_sent_seen ON access_sent FOR SELECT USING ({MINE} OR (SELECT access_is_system()));
CREATE POLICY access_sent_added ON access_sent FOR INSERT WITH CHECK ({MINE});
CREATE POLICY access_sent_changed ON access_sent FOR UPDATE USING ({MINE}) WITH CHECK ({MINE});
CREATE POLICY access_sent_removed ON access_sent FOR DELETE USING ({MINE} OR (SELECT access_is_system()));
"""
NO_POLICY = "".join(f"DROP POLICY access_sent_{name} ON access_sent;" for name in ("seen", "added", "changed", "removed"))


class Migration(migrations.Migration):
    dependencies = [("access", "0120_connections")]
    operations = [
        migrations.CreateModel(
            name="Sent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("mark", models.CharField(max_length=64)),
                ("answer", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["account_id", "at"], name="access_sent_at")],
                "constraints": [models.UniqueConstraint(fields=("account_id", "mark"), name="access_sent_once")],
            },
        ),
        migrations.RunSQL(POLICY, NO_POLICY),
    ]
