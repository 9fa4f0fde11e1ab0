# ruff: noqa: S608  what is put together here are names of our own
"""One function that finds: it filters by what the viewer may see before it looks, and says kind, number and rank only.

Row-level security switches the indexes for text off, because the operators of text are not leakproof (docs/adr). This
function passes it, so each of its parts filters by the viewer's own organisations first; what it names is then read
under row-level security like anything else.
"""

from django.db import migrations

# $1, $2, $3 the three longest words as patterns · $4 all patterns · $5 how many · $6 my organisations · $7 whose figures I may
# see · $8 my places · $9 me · $10 the words themselves · $11 a word of one or two letters or figures, as the start of a word
# ("ward 7", "Bo"): anywhere in a name it would say nothing, and no index could help.
NAMED = "{of} ILIKE $1 AND {of} ILIKE $2 AND {of} ILIKE $3 AND {of} ~* $11 AND {of} ILIKE ALL ($4)"
TEXT = (
    "to_tsvector('english'::regconfig, m.name || ' ' || coalesce(m.definition ->> 'short_name', '') || ' ' ||"
    " coalesce(m.definition ->> 'why', '') || ' ' || coalesce(m.definition ->> 'definition', ''))"
)
PARTS = f"""
(SELECT 'unit'::text, u.id::bigint, row_number() OVER (ORDER BY lower(u.code) <> lower($10), u.id = ANY ($8) DESC, u.closed_on NULLS FIRST,
            u.name NOT ILIKE ltrim($1, '%') AND u.name NOT ILIKE '% ' || ltrim($1, '%'), k.rank, length(u.name), u.name)::real
 FROM organisations_unit u JOIN organisations_kind k ON k.code = u.kind_id
 WHERE u.code IN (upper($10), $10) OR ({NAMED.format(of="u.name")}) ORDER BY 3 LIMIT $5)
UNION ALL
(SELECT 'person', p.id, row_number() OVER (ORDER BY p.name NOT ILIKE ltrim($1, '%'), length(p.name), p.name, p.id)::real
 FROM organisations_person p
 WHERE p.owner_ids && $6 AND {NAMED.format(of="p.name")} ORDER BY 3 LIMIT $5)
UNION ALL
(SELECT 'measure', m.id, row_number() OVER (ORDER BY m.name NOT ILIKE ALL ($4), m.place, m.code)::real
 FROM measures_measure m
 WHERE m.retired_at IS NULL AND (m.organisation_id IS NULL OR m.organisation_id = ANY ($6)) AND m.id IN (
    SELECT m.id FROM measures_measure m WHERE {NAMED.format(of="m.name")} OR m.code = lower($10)
    UNION SELECT m.id FROM measures_measure m WHERE {TEXT} @@ websearch_to_tsquery('english', $10)) ORDER BY 3 LIMIT $5)
UNION ALL
(SELECT 'report', r.id, row_number() OVER (ORDER BY r.changed_at DESC)::real
 FROM insight_paper r
 WHERE r.removed_at IS NULL AND r.owner_id = ANY ($7) AND {NAMED.format(of="r.title")} ORDER BY 3 LIMIT $5)
UNION ALL
(SELECT 'view', v.id, row_number() OVER (ORDER BY v.name, v.id)::real
 FROM measures_savedview v
 WHERE v.removed_at IS NULL AND (v.account_id = $9 OR v.unit_id = ANY ($8)) AND {NAMED.format(of="v.name")} ORDER BY 3 LIMIT $5)
"""
SEARCH = f"""
CREATE FUNCTION site_search(wanted text, most int) RETURNS TABLE (kind text, id bigint, rank real) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $body$
DECLARE
    clean text := left(btrim(regexp_replace(wanted, '\\s+', ' ', 'g')), 100);
    patterns text[];
    short text;
BEGIN
    IF clean = '' THEN RETURN; END IF;
    SELECT '\\m' || word INTO short FROM unnest(string_to_array(clean, ' ')) AS word WHERE word ~ '^[[:alnum:]]{{1,2}}$' LIMIT 1;
    SELECT array_agg('%' || replace(replace(replace(word, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%' ORDER BY length(word) DESC)
        INTO patterns FROM unnest(string_to_array(clean, ' ')) AS word WHERE '\\m' || word IS DISTINCT FROM short;
    patterns := coalesce(patterns, ARRAY['%']);
    RETURN QUERY EXECUTE $parts${PARTS}$parts$
        USING patterns[1], coalesce(patterns[2], patterns[1]), coalesce(patterns[3], patterns[1]), patterns, least(most, 50),
              organisations_mine(), access_my_owners(), organisations_my_places(),
              coalesce(nullif(current_setting('app.viewer', true), '')::bigint, 0), clean, coalesce(short, '');
END $body$;

-- What a slip of the finger meant, among what the viewer may see: asked only where nothing was found.
CREATE FUNCTION site_near(wanted text, most int) RETURNS TABLE (kind text, id bigint, rank real) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $body$
DECLARE clean text := left(btrim(wanted), 60);
BEGIN
    IF length(clean) < 3 THEN RETURN; END IF;
    PERFORM set_config('pg_trgm.word_similarity_threshold', '0.5', true);
    RETURN QUERY EXECUTE $parts$
        (SELECT 'person'::text, p.id::bigint, word_similarity($1, p.name)::real FROM organisations_person p
         WHERE p.owner_ids && $3 AND p.name %> $1 ORDER BY 3 DESC, p.name LIMIT $2)
        UNION ALL
        (SELECT 'measure', m.id, word_similarity($1, m.name)::real FROM measures_measure m
         WHERE m.retired_at IS NULL AND (m.organisation_id IS NULL OR m.organisation_id = ANY ($3)) AND m.name %> $1
         ORDER BY 3 DESC, m.place LIMIT $2)$parts$
        USING clean, least(most, 20), organisations_mine();
END $body$;
GRANT SELECT ON organisations_unit, organisations_kind, organisations_person, measures_measure, measures_savedview, insight_paper TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION site_search(text, int) OWNER TO espalier_maintain;
ALTER FUNCTION site_near(text, int) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""
INDEX = f"CREATE INDEX measures_measure_text ON measures_measure USING gin (({TEXT.replace('m.', '')}))"


class Migration(migrations.Migration):
    dependencies = [
        ("site", "0010_letters"), ("organisations", "0150_my_page"), ("measures", "0110_letters"), ("insight", "0001_initial"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(SEARCH, "DROP FUNCTION site_search(text, int); DROP FUNCTION site_near(text, int)"),
        migrations.RunSQL(INDEX, "DROP INDEX measures_measure_text"),
    ]
