"""If and when somebody wants to be written to: theirs alone, row by row."""

import datetime as dt

import django.contrib.postgres.fields
from django.db import migrations, models

import espalier.site.models.letters

ME = "account_id = nullif(current_setting('app.viewer', true), '')::bigint"
GUARD = f"""
ALTER TABLE site_letterchoice ENABLE ROW LEVEL SECURITY;
ALTER TABLE site_letterchoice FORCE ROW LEVEL SECURITY;
CREATE POLICY site_letterchoice_seen ON site_letterchoice FOR SELECT USING ({ME});
CREATE POLICY site_letterchoice_added ON site_letterchoice FOR INSERT WITH CHECK ({ME});
CREATE POLICY site_letterchoice_changed ON site_letterchoice FOR UPDATE USING ({ME}) WITH CHECK ({ME});
CREATE POLICY site_letterchoice_removed ON site_letterchoice FOR DELETE USING ({ME});
"""
# The schedule acts for nobody and sees no row; this tells it for whom to look today, in which rhythms, and when to keep quiet.
# Nobody is written to who has not asked: whoever chose a rhythm, or follows something.
READERS = """
CREATE FUNCTION site_letter_readers(today date)
RETURNS TABLE (account_id bigint, rhythms text[], quiet_from time, quiet_until time, quiet_days smallint[], looked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT one.account_id, array_agg(DISTINCT one.rhythm), coalesce(choice.quiet_from, '18:00'), coalesce(choice.quiet_until, '08:00'),
           coalesce(choice.quiet_days, '{5,6}'), coalesce(choice.looked_on >= today, false)
    FROM (SELECT account_id, how_often::text AS rhythm FROM site_letterchoice WHERE how_often <> 'never'
          UNION SELECT account_id, how_often::text FROM measures_followers()) one
    LEFT JOIN site_letterchoice choice ON choice.account_id = one.account_id
    GROUP BY one.account_id, choice.id
    HAVING NOT coalesce(choice.looked_on >= today, false) OR bool_or(one.rhythm = 'at-once')
$$;
GRANT SELECT ON site_letterchoice TO espalier_maintain;
GRANT CREATE ON SCHEMA public TO espalier_maintain;
ALTER FUNCTION site_letter_readers(date) OWNER TO espalier_maintain;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


class Migration(migrations.Migration):

    dependencies = [("site", "0001_drafts"), ("measures", "0031_following_guarded")]
    operations = [
        migrations.CreateModel(
            name="LetterChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField(unique=True)),
                ("how_often", models.CharField(default="never", max_length=10)),
                ("quiet_from", models.TimeField(default=dt.time(18, 0))),
                ("quiet_until", models.TimeField(default=dt.time(8, 0))),
                (
                    "quiet_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=espalier.site.models.letters.weekend, size=None
                    ),
                ),
                ("looked_on", models.DateField(null=True)),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=list, size=None),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("how_often__in", ("at-once", "daily", "weekly", "never"))), name="site_letterchoice_how_often"
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(READERS, "DROP FUNCTION site_letter_readers(date)"),
    ]
