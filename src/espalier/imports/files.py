"""Bytes of files in the database: private by row, in the same backup and the same transaction as all else."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from espalier.common.errors import UnableTo
from espalier.imports.models import Part, Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PART = 2_000_000
MOST = 60_000_000


class Given(Protocol):
    """A file as a page receives it."""

    name: str | None
    size: int | None

    def chunks(self, chunk_size: int | None = None) -> Iterable[bytes]:
        """Return the bytes in stretches."""
        ...


def keep(upload: Upload, content: Iterable[bytes]) -> None:
    """Store a file's bytes part by part."""
    for number, stretch in enumerate(_even(content)):
        Part.objects.create(upload=upload, account_id=upload.account_id, owner_id=upload.owner_id, number=number, content=stretch)


def _even(content: Iterable[bytes]) -> Iterator[bytes]:
    gathered = bytearray()
    for stretch in content:
        gathered += stretch
        while len(gathered) >= PART:
            yield bytes(gathered[:PART])
            del gathered[:PART]
    if gathered:
        yield bytes(gathered)


@contextlib.contextmanager
def on_disk(upload: Upload) -> Iterator[Path]:
    """Lay a stored file on disk for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="espalier-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as out:
            for content in Part.objects.filter(upload=upload).order_by("number").values_list("content", flat=True).iterator(chunk_size=4):
                out.write(content)
        if path.stat().st_size != upload.size:
            raise UnableTo("The file is no longer kept.", where=upload.name, to_do="Load it again.", code="file-gone")
        yield path
