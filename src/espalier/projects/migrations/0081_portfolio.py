# ruff: noqa: S608  what is put together here are names of our own tables and functions
"""Many projects at once: where each stands, and what they come to, in one question.

Row-level security on 50,000 projects, their measures and their values would be asked row by row. These functions pass it,
so they ask themselves, word for word, what the policy of projects_project asks (0002_guards SEEN); a test compares them
with a slow twin that reads under row-level security.
"""

from importlib import import_module

from django.db import migrations, models

GUARDS = import_module("espalier.projects.migrations.0002_guards")
MAINTAINED = GUARDS.MAINTAINED

# Each project has one place: the part of the chosen place in which its own lies today; of one that has closed, lay last.
# Above organisations that is where its organisation lies: of those there are fewer than of teams. $1 the place, $2 today.
# Nearly all lie there today, so only for the others is it asked when they last lay anywhere.
INSIDE = """
WITH keys AS MATERIALIZED (
    SELECT DISTINCT p.{key} AS id FROM projects_project p {narrowed}
), here AS MATERIALIZED (
    SELECT u.unit_id AS id, u.depth, $2 AS day FROM organisations_below u
    WHERE u.ancestor_id = $1 AND u.since <= $2 AND u.until > $2 AND u.unit_id IN (SELECT id FROM keys)
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
)
SELECT array_agg(l.id), array_agg(part.ancestor_id) FROM lain l
JOIN organisations_below part ON part.unit_id = l.id AND part.depth = greatest(l.depth - 1, 0) AND part.since <= l.day AND part.until > l.day
"""
BELOW = "WHERE p.unit_id IN (SELECT b.unit_id FROM organisations_below b WHERE b.ancestor_id = $1)"
# $1, $2 from where to which part · $3 when a project has stood still · $4 a year ago · $5 today
# · $6 my projects and those I brought in · $7 whose I read · $8 the house. Asked in a second step, so that the plan knows of how many places it is.
SEEN = """
seen AS MATERIALIZED (
    SELECT p.id AS project_id, i.place_id, p.changed_at, coalesce(m.gap, '') AS gap, p.better,
        CASE WHEN p.state = 'active' THEN CASE WHEN p.changed_at <= $3 THEN 'still' ELSE 'moving' END
             WHEN p.state = 'sustaining' THEN 'staying'
             WHEN p.state = 'finished' AND p.ended_on <= $4 THEN CASE WHEN p.better THEN 'sustained' ELSE 'not-shown' END
             ELSE p.state END AS standing
    FROM unnest($1, $2) AS i (id, place_id) JOIN projects_project p ON p.{key} = i.id LEFT JOIN measures_measure m ON m.code = p.main_code
    WHERE p.open_to = 'everybody' OR p.open_to = 'organisation' AND p.owner_id = ANY ($7) OR p.id = ANY ($6) OR $8
)
"""
TOLD = """
, said AS MATERIALIZED (
    SELECT v.project_id, v.kind, v.amount, v.per <> 'once' AS yearly, v.releases,
        CASE v.how WHEN 'counted' THEN 0 WHEN 'estimated' THEN 1 ELSE 2 END AS how,
        v.low * CASE v.per WHEN 'week' THEN 52 WHEN 'month' THEN 12 ELSE 1 END AS low,
        v.high * CASE v.per WHEN 'week' THEN 52 WHEN 'month' THEN 12 ELSE 1 END AS high
    FROM projects_value v WHERE v.project_id IN (SELECT project_id FROM seen)
        AND v.removed_at IS NULL AND v.kind <> 'rate' AND v.since <= $5 AND (v.per = 'once' OR v.until IS NULL OR v.until >= $5)
)
SELECT jsonb_build_object(
    'counts', (SELECT jsonb_agg(jsonb_build_array(c.place_id, c.standing, c.gap, c.better, c.number)) FROM (
        SELECT place_id, standing, gap, better, count(*) AS number FROM seen GROUP BY 1, 2, 3, 4) c),
    'saying', (SELECT count(*) FROM (SELECT DISTINCT project_id FROM said) d),
    'sums', (SELECT jsonb_agg(jsonb_build_array(s.kind, s.amount, s.yearly, s.releases, s.low::text, s.high::text, s.lines, s.how, s.projects)) FROM (
        SELECT kind, amount, yearly, releases, count(*) AS lines, count(DISTINCT project_id) AS projects, max(how) AS how,
            sum(low) AS low, sum(high) AS high FROM said GROUP BY 1, 2, 3, 4) s))
"""
ASKS = "place bigint, still_since timestamptz, a_year_ago date, today date"
# Planned anew each time, with the numbers themselves: a plan for any place would suit neither a ward nor a country.
USING = """USING ids, places, still_since, a_year_ago, today, projects_mine() || projects_brought(),
        coalesce(organisations_mine(), '{}') || projects_shared_with_me(), access_is_system()"""
