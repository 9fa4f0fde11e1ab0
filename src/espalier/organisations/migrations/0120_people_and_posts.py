"""What was changed in staff records; finding people by name; posts that keep their place keep their owner without asking."""

import uuid

from django.db import migrations, models

MINE = "(SELECT organisations_mine())::int[]"
SYSTEM = "(SELECT access_is_system())"
GUARD = f"""
ALTER TABLE organisations_staffchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_staffchange FORCE ROW LEVEL SECURITY;
CREATE POLICY organisations_staffchange_seen ON organisations_staffchange FOR SELECT USING (owner_id = ANY ({MINE}) OR {SYSTEM});
CREATE POLICY organisations_staffchange_added ON organisations_staffchange FOR INSERT WITH CHECK (owner_id = ANY ({MINE}) OR {SYSTEM});
CREATE POLICY organisations_staffchange_changed ON organisations_staffchange FOR UPDATE USING (owner_id = ANY ({MINE}) OR {SYSTEM})
    WITH CHECK (owner_id = ANY ({MINE}) OR {SYSTEM});
CREATE POLICY organisations_staffchange_removed ON organisations_staffchange FOR DELETE USING (owner_id = ANY ({MINE}) OR {SYSTEM});
"""

# Search by name uses operators that row-level security keeps from their index, so it runs as a role that passes it,
# filters by the viewer's own organisations, and gives numbers only: the rows are then read as everybody reads rows.
# The words stand in the statement itself, for the index needs to know them; format(%L) writes them as literals.
FIND = """
CREATE FUNCTION organisations_find_people(words text, most int) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE mine int[] := organisations_mine(); word text; asked text := '';
BEGIN
    IF mine = '{}' OR length(words) > 200 THEN RETURN; END IF;
    FOREACH word IN ARRAY (regexp_split_to_array(btrim(words), '[[:space:]]+'))[1:6] LOOP
        CONTINUE WHEN word = '';
        asked := asked || format(' AND p.name ILIKE %L', '%' || replace(replace(replace(word, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%');
    END LOOP;
    IF asked = '' THEN RETURN; END IF;
    RETURN QUERY EXECUTE 'SELECT p.id FROM organisations_person p WHERE p.owner_ids && $1' || asked || ' ORDER BY p.name, p.id LIMIT $2'
    USING mine, least(greatest(most, 0), 1000);
END $$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION organisations_find_people(text, int) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""

# The owner of a post whose place stays is known; NULL asks for it anew, as organisations_reown does.
CHEAPER = """
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
CREATE OR REPLACE FUNCTION organisations_row_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.unit_id = OLD.unit_id AND NEW.owner_id = OLD.owner_id THEN
        RETURN NEW;
    END IF;
    NEW.owner_id := coalesce(organisations_organisation_of(NEW.unit_id), NEW.unit_id);
    RETURN NEW;
END $$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0110_changing")]
    operations = [
        migrations.CreateModel(
            "StaffChange",
            [
                ("id", models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, serialize=False)),
                ("owner_id", models.IntegerField()),
                ("person_id", models.BigIntegerField()),
                ("post_id", models.BigIntegerField(null=True)),
                ("number", models.IntegerField()),
                ("did", models.CharField(max_length=10, choices=[("added", "added"), ("changed", "changed"), ("removed", "removed")])),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("batch", models.UUIDField()),
                ("undoes", models.UUIDField(null=True)),
                ("account_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("why", models.CharField(max_length=300, blank=True, default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["batch"], name="organisations_staffchange_bat"),
                    models.Index(fields=["undoes"], name="organisations_staffchange_und", condition=models.Q(undoes__isnull=False)),
                    models.Index(fields=["person_id", "at"], name="organisations_staffchange_who"),
                ],
            },
        ),
        migrations.AlterField("assignment", "band", models.CharField(max_length=40, blank=True)),  # not every band is one of nine
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(FIND, "DROP FUNCTION organisations_find_people(text, int)"),
        migrations.RunSQL(CHEAPER, migrations.RunSQL.noop),
    ]
