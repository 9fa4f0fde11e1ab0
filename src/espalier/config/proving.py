"""The log on the command line: where it stands, and whether it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from espalier.access import clearing
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.audit import heads, sealing
from espalier.audit.words import FOUND
from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

MOST = 20


def run(what: str, files: Sequence[Path], *, say: Callable[[str], None]) -> int:
    """Do one of the three and return how the command ends: 0 well, 2 something was tampered with."""
    at = timezone.now()  # noqa: TID251  a command begins here: no request has brought a time
    if what == "verify":
        known = [heads.read(_text(file), settings.AUDIT_KEY) for file in files]
    with acting_as(system_viewer()):
        if what == "seal":
            say(f"Sealed {sealing.seal_all(at=at):,} events.")
            return 0
        if what == "head":
            say(heads.written(sealing.head(), settings.AUDIT_KEY).rstrip())
            return 0
        return _say(sealing.verify(at=at, heads=known, gone_before=clearing.may_be_gone("audit", at=at)), len(known), say)


def _say(found: sealing.Verified, known: int, say: Callable[[str], None]) -> int:
    say(f"Events sealed: {found.sealed:,}. Waiting for the seal: {found.waiting:,}.")
    for one in found.wrong[:MOST]:
        place, event = one.sequence and f" Place {one.sequence:,}.", one.event_id and f" Event {one.event_id}."
        say(f"✗ {FOUND[one.what]}{place or ''}{event}")
    if len(found.wrong) > MOST:
        say(f"✗ And {len(found.wrong) - MOST:,} more.")
    if found.late:
        say(f"! Sealed more than a day late: {found.late:,}. Either no worker ran then, or they were put in later.")
    if found.is_whole:
        alone = "✓ The log is whole in itself. Only a head kept elsewhere shows if its end was cut off: --head FILE."
        say("✓ The log is whole." if known else alone)
    return 0 if found.is_whole else 2


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        to_do = "Give a file that `espalier audit head` wrote."
        raise UnableTo("It cannot be read.", where=str(file), to_do=to_do, code="audit-head") from error
