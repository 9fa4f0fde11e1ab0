"""Tallies at the bedside; measures and tasks can be taken out of a project and put back."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

GUARDS = import_module("espalier.projects.migrations.0002_guards")


class Migration(migrations.Migration):
    """A table for taps, guarded like everything in a project."""

    dependencies = [("projects", "0020_ideas")]

    operations = [
        migrations.AddField(model_name="counted", name="removed_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="task", name="removed_at", field=models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("on", models.DateField()),
                ("top", models.SmallIntegerField()),
                ("out_of", models.SmallIntegerField(default=0)),
                ("account_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("counted", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.counted")),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
            options={
                "indexes": [models.Index(fields=["counted", "on"], name="projects_tally_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("out_of__gte", -1), ("out_of__lte", 1), ("top__gte", -1), ("top__lte", 1))
                        & models.Q(("out_of", 0), ("top", 0), _negated=True),
                        name="projects_tally_one",
                    )
                ],
            },
        ),
        # Who tapped is for the team: a reader of an open project sees the chart, not the hand that counted.
        GUARDS.guard("projects_tally", GUARDS.BY_ITS_TEAM, GUARDS.BY_ITS_TEAM, GUARDS.BY_ITS_TEAM),
    ]
