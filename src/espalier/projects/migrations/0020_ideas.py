# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""Ideas: the table, whose they are, and who sees and changes one."""

import django.db.models.deletion
from django.db import migrations, models

MAINTAINED = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION {name} OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
FUNCTIONS = ("projects_idea_owner()", "projects_idea_reown()", "projects_ideas_affected(bigint[])")
ASKED = """
GRANT SELECT, UPDATE, DELETE ON projects_idea TO espalier_maintain;

-- An idea takes its owner from its unit, never from the caller; one without a unit is its author's alone.
CREATE FUNCTION projects_idea_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.owner_id := coalesce(organisations_organisation_of(NEW.unit_id), NEW.unit_id);
    RETURN NEW;
END $$;
CREATE TRIGGER projects_idea_owner BEFORE INSERT OR UPDATE OF unit_id, owner_id ON projects_idea
    FOR EACH ROW EXECUTE FUNCTION projects_idea_owner();

-- When a place comes to belong to another organisation, the ideas of its people go with it.
CREATE FUNCTION projects_idea_reown() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE projects_idea i SET owner_id = NULL
    FROM (SELECT one.unit_id, coalesce(organisations_organisation_of(one.unit_id), one.unit_id) AS owner_id
          FROM (SELECT DISTINCT unit_id FROM projects_idea WHERE unit_id IS NOT NULL) one) w
    WHERE w.unit_id = i.unit_id AND i.owner_id IS DISTINCT FROM w.owner_id;
    RETURN NULL;
END $$;
CREATE TRIGGER projects_idea_reown AFTER INSERT ON organisations_below FOR EACH STATEMENT EXECUTE FUNCTION projects_idea_reown();

CREATE FUNCTION projects_ideas_affected(places bigint[]) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$ SELECT count(*) FROM projects_idea WHERE unit_id = ANY (places) AND removed_at IS NULL $$;

-- Nobody puts words into another's mouth: who answers an idea changes how it stands, and nothing else of it.
CREATE FUNCTION projects_idea_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF (NEW.id, NEW.account_id, NEW.made_at, NEW.received_at) IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.made_at, OLD.received_at) THEN
        RAISE EXCEPTION 'whose an idea is, and since when, does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.account_id IS DISTINCT FROM nullif(current_setting('app.viewer', true), '')::bigint AND NOT access_is_system()
       AND (NEW.words, NEW.edition, NEW.unit_id, NEW.shared_with_team, NEW.removed_at, NEW.read_at)
           IS DISTINCT FROM (OLD.words, OLD.edition, OLD.unit_id, OLD.shared_with_team, OLD.removed_at,
                             CASE WHEN NEW.read_at IS NULL THEN NULL ELSE OLD.read_at END) THEN
        RAISE EXCEPTION 'only who had an idea changes its words' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_idea_kept BEFORE UPDATE ON projects_idea FOR EACH ROW EXECUTE FUNCTION projects_idea_kept();
""" + "".join(MAINTAINED.format(name=name) for name in FUNCTIONS)
NOT_ASKED = """
DROP TRIGGER projects_idea_reown ON organisations_below;
DROP TRIGGER projects_idea_owner ON projects_idea;
DROP TRIGGER projects_idea_kept ON projects_idea;
DROP FUNCTION projects_idea_kept();
""" + "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)

HOUSE = "(SELECT access_is_system())"
MINE = "account_id = nullif(current_setting('app.viewer', true), '')::bigint"
# Its author always. Once it is shared: the people of the organisation, of whom those with the right answer it.
OURS = "(shared_with_team AND removed_at IS NULL AND owner_id = ANY ((SELECT organisations_mine())::int[]))"
GUARD = f"""
ALTER TABLE projects_idea ENABLE ROW LEVEL SECURITY;
ALTER TABLE projects_idea FORCE ROW LEVEL SECURITY;
CREATE POLICY projects_idea_seen ON projects_idea FOR SELECT USING ({MINE} OR {OURS} OR {HOUSE});
CREATE POLICY projects_idea_added ON projects_idea FOR INSERT WITH CHECK ({MINE} OR {HOUSE});
CREATE POLICY projects_idea_changed ON projects_idea FOR UPDATE USING ({MINE} OR {OURS} OR {HOUSE}) WITH CHECK ({MINE} OR {OURS} OR {HOUSE});
CREATE POLICY projects_idea_removed ON projects_idea FOR DELETE USING ({MINE} OR {HOUSE});
"""
NO_GUARD = "".join(f"DROP POLICY projects_idea_{name} ON projects_idea;" for name in ("seen", "added", "changed", "removed"))
NO_GUARD += "ALTER TABLE projects_idea NO FORCE ROW LEVEL SECURITY; ALTER TABLE projects_idea DISABLE ROW LEVEL SECURITY;"


class Migration(migrations.Migration):
    dependencies = [("organisations", "0175_one_way_to_erase"), ("access", "0100_system_accounts"), ("projects", "0010_weighed")]

    operations = [
        migrations.CreateModel(
            name="Idea",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("account_id", models.BigIntegerField()),
                ("owner_id", models.IntegerField(null=True)),
                ("words", models.CharField(max_length=1000)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("shared_with_team", models.BooleanField(default=False)),
                ("state", models.CharField(default="new", max_length=8)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("answered_by_id", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("project", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project")),
                ("unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account_id", "-made_at"], name="projects_idea_account"),
                    models.Index(condition=models.Q(("shared_with_team", True)), fields=["owner_id", "-made_at"], name="projects_idea_shared")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("state__in", ("new", "trying", "project", "done", "not-now"))), name="projects_idea_state"),
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="projects_idea_words"),
                    models.CheckConstraint(condition=models.Q(("made_at__lte", models.F("received_at"))), name="projects_idea_made"),
                    models.CheckConstraint(condition=models.Q(("shared_with_team", False), ("unit__isnull", False), _connector="OR"), name="projects_idea_place"),
                    models.CheckConstraint(condition=models.Q(models.Q(("state", "project"), _negated=True), ("project__isnull", False), _connector="OR"), name="projects_idea_project")],
            },
        ),
        migrations.RunSQL(ASKED, NOT_ASKED),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
