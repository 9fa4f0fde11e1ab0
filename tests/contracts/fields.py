"""Every field of every table, classed. A new field without a class fails tests/contracts/test_models.py.

open: anybody may read it, and may copy it · personal: it is about one person, who may ask what we hold and have it
erased · confidential: about work, for those its owner lets see it · special: health, ethnicity, religion, orientation
and the like (Article 9), never outside its own schema. A table's word stands for all its fields unless one is named.
"""

OPEN, PERSONAL, CONFIDENTIAL, SPECIAL = "open", "personal", "confidential", "special"

FIELDS = {
    "access.Account": {PERSONAL: "id password last_login username email is_active is_demo is_system is_technical"},
    # An event says who did what: the number of an account is personal, what was done may be about a hidden thing.
    "audit.Event": {PERSONAL: "account_id about_id", CONFIDENTIAL: "id at verb object_kind object_id detail owner_id way place"},
    # A seal says that there is an event and nothing of it.
    "audit.Waiting": {OPEN: "id event_id"},
    "audit.Seal": {OPEN: "sequence event_id digest chain at"},
    "audit.Address": {PERSONAL: "event_id owner_id address until"},
    "organisations.Kind": {OPEN: "code name plural rank is_organisation"},
    "organisations.Unit": {OPEN: "id code name short_name kind country opened_on closed_on source made_up version"},
    "organisations.Relation": {OPEN: "id child parent kind since until inferred verified source"},
    "organisations.Below": {OPEN: "id ancestor unit depth since until"},
    "organisations.Part": {OPEN: "id ancestor unit part since until"},
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
    "measures.Digest": {PERSONAL: "id account_id how_often period sent_at signals late due state"},
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
    "organisations.Naming": {OPEN: "id unit name since until"},
    "organisations.Change": {PERSONAL: "done_by_id", OPEN: "id unit what on touched before after said done_at undone_at"},
    "organisations.Followed": {PERSONAL: "id change what old_id old_unit_id old_until new_id"},
    "organisations.Removal": {PERSONAL: "asked_by_id", OPEN: "unit why due_on asked_at"},
    # -- part 4: people
    "organisations.StaffChange": {
        PERSONAL: "id owner_id person_id post_id number did before after batch undoes account_id at why",
    },
    # -- part 4: sign-on
    "access.SignInLetter": {PERSONAL: "id digest email name back made_at expires_at used_at"},
    "organisations.Invitation": {
        PERSONAL: "made_by_id",
        CONFIDENTIAL: "id unit owner_id role digest starts_with note uses_allowed uses made_at expires_at stopped_at",
    },
    "organisations.JoinRequest": {
        PERSONAL: "id account_id person unit owner_id name email message asked_at answer answered_at answered_by_id why",
    },
    # -- part 4: roles
    # -- part 4: scim
    "access.Connection": {PERSONAL: "account made_by_id", CONFIDENTIAL: "id owner_id name prefix digest made_at used_at stopped_at"},
    "access.Sent": {PERSONAL: "id account_id mark answer at"},
    "organisations.Connected": {
        PERSONAL: "id owner_id kind key external_id document version is_active person post_id role unit mapped_by_id said"
        " made_at changed_at removed_at",
    },
    "site.Draft": {PERSONAL: "id account_id place title fields at"},
    # -- part 4: audit
    "organisations.Emergency": {
        PERSONAL: "account_id name approved_by_id ended_by_id",
        CONFIDENTIAL: "id owner_id reason asked_at approved_at until ended_at",
    },
    # What stood before an edit is classed as what it is of.
    "organisations.PersonEvent": {PERSONAL: "pgh_id pgh_created_at pgh_label pgh_obj name work_email is_partner account owner_ids by_id"},
    "organisations.AssignmentEvent": {
        PERSONAL: "pgh_id pgh_created_at pgh_label pgh_obj person unit number role_title profession staff_group band fraction manager"
        " since until owner_id by_id",
    },
    "organisations.GrantEvent": {PERSONAL: "pgh_id pgh_created_at pgh_label pgh_obj person role unit since until owner_id given_by_id by_id"},
    "organisations.SharingEvent": {
        PERSONAL: "given_by_id by_id",
        CONFIDENTIAL: "pgh_id pgh_created_at pgh_label pgh_obj unit shared_with what measure_code by_name since until owner_id",
    },
    "organisations.UnitEvent": {
        PERSONAL: "by_id", OPEN: "pgh_id pgh_created_at pgh_label pgh_obj code name short_name kind opened_on closed_on owner_id",
    },
    # -- part 4: home
    "site.LetterChoice": {PERSONAL: "id account_id how_often quiet_from quiet_until quiet_days looked_on told changed_at"},
    # -- part 4: rights
    "access.DataRequest": {PERSONAL: "id kind account_id about_id person_id asked_by_id state done total asked_at due_at kept_until result"},
    "access.DataPart": {PERSONAL: "id request account_id kind number content"},
    "access.Consent": {PERSONAL: "id account_id code given words at"},
    "access.Cleared": {OPEN: "id code at before removed"},
    "access.HeldPlace": {OPEN: "table find erase rank"},
    "access.HeldClearing": {OPEN: "code sql"},
    "organisations.Complaint": {
        PERSONAL: "account_id name email acknowledged_by_id answered_by_id",
        CONFIDENTIAL: "id number receipt owner_id words sent_at acknowledged_at reminded_at answer answered_at",
    },
    # -- part 4: leaving
    "exports.Backup": {OPEN: "id at rows size seconds"},  # that there are backups is a promise to everybody
    # -- part 5: core
    "projects.Project": {
        PERSONAL: "begun_by_id",
        CONFIDENTIAL: "id unit owner_id title aim_what aim_from aim_to aim_unit aim_by aim_for patient_would state why_stopped method open_to"
        " programme_id supports weighed main_code better said said_why said_at came_from begun_at begun_in changed_at ended_on version",
    },
    "projects.Place": {CONFIDENTIAL: "id project unit"},
    "projects.Member": {PERSONAL: "account_id added_by_id role since until", CONFIDENTIAL: "id project"},
    "projects.Diagram": {CONFIDENTIAL: "id project kind title made_at"},
    "projects.Node": {
        CONFIDENTIAL: "id diagram project_id parent kind words rank amount waits state version changed_at removed_at"
    },
    "projects.Counted": {PERSONAL: "keeper_id second_id", CONFIDENTIAL: "id project measure_code unit kind rank added_at removed_at"},
    "projects.Cycle": {
        PERSONAL: "begun_by_id who",
        CONFIDENTIAL: "id project idea follows number title counted prediction predicted predicted_low predicted_high place starts_on ends_on state"
        " happened result learned decision decided_on typed version changed_at",
    },
    "projects.Task": {PERSONAL: "account_id", CONFIDENTIAL: "id project cycle words due_on done_at added_at removed_at"},
    "projects.Edit": {PERSONAL: "account_id", CONFIDENTIAL: "id project_id kind object_id what before after at"},
    # -- part 5: ideas
    "projects.Idea": {
        PERSONAL: "account_id answered_by_id words reason read_at",
        CONFIDENTIAL: "id unit owner_id edition shared_with_team state answered_at project made_at received_at changed_at removed_at",
    },
    # -- part 5: diagrams
    # -- part 5: cycles
    "projects.Tally": {PERSONAL: "account_id", CONFIDENTIAL: "id project counted on top out_of at"},
    # -- part 5: programmes
    "projects.Programme": {
        PERSONAL: "lead_id second_id begun_by_id",
        CONFIDENTIAL: "id unit owner_id title aim_what aim_from aim_to aim_unit aim_by aim_for open_to rhythm starts_on ends_on begun_at version",
    },
    "projects.ProgrammeMeasure": {CONFIDENTIAL: "id programme measure_code kind added_at"},
    "projects.ProgrammeTeam": {CONFIDENTIAL: "id programme project since until"},
    "projects.Session": {CONFIDENTIAL: "id programme title on starts ends place words called_off_at changed_at"},
    "projects.Submission": {
        PERSONAL: "saved_by_id submitted_by_id replied_by_id",
        CONFIDENTIAL: "id project programme period_on state tried learned need said version saved_at submitted_at pulled_back_at reply replied_at",
    },
    "projects.Coach": {PERSONAL: "id account_id unit owner_id capacity helps_with trained_on since until"},
    "projects.CoachNote": {PERSONAL: "account_id", CONFIDENTIAL: "id project words at removed_at"},
    "projects.CoachRequest": {
        PERSONAL: "asked_by_id coach_account_id offered_by_id",
        CONFIDENTIAL: "id project unit owner_id title words state asked_at why answered_at",
    },
    "projects.Remark": {PERSONAL: "account_id", CONFIDENTIAL: "id project about about_mark words at edited_at removed_at"},
    "projects.RemarkFor": {PERSONAL: "account_id", CONFIDENTIAL: "id remark project heard_at"},
    # -- part 5: partners
    # -- part 5: import. What a register says may name who led a project.
    "projects.Typed": {PERSONAL: "account_id said before", CONFIDENTIAL: "id project register_id mark batch at"},
    "projects.TypedCycle": {PERSONAL: "account_id", CONFIDENTIAL: "id cycle project mark said before left batch at"},
    # -- part 5: partners. A role in a project and money are one person's; a review is its organisation's.
    "projects.PartnerRole": {
        PERSONAL: "account_id asked_by_id asked_by asked takes formats next_what next_on ring_name ring_phone expenses payment stopped_at",
        CONFIDENTIAL: "id project version changed_at",
    },
    "projects.Claim": {
        PERSONAL: "account_id kind pence on_day words state reason made_at answered_at decided_by_id paid_on", CONFIDENTIAL: "id project",
    },
    "projects.BecauseOf": {PERSONAL: "account_id by_id", CONFIDENTIAL: "id project words at removed_at"},
    "projects.PatientView": {PERSONAL: "account_id says words at", CONFIDENTIAL: "id project"},
    "projects.Review": {
        PERSONAL: "begun_by_id",
        CONFIDENTIAL: "id unit owner_id title happened_on sections state open_to begun_at begun_in changed_at",
    },
    # -- part 5: team page
    "projects.Hindrance": {
        PERSONAL: "said_by_id worked_on_by_id",
        CONFIDENTIAL: "id unit owner_id words said_at changed_at edition was removed_at state reason project_id idea_id",
    },
    "projects.Promise": {
        PERSONAL: "said_by_id", CONFIDENTIAL: "id unit owner_id words said_at changed_at edition was removed_at by_on state became",
    },
    "projects.Thanks": {PERSONAL: "said_by_id for_id", CONFIDENTIAL: "id unit owner_id words said_at changed_at edition was removed_at"},
    # -- part 5: stories. What stands in an edition is for everybody once it is public; who said yes to it is the team's to see.
    "projects.Story": {CONFIDENTIAL: "id project why learned gained changed_at"},
    "projects.Voice": {PERSONAL: "added_by_id", CONFIDENTIAL: "id project words said_by added_at removed_at"},
    "projects.Edition": {
        PERSONAL: "asked_by_id ended_by_id",
        CONFIDENTIAL: "id story project_id title place content state asked_at public_at ended_at",
    },
    "projects.EditionAnswer": {PERSONAL: "account_id says at", CONFIDENTIAL: "id edition project_id"},
    "projects.Origin": {
        PERSONAL: "by_id", CONFIDENTIAL: "id project story_id title place change altered worked why named at said_at",
    },
    "projects.Descendant": {CONFIDENTIAL: "id story origin_id place change worked at said_at"},
    # -- part 5: portfolio
    "projects.Value": {
        CONFIDENTIAL: "id project kind what amount per low high releases since until says how source version added_at removed_at"
    },
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
