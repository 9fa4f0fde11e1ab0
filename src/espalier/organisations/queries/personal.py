"""What this room holds about a person: who they are, posts, roles, what they agreed for a place, complaints."""

from __future__ import annotations

from espalier.access.rights import DELETE, Clearing, Place, Tables

UNIT = {"unit_id": "(SELECT name FROM organisations_unit WHERE id = unit_id)"}
ME = "(person_id = $2 OR person_id IN (SELECT id FROM organisations_person WHERE account_id = $1))"
STAFF = "A post that is held today belongs to the staff list of the employer, who must keep one. It goes after you leave."
ENDED = "until IS NOT NULL AND until <= current_date"
# Whoever holds a post today stays on the employer's list by name; the way to sign in goes.
PERSON_GOES = (
    "WITH mine AS (SELECT p.id, EXISTS (SELECT 1 FROM organisations_assignment a WHERE a.person_id = p.id AND (a.until IS NULL OR"
    " a.until > current_date)) AS works FROM organisations_person p WHERE p.id = $2 OR p.account_id = $1),"
    # Who leaves may have been somebody's manager: that post stays, without one.
    " freed AS (UPDATE organisations_assignment SET manager_id = NULL WHERE manager_id IN (SELECT id FROM mine WHERE NOT works)"
    " RETURNING 1),"
    " kept AS (UPDATE organisations_person SET account_id = NULL WHERE id IN (SELECT id FROM mine WHERE works) RETURNING 1)"
    " DELETE FROM organisations_person WHERE id IN (SELECT id FROM mine WHERE NOT works)"
)

PERSON = Place(
    "organisations_person",
    "Who you are here",
    "Your name as colleagues see it.",
    "(id = $2 OR account_id = $1)",
    {"name": "Name", "work_email": "Work e-mail", "is_partner": "Takes part as a partner", "made_up": "Made up"},
    erase=PERSON_GOES,
    kept=STAFF,
    rank=6,
)
ASSIGNMENT = Place(
    "organisations_assignment",
    "Posts you hold or held",
    "From the staff list.",
    ME,
    {
        "unit_id": "Where",
        "role_title": "Post",
        "number": "Employer's number",
        "profession": "Profession",
        "staff_group": "Staff group",
        "band": "Band",
        "fraction": "Part of full time",
        "manager_id": "Manager",
        "since": "From",
        "until": "Until",
    },
    erase=f"DELETE FROM organisations_assignment WHERE {ME} AND {ENDED}",  # noqa: S608  our own words, put in by the owner
    kept=STAFF,
    other_people=("manager_id",),
    reads=UNIT,
    order="since",
    rank=4,
)
GRANT = Place(
    "organisations_grant",
    "Roles you hold or held",
    "What you may do, and where.",
    ME,
    {"unit_id": "Where", "role": "Role", "since": "From", "until": "Until", "given_by_id": "Given by"},
    erase=DELETE,
    others=("given_by_id",),
    reads=UNIT,
    order="since",
    rank=4,
)
SHARING = Place(
    "organisations_sharing",
    "What you agreed to share upward",
    "For a place, not for yourself.",
    "given_by_id = $1",
    {"unit_id": "Where", "measure_code": "What", "since": "From", "until": "Until"},
    reads=UNIT,
    order="since",
    kept="The agreement is the organisation's. The number on it names nobody any more.",
)
COMPLAINT = Place(
    "organisations_complaint",
    "Complaints you made while signed in",
    "With what was answered.",
    "account_id = $1",
    {
        "number": "Number",
        "words": "Words",
        "sent_at": "Sent",
        "acknowledged_at": "Acknowledged",
        "answer": "Answer",
        "answered_at": "Answered",
    },
    erase="UPDATE organisations_complaint SET account_id = NULL, name = '', email = '' WHERE account_id = $1",
    kept="The law has us keep complaints and answers for a time. Name, e-mail and account are taken off.",
    order="sent_at",
    rank=3,
)

# ---- What was changed, and what stood before -------------------------------------------------------------------------

