"""Definitions come into the database from the content folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from espalier.audit.recording import record
from espalier.common.errors import UnableTo
from espalier.measures.models import Measure, MeasureVersion
from espalier.measures.rules import load_definitions
from espalier.measures.rules.local import MEANING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from espalier.access.viewer import Viewer


def publish_definitions(*, actor: Viewer, at: datetime, folder: Path) -> int:
    """Bring the definitions in the content folder into the database; one that did not change is left alone.

    Each number of a version is kept as it was first published. A file that says something else under the same number
    corrects words only: what it counts, and out of what, must have stayed the same.
    """
    changed = 0
    with transaction.atomic():
        for definition in load_definitions(folder):
            code = str(definition["code"])
            columns = {key: definition[key] for key in ("version", "place", "name", "gap", "roll_up", "made_up")}
            facts = {**columns, "scope": definition.get("scope", "open"), "definition": definition}
            known = Measure.objects.filter(code=code).first()
            if known and known.organisation_id:
                raise UnableTo(f"An organisation has a measure called {code!r}.", to_do="Give the file another code.", code="code-taken")
            if known and all(getattr(known, key) == value for key, value in facts.items()):
                continue
            measure, _ = Measure.objects.update_or_create(code=code, defaults=facts)
            before = MeasureVersion.objects.filter(measure=measure).order_by("-number").first()
            MeasureVersion.objects.get_or_create(
                measure=measure, number=definition["version"],
                defaults={
                    "definition": definition, "account_id": actor.account_id, "at": at, "why": "published",
                    "comparable": before is None or all(before.definition.get(line) == definition.get(line) for line in MEANING),
                },
            )  # fmt: skip
            record(actor=actor, verb="publish", object_kind="measure", object_id=code, at=at)
            changed += 1
    return changed
