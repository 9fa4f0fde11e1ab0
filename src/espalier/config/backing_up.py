"""Back up and bring back: PostgreSQL's own dump, with every table's rows and a sum over them to compare with.

A backup that was never compared is a hope: `restore` counts and sums every table of what it brought back, before anybody
may use it, and changes nothing where a number differs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
import uuid
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from espalier.common.errors import UnableTo
from espalier.config import embedded, roles
from espalier.config.leaving import looking_at_everything, owner_url
from espalier.exports import everything, everything_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from espalier.config.embedded import Embedded
    from espalier.exports.everything import Connection

    Say = Callable[[str], None]

FORMAT, DUMP = "espalier-backup/1", "espalier.dump"
NAMED = re.compile(r"espalier-\d{8}T\d{6}Z")
MILLION = 1_000_000


class UnableToRestore(UnableTo):
    """The backup cannot be brought back; what was there before is as it was."""

    code = "restore"


# ------------------------------------------------------------------ backup


def back_up(server: Embedded | None, folder: Path, *, keep: int, say: Say) -> int:
    """Write one backup into a folder of its own, then remove the oldest beyond those to keep."""
    if keep < 1:
        raise UnableTo("At least one backup has to stay.", to_do="Give --keep a number from 1.", code="keep")
    began, now = time.monotonic(), datetime.now(UTC)  # noqa: TID251  a command is where time enters
    target = folder / f"espalier-{now:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True, exist_ok=True)
    part = everything_out.begin(target)
    with looking_at_everything(owner_url()) as connection:
        manifest = _manifest(connection, now)
        # The dump sees the very moment that was counted, though people go on working.
        moment = connection.execute("SELECT pg_export_snapshot()").fetchone()
        wanted = connection.info.server_version // 10000
        _run(program(server, "pg_dump", wanted), owner_url(), f"--role={roles.MAINTAIN}", f"--snapshot={moment[0] if moment else ''}",
             "--format=custom", f"--file={part / DUMP}")  # fmt: skip
    manifest |= {"sha256": _sha256(part / DUMP), "bytes": (part / DUMP).stat().st_size}
    (part / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    everything_out.finish(part, target)
    rows = sum(one["rows"] for one in manifest["tables"].values())
    seconds = round(time.monotonic() - began)
    with psycopg.connect(owner_url()) as connection:  # a page says when it was; the backup itself was of the moment before
        facts = [uuid.uuid4(), now, rows, manifest["bytes"], seconds]
        connection.execute("INSERT INTO exports_backup (id, at, rows, size, seconds) VALUES (%s, %s, %s, %s, %s)", facts)
    say(f"{target}: {rows:,} rows, {manifest['bytes'] / MILLION:.1f} MB, {seconds} seconds.")
    for old in backups(folder)[:-keep]:
        shutil.rmtree(old)
        say(f"Removed {old.name}; the newest {keep} stay.")
    return 0


def backups(folder: Path) -> list[Path]:
    """Return the whole backups in a folder, oldest first; nothing else in it is ever touched."""
    return sorted(path for path in folder.iterdir() if NAMED.fullmatch(path.name) and (path / "manifest.json").is_file())


def _manifest(connection: Connection, now: datetime) -> dict[str, Any]:
    done = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return {
        "format": FORMAT, "made_at": now.isoformat(timespec="seconds"), "espalier": version("espalier-platform"),
        "postgresql": connection.info.server_version, "migrations": [name for (name,) in done], "roles": _roles(connection),
        "tables": contents(connection),
    }  # fmt: skip


def contents(connection: Connection) -> dict[str, dict[str, Any]]:
    """Count and sum every table; secrets too, for nothing is written but the sum."""
    everything.speak_plainly(connection)
    found = {}
    for table in everything.catalogue(connection):
        rows, total = everything.content(connection, table.rows())
        found[table.name] = {"rows": rows, "content": total}
    return found


def _roles(connection: Connection) -> list[str]:
    """Who owns something or was given something: these roles must be there where it is brought back."""
    rows = connection.execute(
        "WITH ours AS (SELECT oid, nspacl FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')"
        " SELECT pg_get_userbyid(one) FROM (SELECT relowner AS one FROM pg_class JOIN ours ON ours.oid = relnamespace"
        " UNION SELECT proowner FROM pg_proc JOIN ours ON ours.oid = pronamespace"
        " UNION SELECT g.grantee FROM ours, aclexplode(nspacl) g"
        " UNION SELECT g.grantee FROM pg_class JOIN ours ON ours.oid = relnamespace, aclexplode(relacl) g) all_of_them"
        " WHERE one <> 0 AND pg_get_userbyid(one) NOT LIKE 'pg\\_%' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]


# ------------------------------------------------------------------ restore


def restore(server: Embedded | None, folder: Path, *, replace: bool, say: Say) -> int:
    """Bring one backup back, compare every table, and only then let it take its place."""
    began = time.monotonic()
    backup = _chosen(folder)
    manifest = _checked(backup)
    if server:
        _restore_beside(server, backup, manifest, replace=replace)
    else:
        _restore_into_empty(owner_url(), backup, manifest)
    rows = sum(one["rows"] for one in manifest["tables"].values())
    say(f"{backup.name} is back: {len(manifest['tables'])} tables and {rows:,} rows, each equal by count and content.")
    say(f"It took {time.monotonic() - began:.0f} seconds. If the program is newer than the backup, type `espalier migrate` now.")
    say("To prove that the log is whole: `espalier audit verify`, against a head that was kept elsewhere.")
    return 0


def _chosen(folder: Path) -> Path:
    if (folder / "manifest.json").is_file():
        return folder
    found = backups(folder) if folder.is_dir() else []
    if not found:
        raise UnableToRestore(f"There is no backup in {folder}.", to_do="Name the folder that `espalier backup` wrote into.")
    return found[-1]


def _checked(backup: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((backup / "manifest.json").read_text(encoding="utf-8"))
        whole = manifest["format"] == FORMAT and _sha256(backup / DUMP) == manifest["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise UnableToRestore(f"{backup} is damaged: its sum does not agree.", to_do="Use another backup, or another copy of this one.")
    return manifest


def _restore_beside(server: Embedded, backup: Path, manifest: Mapping[str, Any], *, replace: bool) -> None:
    """In the embedded server: into a new database, which takes the place of the old one once it has been compared."""
    admin, new = server.url("postgres", "postgres"), "espalier_restoring"
    if not _is_empty(server.url("postgres")) and not replace:
        raise UnableToRestore("There is something in this database already.", to_do="Add --replace to put the backup in its place.")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(new)))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(new), sql.Identifier(roles.OWNER)))
        _fill(server, server.url("postgres", new), backup, manifest)
        with psycopg.connect(server.url(roles.OWNER, new)) as owner:
            roles.grant(owner, roles.APP)
        connection.execute("DROP DATABASE espalier WITH (FORCE)")  # whoever is connected tries again and finds the new one
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO espalier").format(sql.Identifier(new)))


def _restore_into_empty(url: str, backup: Path, manifest: Mapping[str, Any]) -> None:
    """On a server of one's own: only into an empty database; what people use is never overwritten from here."""
    if not _is_empty(url):
        raise UnableToRestore(
            "There is something in this database already.",
            to_do="Make an empty database beside it, give its address as DATABASE_URL and ESPALIER_OWNER_URL, and restore there.",
        )
    with psycopg.connect(url) as connection:
        missing = set(manifest["roles"]) - {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
        if missing:
            raise UnableToRestore(
                f"This server lacks the roles {', '.join(sorted(missing))}.", to_do="Make them as docs/how-to/production-database.md says."
            )
        # Functions of the maintaining role are given to it, for which it must be allowed to make something here.
        connection.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(sql.Identifier(roles.MAINTAIN)))
    _fill(None, url, backup, manifest)
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM {}").format(sql.Identifier(roles.MAINTAIN)))
        roles.grant(connection, str(conninfo_to_dict(os.environ["DATABASE_URL"]).get("user", roles.APP)))


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return not everything.catalogue(connection)


