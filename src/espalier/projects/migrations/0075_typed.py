# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""What registers kept elsewhere say, and who looks after what they brought in."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

before = import_module("espalier.projects.migrations.0002_guards")
guard, MAINTAINED, VIEWER = before.guard, before.MAINTAINED, before.VIEWER
WITH_IT, BY_ITS_TEAM = before.WITH_IT, before.BY_ITS_TEAM
FUNCTIONS = ("projects_brought()", "projects_typed_known(int[], text[])")

ASKED = """
GRANT SELECT ON projects_typed TO espalier_maintain;

-- The projects that the viewer brought in from a register of their own organisation.
CREATE FUNCTION projects_brought() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(project_id), '{}') FROM projects_typed
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint
      AND register_id = ANY ((SELECT organisations_mine())::int[])
$$;

-- Which rows of the viewer's registers are here already, whoever may read the projects: nothing is brought in twice.
CREATE FUNCTION projects_typed_known(registers int[], marks text[]) RETURNS TABLE (register_id int, mark text, project_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT t.register_id, t.mark::text, t.project_id FROM projects_typed t
    WHERE t.register_id = ANY (registers) AND t.mark = ANY (marks) AND t.register_id = ANY ((SELECT organisations_mine())::int[])
$$;
""" + "".join(MAINTAINED.format(name=name) for name in FUNCTIONS)
NOT_ASKED = "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)

BROUGHT = "ANY ((SELECT projects_brought())::bigint[])"
OURS = f"project_id = {BROUGHT}"
KEPT = f"{BY_ITS_TEAM} OR {OURS}"
# Whoever brought a project in reads and mends it, as its team does: until somebody leads it there is nobody else.
MORE = "".join(
    f"CREATE POLICY {table}_brought_{name} ON {table} FOR {verb} {rule};\n"
    for table, own, verbs in (
        ("projects_project", f"id = {BROUGHT}", ("seen", "changed", "removed")),
        ("projects_member", OURS, ("added", "changed", "removed")),
        ("projects_cycle", OURS, ("added", "changed", "removed")),
        ("projects_edit", OURS, ("seen", "added")),
    )
    for name, verb, rule in (
        ("seen", "SELECT", f"USING ({own})"), ("added", "INSERT", f"WITH CHECK ({own})"),
        ("changed", "UPDATE", f"USING ({own}) WITH CHECK ({own})"), ("removed", "DELETE", f"USING ({own})"),
    )
    if name in verbs
)  # fmt: skip
NO_MORE = "".join(f"{line.partition(' FOR ')[0].replace('CREATE', 'DROP')};\n" for line in MORE.splitlines())


def fields(*own: tuple[str, models.Field]) -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        *own,
        ("mark", models.CharField(max_length=300)),
        ("said", models.JSONField()),
        ("before", models.JSONField(null=True)),
        ("batch", models.UUIDField(null=True)),
        ("account_id", models.BigIntegerField(null=True)),
        ("at", models.DateTimeField()),
    ]


class Migration(migrations.Migration):
    """Two tables, who brought what, and their guards."""

    dependencies = [("projects", "0071_stories_guarded")]

    operations = [
        migrations.CreateModel(
            name="Typed",
            fields=fields(
                ("project", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
                ("register_id", models.IntegerField()),
            ),
            options={
                "indexes": [
                    models.Index(fields=["account_id"], name="projects_typed_account"),
                    models.Index(fields=["batch"], name="projects_typed_batch"),
                ],
                "constraints": [models.UniqueConstraint(fields=("register_id", "mark"), name="projects_typed_once")],
            },
        ),
        migrations.CreateModel(
            name="TypedCycle",
            fields=fields(
                ("cycle", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.cycle")),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project")),
                ("left", models.PositiveIntegerField(default=1)),
            ),
            options={
                "indexes": [
                    models.Index(fields=["account_id"], name="projects_typedcycle_account"),
                    models.Index(fields=["batch"], name="projects_typedcycle_batch"),
                ],
                "constraints": [models.UniqueConstraint(fields=("project", "mark"), name="projects_typedcycle_once")],
            },
        ),
        migrations.RunSQL(ASKED, NOT_ASKED),
        guard("projects_typed", WITH_IT, BY_ITS_TEAM, KEPT),
        guard("projects_typedcycle", WITH_IT, KEPT, KEPT),
        migrations.RunSQL(MORE, NO_MORE),
    ]
