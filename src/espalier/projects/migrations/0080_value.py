"""What a project is worth: a table of ranges, guarded like everything in a project."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

GUARDS = import_module("espalier.projects.migrations.0002_guards")
Q = models.Q


class Migration(migrations.Migration):
    """The table and its guard."""

    dependencies = [("projects", "0075_typed")]

    operations = [
        migrations.CreateModel(
            name="Value",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8)),
                ("what", models.CharField(max_length=200)),
                ("amount", models.CharField(max_length=20)),
                ("per", models.CharField(default="once", max_length=5)),
                ("low", models.DecimalField(decimal_places=2, max_digits=14)),
                ("high", models.DecimalField(decimal_places=2, max_digits=14)),
                ("releases", models.BooleanField(null=True)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("says", models.CharField(max_length=120)),
                ("how", models.CharField(max_length=10)),
                ("source", models.CharField(blank=True, default="", max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
            options={
                "indexes": [models.Index(fields=["project", "id"], name="projects_value_project")],
                "constraints": [
                    models.CheckConstraint(condition=Q(("kind__in", ("time", "cost", "benefit", "rate"))), name="projects_value_kind"),
                    models.CheckConstraint(condition=Q(("per__in", ("once", "week", "month", "year"))), name="projects_value_per"),
                    models.CheckConstraint(condition=Q(("how__in", ("counted", "estimated", "assumed"))), name="projects_value_how"),
                    models.CheckConstraint(
                        condition=Q(("high__gte", models.F("low")), ("low__gte", 0)), name="projects_value_range"
                    ),
                    models.CheckConstraint(
                        condition=Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"), name="projects_value_days"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("amount", "pounds"), ("releases__isnull", False)),
                            Q(Q(("amount", "pounds"), _negated=True), ("releases__isnull", True)), _connector="OR",
                        ),
                        name="projects_value_money",
                    ),
                    models.UniqueConstraint(
                        condition=Q(("kind", "rate"), ("removed_at", None)), fields=("project",), name="projects_value_one_rate"
                    ),
                ],
            },
        ),
        GUARDS.guard("projects_value", GUARDS.WITH_IT, GUARDS.BY_ITS_TEAM, GUARDS.BY_ITS_TEAM),
    ]
