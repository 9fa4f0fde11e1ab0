"""Forgetting people: a name comes off past emergency access, and what stood before goes with who left long ago."""

from django.db import migrations

FORGETTING = """
-- What was asked for stays as it was asked; only the name may come off, by the house, when its owner is erased.
CREATE OR REPLACE FUNCTION organisations_emergency_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.name = 'Name erased' AND access_is_system() AND to_jsonb(NEW) - 'name' = to_jsonb(OLD) - 'name' THEN
        RETURN NEW;
    END IF;
    IF (NEW.owner_id, NEW.account_id, NEW.name, NEW.reason, NEW.asked_at) IS DISTINCT FROM
       (OLD.owner_id, OLD.account_id, OLD.name, OLD.reason, OLD.asked_at)
       OR OLD.ended_at IS NOT NULL
       OR (OLD.approved_at IS NOT NULL AND (NEW.approved_at, NEW.approved_by_id, NEW.until) IS DISTINCT FROM
           (OLD.approved_at, OLD.approved_by_id, OLD.until)) THEN
        RAISE EXCEPTION 'emergency access is not changed once it was asked for, agreed to or ended' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- Posts and roles that ended before a moment, and people who hold none any more. Removing a row keeps what it was, by the
-- triggers of the history; so here the history of what goes is removed after it, in the same transaction.
CREATE FUNCTION organisations_clear_leavers(before timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE posts bigint[]; roles bigint[]; people bigint[]; touched bigint[];
BEGIN
    IF NOT access_is_system() THEN
        RAISE EXCEPTION 'only the house clears away' USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH old AS (DELETE FROM organisations_assignment WHERE until < before::date RETURNING id, person_id)
    SELECT coalesce(array_agg(id), '{}'), coalesce(array_agg(person_id), '{}') INTO posts, touched FROM old;
    WITH old AS (DELETE FROM organisations_grant WHERE until < before::date RETURNING id, person_id)
    SELECT coalesce(array_agg(id), '{}'), touched || coalesce(array_agg(person_id), '{}') INTO roles, touched FROM old;
    SELECT coalesce(array_agg(p.id), '{}') INTO people FROM organisations_person p WHERE p.id = ANY (touched) AND p.account_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM organisations_assignment a WHERE a.person_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM organisations_grant g WHERE g.person_id = p.id);
    UPDATE organisations_assignment SET manager_id = NULL WHERE manager_id = ANY (people);
    DELETE FROM organisations_connected WHERE person_id = ANY (people);
    DELETE FROM organisations_person WHERE id = ANY (people);
    DELETE FROM organisations_assignmentevent WHERE pgh_obj_id = ANY (posts) OR person_id = ANY (people);
    DELETE FROM organisations_grantevent WHERE pgh_obj_id = ANY (roles) OR person_id = ANY (people);
    DELETE FROM organisations_personevent WHERE pgh_obj_id = ANY (people);
    DELETE FROM organisations_staffchange WHERE person_id = ANY (people);
    RETURN cardinality(posts) + cardinality(roles) + cardinality(people);
END $$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION organisations_clear_leavers(timestamptz) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0171_band_in_history")]
    operations = [migrations.RunSQL(FORGETTING, "DROP FUNCTION organisations_clear_leavers(timestamptz)")]
