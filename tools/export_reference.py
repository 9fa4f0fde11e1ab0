# ruff: noqa: SLF001  Django documents _meta as its interface for tools like this one
"""Write src/espalier/exports/classes.json and docs/reference/export-format.md anew: `python tools/export_reference.py`.

Both say what leaves an installation, so both follow the tables of the database and the classes of
tests/contracts/fields.py. A test says when they are old. Type `espalier migrate` first.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

ROOT = Path(__file__).resolve().parents[1]
CLASSES, PAGE = ROOT / "src/espalier/exports/classes.json", ROOT / "docs/reference/export-format.md"

if TYPE_CHECKING:
    from espalier.exports.everything import Connection, Table


def classes() -> str:
    """Every field's class, by table; what another package brings is classed whole."""
    from django.apps import apps
    from tests.contracts.fields import FIELDS, OTHERS

    found: dict[str, dict[str, str]] = {}
    for model in apps.get_models(include_auto_created=True):
        if named := FIELDS.get(model._meta.label):
            found[model._meta.db_table] = {name: word for word, names in named.items() for name in names.split()}
        elif model._meta.app_label in OTHERS:
            found[model._meta.db_table] = {"*": OTHERS[model._meta.app_label]}
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def page(connection: Connection) -> str:
    """The reference page: every table and column that leaves, and everything that stays."""
    from espalier.exports import everything, everything_words

    plan, words = everything.plan(everything.catalogue(connection)), everything_words.meanings()
    lines = [INTRODUCTION, "## Tables", ""]
    for table in sorted(plan.tables, key=lambda one: one.name):
        lines += _table(table, words.get(table.name, {}))
    lines += ["## What stays, and why", "", "| Table or column | Why |", "|---|---|"]
    lines += [f"| `{name}` | {why} |" for name, why in [*plan.left.items(), *sorted(plan.kept_back.items())]]
    return "\n".join(lines) + "\n"


def _table(table: Table, words: dict[str, dict[str, Any]]) -> list[str]:
    points = {name: one.table for one in table.references for name in one.columns}
    rows = []
    for column in table.columns:
        about = words.get(column.name, {})
        more = [f"points to `{points[column.name]}`"] if column.name in points else []
        more += [about[key] for key in ("unit", "meaning") if about.get(key)]
        more += ["may be missing"] if column.nullable else []
        more += ["key"] if column.name in table.key else []
        rows.append(f"| `{column.name}` | {column.type} | {about.get('class', 'confidential')} | {'; '.join(more)} |")
    said = words.get("", {}).get("meaning", "")
    return [f"### {table.name}", "", *([said, ""] if said else []), "| Column | Type | Class | More |", "|---|---|---|---|", *rows, ""]


INTRODUCTION = """# Everything in open formats

What `espalier export --all FOLDER` writes. How to use it: [leave with everything](../how-to/leave-with-everything.md).
This page is made from the database's own catalogue by `python tools/export_reference.py`.

| File | Holds |
|---|---|
| `README.md` | the same in plain words, with the number of rows of each table |
| `schema.json` | every table and column: type, class, unit, key, what it points to; what was left out and why |
| `manifest.json` | rows, SHA-256 and a sum over the content of every table; the last number of each counter |
| `about.json` | when, with which version, and the SHA-256 of the manifest |
| `tables/NAME.csv` | tables with fewer than 10,000 rows: UTF-8, commas, a line of headings, LF |
| `tables/NAME.parquet` | bigger tables: zstd, blocks of 100,000 rows or 16 MiB |

Rows stand in the order of the key. In CSV `""` is an empty text and nothing at all is a missing value. Times are UTC.
Types without a twin in Parquet (JSON, lists, exact numbers, bytes, identifiers) are text as PostgreSQL writes it.

**Classes.** open: anybody may read it · personal: about one person · confidential: for those its owner lets see it ·
special: health, ethnicity and the like. What nobody has classed is treated as confidential.

**The same bytes again.** Export, import into an empty installation and export again: every file is the same to the byte,
save `about.json` (when it was made). Two things can differ: Parquet written by another version of its library, and JSON
that was stored as text rather than as `jsonb` (we have none).

**The content sum.** For each row the first 64 bits of the MD5 of its text, as a signed number, added up: it does not depend
on the order of rows. It finds accidents; the SHA-256 beside it finds everything.
"""


def main() -> None:
    """Write both files."""
    from espalier.config import cli

    cli.database_ready()
    cli.django_ready(role="owner")
    sys.path.insert(0, str(ROOT))
    CLASSES.write_text(classes(), encoding="utf-8")
    with psycopg.connect(os.environ["ESPALIER_OWNER_URL"]) as connection:
        PAGE.write_text(page(connection), encoding="utf-8")
    print(f"Wrote {CLASSES.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
