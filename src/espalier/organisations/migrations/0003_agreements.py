"""What a unit agrees to: per measure, as part of a sum or by name; and which organisation a unit belongs to."""

from django.db import migrations, models

ORGANISATION = """
-- The organisation a unit belongs to today: itself, or the nearest above it; NULL above organisations.
CREATE FUNCTION organisations_organisation_of(wanted bigint) RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, public AS $$
    SELECT b.ancestor_id FROM organisations_below b JOIN organisations_unit u ON u.id = b.ancestor_id
           JOIN organisations_kind k ON k.code = u.kind_id
    WHERE b.unit_id = wanted AND k.is_organisation AND b.since <= current_date AND current_date < b.until
    ORDER BY b.depth LIMIT 1
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_closure_and_owners")]
    operations = [
        migrations.AddField("sharing", "measure_code", models.CharField(max_length=60, blank=True, default="", db_default="")),
        migrations.AddField("sharing", "by_name", models.BooleanField(default=False, db_default=False)),
        migrations.RemoveConstraint("sharing", "organisations_sharing_once"),
        migrations.AddConstraint(
            "sharing",
            models.UniqueConstraint(name="organisations_sharing_once", fields=["unit", "shared_with", "what", "measure_code", "since"]),
        ),
        migrations.RunSQL(ORGANISATION, "DROP FUNCTION organisations_organisation_of(bigint)"),
    ]
