"""A learning review is its team's: whoever began it and has left the place reads it no longer."""

from importlib import import_module

from django.db import migrations

REVIEWS = import_module("espalier.projects.migrations.0061_reviews")
GUARDS = import_module("espalier.projects.migrations.0002_guards")

# Whoever begins one reads it back within the same transaction, as with a project; after that it is the team's.
TEAM = f"unit_id = ANY ((SELECT projects_my_places())::bigint[]) OR {GUARDS.BEGINNING} OR {GUARDS.HOUSE}"
SEEN = f"{TEAM} OR (open_to = 'organisation' AND owner_id = ANY ((SELECT organisations_mine())::int[]))"
ALTER = """
ALTER POLICY projects_review_seen ON projects_review USING ({seen});
ALTER POLICY projects_review_changed ON projects_review USING ({team}) WITH CHECK ({team});
"""


class Migration(migrations.Migration):
    """Two policies in other words."""

    dependencies = [("projects", "0140_coaches")]

    operations = [migrations.RunSQL(ALTER.format(seen=SEEN, team=TEAM), ALTER.format(seen=REVIEWS.SEEN, team=REVIEWS.TEAM))]
