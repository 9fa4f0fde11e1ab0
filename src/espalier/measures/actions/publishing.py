"""Definitions come into the database from the content folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from espalier.audit.recording import record
from espalier.measures.models import Measure
from espalier.measures.rules import load_definitions

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from espalier.access.viewer import Viewer


def publish_definitions(*, actor: Viewer, at: datetime, folder: Path) -> int:
    """Bring the definitions in the content folder into the database; one that did not change is left alone."""
    changed = 0
    with transaction.atomic():
        for definition in load_definitions(folder):
            code = str(definition["code"])
            columns = {key: definition[key] for key in ("version", "place", "name", "gap", "roll_up", "made_up")}
            facts = {**columns, "definition": definition}
            if Measure.objects.filter(code=code, **facts).exists():
                continue
            Measure.objects.update_or_create(code=code, defaults=facts)
            record(actor=actor, verb="publish", object_kind="measure", object_id=code, at=at)
            changed += 1
    return changed
