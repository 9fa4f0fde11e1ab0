"""What this room holds about a person: the parts they have in projects, and what they did there."""

from __future__ import annotations

from espalier.access.rights import DELETE, Clearing, Place, Tables

MINE = "account_id = $1"
WORK = "It is your organisation's work. The number on it no longer names anybody once the account is gone."
MEMBER = Place(
    "projects_member",
    "Projects you take part in",
    "Your part, and since when.",
    MINE,
    {"project_id": "Project's number", "role": "Part", "since": "Since", "until": "Until"},
    erase=DELETE,
    order="since",
    rank=3,
)
EDIT = Place(
    "projects_edit",
    "What you changed in projects",
    "One line for each.",
    MINE,
    {"project_id": "Project's number", "kind": "What", "what": "Done", "at": "When"},
    kept=WORK,
    order="at",
    index="projects_edit_who ON projects_edit (account_id)",
)
TASK = Place(
    "projects_task",
    "What you said you would do",
    "Tasks in projects.",
    MINE,
    {"words": "Task", "due_on": "Due", "done_at": "Done"},
    kept=WORK,
    order="added_at",
    index="projects_task_who ON projects_task (account_id)",
)
TESTS = Place(
    "projects_cycle",
    "Tests you began",
    "They belong to your organisation.",
    "begun_by_id = $1",
    {"project_id": "Project's number", "title": "Test", "starts_on": "From"},
    kept=WORK,
    order="starts_on",
    index="projects_cycle_who ON projects_cycle (begun_by_id)",
)
KEPT = Place(
    "projects_counted",
    "Measures of projects whose figures you put in",
    "You, or you when a colleague is away.",
    "keeper_id = $1 OR second_id = $1",
    {"project_id": "Project's number", "measure_code": "Measure", "added_at": "Since"},
    kept=WORK,
    order="added_at",
)
TALLY = Place(
    "projects_tally",
    "What you counted at the bedside",
    "One line for each tap: the day and what was counted, never of whom.",
    MINE,
    {"on": "Day", "top": "Counted", "out_of": "Out of"},
    kept=WORK,
    order="at",
    index="projects_tally_who ON projects_tally (account_id)",
)
BEGUN = Place(
    "projects_project",
    "Projects you began",
    "They belong to your organisation.",
    "begun_by_id = $1",
    {"title": "Title", "begun_at": "Begun"},
    kept=WORK,
    order="begun_at",
    index="projects_project_who ON projects_project (begun_by_id)",
)
# -- part 5: partners
ASKED = Place(
    "projects_partnerrole",
    "What you are asked as a partner",
    "In each project.",
    MINE,
    {
        "project_id": "Project's number", "asked": "Asked", "takes": "How long", "next_what": "Next", "next_on": "When",
        "expenses": "Costs",
        "payment": "Payment", "stopped_at": "Stopped",
    },
    erase=DELETE,
    order="changed_at",
    rank=3,
)
CLAIM = Place(
    "projects_claim",
    "Money as a partner",
    "What you asked for or were offered.",
    MINE,
    {
        "project_id": "Project's number", "kind": "What", "pence": "Pence", "on_day": "Day", "words": "For", "state": "State",
        "reason": "Why not",
        "paid_on": "Paid",
    },
    erase=DELETE,
    order="made_at",
    rank=3,
)
THANKS = Place(
    "projects_becauseof",
    "What changed because of you",
    "In projects in which you are a partner.",
    MINE,
    {"words": "What changed", "at": "When"},
    erase=DELETE,
    order="at",
    rank=3,
)
SAID = Place(
    "projects_patientview",
    "Whether a patient would choose a measure",
    "What you answered.",
    MINE,
    {"says": "Answer", "words": "Words", "at": "When"},
    erase=DELETE,
    order="at",
    rank=3,
)
REVIEWED = Place(
    "projects_review",
    "Learning reviews you began",
    "They belong to your organisation.",
    "begun_by_id = $1",
    {"title": "Title", "begun_at": "Begun"},
    kept=WORK,
    order="begun_at",
)

