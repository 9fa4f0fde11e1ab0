# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""Who reads a story: its team; once a leader and a partner have said so, everybody. And what the story sees of those who adopt it."""

from django.db import migrations

VIEWER = "nullif(current_setting('app.viewer', true), '')::bigint"
HOUSE = "(SELECT access_is_system())"
MINE = "project_id = ANY ((SELECT projects_mine())::bigint[])"
LED = "project_id = ANY ((SELECT projects_led())::bigint[])"
OWN = f"account_id = {VIEWER}"
WITH_IT = "EXISTS (SELECT 1 FROM projects_project p WHERE p.id = project_id)"
BEGINNING = (
    "EXISTS (SELECT 1 FROM projects_project p WHERE p.id = project_id"
    f" AND p.begun_by_id = {VIEWER} AND p.begun_in = pg_current_xact_id_if_assigned()::text::bigint)"
)
# A partner who said yes may take it back after they have left the project, so they still see what they agreed to.
ANSWERED = f"id IN (SELECT a.edition_id FROM projects_editionanswer a WHERE a.account_id = {VIEWER})"
IS_PARTNER = "project_id = ANY ((SELECT projects_partnered())::bigint[])"
PUBLIC = "story_id IN (SELECT e.story_id FROM projects_edition e WHERE e.state = 'public')"
OF_OURS = "story_id IN (SELECT s.id FROM projects_story s WHERE s.project_id = ANY ((SELECT projects_mine())::bigint[]))"

FUNCTIONS = ("projects_partnered()", "projects_edition_checked()", "projects_origin_told()", "projects_origin_gone()")
MAINTAINED = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION {name} OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
KEPT = """
GRANT SELECT, INSERT, UPDATE, DELETE ON projects_descendant TO espalier_maintain;
GRANT SELECT ON projects_edition, projects_editionanswer, projects_member, projects_project, projects_story TO espalier_maintain;

-- The projects in which the viewer is the patient or carer partner today.
CREATE FUNCTION projects_partnered() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(project_id), '{}') FROM projects_member
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND until IS NULL AND role = 'partner'
      AND nullif(current_setting('app.within', true), '') IS NULL
$$;

-- An edition never changes, and becomes public only as rules/stories.py is_agreed says: a partner's yes to it, where there is a
-- partner, and no partner's last word a no. What is over stays over.
CREATE FUNCTION projects_edition_checked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.content, NEW.title, NEW.place, NEW.story_id, NEW.project_id, NEW.asked_at)
           IS DISTINCT FROM (OLD.content, OLD.title, OLD.place, OLD.story_id, OLD.project_id, OLD.asked_at) THEN
            RAISE EXCEPTION 'an edition of a story never changes';
        END IF;
        IF OLD.state IN ('refused', 'withdrawn', 'replaced') AND NEW.state <> OLD.state THEN
            RAISE EXCEPTION 'this edition of a story is over';
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM projects_story s WHERE s.id = NEW.story_id AND s.project_id = NEW.project_id) THEN
        RAISE EXCEPTION 'this edition is of another story';
    END IF;
    IF NEW.state = 'public' AND (TG_OP = 'INSERT' OR OLD.state <> 'public') THEN
        IF EXISTS (SELECT 1 FROM projects_member m WHERE m.project_id = NEW.project_id AND m.role = 'partner' AND m.until IS NULL)
           AND NOT EXISTS (
               SELECT 1 FROM projects_editionanswer a JOIN projects_member m
                 ON m.project_id = NEW.project_id AND m.account_id = a.account_id AND m.role = 'partner' AND m.until IS NULL
               WHERE a.edition_id = NEW.id AND a.says = 'yes') THEN
            RAISE EXCEPTION 'no partner of the project has agreed to this story';
        END IF;
        IF EXISTS (
            SELECT 1 FROM projects_member m
            WHERE m.project_id = NEW.project_id AND m.role = 'partner' AND m.until IS NULL
              AND (SELECT a.says FROM projects_editionanswer a WHERE a.project_id = NEW.project_id AND a.account_id = m.account_id
                   ORDER BY a.at DESC, a.id DESC LIMIT 1) = 'no') THEN
            RAISE EXCEPTION 'a partner of the project does not want this story to be public';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_edition_checked BEFORE INSERT OR UPDATE ON projects_edition
    FOR EACH ROW EXECUTE FUNCTION projects_edition_checked();

-- A team that adopts tells the story what it wants to tell: its answer always, its place only where it said so.
CREATE FUNCTION projects_origin_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    called text := '';
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM projects_edition e WHERE e.story_id = NEW.story_id AND e.state = 'public') THEN
        RAISE EXCEPTION 'only what is public can be adopted';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.story_id, NEW.project_id) IS DISTINCT FROM (OLD.story_id, OLD.project_id) THEN
        RAISE EXCEPTION 'where a project came from never changes';
    END IF;
    IF NEW.named THEN
        SELECT left(u.name, 200) INTO called FROM projects_project p JOIN organisations_unit u ON u.id = p.unit_id WHERE p.id = NEW.project_id;
    END IF;
    INSERT INTO projects_descendant (story_id, origin_id, place, change, worked, at, said_at)
    SELECT s.id, NEW.id, coalesce(called, ''), NEW.change, NEW.worked, NEW.at, NEW.said_at FROM projects_story s WHERE s.id = NEW.story_id
    ON CONFLICT (origin_id) DO UPDATE SET place = excluded.place, worked = excluded.worked, said_at = excluded.said_at;
    RETURN NULL;
END $$;
CREATE TRIGGER projects_origin_told AFTER INSERT OR UPDATE ON projects_origin FOR EACH ROW EXECUTE FUNCTION projects_origin_told();

CREATE FUNCTION projects_origin_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    DELETE FROM projects_descendant WHERE origin_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER projects_origin_gone AFTER DELETE ON projects_origin FOR EACH ROW EXECUTE FUNCTION projects_origin_gone();
""" + "".join(MAINTAINED.format(name=name) for name in FUNCTIONS)
NOT_KEPT = """
DROP TRIGGER projects_edition_checked ON projects_edition;
DROP TRIGGER projects_origin_told ON projects_origin;
DROP TRIGGER projects_origin_gone ON projects_origin;
""" + "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)

GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({added});
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({changed}) WITH CHECK ({changed});
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({removed});
"""
NO_GUARD = "".join(f"DROP POLICY {{table}}_{name} ON {{table}};" for name in ("seen", "added", "changed", "removed"))
NO_GUARD += "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
BY_TEAM = f"{MINE} OR {HOUSE}"
GUARDS = {
    "projects_story": (f"{WITH_IT} OR {HOUSE}", BY_TEAM, BY_TEAM, BY_TEAM),
    "projects_voice": (f"{WITH_IT} OR {HOUSE}", BY_TEAM, BY_TEAM, BY_TEAM),
    "projects_edition": (
        f"state = 'public' OR {MINE} OR {ANSWERED} OR {HOUSE}", f"{LED} OR {HOUSE}", f"{MINE} OR {ANSWERED} OR {HOUSE}", BY_TEAM,
    ),
    "projects_editionanswer": (f"{OWN} OR {MINE} OR {HOUSE}", f"({OWN} AND {IS_PARTNER}) OR {HOUSE}", f"{OWN} OR {HOUSE}", HOUSE),
    "projects_origin": (f"{WITH_IT} OR {HOUSE}", f"{MINE} OR {BEGINNING} OR {HOUSE}", BY_TEAM, BY_TEAM),
    # Written by the database alone.
    "projects_descendant": (f"{PUBLIC} OR {OF_OURS} OR {HOUSE}", HOUSE, HOUSE, HOUSE),
}  # fmt: skip


def guards() -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(
            GUARD.format(table=table, seen=seen, added=added, changed=changed, removed=removed), NO_GUARD.format(table=table)
        )
        for table, (seen, added, changed, removed) in GUARDS.items()
    ]


class Migration(migrations.Migration):
    """Functions, triggers and policies of stories."""

    dependencies = [("projects", "0070_stories")]

    operations = [migrations.RunSQL(KEPT, NOT_KEPT), *guards()]
