# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""The portfolio looks up where organisations lie (organisations_part), no longer works it out, and knows whom programmes gather."""

from importlib import import_module

from django.db import migrations, models

EARLIER = import_module("espalier.projects.migrations.0081_portfolio")

# As before: each project has one place, the part of the chosen place in which its own lies today; of one that has closed, lay
# last. What belongs to no organisation, and inside one every project, is still looked up in the tree: there are few of them.
# $1 the place, $2 today.
LAIN = """
keys AS MATERIALIZED (
    {keys}
), here AS MATERIALIZED (
    SELECT u.unit_id AS id, u.depth, $2 AS day FROM keys k JOIN organisations_below u ON u.unit_id = k.id
    WHERE u.ancestor_id = $1 AND u.since <= $2 AND u.until > $2
), lain AS (
    SELECT id, depth, day FROM here
    UNION ALL
    SELECT k.id, u.depth, last.day FROM (SELECT id FROM keys EXCEPT SELECT id FROM here) k
    CROSS JOIN LATERAL (
        SELECT max(b.until) - 1 AS day FROM organisations_below b WHERE b.unit_id = k.id AND b.depth = 1 AND b.since <= $2
        HAVING max(b.until) <= $2) last
    CROSS JOIN LATERAL (
        SELECT b.depth FROM organisations_below b
        WHERE b.unit_id = k.id AND b.ancestor_id = $1 AND b.since <= last.day AND b.until > last.day LIMIT 1) u
), looked_up AS (
    SELECT l.id, part.ancestor_id AS part_id FROM lain l JOIN organisations_below part
        ON part.unit_id = l.id AND part.depth = greatest(l.depth - 1, 0) AND part.since <= l.day AND part.until > l.day
)
"""
BELOW = f"SELECT DISTINCT p.unit_id AS id FROM projects_project p {EARLIER.BELOW}"
ITS_OWN = """SELECT DISTINCT p.owner_id AS id FROM projects_project p JOIN organisations_unit o ON o.id = p.owner_id
    JOIN organisations_kind k ON k.code = o.kind_id WHERE p.owner_id = p.unit_id AND NOT k.is_organisation"""
IN_ONE = f"WITH {LAIN.format(keys=BELOW)} SELECT array_agg(id), array_agg(part_id) FROM looked_up"
ABOVE = f"""
WITH {LAIN.format(keys=ITS_OWN)}
SELECT array_agg(id), array_agg(part_id) FROM (
    SELECT w.unit_id AS id, w.part_id FROM organisations_part w WHERE w.ancestor_id = $1 AND w.since <= $2 AND w.until > $2
    UNION ALL SELECT id, part_id FROM looked_up) every_one
"""


# Also what the viewer's own programmes gather: word for word what the policies of projects_project show together (0051 led).
LED = """projects_mine() || projects_brought() || coalesce((
            SELECT array_agg(p.id) FROM projects_project p WHERE p.programme_id = ANY (projects_programmes_led())), '{}')"""
USING = EARLIER.USING.replace("projects_mine() || projects_brought()", LED)


def _names(more: str) -> str:
    return "".join(f", {one.split()[0]}" for one in more.split(", ")[1:])


def _functions(owners: str, units: str, using: str) -> str:
    return "".join(
        EARLIER.FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").format(
            name=name, asks=EARLIER.ASKS + more, returns=returns, what=what, using=using + _names(more),
            by_owner=EARLIER.SEEN.format(key="owner_id"), by_unit=EARLIER.SEEN.format(key="unit_id"), owners=owners, units=units,
        )
        for name, (returns, what, more) in EARLIER.ASKING.items()
    )  # fmt: skip


AS_ITS_OWNER = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET ROLE espalier_maintain;
{functions}
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
NOW = "GRANT SELECT ON organisations_kind, organisations_part TO espalier_maintain;" + AS_ITS_OWNER.format(functions=_functions(ABOVE, IN_ONE, USING))
BEFORE = AS_ITS_OWNER.format(
    functions=_functions(
        EARLIER.INSIDE.format(key="owner_id", narrowed=""), EARLIER.INSIDE.format(key="unit_id", narrowed=EARLIER.BELOW), EARLIER.USING
    )
) + "REVOKE SELECT ON organisations_part FROM espalier_maintain;"  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("projects", "0100_team"), ("organisations", "0177_parts")]

    operations = [
        migrations.AddIndex(
            "project", models.Index(fields=["owner_id"], condition=models.Q(("owner_id", models.F("unit"))), name="projects_project_its_own")
        ),
        migrations.RunSQL(NOW, BEFORE),
    ]
