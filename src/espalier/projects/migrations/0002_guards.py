# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""Whose projects are: owners kept by the database, and row-level security on everything in a project."""

from django.db import migrations

MAINTAINED = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION {name} OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
FUNCTIONS = ("projects_mine()", "projects_shared_with_me()", "projects_owner()", "projects_reown()", "projects_affected(bigint[])")

ASKED = """
GRANT SELECT, UPDATE ON projects_project TO espalier_maintain;
GRANT SELECT ON projects_member, projects_place TO espalier_maintain;

-- The projects in which the viewer takes part today. A token for one place does not open them.
CREATE FUNCTION projects_mine() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(project_id), '{}') FROM projects_member
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND until IS NULL
      AND nullif(current_setting('app.within', true), '') IS NULL
$$;

-- The organisations that share their projects with a place at which the viewer holds something.
CREATE FUNCTION projects_shared_with_me() RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT s.unit_id::int), '{}')
    FROM organisations_held h JOIN organisations_sharing s ON s.shared_with_id = h.unit_id AND s.what = 'projects'
         AND s.since <= current_date AND (s.until IS NULL OR s.until > current_date)
    WHERE h.account_id = nullif(current_setting('app.viewer', true), '')::bigint AND h.inside
      AND nullif(current_setting('app.within', true), '') IS NULL
$$;

-- A project takes its owner from its unit, never from the caller.
CREATE FUNCTION projects_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.owner_id := coalesce(organisations_organisation_of(NEW.unit_id), NEW.unit_id);
    IF TG_OP = 'INSERT' THEN
        NEW.begun_in := pg_current_xact_id()::text::bigint;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_owner BEFORE INSERT OR UPDATE OF unit_id, owner_id ON projects_project
    FOR EACH ROW EXECUTE FUNCTION projects_owner();

-- When a place comes to belong to another organisation, its projects go with it.
CREATE FUNCTION projects_reown() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE projects_project p SET owner_id = NULL
    FROM (SELECT one.unit_id, coalesce(organisations_organisation_of(one.unit_id), one.unit_id) AS owner_id
          FROM (SELECT DISTINCT unit_id FROM projects_project) one) w
    WHERE w.unit_id = p.unit_id AND p.owner_id IS DISTINCT FROM w.owner_id;
    RETURN NULL;
END $$;
CREATE TRIGGER projects_reown AFTER INSERT ON organisations_below FOR EACH STATEMENT EXECUTE FUNCTION projects_reown();

CREATE FUNCTION projects_affected(places bigint[]) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT count(*) FROM projects_project p WHERE p.unit_id = ANY (places)
        OR EXISTS (SELECT 1 FROM projects_place o WHERE o.project_id = p.id AND o.unit_id = ANY (places))
$$;
""" + "".join(MAINTAINED.format(name=name) for name in FUNCTIONS)
NOT_ASKED = """
DROP TRIGGER projects_reown ON organisations_below;
DROP TRIGGER projects_owner ON projects_project;
""" + "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)

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

HOUSE = "(SELECT access_is_system())"
VIEWER = "nullif(current_setting('app.viewer', true), '')::bigint"
# Whoever begins a project puts its first members in, within the same transaction; after that only members have a say.
BEGINNING = f"(begun_by_id = {VIEWER} AND begun_in = pg_current_xact_id_if_assigned()::text::bigint)"
MINE = "ANY ((SELECT projects_mine())::bigint[])"
# Its team always; once it is open, its organisation and those it shares projects with; or everybody.
SEEN = f"""
    id = {MINE} OR {BEGINNING} OR open_to = 'everybody'
    OR (open_to = 'organisation' AND (owner_id = ANY ((SELECT organisations_mine())::int[])
                                      OR owner_id = ANY ((SELECT projects_shared_with_me())::int[])))
    OR {HOUSE}
"""
WRITTEN = f"id = {MINE} OR {BEGINNING} OR {HOUSE}"
# A thing in a project is seen with it, and written by those who take part.
WITH_IT = "EXISTS (SELECT 1 FROM projects_project p WHERE p.id = project_id)"
BY_ITS_TEAM = f"project_id = {MINE} OR EXISTS (SELECT 1 FROM projects_project p WHERE p.id = project_id AND {BEGINNING}) OR {HOUSE}"
INSIDE = ("place", "member", "diagram", "node", "counted", "cycle", "task")


def guard(table: str, seen: str, added: str, changed: str) -> migrations.RunSQL:
    return migrations.RunSQL(GUARD.format(table=table, seen=seen, added=added, changed=changed), NO_GUARD.format(table=table))


class Migration(migrations.Migration):
    """Functions, triggers and policies of this room."""

    dependencies = [("projects", "0001_initial"), ("organisations", "0175_one_way_to_erase"), ("access", "0100_system_accounts")]

    operations = [
        migrations.RunSQL(ASKED, NOT_ASKED),
        guard("projects_project", SEEN, f"begun_by_id = {VIEWER} OR {HOUSE}", WRITTEN),
        *(guard(f"projects_{name}", WITH_IT, BY_ITS_TEAM, BY_ITS_TEAM) for name in INSIDE),
        # What was changed is for its team: it names who did what.
        guard("projects_edit", BY_ITS_TEAM, BY_ITS_TEAM, BY_ITS_TEAM),
    ]
