"""An invitation works only while whoever made it may invite, and never for themselves."""

from django.db import migrations

FUNCTIONS = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
DROP FUNCTION organisations_invited(text, timestamptz);
DROP FUNCTION organisations_accept(text, timestamptz);

-- What an invitation is for and whose it is, by the hash of all its words: who does not hold them cannot ask.
-- It works while it was not stopped, not used up, not too old, and while whoever made it may still sign in.
-- made_by is NULL for one of the house itself. Whether a maker may still invite to the role is asked of content/roles.yaml.
CREATE FUNCTION organisations_invited(wanted text, at timestamptz)
RETURNS TABLE (unit_id bigint, place text, role text, expires_at timestamptz, made_by bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT i.unit_id, u.name::text, i.role::text, i.expires_at, CASE WHEN a.is_system THEN NULL ELSE i.made_by_id END
    FROM organisations_invitation i JOIN organisations_unit u ON u.id = i.unit_id JOIN access_account a ON a.id = i.made_by_id
    WHERE i.digest = wanted AND i.stopped_at IS NULL AND i.expires_at > at AND i.uses < i.uses_allowed AND (a.is_active OR a.is_system)
$$;

-- Whether the maker of an invitation may let somebody in by it now: the house may; a person holds one of the roles that invite,
-- there or above it, and never lets themselves in. Asked again in the statement that gives the role.
CREATE FUNCTION organisations_lets_in(maker bigint, place bigint, newcomer bigint, inviting text[])
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT 1 FROM access_account a WHERE a.id = maker AND a.is_system) OR (
        EXISTS (SELECT 1 FROM access_account a WHERE a.id = maker AND a.is_active)
        AND NOT EXISTS (SELECT 1 FROM organisations_person p WHERE p.id = newcomer AND p.account_id = maker)
        AND EXISTS (
            SELECT 1 FROM organisations_held h JOIN organisations_below b ON b.ancestor_id = h.unit_id
            WHERE h.account_id = maker AND h.role = ANY (inviting)
              AND b.unit_id = place AND b.since <= current_date AND b.until > current_date))
$$;

-- Take an invitation up, as whoever is signed in: their role is what it says, whatever the caller would like. One statement
-- counts the use, so that of many who bring the last one in the same moment one gets it. Who holds the role already uses nothing up,
-- and holds it as long as before: words never make a role last longer.
CREATE FUNCTION organisations_accept(wanted text, at timestamptz, inviting text[])
RETURNS TABLE (unit_id bigint, role text, invitation bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    me bigint := organisations_me();
    one organisations_invitation%ROWTYPE;
BEGIN
    IF me IS NULL THEN RETURN; END IF;
    SELECT i.* INTO one FROM organisations_invitation i JOIN organisations_grant g ON g.unit_id = i.unit_id AND g.role = i.role
    WHERE i.digest = wanted AND g.person_id = me AND g.since <= current_date AND (g.until IS NULL OR g.until > current_date);
    IF NOT FOUND THEN
        UPDATE organisations_invitation i SET uses = i.uses + 1
        WHERE i.digest = wanted AND i.uses < i.uses_allowed AND i.stopped_at IS NULL AND i.expires_at > at
          AND organisations_lets_in(i.made_by_id, i.unit_id, me, inviting)
        RETURNING i.* INTO one;
        IF NOT FOUND THEN RETURN; END IF;
        INSERT INTO organisations_grant (person_id, role, unit_id, since, given_by_id)
        VALUES (me, one.role, one.unit_id, current_date, one.made_by_id)
        ON CONFLICT ON CONSTRAINT organisations_grant_once DO UPDATE SET until = NULL, given_by_id = one.made_by_id;
    END IF;
    unit_id := one.unit_id; role := one.role; invitation := one.id;
    RETURN NEXT;
END $$;
ALTER FUNCTION organisations_invited(text, timestamptz) OWNER TO espalier_maintain;
ALTER FUNCTION organisations_lets_in(bigint, bigint, bigint, text[]) OWNER TO espalier_maintain;
ALTER FUNCTION organisations_accept(text, timestamptz, text[]) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0175_one_way_to_erase"), ("access", "0130_rights")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
