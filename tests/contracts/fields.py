"""Every field of every table, classed. A new field without a class fails tests/contracts/test_models.py.

open: anybody may read it, and may copy it · personal: it is about one person, who may ask what we hold and have it
erased · confidential: about work, for those its owner lets see it · special: health, ethnicity, religion, orientation
and the like (Article 9), never outside its own schema. A table's word stands for all its fields unless one is named.
"""

OPEN, PERSONAL, CONFIDENTIAL, SPECIAL = "open", "personal", "confidential", "special"

FIELDS = {
    "access.Account": {PERSONAL: "id password last_login username email is_active is_demo"},
    # An event says who did what: the number of an account is personal, what was done may be about a hidden thing.
    "audit.Event": {PERSONAL: "account_id", CONFIDENTIAL: "id at verb object_kind object_id detail"},
    "organisations.Kind": {OPEN: "code name plural rank is_organisation"},
    "organisations.Unit": {OPEN: "id code name short_name kind country opened_on closed_on source made_up"},
    "organisations.Relation": {OPEN: "id child parent kind since until inferred verified source"},
    "organisations.Below": {OPEN: "id ancestor unit depth since until"},
    "organisations.Person": {PERSONAL: "id account name made_up"},
    "organisations.Assignment": {PERSONAL: "id person unit role_title profession staff_group band fraction manager since until"},
    "organisations.Grant": {PERSONAL: "id person role unit since until given_by_id"},
    "organisations.Sharing": {PERSONAL: "given_by_id", CONFIDENTIAL: "id unit shared_with what since until"},
    "measures.Measure": {OPEN: "id code version place name gap roll_up made_up definition"},
    # A series with an owner is seen by those the owner lets see it; the strictest of its rows classes the field.
    "measures.Series": {CONFIDENTIAL: "id measure unit stratum owner"},
    "measures.Point": {CONFIDENTIAL: "id series period_on owner_id numerator denominator value"},
    "measures.PointVersion": {
        PERSONAL: "account_id",
        CONFIDENTIAL: "id series_id period_on owner_id old_numerator old_denominator old_value new_numerator new_denominator"
        " new_value removed batch at why",
    },
    # -- measures: definitions, splits
    # -- measures: phases, notes, looking at one chart
    # -- measures: walls, lists, alerts
    # A view saved by one person may be shared with a place; the rest is one person's alone.
    "measures.SavedView": {PERSONAL: "account_id", CONFIDENTIAL: "id name measure place choices unit made_at removed_at"},
    "measures.LastLook": {PERSONAL: "id account_id unit seen_at"},
    "measures.Follow": {PERSONAL: "id account_id unit measure below how_often since_at"},
    "measures.Digest": {PERSONAL: "id account_id how_often period sent_at signals late"},
    # -- measures: files out
    # -- the room imports
    # -- insight: reports, snapshots, board
    # -- the interface for programs
    # -- sharing and roll-ups
}

# Tables that others' packages bring: classed whole, because we do not choose their fields.
OTHERS = {
    "auth": OPEN,  # names of rights; we keep ours in organisations.Grant
    "contenttypes": OPEN,  # names of our own tables
    "sessions": PERSONAL,  # who is signed in
    "procrastinate": CONFIDENTIAL,  # arguments of jobs: numbers of accounts and things
}
