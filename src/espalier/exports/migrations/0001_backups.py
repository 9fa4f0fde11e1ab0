import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("rows", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("seconds", models.IntegerField()),
            ],
        ),
    ]
