"""What this room holds about a person: files they gave."""

from __future__ import annotations

from espalier.access.rights import DELETE, Clearing, Place, Tables

MINE = "account_id = $1"
UPLOAD = Place(
    "imports_upload",
    "Files you gave",
    "Their lines may be about others, so they are not here.",
    MINE,
    {"name": "File", "kind": "What for", "size": "Bytes", "at": "Given", "state": "Where it stands", "stored_at": "Stored"},
    erase=DELETE,
    order="at",
    rank=3,
)
PART = Place(
    "imports_part",
    "Files you gave, in parts",
    "The bytes.",
    MINE,
    {},
    erase=DELETE,
    rank=2,
    index="imports_part_whose ON imports_part (account_id)",
)
PROGRESS = Place("imports_progress", "How far a file is", "For the page that waits.", MINE, {}, erase=DELETE, rank=2)
UPLOADS = Clearing("files-given", "SELECT imports_forget($1)", ("imports_upload", "imports_part", "imports_progress"))

HOLDS = Tables("files", "Files you gave", (UPLOAD, PART, PROGRESS), (UPLOADS,))
