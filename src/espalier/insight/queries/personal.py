"""What this room holds about a person: reports they wrote and files they had made."""

from __future__ import annotations

from espalier.access.rights import DELETE, Clearing, Place, Tables

MINE = "account_id = $1"
THEIRS = "Reports belong to the organisation. The number on them no longer names anybody once the account is gone."
PAPER = Place(
    "insight_paper",
    "Reports and board pages you began",
    "They belong to your organisation.",
    "made_by = $1",
    {"kind": "What", "title": "Title", "made_at": "Begun", "changed_at": "Last changed"},
    kept=THEIRS,
    order="made_at",
)
VERSION = Place(
    "insight_paperversion",
    "Changes you made to reports",
    "One line for each.",
    MINE,
    {"paper_id": "Report's number", "version": "Version", "what": "What changed", "at": "When"},
    kept=THEIRS,
    order="at",
    index="insight_paperversion_who ON insight_paperversion (account_id)",
)
FROZEN = Place(
    "insight_frozen",
    "Reports you froze",
    "As they stood on a day.",
    MINE,
    {"title": "Title", "frozen_on": "Day", "at": "When"},
    kept=THEIRS,
    order="at",
    index="insight_frozen_who ON insight_frozen (account_id)",
)
PACK = Place(
    "insight_pack",
    "Charts you had made into files",
    "Kept for a week.",
    MINE,
    {"title": "Title", "kind": "As", "asked_at": "Asked", "kept_until": "Kept until"},
    erase=DELETE,
    order="asked_at",
    rank=3,
)
PACK_PART = Place("insight_packpart", "Those files", "The bytes.", MINE, {}, erase=DELETE, rank=2)
PACKS = Clearing("files-made", "SELECT insight_clear_old_packs()", ("insight_pack", "insight_packpart"))

HOLDS = Tables("reports", "Reports and files", (PAPER, VERSION, FROZEN, PACK, PACK_PART), (PACKS,))
