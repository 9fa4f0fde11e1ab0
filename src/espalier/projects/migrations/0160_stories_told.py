"""A story under way stays in the house: opening a project to everybody does not open its story, which a partner says yes to."""

from importlib import import_module

from django.db import migrations

STORIES = import_module("espalier.projects.migrations.0071_stories_guarded")

# A project that is not open to everybody is seen for another reason, and that is enough; of one that is, the reason is asked.
# It asks as the viewer: rows of projects they may not see are not there.
TOLD = """
CREATE FUNCTION projects_told_to_me(project bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (
        SELECT FROM projects_project p WHERE p.id = project AND (
            p.open_to <> 'everybody' OR p.id = ANY (projects_mine() || projects_brought())
            OR p.owner_id = ANY (coalesce(organisations_mine(), '{}') || coalesce(projects_shared_with_me(), '{}'))
            OR p.programme_id = ANY (projects_programmes_led())))
$$;
"""
SEEN = f"projects_told_to_me(project_id) OR {STORIES.HOUSE}"
FORMER = STORIES.GUARDS["projects_story"][0]
ALTER = """
ALTER POLICY projects_story_seen ON projects_story USING ({seen});
ALTER POLICY projects_voice_seen ON projects_voice USING ({seen});
"""


class Migration(migrations.Migration):
    """One function and two policies in other words."""

    dependencies = [("projects", "0141_reviews")]

    operations = [
        migrations.RunSQL(TOLD, "DROP FUNCTION projects_told_to_me(bigint)"),
        migrations.RunSQL(ALTER.format(seen=SEEN), ALTER.format(seen=FORMER)),
    ]
