"""What stood before an edit in a form, kept by the database and guarded as what it is of."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

VIEWER = "nullif(current_setting('app.viewer', true), '')::bigint"
MINE, SYSTEM = "(SELECT organisations_mine())::int[]", "(SELECT access_is_system())"
OURS = f"owner_id = ANY ({MINE}) OR {SYSTEM}"
HELD = f"{OURS} OR person_id = (SELECT organisations_me())"
ANYBODY = "true"  # the tables themselves are open: who may change them the actions decide, and only the trigger adds here
# Who sees what stood before an edit: whoever sees the row itself; of places and agreements, the organisation's own people.
GUARDS = {
    "organisations_personevent": (f"owner_ids && {MINE} OR account_id = {VIEWER} OR {SYSTEM}",) * 2,
    "organisations_assignmentevent": (HELD, HELD),
    "organisations_grantevent": (HELD, HELD),
    "organisations_sharingevent": (OURS, ANYBODY),
    "organisations_unitevent": (OURS, ANYBODY),
}
GUARD = """
ALTER TABLE {table} ALTER COLUMN by_id SET DEFAULT nullif(current_setting('app.viewer', true), '')::bigint;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen});
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({added});
GRANT INSERT, DELETE ON {table} TO espalier_maintain;
"""
OWNERS = """
CREATE FUNCTION organisations_before_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE place bigint := CASE TG_TABLE_NAME WHEN 'organisations_unitevent' THEN NEW.pgh_obj_id ELSE (to_jsonb(NEW) ->> 'unit_id')::bigint END;
BEGIN
    NEW.owner_id := coalesce(organisations_organisation_of(place), place);
    RETURN NEW;
END $$;
CREATE TRIGGER organisations_before_owner BEFORE INSERT ON organisations_unitevent
    FOR EACH ROW EXECUTE FUNCTION organisations_before_owner();
CREATE TRIGGER organisations_before_owner BEFORE INSERT ON organisations_sharingevent
    FOR EACH ROW EXECUTE FUNCTION organisations_before_owner();

