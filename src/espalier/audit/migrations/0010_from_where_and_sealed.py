"""Events say whose they are and where they came from; a list of what waits for its seal, and the chain of seals."""

from django.db import migrations, models

WAITING = """
-- Every event waits for its seal from the moment it is there, whoever added it and by whatever way.
CREATE FUNCTION audit_event_waits() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO audit_waiting (event_id) SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_event_waits AFTER INSERT ON audit_event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_waits();
INSERT INTO audit_waiting (event_id) SELECT id FROM audit_event ORDER BY at, id;
"""
UNDO = "DROP TRIGGER audit_event_waits ON audit_event; DROP FUNCTION audit_event_waits();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.AddField("event", "owner_id", models.IntegerField(null=True)),
        migrations.AddField("event", "about_id", models.BigIntegerField(null=True)),
        migrations.AddField("event", "way", models.CharField(max_length=20, default="")),
        migrations.AddField("event", "place", models.CharField(max_length=120, default="")),
        migrations.AddIndex("event", models.Index(fields=["owner_id", "at"], name="audit_event_owner")),
        migrations.AddIndex("event", models.Index(fields=["account_id", "at"], name="audit_event_account")),
        migrations.AddIndex(
            "event",
            models.Index(fields=["about_id", "at"], name="audit_event_about", condition=models.Q(about_id__isnull=False)),
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.UUIDField(unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("chain", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("event_id", models.UUIDField(primary_key=True, serialize=False)),
                ("owner_id", models.IntegerField(null=True)),
                ("address", models.GenericIPAddressField()),
                ("until", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["until"], name="audit_address_until")]},
        ),
        migrations.RunSQL(WAITING, UNDO),
    ]
