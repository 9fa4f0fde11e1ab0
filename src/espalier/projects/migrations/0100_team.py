# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""What a team keeps for itself: the tables, whose they are, and that nobody but the team reads them."""

import django.db.models.deletion
from django.db import migrations, models

TABLES = ("hindrance", "promise", "thanks")
MAINTAINED = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION {name} OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
FUNCTIONS = ("projects_team_owner()", "projects_team_reown()", "projects_team_affected(bigint[])")
REOWN = """
    UPDATE projects_{one} t SET owner_id = NULL
    FROM (SELECT one.unit_id, coalesce(organisations_organisation_of(one.unit_id), one.unit_id) AS owner_id
          FROM (SELECT DISTINCT unit_id FROM projects_{one}) one) w
    WHERE w.unit_id = t.unit_id AND t.owner_id IS DISTINCT FROM w.owner_id;"""
OWNED = """
CREATE TRIGGER projects_{one}_owner BEFORE INSERT OR UPDATE OF unit_id, owner_id ON projects_{one}
    FOR EACH ROW EXECUTE FUNCTION projects_team_owner();
CREATE TRIGGER projects_{one}_kept BEFORE UPDATE ON projects_{one} FOR EACH ROW EXECUTE FUNCTION projects_team_kept();"""
NL = "\n"
ASKED = f"""
GRANT SELECT, UPDATE, DELETE ON {", ".join(f"projects_{one}" for one in TABLES)} TO espalier_maintain;

-- What a team says takes its owner from the place, never from the caller.
CREATE FUNCTION projects_team_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.owner_id := coalesce(organisations_organisation_of(NEW.unit_id), NEW.unit_id);
    RETURN NEW;
END $$;

-- When a place comes to belong to another organisation, what its team keeps goes with it.
CREATE FUNCTION projects_team_reown() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN{NL.join(REOWN.format(one=one) for one in TABLES)}
    RETURN NULL;
END $$;
CREATE TRIGGER projects_team_reown AFTER INSERT ON organisations_below FOR EACH STATEMENT EXECUTE FUNCTION projects_team_reown();

-- Nobody puts words into another's mouth: what was said, by whom and when stays; how it stands may change.
CREATE FUNCTION projects_team_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF (NEW.id, NEW.words, NEW.said_by_id, NEW.said_at) IS DISTINCT FROM (OLD.id, OLD.words, OLD.said_by_id, OLD.said_at)
       AND NOT access_is_system() THEN
        RAISE EXCEPTION 'what was said, and by whom, does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION projects_team_affected(places bigint[]) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT {" + ".join(f"(SELECT count(*) FROM projects_{one} WHERE unit_id = ANY (places) AND removed_at IS NULL)" for one in TABLES)}
$$;
{NL.join(OWNED.format(one=one) for one in TABLES)}
"""
ASKED += "".join(MAINTAINED.format(name=name) for name in FUNCTIONS)
NOT_ASKED = (
    "DROP TRIGGER projects_team_reown ON organisations_below;"
    + "".join(f"DROP TRIGGER projects_{one}_owner ON projects_{one}; DROP TRIGGER projects_{one}_kept ON projects_{one};" for one in TABLES)
    + "DROP FUNCTION projects_team_kept();"
    + "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)
)

HOUSE = "(SELECT access_is_system())"
VIEWER = "nullif(current_setting('app.viewer', true), '')::bigint"
TEAM = "unit_id = ANY ((SELECT projects_my_places())::bigint[])"
# A partner whom somebody thanks is not of the staff, and reads what was said to them all the same.
SEEN = {"hindrance": f"{TEAM} OR {HOUSE}", "promise": f"{TEAM} OR {HOUSE}", "thanks": f"{TEAM} OR for_id = {VIEWER} OR {HOUSE}"}
GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK (({team} AND said_by_id = {viewer}) OR {house});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({team} OR {house}) WITH CHECK ({team} OR {house});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({house});
"""
NO_GUARD = "".join(f"DROP POLICY {{table}}_{name} ON {{table}};" for name in ("seen", "added", "changed", "removed"))
NO_GUARD += "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"


def guard(one: str) -> migrations.RunSQL:
    table = f"projects_{one}"
    words = GUARD.format(table=table, seen=SEEN[one], team=TEAM, viewer=VIEWER, house=HOUSE)
    return migrations.RunSQL(words, NO_GUARD.format(table=table))


class Migration(migrations.Migration):
    """Three tables, whose their rows are, and their guard."""

    dependencies = [("projects", "0081_portfolio")]

    operations = [
        migrations.CreateModel(
            name="Hindrance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.IntegerField(null=True)),
                ("words", models.CharField(max_length=300)),
                ("said_by_id", models.BigIntegerField(null=True)),
                ("said_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("edition", models.PositiveIntegerField(default=1)),
                ("was", models.JSONField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("state", models.CharField(default="open", max_length=8)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("worked_on_by_id", models.BigIntegerField(null=True)),
                ("project_id", models.BigIntegerField(null=True)),
                ("idea_id", models.UUIDField(null=True)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit", "-changed_at"], name="projects_hindrance_unit"),
                    models.Index(fields=["said_by_id"], name="projects_hindrance_said"),
                    models.Index(
                        condition=models.Q(("worked_on_by_id__isnull", False)), fields=["worked_on_by_id"], name="projects_hindrance_worked"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "working", "better", "not-now"))), name="projects_hindrance_state"
                    ),
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="projects_hindrance_words"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not-now"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="projects_hindrance_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.IntegerField(null=True)),
                ("words", models.CharField(max_length=300)),
                ("said_by_id", models.BigIntegerField(null=True)),
                ("said_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("edition", models.PositiveIntegerField(default=1)),
                ("was", models.JSONField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("by_on", models.DateField()),
                ("state", models.CharField(default="open", max_length=8)),
                ("became", models.CharField(blank=True, default="", max_length=300)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit", "-changed_at"], name="projects_promise_unit"),
                    models.Index(fields=["said_by_id"], name="projects_promise_said"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("state__in", ("open", "kept", "not-kept"))), name="projects_promise_state"),
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="projects_promise_words"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not-kept"), _negated=True), models.Q(("became", ""), _negated=True), _connector="OR"
                        ),
                        name="projects_promise_became",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Thanks",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.IntegerField(null=True)),
                ("words", models.CharField(max_length=300)),
                ("said_by_id", models.BigIntegerField(null=True)),
                ("said_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("edition", models.PositiveIntegerField(default=1)),
                ("was", models.JSONField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("for_id", models.BigIntegerField(null=True)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit", "-said_at"], name="projects_thanks_unit"),
                    models.Index(condition=models.Q(("for_id__isnull", False)), fields=["for_id"], name="projects_thanks_for"),
                    models.Index(fields=["said_by_id"], name="projects_thanks_said"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="projects_thanks_words"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("for_id__isnull", True), models.Q(("for_id", models.F("said_by_id")), _negated=True), _connector="OR"
                        ),
                        name="projects_thanks_other",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ASKED, NOT_ASKED),
        *(guard(one) for one in TABLES),
    ]
