"""A partner may take back what they asked for while nobody has answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One state more."""

    dependencies = [("projects", "0130_a_no_stands")]

    operations = [
        migrations.RemoveConstraint("claim", "projects_claim_state"),
        migrations.AddConstraint(
            "claim",
            models.CheckConstraint(
                condition=models.Q(("state__in", ("offered", "claimed", "agreed", "paid", "declined", "withdrawn"))),
                name="projects_claim_state",
            ),
        ),
    ]