def _fill(server: Embedded | None, url: str, backup: Path, manifest: Mapping[str, Any]) -> None:
    with psycopg.connect(url) as connection:
        wanted = connection.info.server_version // 10000
    _run(program(server, "pg_restore", wanted), url, "--single-transaction", "--exit-on-error", "--no-comments", str(backup / DUMP))
    with psycopg.connect(url) as connection:
        if not server:
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(roles.MAINTAIN)))
        there = contents(connection)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    if differ := sorted(name for name in {*there, *manifest["tables"]} if there.get(name) != manifest["tables"].get(name)):
        raise UnableToRestore(
            f"What came back differs from what was backed up in {', '.join(differ[:5])}.",
            to_do="Use another backup, and please report this.",
        )


# ------------------------------------------------------------------ programs


def program(server: Embedded | None, name: str, wanted: int) -> Path:
    """Find a program of PostgreSQL that is new enough: the system's, or the one that comes with Espalier."""
    candidates = [server.programs / name] if server else [Path(found)] if (found := shutil.which(name)) else []
    for candidate in [*candidates, *([] if server else _bundled(name))]:
        said = subprocess.run([str(candidate), "--version"], capture_output=True, text=True, check=False).stdout
        number = re.search(r"(\d+)", said)
        if number and int(number[1]) >= wanted:
            return candidate
    raise UnableTo(
        f"There is no {name} of PostgreSQL {wanted} or newer on this machine.",
        to_do=f"Install postgresql-client-{wanted}.", code="no-program",
    )  # fmt: skip


def _bundled(name: str) -> list[Path]:
    try:
        return [embedded.locate(Path()).programs / name]
    except UnableTo:
        return []


def _run(path: Path, url: str, *arguments: str) -> None:
    """Run a program; a password goes through the environment, where no list of processes shows it."""
    password = conninfo_to_dict(url).get("password")
    bare = make_conninfo(**{key: str(value) for key, value in conninfo_to_dict(url).items() if key != "password"})
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    done = subprocess.run(
        [str(path), "--no-password", f"--dbname={bare}", *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise UnableTo(f"{path.name} failed: {done.stderr.strip()[-600:]}", to_do="Its words say why.", code="database-program")


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
