"""A partner may take back what they asked for while nobody has answered.

Going back, what was taken back is not agreed, and says why: there was no other state in which nobody is asked to pay.
"""

from django.db import migrations, models

NOT_TAKEN_BACK = """
ALTER TABLE projects_claim NO FORCE ROW LEVEL SECURITY;
UPDATE projects_claim SET state = 'declined', reason = 'Taken back by who asked for it.' WHERE state = 'withdrawn';
ALTER TABLE projects_claim FORCE ROW LEVEL SECURITY;
"""


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
        migrations.RunSQL(migrations.RunSQL.noop, NOT_TAKEN_BACK),
    ]
