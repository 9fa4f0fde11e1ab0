"""What stood before goes with a person as everything else about them does; the function that did it once is not asked any more."""

from django.db import migrations

AGAIN = """
CREATE FUNCTION organisations_forget_history(person bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION 'organisations.queries.personal erases now' USING ERRCODE = 'feature_not_supported';
END $$;
"""


class Migration(migrations.Migration):
    """Drops a function without callers that could delete."""

    dependencies = [("organisations", "0174_removals_guarded")]

    operations = [migrations.RunSQL("DROP FUNCTION organisations_forget_history(bigint)", AGAIN)]
