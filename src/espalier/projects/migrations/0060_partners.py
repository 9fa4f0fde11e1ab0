"""Partners in projects: what they are asked, what they are paid, what changed because of them; guarded row by row."""

import django.db.models.deletion
from django.db import migrations, models

VIEWER = "nullif(current_setting('app.viewer', true), '')::bigint"
HOUSE = "(SELECT access_is_system())"
MINE = "project_id = ANY ((SELECT projects_mine())::bigint[])"
LED = "project_id = ANY ((SELECT projects_led())::bigint[])"
OWN = f"account_id = {VIEWER}"
WITH_IT = "EXISTS (SELECT 1 FROM projects_project p WHERE p.id = project_id)"

FUNCTION = """
-- The projects that the viewer leads or coaches today: who answers claims.
CREATE FUNCTION projects_led() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(project_id), '{}') FROM projects_member
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND until IS NULL AND role IN ('leader', 'coach')
      AND nullif(current_setting('app.within', true), '') IS NULL
$$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION projects_led() OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({added});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({changed}) WITH CHECK ({changed});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({changed});
"""
NO_GUARD = "".join(f"DROP POLICY {{table}}_{name} ON {{table}};" for name in ("seen", "added", "changed", "removed"))
NO_GUARD += "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
# seen, added, changed. Money is between the partner and who leads or coaches; a partner who has stopped still sees their own.
GUARDS = {
    "projects_partnerrole": (f"{OWN} OR {MINE} OR {HOUSE}", f"{LED} OR {HOUSE}", f"{OWN} OR {LED} OR {HOUSE}"),
    "projects_claim": (f"{OWN} OR {LED} OR {HOUSE}", f"{OWN} OR {LED} OR {HOUSE}", f"{OWN} OR {LED} OR {HOUSE}"),
    "projects_becauseof": (f"{WITH_IT} OR {OWN} OR {HOUSE}", f"{MINE} OR {HOUSE}", f"{MINE} OR {HOUSE}"),
    "projects_patientview": (f"{OWN} OR {MINE} OR {HOUSE}", f"({OWN} AND {MINE}) OR {HOUSE}", f"({OWN} AND {MINE}) OR {HOUSE}"),
}


def guards() -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(GUARD.format(table=table, seen=seen, added=added, changed=changed), NO_GUARD.format(table=table))
        for table, (seen, added, changed) in GUARDS.items()
    ]


class Migration(migrations.Migration):
    """Tables and their guards."""

    dependencies = [("projects", "0051_programmes_guarded")]

    operations = [
        migrations.CreateModel(
            name="BecauseOf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("words", models.CharField(max_length=300)),
                ("by_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
            options={
                "indexes": [models.Index(fields=["account_id"], name="projects_becauseof_who")],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("pence", models.PositiveIntegerField()),
                ("on_day", models.DateField()),
                ("words", models.CharField(blank=True, default="", max_length=200)),
                ("state", models.CharField(default="claimed", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("made_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("paid_on", models.DateField(null=True)),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
            options={
                "indexes": [models.Index(fields=["account_id"], name="projects_claim_who")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ("expenses", "payment"))), name="projects_claim_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("offered", "claimed", "agreed", "paid", "declined"))), name="projects_claim_state"
                    ),
                    models.CheckConstraint(condition=models.Q(("pence__gt", 0), ("pence__lte", 1000000)), name="projects_claim_pence"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="projects_claim_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("asked", models.CharField(blank=True, default="", max_length=500)),
                ("asked_by_id", models.BigIntegerField(null=True)),
                ("asked_by", models.CharField(blank=True, default="", max_length=120)),
                ("takes", models.CharField(blank=True, default="", max_length=100)),
                ("formats", models.JSONField(default=list)),
                ("next_what", models.CharField(blank=True, default="", max_length=200)),
                ("next_on", models.DateField(null=True)),
                ("ring_name", models.CharField(blank=True, default="", max_length=100)),
                ("ring_phone", models.CharField(blank=True, default="", max_length=40)),
                ("expenses", models.CharField(blank=True, default="", max_length=200)),
                ("payment", models.CharField(blank=True, default="", max_length=200)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
            options={
                "indexes": [models.Index(fields=["account_id"], name="projects_partnerrole_who")],
                "constraints": [models.UniqueConstraint(fields=("project", "account_id"), name="projects_partnerrole_once")],
            },
        ),
        migrations.CreateModel(
            name="PatientView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("says", models.CharField(max_length=6)),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                ("at", models.DateTimeField()),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
            ],
            options={
                "indexes": [models.Index(fields=["account_id"], name="projects_patientview_who")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("says__in", ("yes", "no", "unsure"))), name="projects_patientview_says"),
                    models.UniqueConstraint(fields=("project", "account_id"), name="projects_patientview_once"),
                ],
            },
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION projects_led()"),
        *guards(),
    ]
