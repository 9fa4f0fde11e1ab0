"""Commands of those who look after an installation: leaving, backing up, proving the log, inviting the first administrator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from espalier.config.ready import as_served, database_ready, django_ready, installation_ready

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def commands_of_an_installation(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Name these commands and what each takes."""
    export = add("export", export_everything, "write everything in open formats (CSV, Parquet, JSON) into a new folder")
    export.add_argument("--all", type=Path, metavar="FOLDER", required=True)
    export.add_argument("--organisation", default="", metavar="CODE", help="only what belongs to one organisation")
    backup = add("backup", back_up, "write a backup that `restore` brings back to the last row")
    backup.add_argument("folder", type=Path)
    backup.add_argument("--keep", type=int, default=14, help="how many of the newest stay (14)")
    restore = add("restore", restore_backup, "bring a backup back into an empty database, and compare every table")
    restore.add_argument("folder", type=Path, help="one backup, or the folder of all: then the newest")
    restore.add_argument("--replace", action="store_true", help="also where something is already (embedded database only)")
    invite = add("invite", invite_somebody, "print five words by which somebody comes in, the first administrator for example")
    invite.add_argument("--role", required=True, help="as content/roles.yaml has it, for example administrator")
    invite.add_argument("--unit", required=True, help="code of the organisation or team")
    audit = add("audit", audit_log, "show or prove the log of what was done")
    audit.add_argument("what", choices=("head", "verify", "seal"), help="print where the log stands, prove that it is whole, or seal now")
    audit.add_argument("--head", type=Path, action="append", default=[], help="a head that was kept elsewhere (may be given again)")


def export_everything(options: argparse.Namespace) -> int:
    """Write everything, or what belongs to one organisation, in open formats."""
    installation_ready()
    django_ready(role="owner")
    from espalier.config import leaving

    return leaving.export_all(options.all, organisation=options.organisation, say=print)


def back_up(options: argparse.Namespace) -> int:
    """Write a backup and remove the oldest beyond those to keep."""
    from espalier.config import backing_up

    return backing_up.back_up(installation_ready(), options.folder, keep=options.keep, say=print)


def restore_backup(options: argparse.Namespace) -> int:
    """Bring a backup back, compare it with what was written down, and give the app role its rights."""
    from espalier.config import backing_up

    return backing_up.restore(database_ready(), options.folder, replace=options.replace, say=print)


def audit_log(options: argparse.Namespace) -> int:
    """Print the head of the log, or prove it against heads that were kept elsewhere: 0 when it is whole, 2 when it is not."""
    installation_ready()
    django_ready()
    from espalier.config import proving

    return proving.run(options.what, options.head, say=print)


def invite_somebody(options: argparse.Namespace) -> int:
    """Print an invitation in words. Whoever may run commands here could change everything anyway."""
    as_served(installation_ready())
    django_ready()
    from django.conf import settings
    from django.utils import timezone

    from espalier.site.actions.signing_joining import invite_from_command

    words = invite_from_command(at=timezone.now(), role=options.role, code=options.unit)  # noqa: TID251  time enters here
    print(f"{words}\n\nThey open {settings.ADDRESS}/join/words/ for one person, for two days. They are not kept, so write them down.")
    return 0
