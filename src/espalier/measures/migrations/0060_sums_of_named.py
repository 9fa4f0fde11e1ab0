"""A sum tells nothing of one or two that agreed only to a sum: those in it that are not named are none, or at least three."""

from importlib import import_module

from django.db import migrations

_BEFORE = import_module("espalier.measures.migrations.0050_sharing").ROLL_UP
_FORMER = "HAVING count(*) FILTER (WHERE counts) >= CASE WHEN bool_and(named) FILTER (WHERE counts) THEN 1 ELSE 3 END;"
# Who sees the named ones beside the sum can take them away from it. What is left must again be a sum, or nothing at all.
_NOW = "HAVING count(*) FILTER (WHERE counts) > 0 AND count(*) FILTER (WHERE counts AND NOT named) NOT IN (1, 2);"


def roll_up() -> str:
    """Return the function of 0050 with the one clause that changed; it stays with the role that may see every part."""
    function = _BEFORE[: _BEFORE.index("END $$;") + len("END $$;")]
    if function.count(_FORMER) != 1 or not function.strip().startswith("CREATE FUNCTION measures_roll_up("):
        raise RuntimeError("0060 changes one clause of measures_roll_up as 0050_sharing wrote it, and did not find it there.")
    replaced = function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1).replace(_FORMER, _NOW)
    return f"""
GRANT CREATE ON SCHEMA public TO espalier_maintain;
SET LOCAL ROLE espalier_maintain;
{replaced}
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM espalier_maintain;
"""


# What is stored already is made anew by the new rule at once, not in the coming night.
STORED = "SELECT measures_roll_up_everywhere(id) FROM measures_measure WHERE definition->>'scope' = 'shared';"


class Migration(migrations.Migration):
    dependencies = [("measures", "0050_sharing")]
    operations = [migrations.RunSQL(roll_up()), migrations.RunSQL(STORED)]
