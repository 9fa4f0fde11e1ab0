# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""Whose programmes, months, coaches and remarks are: owners kept by the database, row-level security on each."""

from importlib import import_module

from django.db import migrations

before = import_module("espalier.projects.migrations.0002_guards")
guard, MAINTAINED, VIEWER, HOUSE = before.guard, before.MAINTAINED, before.VIEWER, before.HOUSE
MINE, WITH_IT, BY_ITS_TEAM = before.MINE, before.WITH_IT, before.BY_ITS_TEAM

OWNED = ("projects_programme", "projects_coach", "projects_coachrequest")
FUNCTIONS = (
    "projects_programmes_led()", "projects_programmes_joined()", "projects_programmes_seen()", "projects_programmes_kept()",
    "projects_owner_of_place()", "projects_reown_places()", "projects_coached(bigint[])",
)  # fmt: skip
NOT_WITHIN = "nullif(current_setting('app.within', true), '') IS NULL"
FUNCTION = """
CREATE FUNCTION {name} RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT id), '{{}}') FROM ({chosen}) one WHERE {outside}
$$;
"""
LED = f"SELECT id FROM projects_programme WHERE lead_id = {VIEWER} OR second_id = {VIEWER}"
JOINED = """
    SELECT p.programme_id AS id FROM projects_member m JOIN projects_project p ON p.id = m.project_id
    WHERE p.programme_id IS NOT NULL AND m.until IS NULL AND m.account_id = nullif(current_setting('app.viewer', true), '')::bigint
"""
KEPT = f"{LED} OR owner_id = ANY ((SELECT organisations_mine())::int[])"
SEEN = f"""
    {KEPT} OR open_to = 'everybody' OR owner_id = ANY ((SELECT projects_shared_with_me())::int[])
    UNION SELECT id FROM ({JOINED}) joined
"""
ASKED = (
    """
GRANT SELECT, UPDATE ON projects_programme, projects_coach, projects_coachrequest TO espalier_maintain;
"""
    + "".join(
        FUNCTION.format(name=name, chosen=chosen, outside=NOT_WITHIN)
        for name, chosen in (
            ("projects_programmes_led()", LED), ("projects_programmes_joined()", JOINED),
            ("projects_programmes_seen()", SEEN), ("projects_programmes_kept()", KEPT),
        )
    )
    + """
-- What stands at a place takes its owner from there, never from the caller.
CREATE FUNCTION projects_owner_of_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.owner_id := coalesce(organisations_organisation_of(NEW.unit_id), NEW.unit_id);
    RETURN NEW;
END $$;

-- When a place comes to belong to another organisation, what stands there goes with it.
CREATE FUNCTION projects_reown_places() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
"""
    + "".join(
        f"    UPDATE {table} SET owner_id = NULL"
        " WHERE owner_id IS DISTINCT FROM coalesce(organisations_organisation_of(unit_id), unit_id);\n"
        for table in OWNED
    )
    + """    RETURN NULL;
END $$;
CREATE TRIGGER projects_reown_places AFTER INSERT ON organisations_below FOR EACH STATEMENT EXECUTE FUNCTION projects_reown_places();

-- How many projects that are not over each of these people coach: a number, whoever may read the projects.
CREATE FUNCTION projects_coached(accounts bigint[]) RETURNS TABLE (account_id bigint, projects bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT m.account_id, count(*) FROM projects_member m JOIN projects_project p ON p.id = m.project_id
    WHERE m.account_id = ANY (accounts) AND m.role = 'coach' AND m.until IS NULL AND p.state NOT IN ('finished', 'stopped')
      AND nullif(current_setting('app.viewer', true), '') IS NOT NULL
    GROUP BY m.account_id
$$;
"""
    + "".join(
        f"CREATE TRIGGER {table}_owner BEFORE INSERT OR UPDATE OF unit_id, owner_id ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION projects_owner_of_place();\n"
        for table in OWNED
    )
    + "".join(MAINTAINED.format(name=name) for name in FUNCTIONS)
)
NOT_ASKED = (
    "DROP TRIGGER projects_reown_places ON organisations_below;\n"
    + "".join(f"DROP TRIGGER {table}_owner ON {table};\n" for table in OWNED)
    + "".join(f"DROP FUNCTION {name};\n" for name in reversed(FUNCTIONS))
)

OURS = "owner_id = ANY ((SELECT organisations_mine())::int[])"
SHARED = "owner_id = ANY ((SELECT projects_shared_with_me())::int[])"
LEADING = f"lead_id = {VIEWER} OR second_id = {VIEWER}"
OF_LED = "programme_id = ANY ((SELECT projects_programmes_led())::bigint[])"
OF_SEEN = f"programme_id = ANY ((SELECT projects_programmes_seen())::bigint[]) OR {HOUSE}"
OF_KEPT = f"programme_id = ANY ((SELECT projects_programmes_kept())::bigint[]) OR {HOUSE}"
PROGRAMME = f"""
    {LEADING} OR open_to = 'everybody' OR {OURS} OR {SHARED}
    OR id = ANY ((SELECT projects_programmes_joined())::bigint[]) OR {HOUSE}
"""
KEEPS_PROGRAMME = f"{LEADING} OR {OURS} OR {HOUSE}"
ITS_MEMBERS = f"project_id = {MINE} OR {HOUSE}"
# A draft is its team's; once sent, whoever leads the programme reads it and may answer.
SENT = f"project_id = {MINE} OR (state <> 'draft' AND {OF_LED}) OR {HOUSE}"
COACH = f"account_id = {VIEWER} OR {OURS} OR {HOUSE}"
REQUEST = f"project_id = {MINE} OR {OURS} OR {HOUSE}"
# A team that joins a programme is told that whoever leads it reads the project.
LED_PROJECT = f"CREATE POLICY projects_project_led ON projects_project FOR SELECT USING ({OF_LED});"


class Migration(migrations.Migration):
    """Functions, triggers and policies."""

    dependencies = [("projects", "0050_programmes")]

    operations = [
        migrations.RunSQL(ASKED, NOT_ASKED),
        migrations.RunSQL(LED_PROJECT, "DROP POLICY projects_project_led ON projects_project;"),
        guard("projects_programme", PROGRAMME, KEEPS_PROGRAMME, KEEPS_PROGRAMME),
        guard("projects_programmemeasure", OF_SEEN, OF_KEPT, OF_KEPT),
        guard("projects_session", OF_SEEN, OF_KEPT, OF_KEPT),
        guard("projects_programmeteam", WITH_IT, BY_ITS_TEAM, BY_ITS_TEAM),
        guard("projects_submission", SENT, ITS_MEMBERS, SENT),
        guard("projects_coach", f"{COACH} OR {SHARED}", COACH, COACH),
        guard("projects_coachnote", ITS_MEMBERS, ITS_MEMBERS, ITS_MEMBERS),
        guard("projects_coachrequest", REQUEST, ITS_MEMBERS, REQUEST),
        guard("projects_remark", ITS_MEMBERS, ITS_MEMBERS, ITS_MEMBERS),
        guard("projects_remarkfor", ITS_MEMBERS, ITS_MEMBERS, ITS_MEMBERS),
    ]