THEIRS = "It was done for the organisation, which must know what was changed and when. The number on it names nobody any more."
HISTORY = "What stood before goes with the row it is of: with a post that is still on the staff list it stays, and goes after you leave."
# History is erased after the person, so that only of those who are still on a staff list anything stays.
GONE = "NOT EXISTS (SELECT 1 FROM organisations_person p WHERE p.id = {0})"
HIS = "(person_id = $2 OR person_id IN (SELECT pgh_obj_id FROM organisations_personevent WHERE account_id = $1))"
EVENT = {"pgh_created_at": "Changed", "pgh_label": "What was done"}
STAFF_CHANGE = Place(
    "organisations_staffchange",
    "Changes to your staff record, and changes you made",
    "One line for each. What was changed of others is not here.",
    f"({HIS} OR account_id = $1)",
    {"at": "When", "did": "What was done", "why": "Why", "person_id": "Of", "account_id": "By"},
    erase=f"DELETE FROM organisations_staffchange WHERE {HIS} AND {GONE.format('person_id')}",  # noqa: S608  our own words
    kept=f"{HISTORY} Changes you made to others: {THEIRS}",
    others=("account_id",),
    other_people=("person_id",),
    order="at",
    rank=7,
)
PERSON_EVENT = Place(
    "organisations_personevent",
    "Who you were here before a change",
    "Your name and work e-mail as they stood.",
    "(pgh_obj_id = $2 OR account_id = $1)",
    EVENT | {"name": "Name", "work_email": "Work e-mail"},
    erase=(
        "WITH off AS (UPDATE organisations_personevent SET account_id = NULL WHERE account_id = $1"  # noqa: S608  our own words
        " AND EXISTS (SELECT 1 FROM organisations_person p WHERE p.id = pgh_obj_id) RETURNING 1)"
        f" DELETE FROM organisations_personevent WHERE (pgh_obj_id = $2 OR account_id = $1) AND {GONE.format('pgh_obj_id')}"
    ),
    kept=HISTORY,
    order="pgh_created_at",
    rank=8,
)
ASSIGNMENT_EVENT = Place(
    "organisations_assignmentevent",
    "Your posts before a change",
    "As they stood.",
    HIS,
    EVENT
    | {"unit_id": "Where", "role_title": "Post", "number": "Employer's number", "band": "Band", "fraction": "Part of full time",
       "manager_id": "Manager", "since": "From", "until": "Until"},
    erase=f"DELETE FROM organisations_assignmentevent WHERE {HIS} AND {GONE.format('person_id')}",  # noqa: S608  our own words
    kept=HISTORY,
    other_people=("manager_id",),
    reads=UNIT,
    order="pgh_created_at",
    rank=7,
)  # fmt: skip
GRANT_EVENT = Place(
    "organisations_grantevent",
    "Your roles before a change",
    "As they stood.",
    f"({HIS} OR given_by_id = $1)",
    EVENT | {"unit_id": "Where", "role": "Role", "since": "From", "until": "Until", "given_by_id": "Given by"},
    erase=f"DELETE FROM organisations_grantevent WHERE {HIS}",  # noqa: S608  our own words
    kept=f"Roles you gave to others: {THEIRS}",
    others=("given_by_id",),
    reads=UNIT,
    order="pgh_created_at",
    rank=7,
)
SHARING_EVENT = Place(
    "organisations_sharingevent",
    "Agreements before a change",
    "Those you gave, or changed.",
    "(given_by_id = $1 OR by_id = $1)",
    EVENT | {"unit_id": "Where", "measure_code": "What", "since": "From", "until": "Until"},
    kept=THEIRS,
    reads=UNIT,
    order="pgh_created_at",
)
UNIT_EVENT = Place(
    "organisations_unitevent",
    "Places you changed",
    "As they stood before.",
    "by_id = $1",
    EVENT | {"name": "Name"},
    kept=THEIRS,
    order="pgh_created_at",
)
CHANGE = Place(
    "organisations_change",
    "Changes of places",
    "Moved, merged, closed: what you did.",
    "done_by_id = $1",
    {"unit_id": "Where", "what": "What", "done_at": "When", "undone_at": "Undone"},
    kept=THEIRS,
    reads=UNIT,
    order="done_at",
)
MOVED = (
    f"((what = 'post' AND (old_id IN (SELECT id FROM organisations_assignment WHERE {ME}) OR new_id IN"  # noqa: S608  our own words
    f" (SELECT id FROM organisations_assignment WHERE {ME}))) OR (what <> 'post' AND (old_id IN (SELECT id FROM organisations_grant"
    f" WHERE {ME}) OR new_id IN (SELECT id FROM organisations_grant WHERE {ME}))))"
)
FOLLOWED = Place(
    "organisations_followed",
    "Your posts and roles that moved with a place",
    "When it was merged or closed.",
    MOVED,
    {"what": "What", "old_unit_id": "From where", "old_until": "Until"},
    erase=DELETE,
    reads={"old_unit_id": "(SELECT name FROM organisations_unit WHERE id = old_unit_id)"},
    rank=3,
)
REMOVAL = Place(
    "organisations_removal",
    "Places you asked to delete",
    "They wait for a day.",
    "asked_by_id = $1",
    {"unit_id": "Where", "why": "Why", "asked_at": "Asked", "due_on": "On"},
    kept=THEIRS,
    reads=UNIT,
    order="asked_at",
)
INVITATION = Place(
    "organisations_invitation",
    "Invitations you made",
    "The words of an invitation are not kept.",
    "made_by_id = $1",
    {"unit_id": "Where", "role": "Role", "note": "Note", "made_at": "Made", "expires_at": "Works until", "uses": "Used"},
    kept=THEIRS,
    reads=UNIT,
    order="made_at",
)
JOIN_REQUEST = Place(
    "organisations_joinrequest",
    "Where you asked to join, and what you answered others",
    "With the answer. What others sent is not here.",
    f"({ME} OR account_id = $1 OR answered_by_id = $1)",
    {"unit_id": "Where", "account_id": "Asked by", "asked_at": "Asked", "answer": "Answer", "answered_at": "Answered", "why": "Why"},
    erase=f"DELETE FROM organisations_joinrequest WHERE {ME} OR account_id = $1",  # noqa: S608  our own words
    kept=f"What you answered others: {THEIRS}",
    others=("account_id",),
    reads=UNIT,
    order="asked_at",
    rank=3,
)
WORKS = (
    "EXISTS (SELECT 1 FROM organisations_assignment a WHERE a.person_id = organisations_connected.person_id"
    " AND (a.until IS NULL OR a.until > current_date))"
)
CONNECTED = Place(
    "organisations_connected",
    "What your employer's staff system says of you",
    "As it was sent.",
    ME,
    {"key": "Name there", "external_id": "Number there", "document": "What it says", "made_at": "First sent", "changed_at": "Last sent",
     "removed_at": "Removed"},
    # A group names its members: they go from its list too. Its own row is the organisation's.
    erase=(
        f"WITH mine AS (SELECT id FROM organisations_connected WHERE {ME} AND NOT {WORKS}),"  # noqa: S608
        " listed AS (UPDATE organisations_connected g"
        " SET document = jsonb_set(g.document, '{members}', (SELECT coalesce(jsonb_agg(m), '[]')"
        " FROM jsonb_array_elements(g.document->'members') m WHERE coalesce(m->>'value', '') NOT IN (SELECT id::text FROM mine)))"
        " WHERE g.kind = 'Group' AND jsonb_typeof(g.document->'members') = 'array' AND EXISTS (SELECT 1 FROM"
        " jsonb_array_elements(g.document->'members') m WHERE m->>'value' IN (SELECT id::text FROM mine)) RETURNING 1)"
        " DELETE FROM organisations_connected WHERE id IN (SELECT id FROM mine)"
    ),
    kept=STAFF,
    order="made_at",
    rank=5,
)  # fmt: skip
EMERGENCY = Place(
    "organisations_emergency",
    "Emergency access you asked for, agreed to or ended",
    "With the reason.",
    "(account_id = $1 OR approved_by_id = $1 OR ended_by_id = $1)",
    {
        "reason": "Reason",
        "asked_at": "Asked",
        "until": "Until",
        "ended_at": "Ended",
        "account_id": "Asked by",
        "approved_by_id": "Agreed by",
    },
    erase="UPDATE organisations_emergency SET name = 'Name erased' WHERE account_id = $1",
    kept="That somebody read under emergency access must stay provable for six years. The name is taken off.",
    others=("account_id", "approved_by_id"),
    order="asked_at",
    rank=3,
)

