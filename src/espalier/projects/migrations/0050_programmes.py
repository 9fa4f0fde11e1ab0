import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0175_one_way_to_erase"),
        ("projects", "0040_tallies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.IntegerField(null=True)),
                ("title", models.CharField(max_length=200)),
                ("aim_what", models.CharField(blank=True, default="", max_length=300)),
                ("aim_from", models.FloatField(null=True)),
                ("aim_to", models.FloatField(null=True)),
                ("aim_unit", models.CharField(blank=True, default="", max_length=60)),
                ("aim_by", models.DateField(null=True)),
                ("aim_for", models.CharField(blank=True, default="", max_length=200)),
                ("open_to", models.CharField(default="organisation", max_length=12)),
                ("rhythm", models.CharField(default="month", max_length=10)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("lead_id", models.BigIntegerField(null=True)),
                ("second_id", models.BigIntegerField(null=True)),
                ("begun_by_id", models.BigIntegerField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
        ),
        migrations.CreateModel(
            name="ProgrammeMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure_code", models.CharField(max_length=60)),
                ("kind", models.CharField(default="outcome", max_length=10)),
                ("added_at", models.DateTimeField()),
                ("programme", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.programme")),
            ],
        ),
        migrations.CreateModel(
            name="ProgrammeTeam",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("programme", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.programme")),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(default="project", max_length=10)),
                ("about_mark", models.CharField(blank=True, default="", max_length=80)),
                ("words", models.TextField()),
                ("account_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
        ),
        migrations.CreateModel(
            name="RemarkFor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("heard_at", models.DateTimeField(null=True)),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
                ("remark", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.remark")),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("starts", models.TimeField(null=True)),
                ("ends", models.TimeField(null=True)),
                ("place", models.CharField(blank=True, default="", max_length=200)),
                ("words", models.TextField(blank=True, default="")),
                ("called_off_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("programme", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.programme")),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_on", models.DateField()),
                ("state", models.CharField(default="draft", max_length=10)),
                ("tried", models.TextField(blank=True, default="")),
                ("learned", models.TextField(blank=True, default="")),
                ("need", models.TextField(blank=True, default="")),
                ("said", models.FloatField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                ("saved_by_id", models.BigIntegerField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("submitted_by_id", models.BigIntegerField(null=True)),
                ("pulled_back_at", models.DateTimeField(null=True)),
                ("reply", models.TextField(blank=True, default="")),
                ("replied_at", models.DateTimeField(null=True)),
                ("replied_by_id", models.BigIntegerField(null=True)),
                ("programme", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.programme")),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
        ),
        migrations.CreateModel(
            name="Coach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("owner_id", models.IntegerField(null=True)),
                ("capacity", models.PositiveSmallIntegerField(default=2)),
                ("helps_with", models.CharField(blank=True, default="", max_length=300)),
                ("trained_on", models.DateField(null=True)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "indexes": [models.Index(fields=["account_id"], name="projects_coach_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="projects_coach_half_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)), fields=("account_id", "owner_id"), name="projects_coach_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoachNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
            options={
                "indexes": [models.Index(fields=["project", "at"], name="projects_coachnote_project")],
            },
        ),
        migrations.CreateModel(
            name="CoachRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.IntegerField(null=True)),
                ("title", models.CharField(max_length=200)),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                ("state", models.CharField(default="asked", max_length=10)),
                ("asked_by_id", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("coach_account_id", models.BigIntegerField(null=True)),
                ("why", models.CharField(blank=True, default="", max_length=300)),
                ("offered_by_id", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "indexes": [models.Index(fields=["owner_id", "state"], name="projects_coachrequest_owner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("asked", "offered", "agreed", "withdrawn"))), name="projects_coachrequest_state"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("asked", "offered"))), fields=("project",), name="projects_coachrequest_once"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="programme",
            index=models.Index(fields=["owner_id"], name="projects_programme_owner"),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("open_to__in", ("organisation", "everybody"))), name="projects_programme_open_to"
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(condition=models.Q(("rhythm", "month")), name="projects_programme_rhythm"),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="projects_programme_half_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmemeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("outcome", "process", "balancing"))), name="projects_programmemeasure_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="programmemeasure",
            constraint=models.UniqueConstraint(fields=("programme", "measure_code"), name="projects_programmemeasure_once"),
        ),
        migrations.AddIndex(
            model_name="programmeteam",
            index=models.Index(fields=["programme"], name="projects_programmeteam_of"),
        ),
        migrations.AddConstraint(
            model_name="programmeteam",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                name="projects_programmeteam_half_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeteam",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("project",), name="projects_programmeteam_once"
            ),
        ),
        migrations.AddIndex(
            model_name="remark",
            index=models.Index(fields=["project", "about", "about_mark", "at"], name="projects_remark_project"),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("about__in", ("project", "cycle", "point", "month"))), name="projects_remark_about"
            ),
        ),
        migrations.AddIndex(
            model_name="remarkfor",
            index=models.Index(condition=models.Q(("heard_at__isnull", True)), fields=["account_id"], name="projects_remarkfor_account"),
        ),
        migrations.AddConstraint(
            model_name="remarkfor",
            constraint=models.UniqueConstraint(fields=("remark", "account_id"), name="projects_remarkfor_once"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["programme", "on"], name="projects_session_programme"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["programme", "period_on"], name="projects_submission_month"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("draft", "submitted", "answered", "completed"))), name="projects_submission_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("said__isnull", True), models.Q(("said__gte", 0.5), ("said__lte", 5)), _connector="OR"),
                name="projects_submission_said",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("project", "period_on"), name="projects_submission_once"),
        ),
    ]
