"""What this room holds about a person: forms begun and not sent, and how they want to be written to."""

from __future__ import annotations

from espalier.access.rights import DELETE, Place, Tables

MINE = "account_id = $1"

DRAFT = Place(
    "site_draft",
    "Forms you began and did not send",
    "Only you see them.",
    MINE,
    {"title": "Form", "fields": "What you typed", "at": "Last typed"},
    erase=DELETE,
    order="at",
    rank=1,
)
LETTERS = Place(
    "site_letterchoice",
    "When we may write to you",
    "Letters about what is new and due.",
    MINE,
    {"how_often": "How often", "quiet_from": "Quiet from", "quiet_until": "Quiet to", "quiet_days": "Quiet days", "changed_at": "Changed"},
    erase=DELETE,
    rank=1,
)

HOLDS = Tables("pages", "Drafts and letters", (DRAFT, LETTERS))
