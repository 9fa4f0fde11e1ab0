"""What this room holds about a person: what they are typing, and whether they want letters."""

from __future__ import annotations

from espalier.access.rights import DELETE, Clearing, Place, Tables

MINE = "account_id = $1"
DRAFT = Place(
    "site_draft",
    "What you were typing",
    "Kept until you send it.",
    MINE,
    {"title": "Form", "fields": "Words", "at": "When"},
    erase=DELETE,
    order="at",
)
LETTERS = Place(
    "site_letterchoice",
    "When you want to be written to",
    "As you chose.",
    MINE,
    {
        "how_often": "How often",
        "quiet_from": "Nothing from",
        "quiet_until": "Nothing until",
        "quiet_days": "Nothing on",
        "changed_at": "Chosen",
    },
    erase=DELETE,
)
DRAFTS = Clearing("drafts", "WITH gone AS (DELETE FROM site_draft WHERE at < $1 RETURNING 1) SELECT count(*) FROM gone", ("site_draft",))

HOLDS = Tables("forms", "Forms and letters", (DRAFT, LETTERS), (DRAFTS,))
