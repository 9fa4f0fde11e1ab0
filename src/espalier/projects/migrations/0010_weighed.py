"""What the record shows is kept beside the step it supports: a page need not work it out again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("projects", "0002_guards")]

    operations = [migrations.AddField("project", "weighed", models.JSONField(null=True))]
