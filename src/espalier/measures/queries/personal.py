"""What this room holds about a person: what they put in, changed, follow and saved."""

from __future__ import annotations

from espalier.access.rights import DELETE, Clearing, Place, Tables

MINE = "account_id = $1"
UNIT = {"unit_id": "(SELECT name FROM organisations_unit WHERE id = unit_id)"}
SERIES = {
    "series_id": "(SELECT m.name || ', ' || u.name FROM measures_series s JOIN measures_measure m ON m.id = s.measure_id"
    " JOIN organisations_unit u ON u.id = s.unit_id WHERE s.id = series_id)"
}
THEIRS = (
    "Figures and notes belong to the organisation, which must know what was changed and when. The number on them names nobody any more."
)

PLACES = (
    Place(
        "measures_pointversion",
        "Figures you put in or changed",
        "Each change is kept with the figure.",
        MINE,
        {"series_id": "Chart", "period_on": "Period", "old_value": "Before", "new_value": "After", "why": "Why", "at": "When"},
        kept=THEIRS,
        reads=SERIES,
        order="at",
        index="measures_pointversion_who ON measures_pointversion (account_id) WHERE account_id IS NOT NULL",
    ),
    Place(
        "measures_mark",
        "Notes and baselines on charts",
        "Yours, as they stand now.",
        "account_id = $1 OR ended_by_id = $1",
        {"series_id": "Chart", "kind": "What", "starts_on": "From", "words": "Words", "at": "When", "account_id": "Written by"},
        kept=THEIRS,
        reads=SERIES,
        others=("account_id",),
        order="at",
    ),
    Place(
        "measures_markversion",
        "Changes to notes and baselines",
        "Yours, one line for each.",
        MINE,
        {"series_id": "Chart", "did": "What was done", "words": "Words", "why": "Why", "at": "When"},
        kept=THEIRS,
        reads=SERIES,
        order="at",
    ),
    Place(
        "measures_measureversion",
        "Definitions you wrote",
        "Of measures.",
        MINE,
        {"measure_id": "Measure", "number": "Version", "why": "Why", "at": "When"},
        kept=THEIRS,
        order="at",
        reads={"measure_id": "(SELECT name FROM measures_measure WHERE id = measure_id)"},
    ),
    Place(
        "measures_measureuse",
        "Measures you took into use",
        "At a place.",
        MINE,
        {"measure_id": "Measure", "unit_id": "Where", "at": "When"},
        kept=THEIRS,
        order="at",
        reads=UNIT | {"measure_id": "(SELECT name FROM measures_measure WHERE id = measure_id)"},
    ),
    Place(
        "measures_savedview",
        "Pages you saved",
        "Under names of your own.",
        MINE,
        {"name": "Name", "choices": "Set up as", "made_at": "Saved", "removed_at": "Removed"},
        erase=DELETE,
        order="made_at",
    ),
    Place(
        "measures_lastlook",
        "Places you looked at",
        "Until when you had seen what changed there.",
        MINE,
        {"unit_id": "Where", "seen_at": "Last looked"},
        erase=DELETE,
        reads=UNIT,
        order="seen_at",
    ),
    Place(
        "measures_follow",
        "What you follow",
        "We write to you about it.",
        MINE,
        {"unit_id": "Where", "how_often": "How often", "since_at": "Since"},
        erase=DELETE,
        reads=UNIT,
        order="since_at",
    ),
    Place(
        "measures_digest",
        "Letters we sent you",
        "That we sent one; no copy is kept.",
        MINE,
        {"how_often": "How often", "period": "Period", "sent_at": "Sent", "signals": "Signs in it", "late": "Late figures in it"},
        erase=DELETE,
        order="sent_at",
    ),
    Place(
        "measures_posted",
        "What your programs sent",
        "So that a call repeated is not stored twice.",
        MINE,
        {"key": "Key", "at": "When"},
        erase=DELETE,
        order="at",
    ),
)
LETTERS = Clearing(
    "letters", "WITH gone AS (DELETE FROM measures_digest WHERE sent_at < $1 RETURNING 1) SELECT count(*) FROM gone", ("measures_digest",)
)
HOLDS = Tables("charts", "Charts and figures", PLACES, (LETTERS,))
