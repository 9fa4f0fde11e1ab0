# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""Learning reviews: seen by the team of the place, and once they are open by the organisation."""

import django.db.models.deletion
from django.db import migrations, models

VIEWER = "nullif(current_setting('app.viewer', true), '')::bigint"
HOUSE = "(SELECT access_is_system())"
FUNCTIONS = ("projects_my_places()", "projects_reown_reviews()")
MAINTAINED = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION {name} OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
ASKED = """
GRANT SELECT, UPDATE ON projects_review TO espalier_maintain;

-- The places whose team the viewer belongs to: those at which they hold something as staff, and none below or above.
CREATE FUNCTION projects_my_places() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT unit_id::bigint), '{}') FROM organisations_held
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND inside
      AND nullif(current_setting('app.within', true), '') IS NULL
$$;

-- A review takes its owner from its place, as a project does.
CREATE TRIGGER projects_review_owner BEFORE INSERT OR UPDATE OF unit_id, owner_id ON projects_review
    FOR EACH ROW EXECUTE FUNCTION projects_owner();

CREATE FUNCTION projects_reown_reviews() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE projects_review r SET owner_id = NULL
    FROM (SELECT one.unit_id, coalesce(organisations_organisation_of(one.unit_id), one.unit_id) AS owner_id
          FROM (SELECT DISTINCT unit_id FROM projects_review) one) w
    WHERE w.unit_id = r.unit_id AND r.owner_id IS DISTINCT FROM w.owner_id;
    RETURN NULL;
END $$;
CREATE TRIGGER projects_reown_reviews AFTER INSERT ON organisations_below FOR EACH STATEMENT EXECUTE FUNCTION projects_reown_reviews();
""" + "".join(MAINTAINED.format(name=name) for name in FUNCTIONS)
NOT_ASKED = """
DROP TRIGGER projects_reown_reviews ON organisations_below;
DROP TRIGGER projects_review_owner ON projects_review;
""" + "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)

TEAM = f"unit_id = ANY ((SELECT projects_my_places())::bigint[]) OR begun_by_id = {VIEWER} OR {HOUSE}"
SEEN = f"{TEAM} OR (open_to = 'organisation' AND owner_id = ANY ((SELECT organisations_mine())::int[]))"
GUARD = f"""
ALTER TABLE projects_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE projects_review FORCE ROW LEVEL SECURITY;
CREATE POLICY projects_review_seen ON projects_review FOR SELECT USING ({SEEN});
CREATE POLICY projects_review_added ON projects_review FOR INSERT WITH CHECK (begun_by_id = {VIEWER} OR {HOUSE});
CREATE POLICY projects_review_changed ON projects_review FOR UPDATE USING ({TEAM}) WITH CHECK ({TEAM});
CREATE POLICY projects_review_removed ON projects_review FOR DELETE USING ({HOUSE});
"""
NO_GUARD = "".join(f"DROP POLICY projects_review_{name} ON projects_review;" for name in ("seen", "added", "changed", "removed"))
NO_GUARD += "ALTER TABLE projects_review NO FORCE ROW LEVEL SECURITY; ALTER TABLE projects_review DISABLE ROW LEVEL SECURITY;"


class Migration(migrations.Migration):
    """The table, whose its rows are, and their guard."""

    dependencies = [("projects", "0060_partners")]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.IntegerField(null=True)),
                ("title", models.CharField(max_length=200)),
                ("happened_on", models.DateField(null=True)),
                ("sections", models.JSONField(default=dict)),
                ("state", models.CharField(default="open", max_length=8)),
                ("open_to", models.CharField(default="team", max_length=12)),
                ("begun_at", models.DateTimeField()),
                ("begun_by_id", models.BigIntegerField(null=True)),
                ("begun_in", models.BigIntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner_id", "changed_at"], name="projects_review_owner"),
                    models.Index(fields=["unit"], name="projects_review_unit"),
                    models.Index(fields=["begun_by_id"], name="projects_review_begun"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("state__in", ("open", "closed"))), name="projects_review_state"),
                    models.CheckConstraint(condition=models.Q(("open_to__in", ("team", "organisation"))), name="projects_review_open_to"),
                ],
            },
        ),
        migrations.RunSQL(ASKED, NOT_ASKED),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
