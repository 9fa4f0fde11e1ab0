"""The history of posts takes as long a band as the posts themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0170_staff_systems")]
    operations = [migrations.AlterField("assignmentevent", "band", models.CharField(blank=True, max_length=40))]
