import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0020_marks"),
        ("organisations", "0002_closure_and_owners"),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("how_often", models.CharField(max_length=10)),
                ("period", models.CharField(max_length=10)),
                ("sent_at", models.DateTimeField()),
                ("signals", models.PositiveIntegerField()),
                ("late", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account_id", "how_often", "period"), name="measures_digest_once")],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("below", models.BooleanField(default=False)),
                ("how_often", models.CharField(max_length=10)),
                ("since_at", models.DateTimeField()),
                (
                    "measure",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="measures.measure"),
                ),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account_id", "unit", "measure", "below"), name="measures_follow_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how_often__in", ("daily", "weekly", "monthly"))), name="measures_follow_how_often"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LastLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("seen_at", models.DateTimeField()),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account_id", "unit"), name="measures_lastlook_once")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("choices", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("measure", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="measures.measure")),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit")),
                (
                    "unit",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account_id"], name="measures_savedview_whose")],
            },
        ),
    ]