LEAVERS = Clearing(
    "leavers",
    "SELECT organisations_clear_leavers($1)",
    (
        "organisations_assignment", "organisations_grant", "organisations_person", "organisations_personevent",
        "organisations_assignmentevent", "organisations_grantevent", "organisations_staffchange", "organisations_connected",
    ),
)  # fmt: skip
STAFF_HISTORY = Clearing(
    "staff-history",
    "WITH a AS (DELETE FROM organisations_personevent WHERE pgh_created_at < $1 RETURNING 1),"
    " b AS (DELETE FROM organisations_assignmentevent WHERE pgh_created_at < $1 RETURNING 1),"
    " c AS (DELETE FROM organisations_grantevent WHERE pgh_created_at < $1 RETURNING 1),"
    " d AS (DELETE FROM organisations_staffchange WHERE at < $1 RETURNING 1)"
    " SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b) + (SELECT count(*) FROM c) + (SELECT count(*) FROM d)",
    ("organisations_personevent", "organisations_assignmentevent", "organisations_grantevent", "organisations_staffchange"),
)


def _old(code: str, table: str, due: str) -> Clearing:
    counted = f"WITH gone AS (DELETE FROM {table} WHERE {due} < $1 RETURNING 1) SELECT count(*) FROM gone"  # noqa: S608  our own words
    return Clearing(code, counted, (table,))


COMPLAINTS = _old("complaints", "organisations_complaint", "answered_at")
INVITATIONS = _old("invitations", "organisations_invitation", "least(stopped_at, expires_at)")
JOIN_REQUESTS = _old("join-requests", "organisations_joinrequest", "answered_at")
STAFF_SYSTEMS = _old("staff-systems", "organisations_connected", "removed_at")
EMERGENCIES = _old("emergencies", "organisations_emergency", "asked_at")

HOLDS = Tables(
    "posts-and-roles",
    "Posts and roles",
    (
        PERSON, ASSIGNMENT, GRANT, SHARING, COMPLAINT, STAFF_CHANGE, PERSON_EVENT, ASSIGNMENT_EVENT, GRANT_EVENT, SHARING_EVENT,
        UNIT_EVENT, CHANGE, FOLLOWED, REMOVAL, INVITATION, JOIN_REQUEST, CONNECTED, EMERGENCY,
    ),
    (LEAVERS, STAFF_HISTORY, COMPLAINTS, INVITATIONS, JOIN_REQUESTS, STAFF_SYSTEMS, EMERGENCIES),
)  # fmt: skip
