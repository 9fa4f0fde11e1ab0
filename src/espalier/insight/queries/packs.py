"""Archives of charts that the viewer asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.insight.models import Pack, PackPart

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator
    from datetime import datetime

    from espalier.access.viewer import Viewer

_FACTS = ("pk", "title", "kind", "done", "total", "state", "asked_at", "kept_until")


@dataclass(frozen=True, slots=True)
class PackFacts:
    """An archive and how far it is."""

    pk: uuid.UUID
    title: str
    kind: str
    done: int
    total: int
    state: str
    asked_at: datetime
    kept_until: datetime

    @property
    def href(self) -> str:
        """Its page."""
        return f"/insight/files/{self.pk}/"


def packs(*, viewer: Viewer) -> tuple[PackFacts, ...]:
    """List what this person asked for, newest first."""
    rows = Pack.objects.filter(account_id=viewer.account_id or 0).order_by("-asked_at")
    return tuple(PackFacts(*row) for row in rows.values_list(*_FACTS)[:30])


def pack(*, viewer: Viewer, pk: uuid.UUID) -> PackFacts:
    """Return one archive of this person's own."""
    row = Pack.objects.filter(account_id=viewer.account_id or 0, pk=pk).values_list(*_FACTS).first()
    if row is None:
        raise NotFoundHere(
            "There is no such file. Files are kept for seven days.", suggestions=(Suggestion("Your files", "/insight/files/"),)
        )
    return PackFacts(*row)


def pack_content(*, viewer: Viewer, pk: uuid.UUID) -> Iterator[bytes]:
    """Read a finished archive, a few megabytes at a time."""
    rows = PackPart.objects.filter(account_id=viewer.account_id or 0, pack_id=pk, kind="whole").order_by("number")
    for content in rows.values_list("content", flat=True).iterator(chunk_size=1):
        yield bytes(content)