-- Erasing a person takes what stood before with it. Only the house itself may, and only of one person at a time.
CREATE FUNCTION organisations_forget_history(person bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE gone bigint; more bigint;
BEGIN
    IF NOT access_is_system() THEN
        RAISE EXCEPTION 'only the house itself erases what stood before' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM organisations_personevent WHERE pgh_obj_id = person; GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM organisations_assignmentevent WHERE person_id = person; GET DIAGNOSTICS more = ROW_COUNT; gone := gone + more;
    DELETE FROM organisations_grantevent WHERE person_id = person; GET DIAGNOSTICS more = ROW_COUNT;
    RETURN gone + more;
END $$;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION organisations_before_owner() OWNER TO espalier_maintain;
ALTER FUNCTION organisations_forget_history(bigint) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0140_emergencies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssignmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("number", models.CharField(blank=True, db_default="", default="", max_length=40)),
                ("role_title", models.CharField(max_length=120)),
                ("profession", models.CharField(blank=True, max_length=60)),
                ("staff_group", models.CharField(blank=True, max_length=60)),
                ("band", models.CharField(blank=True, max_length=10)),
                ("fraction", models.DecimalField(decimal_places=3, max_digits=4, null=True)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("owner_id", models.IntegerField(editable=False, null=True)),
                ("by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GrantEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("role", models.CharField(max_length=40)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("owner_id", models.IntegerField(editable=False, null=True)),
                ("given_by_id", models.BigIntegerField(null=True)),
                ("by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("name", models.CharField(max_length=120)),
                ("work_email", models.EmailField(blank=True, db_default="", default="", max_length=254)),
                ("is_partner", models.BooleanField(db_default=False, default=False)),
                (
                    "owner_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), db_default=[], default=list, size=None),
                ),
                ("by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SharingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("what", models.CharField(max_length=40)),
                ("measure_code", models.CharField(blank=True, db_default="", default="", max_length=60)),
                ("by_name", models.BooleanField(db_default=False, default=False)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("given_by_id", models.BigIntegerField(null=True)),
                ("owner_id", models.IntegerField(null=True)),
                ("by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(blank=True, max_length=120)),
                ("opened_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("owner_id", models.IntegerField(null=True)),
                ("by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."band" IS DISTINCT FROM (NEW."band") OR OLD."fraction" IS DISTINCT FROM (NEW."fraction") OR OLD."manager_id" IS DISTINCT FROM (NEW."manager_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."profession" IS DISTINCT FROM (NEW."profession") OR OLD."role_title" IS DISTINCT FROM (NEW."role_title") OR OLD."since" IS DISTINCT FROM (NEW."since") OR OLD."staff_group" IS DISTINCT FROM (NEW."staff_group") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."until" IS DISTINCT FROM (NEW."until"))',
                    func='INSERT INTO "organisations_assignmentevent" ("band", "fraction", "manager_id", "number", "owner_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profession", "role_title", "since", "staff_group", "unit_id", "until") VALUES (OLD."band", OLD."fraction", OLD."manager_id", OLD."number", OLD."owner_id", OLD."person_id", NOW(), \'before\', OLD."id", OLD."profession", OLD."role_title", OLD."since", OLD."staff_group", OLD."unit_id", OLD."until"); RETURN NULL;',
                    hash="a317ac128f8202a9973f0dca80242938c606fb44",
                    operation="UPDATE",
                    pgid="pgtrigger_before_update_cd1b9",
                    table="organisations_assignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "organisations_assignmentevent" ("band", "fraction", "manager_id", "number", "owner_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profession", "role_title", "since", "staff_group", "unit_id", "until") VALUES (OLD."band", OLD."fraction", OLD."manager_id", OLD."number", OLD."owner_id", OLD."person_id", NOW(), \'removed\', OLD."id", OLD."profession", OLD."role_title", OLD."since", OLD."staff_group", OLD."unit_id", OLD."until"); RETURN NULL;',
                    hash="73aad1b38c746a0a0836bc1eb5824a59af06d96f",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_7acb4",
                    table="organisations_assignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grant",
            trigger=pgtrigger.compiler.Trigger(
                name="before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."since" IS DISTINCT FROM (NEW."since") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."until" IS DISTINCT FROM (NEW."until"))',
                    func='INSERT INTO "organisations_grantevent" ("given_by_id", "owner_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "since", "unit_id", "until") VALUES (OLD."given_by_id", OLD."owner_id", OLD."person_id", NOW(), \'before\', OLD."id", OLD."role", OLD."since", OLD."unit_id", OLD."until"); RETURN NULL;',
                    hash="f13ddb22288a734a18763de5e93825a37cc30c1e",
                    operation="UPDATE",
                    pgid="pgtrigger_before_update_fea2a",
                    table="organisations_grant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grant",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "organisations_grantevent" ("given_by_id", "owner_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "since", "unit_id", "until") VALUES (OLD."given_by_id", OLD."owner_id", OLD."person_id", NOW(), \'removed\', OLD."id", OLD."role", OLD."since", OLD."unit_id", OLD."until"); RETURN NULL;',
                    hash="7a881a5b4ec68dcb1172064dc204ef4d92878fcd",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_c87cd",
                    table="organisations_grant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."is_partner" IS DISTINCT FROM (NEW."is_partner") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."work_email" IS DISTINCT FROM (NEW."work_email"))',
                    func='INSERT INTO "organisations_personevent" ("account_id", "is_partner", "name", "owner_ids", "pgh_created_at", "pgh_label", "pgh_obj_id", "work_email") VALUES (OLD."account_id", OLD."is_partner", OLD."name", OLD."owner_ids", NOW(), \'before\', OLD."id", OLD."work_email"); RETURN NULL;',
                    hash="56602ec99910420fe47942eb2e3129d2168da712",
                    operation="UPDATE",
                    pgid="pgtrigger_before_update_619ef",
                    table="organisations_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "organisations_personevent" ("account_id", "is_partner", "name", "owner_ids", "pgh_created_at", "pgh_label", "pgh_obj_id", "work_email") VALUES (OLD."account_id", OLD."is_partner", OLD."name", OLD."owner_ids", NOW(), \'removed\', OLD."id", OLD."work_email"); RETURN NULL;',
                    hash="97c689ab1adfd66946495e235e548830ed8cb53d",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_562d3",
                    table="organisations_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharing",
            trigger=pgtrigger.compiler.Trigger(
                name="before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."by_name" IS DISTINCT FROM (NEW."by_name") OR OLD."measure_code" IS DISTINCT FROM (NEW."measure_code") OR OLD."shared_with_id" IS DISTINCT FROM (NEW."shared_with_id") OR OLD."since" IS DISTINCT FROM (NEW."since") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."until" IS DISTINCT FROM (NEW."until") OR OLD."what" IS DISTINCT FROM (NEW."what"))',
                    func='INSERT INTO "organisations_sharingevent" ("by_name", "given_by_id", "measure_code", "pgh_created_at", "pgh_label", "pgh_obj_id", "shared_with_id", "since", "unit_id", "until", "what") VALUES (OLD."by_name", OLD."given_by_id", OLD."measure_code", NOW(), \'before\', OLD."id", OLD."shared_with_id", OLD."since", OLD."unit_id", OLD."until", OLD."what"); RETURN NULL;',
                    hash="b03a286c4a9bb874780ec4e76114dc4ef116e2f8",
                    operation="UPDATE",
                    pgid="pgtrigger_before_update_8f692",
                    table="organisations_sharing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharing",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "organisations_sharingevent" ("by_name", "given_by_id", "measure_code", "pgh_created_at", "pgh_label", "pgh_obj_id", "shared_with_id", "since", "unit_id", "until", "what") VALUES (OLD."by_name", OLD."given_by_id", OLD."measure_code", NOW(), \'removed\', OLD."id", OLD."shared_with_id", OLD."since", OLD."unit_id", OLD."until", OLD."what"); RETURN NULL;',
                    hash="624d6b1908fd0b04544411ebc39781d99859bef9",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_799a2",
                    table="organisations_sharing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."kind_id" IS DISTINCT FROM (NEW."kind_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."opened_on" IS DISTINCT FROM (NEW."opened_on") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name"))',
                    func='INSERT INTO "organisations_unitevent" ("closed_on", "code", "kind_id", "name", "opened_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (OLD."closed_on", OLD."code", OLD."kind_id", OLD."name", OLD."opened_on", NOW(), \'before\', OLD."id", OLD."short_name"); RETURN NULL;',
                    hash="657887a31a6e6a928c2ec5bab267bb56e56a21a1",
                    operation="UPDATE",
                    pgid="pgtrigger_before_update_26cd8",
                    table="organisations_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "organisations_unitevent" ("closed_on", "code", "kind_id", "name", "opened_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (OLD."closed_on", OLD."code", OLD."kind_id", OLD."name", OLD."opened_on", NOW(), \'removed\', OLD."id", OLD."short_name"); RETURN NULL;',
                    hash="40c99f4f0f4cf74461af3e56047022498aa72563",
                    operation="DELETE",
                    pgid="pgtrigger_removed_delete_677ce",
                    table="organisations_unit",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="manager",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.person",
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.person",
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.assignment",
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.unit",
            ),
        ),
        migrations.AddField(
            model_name="grantevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.person",
            ),
        ),
        migrations.AddField(
            model_name="grantevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.grant",
            ),
        ),
        migrations.AddField(
            model_name="grantevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.unit",
            ),
        ),
        migrations.AddField(
            model_name="personevent",
            name="account",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="personevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.person",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.sharing",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="shared_with",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.unit",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.unit",
            ),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="kind",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.kind",
            ),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organisations.unit",
            ),
        ),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(GUARD.format(table=table, seen=seen, added=added), migrations.RunSQL.noop)
            for table, (seen, added) in GUARDS.items()
        ),
    ]
