"""Which organisation lies in which part of each place above it, by date: kept, so that a page of a country need not work it out."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

EARLIER = import_module("espalier.organisations.migrations.0110_changing")

# While an organisation lies nowhere it counts where it last lay: such a stay lasts until it lies somewhere again.
# Only differences are written: most changes of a tree are those of a team, and leave every row here as it is.
PARTS = """
CREATE FUNCTION organisations_rebuild_parts() RETURNS void LANGUAGE sql AS $$
    WITH up AS MATERIALIZED (
        SELECT b.unit_id, b.ancestor_id, b.depth, b.since, b.until
        FROM organisations_below b JOIN organisations_unit u ON u.id = b.unit_id JOIN organisations_kind k ON k.code = u.kind_id
        WHERE k.is_organisation
    ), lying AS (
        SELECT unit_id, upper(stay) AS ended, lead(lower(stay), 1, '9999-12-31'::date) OVER (PARTITION BY unit_id ORDER BY stay) AS again
        FROM (SELECT unit_id, unnest(range_agg(daterange(since, until))) AS stay FROM up WHERE depth = 1 GROUP BY 1) stays
    ), made AS MATERIALIZED (
        SELECT u.ancestor_id, u.unit_id, part.ancestor_id AS part_id, greatest(u.since, part.since) AS since,
               coalesce(l.again, least(u.until, part.until)) AS until
        FROM up u
        JOIN up part ON part.unit_id = u.unit_id AND part.depth = greatest(u.depth - 1, 0) AND part.since < u.until AND u.since < part.until
        LEFT JOIN lying l ON l.unit_id = u.unit_id AND l.ended = least(u.until, part.until)
    ), gone AS (
        DELETE FROM organisations_part p WHERE (p.ancestor_id, p.unit_id, p.part_id, p.since, p.until) NOT IN (TABLE made)
    )
    INSERT INTO organisations_part (ancestor_id, unit_id, part_id, since, until)
    TABLE made EXCEPT SELECT p.ancestor_id, p.unit_id, p.part_id, p.since, p.until FROM organisations_part p
$$;
"""
REBUILD = EARLIER.REBUILD.replace("    RETURN made;", "    PERFORM organisations_rebuild_parts();\n    RETURN made;")


class Migration(migrations.Migration):
    dependencies = [("organisations", "0176_invitations_of_who_may")]

    operations = [
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField()),
                (
                    "ancestor",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit"
                    ),
                ),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit")),
                ("part", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.unit")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ancestor"], include=("unit", "part", "since", "until"), name="organisations_part_down"),
                ],
            },
        ),
        migrations.RunSQL(PARTS, "DROP FUNCTION organisations_rebuild_parts()"),
        migrations.RunSQL(REBUILD, EARLIER.REBUILD),
        migrations.RunSQL("SELECT organisations_rebuild_parts()", migrations.RunSQL.noop),
    ]