ROWS = "SELECT project_id, place_id, changed_at, gap::varchar, better, standing::varchar FROM seen"
# What is only watched (balancing) nobody means to move.
MOVES = "c.removed_at IS NULL AND c.kind IN ('outcome', 'process')"
# $9 a measure · $10, $11 how many of its projects, after how many. Where one is chosen the others are named, not counted: to
# find one project of each takes no time, to count all of them does.
SIGHT = f"""
, of_it AS MATERIALIZED (
    SELECT s.* FROM seen s WHERE s.project_id IN (SELECT c.project_id FROM projects_counted c WHERE c.measure_code = $9 AND {MOVES})
)
SELECT jsonb_build_object(
    'measures', CASE WHEN $9 = '' THEN (SELECT jsonb_agg(jsonb_build_array(n.measure_code, n.number)) FROM (
            SELECT d.measure_code, count(*) AS number FROM (SELECT DISTINCT c.measure_code, c.project_id FROM projects_counted c
                WHERE c.project_id IN (SELECT project_id FROM seen) AND {MOVES}) d GROUP BY 1) n)
        ELSE (SELECT jsonb_agg(jsonb_build_array(m.code, NULL)) FROM measures_measure m CROSS JOIN LATERAL (
            SELECT FROM projects_counted c WHERE c.measure_code = m.code AND {MOVES} AND c.project_id IN (SELECT project_id FROM seen) LIMIT 1) one)
        END,
    'total', (SELECT count(*) FROM of_it),
    'chosen', (SELECT jsonb_agg(jsonb_build_array(cut.project_id, cut.place_id, cut.standing, cut.better, cut.gap) ORDER BY cut.nth) FROM (
        SELECT o.*, row_number() OVER (ORDER BY o.changed_at DESC, o.project_id DESC) AS nth FROM of_it o
        ORDER BY o.changed_at DESC, o.project_id DESC LIMIT $10 OFFSET $11) cut))
"""
# What each function returns, what it asks, and what it is told beside the place and the days.
ASKING = {
    "projects_portfolio": (
        "TABLE (project_id bigint, place_id bigint, changed_at timestamptz, gap varchar, better boolean, standing varchar)", ROWS, ""
    ),
    "projects_portfolio_told": ("SETOF jsonb", TOLD, ""),
    "projects_portfolio_sight": ("SETOF jsonb", SIGHT, ", wanted varchar, many int, beyond int"),
}
TYPES = "bigint, timestamptz, date, date"


def _names(more: str) -> str:
    return "".join(f", {one.split()[0]}" for one in more.split(", ")[1:])


def _types(more: str) -> str:
    return TYPES + "".join(f", {one.split()[1]}" for one in more.split(", ")[1:])


