"""Every field of every table, classed. A new field without a class fails tests/contracts/test_models.py.

open: anybody may read it, and may copy it · personal: it is about one person, who may ask what we hold and have it
erased · confidential: about work, for those its owner lets see it · special: health, ethnicity, religion, orientation
and the like (Article 9), never outside its own schema. A table's word stands for all its fields unless one is named.
"""

OPEN, PERSONAL, CONFIDENTIAL, SPECIAL = "open", "personal", "confidential", "special"

FIELDS = {
    "access.Account": {PERSONAL: "id password last_login username email is_active is_demo is_system"},
    # An event says who did what: the number of an account is personal, what was done may be about a hidden thing.
    "audit.Event": {PERSONAL: "account_id", CONFIDENTIAL: "id at verb object_kind object_id detail"},
    "organisations.Kind": {OPEN: "code name plural rank is_organisation"},
    "organisations.Unit": {OPEN: "id code name short_name kind country opened_on closed_on source made_up"},
    "organisations.Relation": {OPEN: "id child parent kind since until inferred verified source"},
    "organisations.Below": {OPEN: "id ancestor unit depth since until"},
    "organisations.Person": {PERSONAL: "id account name work_email is_partner owner_ids version made_up"},
    "organisations.Assignment": {PERSONAL: "id person unit owner_id number version role_title profession staff_group band fraction manager since until"},
    "organisations.Grant": {PERSONAL: "id person role unit owner_id since until given_by_id"},
    "measures.Measure": {OPEN: "id code version place name gap roll_up made_up scope organisation made_for retired_at definition"},
    "organisations.Sharing": {PERSONAL: "given_by_id", CONFIDENTIAL: "id unit shared_with what measure_code by_name since until"},
    # A series with an owner is seen by those the owner lets see it; the strictest of its rows classes the field.
    "measures.Series": {CONFIDENTIAL: "id measure unit stratum owner made_by"},
    "measures.Point": {CONFIDENTIAL: "id series period_on owner_id numerator denominator value"},
    "measures.PointVersion": {
        PERSONAL: "account_id",
        CONFIDENTIAL: "id series_id period_on owner_id old_numerator old_denominator old_value new_numerator new_denominator"
        " new_value removed batch at why",
    },
    # -- measures: definitions, splits
    "measures.MeasureVersion": {PERSONAL: "account_id", OPEN: "id measure number definition comparable at why"},
    "measures.MeasureUse": {PERSONAL: "account_id", OPEN: "id measure unit at"},
    # -- measures: phases, notes, looking at one chart
    "measures.Mark": {
        PERSONAL: "account_id ended_by_id",
        CONFIDENTIAL: "id series owner_id for_staff kind starts_on ends_on words cause_known version at ended_at",
    },
    "measures.MarkVersion": {
        PERSONAL: "account_id",
        CONFIDENTIAL: "id mark_id series_id owner_id for_staff number did kind starts_on ends_on words at why",
    },
    # -- measures: walls, lists, alerts
    # A view saved by one person may be shared with a place; the rest is one person's alone.
    "measures.SavedView": {PERSONAL: "account_id", CONFIDENTIAL: "id name measure place choices unit made_at removed_at"},
    "measures.LastLook": {PERSONAL: "id account_id unit seen_at"},
    "measures.Follow": {PERSONAL: "id account_id unit measure below how_often since_at"},
    "measures.Digest": {PERSONAL: "id account_id how_often period sent_at signals late"},
    # -- measures: files out
    # -- the room imports
    "imports.Upload": {
        PERSONAL: "account_id",
        CONFIDENTIAL: "id kind owner_id name size mark at state queued tables chosen mapping summary seen take_good remove batch"
        " stored_at undone_at trouble",
    },
    "imports.Part": {PERSONAL: "account_id", CONFIDENTIAL: "id upload owner_id number content"},
    "imports.Progress": {PERSONAL: "account_id", CONFIDENTIAL: "upload_id owner_id step done total at"},
    "imports.Remembered": {CONFIDENTIAL: "id kind owner_id headings mapping at"},
    # -- insight: reports, snapshots, board
    "insight.Paper": {PERSONAL: "made_by", CONFIDENTIAL: "id kind unit owner title version content made_at changed_at removed_at"},
    "insight.PaperVersion": {PERSONAL: "account_id", CONFIDENTIAL: "id paper_id owner_id version content at what"},
    "insight.Frozen": {
        PERSONAL: "account_id",
        CONFIDENTIAL: "id paper_id number owner_id unit_id kind title frozen_on document at",
    },
    "insight.Pack": {PERSONAL: "account_id", CONFIDENTIAL: "id title kind pairs done total state asked_at kept_until"},
    "insight.PackPart": {PERSONAL: "account_id", CONFIDENTIAL: "id pack kind number content"},
    # -- the interface for programs
    "access.Token": {PERSONAL: "id account name prefix digest may_read may_enter unit_id made_at expires_at used_at stopped_at"},
    "measures.Posted": {PERSONAL: "account_id", CONFIDENTIAL: "id key mark at answer undone"},
    # -- sharing and roll-ups
    "measures.SumCoverage": {CONFIDENTIAL: "id series period_on owner_id reported expected share"},
    "measures.SumDue": {OPEN: "measure"},
    # -- part 4: units
    # -- part 4: people
    "organisations.StaffChange": {
        PERSONAL: "id owner_id person_id post_id number did before after batch undoes account_id at why",
    },
    # -- part 4: sign-on
    # -- part 4: roles
    # -- part 4: scim
    # -- part 4: audit
    # -- part 4: home
    # -- part 4: rights
    # -- part 4: leaving
}

# Tables that others' packages bring: classed whole, because we do not choose their fields.
OTHERS = {
    "auth": OPEN,  # names of rights; we keep ours in organisations.Grant
    "contenttypes": OPEN,  # names of our own tables
    "sessions": PERSONAL,  # who is signed in
    "account": PERSONAL,  # addresses of e-mail, and proofs that they are somebody's
    "socialaccount": PERSONAL,  # who somebody is at an identity provider
    "mfa": PERSONAL,  # second steps: keys of authenticator apps, passkeys
    "usersessions": PERSONAL,  # where somebody is signed in
    "axes": PERSONAL,  # attempts to sign in, kept for lock-out
    "pghistory": CONFIDENTIAL,  # what was before an edit in a form
    "procrastinate": CONFIDENTIAL,  # arguments of jobs: numbers of accounts and things
}
