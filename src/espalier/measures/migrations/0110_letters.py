"""What became of each letter: it is written first, then handed to the mail server, then known to be sent; or not known."""

from django.db import migrations, models

STATES = ("writing", "sent", "refused", "unsure")


class Migration(migrations.Migration):
    dependencies = [("measures", "0100_held_in_one_place")]
    operations = [
        migrations.AddField("digest", "state", models.CharField(max_length=10, default="sent", db_default="sent")),
        migrations.AddField("digest", "due", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AlterField("digest", "period", models.CharField(max_length=40)),
        migrations.AddConstraint(
            "digest", models.CheckConstraint(name="measures_digest_state", condition=models.Q(state__in=STATES))
        ),
    ]