FUNCTION = """
CREATE FUNCTION {name}({asks}) RETURNS {returns} LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE ids bigint[]; places bigint[];
BEGIN
    IF organisations_organisation_of(place) IS NULL THEN
        EXECUTE $asked${owners}$asked$ INTO ids, places USING place, today;
        RETURN QUERY EXECUTE $asked$WITH {by_owner} {what}$asked$ {using};
    ELSE
        EXECUTE $asked${units}$asked$ INTO ids, places USING place, today;
        RETURN QUERY EXECUTE $asked$WITH {by_unit} {what}$asked$ {using};
    END IF;
END $body$;
"""
# The same words as before (0002_guards SEEN), asked so that whose projects I read is looked up and not walked through: for
# whoever reads the projects of a thousand organisations that is the difference.
READ_OF = """
    id = ANY ((SELECT projects_mine())::bigint[]) OR {beginning} OR open_to = 'everybody'
    OR (open_to = 'organisation' AND (owner_id IN (SELECT unnest((SELECT organisations_mine()))) OR owner_id IN (SELECT unnest((SELECT projects_shared_with_me())))))
    OR {house}
"""
READ_OF = READ_OF.format(beginning=GUARDS.BEGINNING, house=GUARDS.HOUSE)
FUNCTIONS = """
GRANT SELECT ON projects_counted, projects_value, measures_measure, organisations_unit, organisations_below TO espalier_maintain;
""" + "".join(
    FUNCTION.format(
        name=name, asks=ASKS + more, returns=returns, what=what, using=USING + _names(more),
        by_owner=SEEN.format(key="owner_id"), by_unit=SEEN.format(key="unit_id"),
        owners=INSIDE.format(key="owner_id", narrowed=""), units=INSIDE.format(key="unit_id", narrowed=BELOW),
    )
    for name, (returns, what, more) in ASKING.items()
) + """
-- Whether the main measure is better stands in what the record shows; beside it a nightly look at thousands need not unpack that.
CREATE FUNCTION projects_better() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.better := coalesce(NEW.weighed @> '{"better": true}', false);
    RETURN NEW;
END $$;
CREATE TRIGGER projects_better BEFORE INSERT OR UPDATE OF weighed, better ON projects_project FOR EACH ROW EXECUTE FUNCTION projects_better();

-- The first main measure of a project says which gap it is about; it is kept beside the project, whoever changes its measures.
CREATE FUNCTION projects_main_measure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE whose bigint := coalesce(NEW.project_id, OLD.project_id); main varchar;
BEGIN
    SELECT c.measure_code INTO main FROM projects_counted c
    WHERE c.project_id = whose AND c.kind = 'outcome' AND c.removed_at IS NULL ORDER BY c.rank, c.id LIMIT 1;
    UPDATE projects_project SET main_code = coalesce(main, '') WHERE id = whose AND main_code <> coalesce(main, '');
    RETURN NULL;
END $$;
CREATE TRIGGER projects_main_measure AFTER INSERT OR UPDATE OR DELETE ON projects_counted
    FOR EACH ROW EXECUTE FUNCTION projects_main_measure();
""" + "".join(
    MAINTAINED.format(name=name) for name in (*(f"{name}({_types(more)})" for name, (_, _, more) in ASKING.items()), "projects_main_measure()")
) + """
SET ROLE espalier_maintain;
UPDATE projects_project p SET main_code = coalesce((
    SELECT c.measure_code FROM projects_counted c
    WHERE c.project_id = p.id AND c.kind = 'outcome' AND c.removed_at IS NULL ORDER BY c.rank, c.id LIMIT 1), ''),
    better = coalesce(weighed @> '{"better": true}', false);
RESET ROLE;
"""  # fmt: skip
NO_FUNCTIONS = """
DROP TRIGGER projects_main_measure ON projects_counted;
DROP FUNCTION projects_main_measure();
DROP TRIGGER projects_better ON projects_project;
DROP FUNCTION projects_better();
""" + "".join(f"DROP FUNCTION {name}({_types(more)});" for name, (_, _, more) in ASKING.items())


class Migration(migrations.Migration):
    """Two columns that the database keeps, indexes, and the functions."""

    dependencies = [("projects", "0080_value"), ("measures", "0111_places_change"), ("organisations", "0175_one_way_to_erase")]

    operations = [
        migrations.AddField("project", "main_code", models.CharField(blank=True, db_default="", default="", max_length=60)),
        migrations.AddField("project", "better", models.BooleanField(db_default=False, default=False)),
        migrations.AddIndex("project", models.Index(fields=["-changed_at", "-id"], name="projects_project_changed")),
        migrations.AddIndex(
            "project",
            models.Index(
                fields=["owner_id"], name="projects_project_standing",
                include=["id", "unit", "open_to", "state", "changed_at", "ended_on", "better", "main_code"],
            ),
        ),
        migrations.AddIndex(
            "counted",
            models.Index(condition=models.Q(("removed_at", None)), fields=["measure_code", "project"], name="projects_counted_measure"),
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(
            f"ALTER POLICY projects_project_seen ON projects_project USING ({READ_OF})",
            f"ALTER POLICY projects_project_seen ON projects_project USING ({GUARDS.SEEN})",
        ),
    ]
