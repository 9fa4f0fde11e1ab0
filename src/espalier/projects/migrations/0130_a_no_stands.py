# ruff: noqa: S608  what is put together here are our own rules and names
"""A partner's no stands until they say yes, also when they take part no longer; and every answer stays written down.

Going back keeps everybody's newest answer to each edition: the table had place for no more.
"""

from importlib import import_module

from django.db import migrations

VIEWER = "nullif(current_setting('app.viewer', true), '')::bigint"
HOUSE = "(SELECT access_is_system())"
OWN = f"account_id = {VIEWER}"
IS_PARTNER = "project_id = ANY ((SELECT projects_partnered())::bigint[])"
# Who has left may take back a yes they gave, and says nothing else.
TAKES_BACK = "says = 'no' AND project_id = ANY ((SELECT projects_answered())::bigint[])"
ANSWERED = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;

-- The projects of whose story the viewer once said yes or no.
CREATE FUNCTION projects_answered() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT project_id), '{}') FROM projects_editionanswer
    WHERE account_id = nullif(current_setting('app.viewer', true), '')::bigint AND nullif(current_setting('app.within', true), '') IS NULL
$$;

-- As before, but for the last part: an edition becomes public only as rules/stories.py is_agreed says, and a no counts also of
-- those who have stopped or were taken out.
CREATE OR REPLACE FUNCTION projects_edition_checked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
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
            SELECT 1 FROM (
                SELECT DISTINCT ON (a.account_id) a.says FROM projects_editionanswer a WHERE a.project_id = NEW.project_id
                ORDER BY a.account_id, a.at DESC, a.id DESC) last
            WHERE last.says = 'no') THEN
            RAISE EXCEPTION 'somebody who is or was a partner of the project does not want this story to be public';
        END IF;
    END IF;
    RETURN NEW;
END $$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
# The rule as 0071 has it, word for word.
KEPT = import_module("espalier.projects.migrations.0071_stories_guarded").KEPT
BEGINS = KEPT.index("CREATE FUNCTION projects_edition_checked()")
CHECKED = KEPT[BEGINS : KEPT.index("END $$;", BEGINS)].replace("CREATE", "CREATE OR REPLACE", 1) + "END $$;"
NOT_ANSWERED = f"""
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
{CHECKED}
DROP FUNCTION projects_answered();
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;

ALTER TABLE projects_editionanswer NO FORCE ROW LEVEL SECURITY;
DELETE FROM projects_editionanswer a USING projects_editionanswer newer
WHERE newer.edition_id = a.edition_id AND newer.account_id = a.account_id AND (newer.at, newer.id) > (a.at, a.id);
ALTER TABLE projects_editionanswer FORCE ROW LEVEL SECURITY;
"""
POLICIES = f"""
DROP POLICY projects_editionanswer_added ON projects_editionanswer;
DROP POLICY projects_editionanswer_changed ON projects_editionanswer;
CREATE POLICY projects_editionanswer_added ON projects_editionanswer FOR INSERT
    WITH CHECK (({OWN} AND ({IS_PARTNER} OR ({TAKES_BACK}))) OR {HOUSE});
-- Nobody changes what they said, or takes it out: they say it anew.
CREATE POLICY projects_editionanswer_changed ON projects_editionanswer FOR UPDATE USING ({HOUSE}) WITH CHECK ({HOUSE});
"""
FORMER = f"""
DROP POLICY projects_editionanswer_added ON projects_editionanswer;
DROP POLICY projects_editionanswer_changed ON projects_editionanswer;
CREATE POLICY projects_editionanswer_added ON projects_editionanswer FOR INSERT WITH CHECK (({OWN} AND {IS_PARTNER}) OR {HOUSE});
CREATE POLICY projects_editionanswer_changed ON projects_editionanswer FOR UPDATE USING ({OWN} OR {HOUSE}) WITH CHECK ({OWN} OR {HOUSE});
"""


class Migration(migrations.Migration):
    """One constraint fewer, one function more, one rule mended."""

    dependencies = [("projects", "0110_places_kept")]

    operations = [
        migrations.RemoveConstraint("editionanswer", "projects_editionanswer_once"),
        migrations.RunSQL(ANSWERED, NOT_ANSWERED),
        migrations.RunSQL(POLICIES, FORMER),
    ]