# -- part 5: programmes
REMARK = Place(
    "projects_remark",
    "What you said in projects",
    "To the people in a project. What you took away is not given.",
    f"{MINE} AND removed_at IS NULL",
    {"project_id": "Project's number", "words": "Words", "at": "When"},
    erase=DELETE,
    order="at",
    rank=2,
    index="projects_remark_who ON projects_remark (account_id)",
)
TOLD = Place(
    "projects_remarkfor",
    "What colleagues meant for you",
    "That a remark in a project was for you.",
    MINE,
    {"project_id": "Project's number", "heard_at": "Read"},
    erase=DELETE,
    order="id",
    rank=1,
)
NOTE = Place(
    "projects_coachnote",
    "Your notes as a coach, or to one",
    "Between a team and its coach.",
    MINE,
    {"project_id": "Project's number", "words": "Words", "at": "When"},
    erase=DELETE,
    order="at",
    index="projects_coachnote_who ON projects_coachnote (account_id)",
)
COACH = Place(
    "projects_coach",
    "You in the list of coaches",
    "How many projects you have time for, and what you help with.",
    MINE,
    {"capacity": "Projects at once", "helps_with": "Helps with", "trained_on": "Trained", "since": "Since", "until": "Until"},
    erase=DELETE,
    order="since",
)
MONTH = Place(
    "projects_submission",
    "Months you saved, sent or answered",
    "The words are your team's.",
    "saved_by_id = $1 OR submitted_by_id = $1 OR replied_by_id = $1",
    {"project_id": "Project's number", "period_on": "Month", "state": "How it stands"},
    kept=WORK,
    order="period_on",
    index="projects_submission_who ON projects_submission (saved_by_id)",
)
PROGRAMME = Place(
    "projects_programme",
    "Programmes you lead or began",
    "They belong to your organisation.",
    "lead_id = $1 OR second_id = $1 OR begun_by_id = $1",
    {"title": "Title", "begun_at": "Begun"},
    kept=WORK,
    order="begun_at",
)
REQUEST = Place(
    "projects_coachrequest",
    "Coaches you asked for, or were proposed as",
    "One line for each.",
    "asked_by_id = $1 OR coach_account_id = $1 OR offered_by_id = $1",
    {"title": "Project", "state": "How it stands", "asked_at": "Asked"},
    kept=WORK,
    order="asked_at",
)
BROUGHT = Place(
    "projects_typed",
    "Projects you brought in from a register",
    "You look after each of them until somebody leads it.",
    MINE,
    {"project_id": "Project's number", "at": "Brought in"},
    kept=WORK,
    order="at",
)
BROUGHT_TESTS = Place(
    "projects_typedcycle",
    "Tests of change you brought in from a register",
    "One line for each.",
    MINE,
    {"project_id": "Project's number", "at": "Brought in"},
    kept=WORK,
    order="at",
)
HINDERED = Place(
    "projects_hindrance",
    "What you named as getting in the way, or work on",
    "Your team reads it. That it was you who named it, nobody but you is told.",
    "said_by_id = $1 OR worked_on_by_id = $1",
    {"words": "What", "said_at": "When", "state": "How it stands"},
    kept=WORK,
    order="said_at",
)
PROMISED = Place(
    "projects_promise",
    "What you promised to your team",
    "And what became of it.",
    "said_by_id = $1",
    {"words": "What", "by_on": "By", "state": "What became of it", "said_at": "When"},
    kept=WORK,
    order="said_at",
)
THANKED = Place(
    "projects_thanks",
    "Thanks you said or got",
    "Your team reads them.",
    "said_by_id = $1 OR for_id = $1",
    {"words": "Words", "said_at": "When"},
    erase=DELETE,
    order="said_at",
    rank=2,
)
# -- part 5: ideas. What was taken back can be brought back for a while, and is then gone.
IDEA = Place(
    "projects_idea",
    "Ideas you had",
    "What would make tomorrow better, and what became of it.",
    MINE,
    {"words": "Idea", "made_at": "When", "shared_with_team": "Shared with your team", "state": "What became of it", "reason": "Reason"},
    erase="DELETE FROM projects_idea WHERE account_id = $1 AND NOT shared_with_team",
    kept="Those you shared with your team are its work. The number on them no longer names anybody once the account is gone.",
    order="made_at",
    rank=2,
)
# -- part 5: stories
VOICED = Place(
    "projects_voice",
    "Voices you put into a story",
    "Words of others, without their names. They belong to your organisation.",
    "added_by_id = $1",
    {"project_id": "Project's number", "said_by": "Who said it", "added_at": "When"},
    kept=WORK,
    order="added_at",
    index="projects_voice_who ON projects_voice (added_by_id)",
)
NO_STAYS = """
    WITH last AS (
        SELECT DISTINCT ON (project_id) id, says FROM projects_editionanswer WHERE account_id = $1 ORDER BY project_id, at DESC, id DESC
    ), kept AS (
        UPDATE projects_editionanswer SET account_id = 0 WHERE id IN (SELECT id FROM last WHERE says = 'no')
    )
    DELETE FROM projects_editionanswer WHERE account_id = $1 AND id NOT IN (SELECT id FROM last WHERE says = 'no')"""
ANSWERED = Place(
    "projects_editionanswer",
    "Whether a story may be read by everybody",
    "What you answered as a partner, and when.",
    MINE,
    {"project_id": "Project's number", "says": "Answer", "at": "When"},
    erase=NO_STAYS,
    kept="If your last answer was no, the no stays, so that nobody makes the story public after you. Your number is taken off it.",
    order="at",
    rank=3,
)
EDITION = Place(
    "projects_edition",
    "Stories you asked to make public, or withdrew",
    "They belong to your organisation.",
    "asked_by_id = $1 OR ended_by_id = $1",
    {"title": "Story", "state": "How it stands", "asked_at": "Asked"},
    kept=WORK,
    order="asked_at",
    index="projects_edition_who ON projects_edition (asked_by_id)",
)
ADOPTED = Place(
    "projects_origin",
    "Changes you took up from other teams",
    "They belong to your organisation.",
    "by_id = $1",
    {"project_id": "Project's number", "title": "Story", "at": "When"},
    kept=WORK,
    order="at",
    index="projects_origin_who ON projects_origin (by_id)",
)
# -- part 5: ideas. What was taken back can be brought back for a while, and is then gone.
TAKEN_BACK = Clearing(
    "ideas-taken-back",
    "WITH gone AS (DELETE FROM projects_idea WHERE removed_at < $1 RETURNING 1) SELECT count(*) FROM gone",
    ("projects_idea",),
)

HOLDS = Tables(
    "projects",
    "Projects",
    (
        MEMBER, EDIT, TASK, TESTS, KEPT, TALLY, BEGUN, IDEA, ASKED, CLAIM, THANKS, SAID, REVIEWED, REMARK, TOLD, NOTE, COACH, MONTH,
        PROGRAMME, REQUEST, BROUGHT, BROUGHT_TESTS, HINDERED, PROMISED, THANKED, VOICED,
        ANSWERED, EDITION, ADOPTED,
    ),
    (TAKEN_BACK,),
)  # fmt: skip
