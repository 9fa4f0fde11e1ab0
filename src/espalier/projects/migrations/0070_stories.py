import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables of stories."""

    dependencies = [
        ("projects", "0061_reviews"),
    ]

    operations = [
        migrations.CreateModel(
            name="Story",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("why", models.TextField(blank=True, default="")),
                ("learned", models.TextField(blank=True, default="")),
                ("gained", models.TextField(blank=True, default="")),
                ("changed_at", models.DateTimeField()),
                ("project", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("project_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("place", models.CharField(max_length=200)),
                ("content", models.JSONField()),
                ("state", models.CharField(default="asked", max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("asked_by_id", models.BigIntegerField(null=True)),
                ("public_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.BigIntegerField(null=True)),
                ("story", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.story")),
            ],
        ),
        migrations.CreateModel(
            name="Descendant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin_id", models.BigIntegerField(unique=True)),
                ("place", models.CharField(blank=True, default="", max_length=200)),
                ("change", models.CharField(blank=True, default="", max_length=300)),
                ("worked", models.CharField(default="early", max_length=6)),
                ("at", models.DateTimeField()),
                ("said_at", models.DateTimeField(null=True)),
                ("story", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.story")),
            ],
        ),
        migrations.CreateModel(
            name="Voice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=300)),
                ("said_by", models.CharField(max_length=20)),
                ("added_at", models.DateTimeField()),
                ("added_by_id", models.BigIntegerField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
        ),
        migrations.CreateModel(
            name="EditionAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("project_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("says", models.CharField(max_length=3)),
                ("at", models.DateTimeField()),
                ("edition", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.edition")),
            ],
            options={
                "indexes": [models.Index(fields=["account_id"], name="projects_editionanswer_who")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("says__in", ("yes", "no"))), name="projects_editionanswer_says"),
                    models.UniqueConstraint(fields=("edition", "account_id"), name="projects_editionanswer_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("story_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("place", models.CharField(max_length=200)),
                ("change", models.CharField(blank=True, default="", max_length=300)),
                ("altered", models.CharField(blank=True, default="", max_length=500)),
                ("worked", models.CharField(default="early", max_length=6)),
                ("why", models.CharField(blank=True, default="", max_length=300)),
                ("named", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("said_at", models.DateTimeField(null=True)),
                ("by_id", models.BigIntegerField(null=True)),
                ("project", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("worked__in", ("yes", "partly", "no", "early"))), name="projects_origin_worked")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(fields=["project_id", "asked_at"], name="projects_edition_project"),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(condition=models.Q(("state", "public")), fields=["public_at"], name="projects_edition_public"),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("asked", "public", "refused", "withdrawn", "replaced"))), name="projects_edition_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "public"), _negated=True), ("public_at__isnull", False), _connector="OR"),
                name="projects_edition_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(condition=models.Q(("state", "public")), fields=("story",), name="projects_one_public"),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(condition=models.Q(("state", "asked")), fields=("story",), name="projects_one_asked"),
        ),
        migrations.AddConstraint(
            model_name="descendant",
            constraint=models.CheckConstraint(
                condition=models.Q(("worked__in", ("yes", "partly", "no", "early"))), name="projects_descendant_worked"
            ),
        ),
        migrations.AddConstraint(
            model_name="descendant",
            constraint=models.CheckConstraint(
                condition=models.Q(("said_at__isnull", True), ("said_at__gte", models.F("at")), _connector="OR"),
                name="projects_descendant_order",
            ),
        ),
    ]
